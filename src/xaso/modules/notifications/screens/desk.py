"""Messages that did not get through."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from xaso.core.paging import page
from xaso.core.screens import Answer, declare, screen, told
from xaso.kit.errors import Missing
from xaso.modules.notifications import actions, queries


@screen("notifications/desk/failures.html", permission="notifications.manage")
def failures(request: HttpRequest) -> Answer:
    rows, following = page(request, queries.failures(request.actor))
    return {"rows": rows, "next": following}


@require_POST
@declare("notifications.resend")
def resend(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    message = queries.failures(request.actor).filter(uuid=uuid).first()
    if message is None:
        raise Missing("Tin này đã gửi được hoặc không thuộc đơn vị của bạn.")
    actions.resend(request.actor, message)
    told(request, "Đang gửi lại.")
    return redirect("desk-notifications:failures")


urlpatterns = [
    path("", failures, name="failures"),
    path("<uuid:uuid>/gui-lai/", resend, name="resend"),
]
