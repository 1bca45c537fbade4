"""What waits for my signature, the state of a request, and what I have asked for."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from xaso.core.access import Actor
from xaso.core.accounts.queries import own_unit
from xaso.core.forms import refusals_on
from xaso.core.paging import page
from xaso.core.screens import Answer, declare, screen, told, warned
from xaso.core.units.models import Unit
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.signing import actions, performing, rules
from xaso.modules.signing import queries as signing
from xaso.modules.signing.forms import PinForm, SignForm
from xaso.modules.signing.models import Ask, Certificate, Request
from xaso.modules.signing.screens import agent, laying, register

NO_CERTIFICATE = "Bạn chưa có chứng thư số dùng được để ký loại tệp này. Hãy nhờ quản trị đơn vị ghi vào sổ chữ ký số."
NO_PIN = "Hãy nhập mã PIN của thiết bị ký."


def tabs(current: str) -> list[dict[str, Any]]:
    names = {"index": "Chờ tôi ký", "mine": "Tôi đã yêu cầu"}
    return [
        {"label": label, "url": reverse(f"desk-signing:{name}"), "current": name == current}
        for name, label in names.items()
    ]


@screen("signing/desk/index.html", permission="signing.use")
def index(request: HttpRequest) -> Answer:
    """Mark the files, press once."""
    by, unit = request.actor, own_unit(request.actor)
    found, following = page(request, signing.asks_for(by).select_related("file"))
    certificates = {role: signing.certificates_for(by, unit, role) for role in rules.ROLES}
    form = SignForm(request.POST if request.method == "POST" else None, asks=found, certificates=certificates)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            return _sign(request, unit, form.cleaned_data, certificates)
    return {
        "asks": found,
        "next": following,
        "form": form,
        "tabs": tabs("index"),
        "chosen": set(request.POST.getlist("asks")),
        "can_sign": any(certificates.values()),
    }


def _sign(
    request: HttpRequest, unit: Unit, given: dict[str, Any], certificates: dict[str, list[Certificate]]
) -> HttpResponseBase:
    """One batch, whatever the roles in it."""
    batch, made = uuids.uuid4(), []
    chosen = list(given["asks"].select_related("file__blob"))
    for role in rules.ROLES:
        asks = [one for one in chosen if one.role == role]
        if asks:
            made += _asked(request.actor, unit, asks, given.get(role) or next(iter(certificates[role]), None), batch)
    return _present(request, made, given.get("pin_password", ""))


def _asked(by: Actor, unit: Unit, asks: Sequence[Ask], certificate: Certificate | None, batch: UUID) -> list[Request]:
    if certificate is None:
        raise Refused(NO_CERTIFICATE)
    return actions.sign_asked(by, unit, asks=asks, certificate=certificate, batch=batch)


def _present(request: HttpRequest, made: Sequence[Request], pin: str) -> HttpResponseBase:
    """Those that want the person's PIN are signed at once, in this very process: the PIN goes nowhere else."""
    in_person = [one for one in made if one.is_in_person]
    if in_person and not pin:
        warned(request, NO_PIN)
    else:
        for one in in_person:
            try:
                performing.perform_in_person(one, pin)
            except Refused as refusal:
                warned(request, refusal.message)
                break
    return redirect(made[0])


@screen("signing/desk/mine.html", permission="signing.use")
def mine(request: HttpRequest) -> Answer:
    found, following = page(request, signing.my_requests(request.actor))
    return {"requests": found, "next": following, "tabs": tabs("mine")}


def _request(request: HttpRequest, uuid: UUID) -> Request:
    found = signing.request(uuid)
    by = request.actor
    if found.asked_by_id != by.account_id and not by.may("signing.use", on=found):
        raise Forbidden("Bạn không xem được yêu cầu ký này.")
    return found


@screen("signing/desk/request.html", permission="signing.use", partials=("tinh-trang",))
def state(request: HttpRequest, uuid: UUID) -> Answer:
    found = _request(request, uuid)
    batch = signing.batch_of(found)
    is_mine = found.asked_by_id == request.actor.account_id
    return {
        "request_row": found,
        "batch": batch if len(batch) > 1 else [],
        "done": sum(one.state == rules.SIGNED for one in batch),
        "is_moving": any(one.is_open and not one.is_in_person for one in batch),
        "may_cancel": found.is_open and is_mine,
        "pin_form": PinForm() if found.is_open and found.is_in_person and is_mine else None,
        "agent": agent.place(found) if found.is_open and is_mine else "",
        "crumbs": [{"label": "Ký số", "url": reverse("desk-signing:index")}, {"label": found.title}],
    }


@require_POST
@declare("signing.request_signature")
def enter_pin(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """The PIN for this request and for what was asked for with it."""
    found = _request(request, uuid)
    if found.asked_by_id != request.actor.account_id:
        raise Forbidden("Chỉ người ký mới nhập được mã PIN.")
    waiting = [one for one in signing.batch_of(found) if one.is_open]
    form = PinForm(request.POST)
    if not form.is_valid():
        warned(request, NO_PIN)
        return redirect(found)
    return _present(request, waiting or [found], form.cleaned_data["pin_password"])


@require_POST
@declare("signing.cancel_request")
def cancel(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    found = actions.cancel_request(request.actor, _request(request, uuid))
    told(request, "Đã huỷ yêu cầu ký. Tệp vẫn nguyên vẹn.")
    return redirect(found)


def work_part(request: HttpRequest) -> dict[str, Any] | None:
    """On the officer's first page: how much waits for this person's signature."""
    if not request.actor.may("signing.use"):
        return None
    waiting = signing.open_of(request.actor)
    return {"template": "signing/parts/work.html", "waiting": waiting} if waiting else None


urlpatterns = [
    path("", index, name="index"),
    path("da-yeu-cau/", mine, name="mine"),
    path("yeu-cau/<uuid:uuid>/", state, name="request"),
    path("yeu-cau/<uuid:uuid>/ma-pin/", enter_pin, name="enter_pin"),
    path("yeu-cau/<uuid:uuid>/huy/", cancel, name="cancel"),
    *agent.urlpatterns,
    *laying.urlpatterns,
    *register.urlpatterns,
]
