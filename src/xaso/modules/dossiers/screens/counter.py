"""Reception at the counter, made for a keyboard and a card scanner: one page, nothing typed is ever lost."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from xaso.core.accounts.queries import own_unit
from xaso.core.screens import Answer, declare, screen, told, warned
from xaso.core.units.models import Unit
from xaso.core.units.queries import places_near
from xaso.kit import clock, subject
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.kit.pages import number_in
from xaso.modules.dossiers import queries, rules
from xaso.modules.dossiers.actions import at_once, filing, reception, slips
from xaso.modules.dossiers.forms import answer_lines
from xaso.modules.dossiers.models import Dossier
from xaso.modules.dossiers.screens import scan
from xaso.modules.dossiers.screens.intake import Intake
from xaso.modules.dossiers.screens.intake_forms import AtOnceForm, approver_of
from xaso.modules.papers.queries import papers_of
from xaso.modules.payments.queries import open_charge
from xaso.modules.procedures.queries import for_reception, receivable, search, version

RECEIVE = "dossiers.receive"
MOST_USED = 9


@screen("dossiers/desk/choose.html", permission=RECEIVE)
def choose(request: HttpRequest) -> Answer:
    """The most used first, under the keys 1 to 9; everything else by search."""
    unit = own_unit(request.actor, RECEIVE)
    text = tidy(request.GET.get("q", ""))[:100]
    asked = request.GET.get("p", "")[:4]
    page = number_in(asked) or 1
    found = search(text, page=page) if text else None
    rows = [(one, receivable(one.code)) for one in found.rows] if found else []
    often = [one for one in queries.most_used(unit.path) if receivable(one.code)][:MOST_USED]
    if not found and len(often) < MOST_USED:
        taken = {one.code for one in often}
        often += [one for one in search().rows if one.code not in taken and receivable(one.code)][
            : MOST_USED - len(often)
        ]
    return {"unit": unit, "q": text, "often": often, "found": found, "rows": rows}


@screen("dossiers/desk/receive.html", permission=RECEIVE, partials=("fee",))
def receive(request: HttpRequest, code: str) -> Answer:
    """Read a card, tick the papers, press F9. A twin of the same day is shown once before it is taken."""
    pinned = for_reception(code)
    unit = own_unit(request.actor, RECEIVE)
    intake = Intake(request, pinned, unit)
    filled, twins, problem = None, [], ""
    if request.method == "POST" and "accept" in request.POST:
        if before := queries.filed_with(request.actor, f"counter:{intake.key}"):
            return redirect("desk-dossiers:received", key=before.uuid)
        if intake.is_valid():
            twins = _twins(intake, pinned, unit)
            if not twins or request.POST["accept"] == "twins":
                try:
                    return _take(request, intake, unit)
                except Refused as refusal:
                    problem = refusal.message
    elif "scan" in request.POST:
        filled = scan.fill(request.actor, pinned, request.POST.get("card", ""))
        intake = Intake(request, pinned, unit, posted=_with(request.POST.copy(), filled))
    return {
        "version": pinned, "unit": unit, "places": places_near(unit, clock.today()),
        "intake": intake, "filled": filled, "twins": twins, "problem": problem,
        "checked": "accept" in request.POST, "quote": intake.quote(), "mistakes": list(intake.mistakes()),
    }  # fmt: skip


def _with(posted: Any, filled: scan.Filled) -> Any:
    for name, value in filled.values.items():
        posted[name] = value
    for name, value in filled.soft.items():
        posted[name] = posted.get(name) or value
    return posted


def _twins(intake: Intake, pinned: Any, unit: Unit) -> list[Dossier]:
    who = intake.applicant()
    return queries.duplicates(unit.path, who.personal_id, pinned.procedure_id, clock.today())


def _take(request: HttpRequest, intake: Intake, unit: Unit) -> HttpResponse:
    filed = intake.filing()
    data = intake.handling.cleaned_data
    dossier = filing.once(
        filed.idempotency_key,
        lambda: reception.receive_dossier(
            request.actor, unit, filed=filed, channel=data["channel"], price=intake.price(), forward=data["forward"]
        ),
    )
    if data.get("at_once"):
        _try_at_once(request, dossier, unit, data.get("approver", ""))
    return redirect("desk-dossiers:received", key=dossier.uuid)


def _try_at_once(request: HttpRequest, dossier: Dossier, unit: Unit, chosen: str) -> None:
    """The dossier is already received: when the rest cannot be done now, the next page says why and offers it again."""
    try:
        at_once.complete_at_once(request.actor, dossier, approver=approver_of(unit.path, chosen))
    except Refused as refusal:
        warned(request, f"Đã tiếp nhận, chưa trả kết quả. {refusal.message}")


@require_POST
@declare(RECEIVE)
def read_card(request: HttpRequest, code: str) -> HttpResponse:
    """The same reading for the script of the page, which fills the fields without a new page."""
    filled = scan.fill(request.actor, for_reception(code), request.POST.get("card", ""))
    return JsonResponse({"values": filled.values, "soft": filled.soft, "said": filled.said, "problem": filled.problem})


@screen("dossiers/desk/received.html", permission=RECEIVE, logs_reading=True)
def received(request: HttpRequest, key: UUID) -> Answer:
    """What the resident takes home, and what the officer may still do before the next one."""
    dossier = queries.dossier(request.actor, key)
    pinned = version(dossier.version_id)
    printed = papers_of(subject.ref(dossier))
    immediate = pinned.definition.immediate and dossier.state in {rules.State.ACCEPTED, rules.State.PROCESSING}
    return {
        "subject": dossier,
        "dossier": dossier,
        "version": pinned,
        "slip": next((paper for paper in printed if paper.code == slips.SLIP), None),
        "reading": next((paper for paper in printed if paper.code == slips.READ_BACK), None),
        "charge": open_charge(subject.ref(dossier)),
        "at_once": AtOnceForm(unit_path=dossier.unit_path) if immediate else None,
        "helped": dossier.filing != Dossier.Filing.SELF,
    }


@require_POST
@declare(RECEIVE)
def slip(request: HttpRequest, key: UUID) -> HttpResponse:
    paper = slips.slip_of(request.actor, queries.dossier(request.actor, key))
    return redirect("desk-papers:download", uuid=paper.uuid)


@require_POST
@declare(RECEIVE)
def read_back(request: HttpRequest, key: UUID) -> HttpResponse:
    dossier = queries.dossier(request.actor, key)
    lines = answer_lines(version(dossier.version_id).visible(dossier.answers), dossier.answers)
    paper = slips.read_back(request.actor, dossier, lines=lines)
    return redirect("desk-papers:download", uuid=paper.uuid)


@require_POST
@declare("dossiers.complete_at_once")
def complete(request: HttpRequest, key: UUID) -> HttpResponse:
    dossier = queries.dossier(request.actor, key)
    approver = approver_of(dossier.unit_path, request.POST.get("approver", ""))
    at_once.complete_at_once(request.actor, dossier, approver=approver)
    told(request, "Đã trả kết quả. Mọi bước đã được ghi vào hồ sơ.")
    return redirect("desk-dossiers:received", key=key)


urlpatterns = [
    path("receive/", choose, name="choose"),
    path("receive/<str:code>/", receive, name="receive"),
    path("receive/<str:code>/card/", read_card, name="read_card"),
    path("received/<uuid:key>/", received, name="received"),
    path("received/<uuid:key>/slip/", slip, name="slip"),
    path("received/<uuid:key>/read-back/", read_back, name="read_back"),
    path("received/<uuid:key>/complete/", complete, name="complete"),
]
