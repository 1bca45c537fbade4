"""Taking a number: at the desk, at the kiosk, and the printed ticket."""

import uuid
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from xaso.core.accounts.queries import own_unit
from xaso.core.screens import Answer, screen
from xaso.kit.errors import Refused
from xaso.modules.queueing import actions
from xaso.modules.queueing.forms import WHO_GOES_FIRST, IssueForm
from xaso.modules.queueing.models import Ticket
from xaso.modules.queueing.queries import counters_of, fields_served, turn_of
from xaso.modules.queueing.queries import ticket as ticket_of

BACK_TO_KIOSK = 20


@screen("queueing/desk/issue.html", permission="queueing.issue")
def issue(request: HttpRequest) -> Answer:
    """An officer takes a number for a visitor."""
    if request.method == "POST":
        return redirect("desk-queueing:ticket", key=_issued(request).uuid)
    return _choices(request)


@screen("queueing/desk/kiosk.html", permission="queueing.issue")
def kiosk(request: HttpRequest) -> Answer:
    """The device in the hall: nothing but large buttons; signed in once in the morning by an officer."""
    if request.method == "POST":
        return redirect(f"{reverse('desk-queueing:ticket', args=[_issued(request).uuid])}?kiosk=1")
    return _choices(request)


def _issued(request: HttpRequest) -> Ticket:
    unit = own_unit(request.actor)
    form = IssueForm(request.POST, fields_served=fields_served(counters_of(unit.path)))
    if not form.is_valid():
        raise Refused("Lĩnh vực này hiện không có quầy nhận. Hãy quay lại và chọn lĩnh vực khác.")
    chosen = form.cleaned_data
    return actions.issue_ticket(
        request.actor,
        unit,
        field=chosen["field"],
        is_priority=bool(chosen["priority"]),
        idempotency_key=chosen["idempotency_key"],
    )


def _choices(request: HttpRequest) -> dict[str, Any]:
    unit = own_unit(request.actor)
    options = [
        {"value": "", "label": "Thường", "text": "Gọi theo thứ tự lấy số"},
        {"value": "1", "label": "Ưu tiên", "text": WHO_GOES_FIRST},
    ]
    served = fields_served(counters_of(unit.path))
    return {"unit": unit, "served": served, "options": options, "key": uuid.uuid4().hex}


@screen("queueing/desk/ticket.html", permission="queueing.issue")
def ticket(request: HttpRequest, key: UUID) -> Answer:
    """The slip. At the kiosk it gives way to the next visitor by itself."""
    found = ticket_of(request.actor, "queueing.issue", key)
    at_kiosk = request.GET.get("kiosk") == "1"
    back = reverse("desk-queueing:kiosk" if at_kiosk else "desk-queueing:issue")
    shown: HttpResponse = render(
        request, "queueing/desk/ticket.html", {"ticket": found, "turn": turn_of(found), "back": back}
    )
    if at_kiosk:
        shown.headers["Refresh"] = f"{BACK_TO_KIOSK}; url={back}"
    return shown
