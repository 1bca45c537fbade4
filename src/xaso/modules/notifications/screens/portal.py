"""The resident's inbox."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from xaso.core.access import visible
from xaso.core.inbox import InboxEntry, span_of
from xaso.core.screens import Answer, declare, screen
from xaso.kit.errors import Missing
from xaso.modules.notifications import actions, queries
from xaso.modules.notifications.models import Message


@screen("notifications/portal/inbox.html", permission="notifications.view")
def inbox(request: HttpRequest) -> Answer:
    person = request.actor.person_id
    page = queries.inbox(person, request.GET.get("before", ""))
    older = f"?before={page.after}" if page.after else ""
    return {"rows": page.rows, "unread": queries.unread_count(person), "older": older}


@require_POST
@declare("notifications.mark_read")
def mark_read(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Mark it read, and go on to the page it is about when that was asked for."""
    own = visible(request.actor, "notifications.view", Message.objects.filter(channel=Message.Channel.INAPP))
    message = own.filter(uuid=uuid).first()
    if message is None:
        raise Missing("Không tìm thấy thông báo này trong hộp thư của bạn.")
    actions.mark_read(request.actor, message)
    return redirect(message.link if message.link and "open" in request.POST else "portal-notifications:inbox")


def inbox_part(request: HttpRequest) -> list[InboxEntry]:
    """What this resident was told; opened where it can be read whole."""
    span = span_of(request)
    rows = queries.inbox(request.actor.person_id, size=span.size, until=span.until).rows
    return [
        InboxEntry(
            row.created_at,
            row.title,
            row.body[:160],
            row.link or reverse("portal-notifications:inbox"),
            "Thông báo",
            row.read_at is not None,
        )
        for row in rows
    ]


urlpatterns = [
    path("", inbox, name="inbox"),
    path("<uuid:uuid>/doc/", mark_read, name="mark_read"),
]
