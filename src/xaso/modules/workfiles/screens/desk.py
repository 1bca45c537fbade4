"""Work files at the desk: mine, the unit's, one file, and what goes to the archive."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from xaso.core.access import Actor
from xaso.core.accounts.queries import own_unit
from xaso.core.files.actions import receive_upload
from xaso.core.forms import refusals_on
from xaso.core.paging import page
from xaso.core.screens import Answer, declare, may_open, screen, told
from xaso.core.search.queries import find
from xaso.core.units.models import Unit
from xaso.kit import clock, subject
from xaso.kit.errors import Missing, Refused
from xaso.modules.workfiles import actions, queries, rules
from xaso.modules.workfiles.actions import Paper
from xaso.modules.workfiles.definitions import headings
from xaso.modules.workfiles.forms import FilterForm, PaperForm, ReasonForm, WorkFileForm
from xaso.modules.workfiles.models import Item, WorkFile
from xaso.modules.workfiles.workbook import transfer_list

ACCEPTED = ("pdf", "image", "docx", "xlsx")
TONES = {rules.OPEN: "info", rules.CLOSED: "good", rules.OFFERED: "warn", rules.ARCHIVED: "neutral"}
TABS = (("cua-toi", "Của tôi"), ("", "Cả đơn vị"), (rules.CLOSED, "Đã đóng"), (rules.ARCHIVED, "Đã nộp lưu"))


@screen("workfiles/desk/index.html", permission="workfiles.view")
def index(request: HttpRequest) -> Answer:
    """The officer's own first."""
    tab = request.GET.get("muc", "cua-toi")
    form = FilterForm(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    rows = queries.work_files(request.actor, tab, mine=tab == "cua-toi", words=words)
    found, following = page(request, rows)
    return {
        "rows": [(one, TONES[one.state]) for one in found],
        "next": following,
        "form": form,
        "words": words,
        "tab": tab,
        "tabs": [{"label": label, "url": f"?muc={key}", "current": key == tab} for key, label in TABS],
        "may_open": request.actor.may("workfiles.open", on=_own_unit(request)),
        "may_offer": tab == rules.CLOSED
        and bool(found)
        and request.actor.may("workfiles.offer", on=_own_unit(request)),
    }


def _own_unit(request: HttpRequest) -> Unit | None:
    """None for whoever reads above the units: the page is then shown without its buttons."""
    return Unit.objects.filter(pk=request.actor.unit_id).first() if request.actor.unit_id else None


@screen("workfiles/desk/form.html", permission="workfiles.open")
def new(request: HttpRequest) -> Answer:
    unit = own_unit(request.actor)
    form = WorkFileForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.open_workfile(request.actor, unit, **form.cleaned_data)
        told(request, f"Đã lập hồ sơ công việc {made.number}.")
        return redirect("desk-workfiles:show", key=made.uuid)
    return {"form": form, "unit": unit, "to_verify": headings().to_verify}


@screen("workfiles/desk/show.html", permission="workfiles.view", logs_reading=True)
def show(request: HttpRequest, key: UUID) -> Answer:
    """One file: what is in it, and the one next step."""
    found = queries.work_file(request.actor, "workfiles.view", key)
    words = request.GET.get("q", "").strip()
    return {"subject": found, **_shown(request, found, PaperForm(), words)}


def _shown(request: HttpRequest, found: WorkFile, form: PaperForm, words: str = "") -> dict[str, Any]:
    by, items = request.actor, queries.items_of(found)
    may = {verb: by.may(f"workfiles.{verb}", on=found) for verb in ("collect", "close", "reopen", "give_back")}
    held = {one.subject for one in items if one.subject} | {subject.ref(found)}
    return {
        "found": found,
        "tone": TONES[found.state],
        "items": [(one, _address(by, found, one)) for one in items],
        "papers": sum(not one.is_electronic for one in items),
        "taken_out": queries.taken_out_of(found),
        "form": form,
        "reason": ReasonForm(),
        "may": may,
        "words": words,
        "offers": [one for one in find(by, words).rows if one.subject not in held] if words and may["collect"] else [],
    }


def _address(by: Actor, found: WorkFile, one: Item) -> str:
    """Where it is read; empty when it is a paper or that page is not for this person."""
    address = one.file.get_absolute_url() if one.file else one.url
    return address if address and may_open(by, address, on=one.file or found) else ""


@screen("workfiles/desk/show.html", permission="workfiles.collect")
def add(request: HttpRequest, key: UUID) -> Answer:
    """A file or a paper typed in; what was typed stays when it is refused."""
    found = queries.work_file(request.actor, "workfiles.collect", key)
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with refusals_on(form):
            received = receive_upload(given["file"], ACCEPTED) if given["file"] else None
            paper = Paper(given["title"], given["is_electronic"], given["dated_on"], received=received)
            actions.add_paper(request.actor, found, paper=paper)
            told(request, "Đã thêm tài liệu.")
            return redirect("desk-workfiles:show", key=found.uuid)
    return _shown(request, found, form)


@require_POST
@declare("workfiles.collect")
def add_found(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """One of the things the search on the page has found."""
    found = queries.work_file(request.actor, "workfiles.collect", key)
    wanted, words = request.POST.get("subject", ""), request.POST.get("q", "")
    entry = next((one for one in find(request.actor, words).rows if one.subject == wanted), None)
    if entry is None:
        raise Refused("Không tìm thấy tài liệu này nữa. Hãy tìm lại.")
    day = clock.local(entry.moment).date()
    paper = Paper(entry.title, queries.is_electronic(wanted), day, subject=wanted, url=entry.url)
    actions.add_paper(request.actor, found, paper=paper)
    told(request, "Đã thêm tài liệu.")
    return redirect("desk-workfiles:show", key=found.uuid)


@require_POST
@declare("workfiles.take_out")
def take_out(request: HttpRequest, key: UUID, item: UUID) -> HttpResponseBase:
    found = queries.work_file(request.actor, "workfiles.take_out", key)
    paper = Item.objects.filter(work_file=found, uuid=item).first()
    if paper is None:
        raise Missing(actions.GONE)
    actions.take_out(request.actor, found, item=paper, reason=request.POST.get("reason", ""))
    told(request, "Đã bỏ tài liệu khỏi hồ sơ; lý do được giữ lại.")
    return redirect("desk-workfiles:show", key=found.uuid)


@require_POST
@declare("workfiles.close")
def close(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = actions.close_workfile(request.actor, queries.work_file(request.actor, "workfiles.close", key))
    told(request, f"Đã đóng hồ sơ {found.number}.")
    return redirect("desk-workfiles:show", key=found.uuid)


@require_POST
@declare("workfiles.reopen")
def reopen(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = queries.work_file(request.actor, "workfiles.reopen", key)
    actions.reopen_workfile(request.actor, found, reason=request.POST.get("reason", ""))
    told(request, f"Đã mở lại hồ sơ {found.number}.")
    return redirect("desk-workfiles:show", key=found.uuid)


@require_POST
@declare("workfiles.give_back")
def give_back(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = queries.work_file(request.actor, "workfiles.give_back", key)
    actions.give_back(request.actor, found, reason=request.POST.get("reason", ""))
    told(request, f"Đã trả lại hồ sơ {found.number} cho {found.officer_name}.")
    return redirect("desk-workfiles:show", key=found.uuid)


@require_POST
@declare("workfiles.offer")
def offer(request: HttpRequest) -> HttpResponseBase:
    """The closed files ticked in the list, as one transfer."""
    unit = own_unit(request.actor)
    keys = [UUID(one) for one in request.POST.getlist("file") if len(one) == 36]
    made = actions.offer_workfiles(request.actor, unit, work_files=queries.closed_ones(request.actor, keys))
    told(request, f"Đã lập {str(made).lower()}. Văn thư sẽ nhận hoặc trả lại.")
    return redirect("desk-workfiles:transfer", key=made.uuid)


@screen("workfiles/desk/transfers.html", permission="workfiles.view")
def transfers(request: HttpRequest) -> Answer:
    found, following = page(request, queries.transfers(request.actor))
    return {"rows": found, "next": following}


@screen("workfiles/desk/transfer.html", permission="workfiles.view")
def transfer(request: HttpRequest, key: UUID) -> Answer:
    found = queries.transfer(request.actor, "workfiles.view", key)
    files = queries.files_of(found)
    waits = any(one.state == rules.OFFERED for one in files)
    return {
        "found": found,
        "rows": [(one, TONES[one.state]) for one in files],
        "may_accept": waits and request.actor.may("workfiles.accept", on=found),
        "to_verify": headings().to_verify,
    }


@require_POST
@declare("workfiles.accept")
def accept(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = actions.accept_transfer(request.actor, queries.transfer(request.actor, "workfiles.accept", key))
    told(request, f"Đã nhận {str(found).lower()} vào lưu trữ.")
    return redirect("desk-workfiles:transfer", key=found.uuid)


@declare("workfiles.view")
def transfer_sheet(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = queries.transfer(request.actor, "workfiles.view", key)
    answer = HttpResponse(
        transfer_list(found, queries.files_of(found)),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    answer["Content-Disposition"] = f'attachment; filename="muc-luc-nop-luu-{found.year}-{found.number:02d}.xlsx"'
    return answer


def work_part(request: HttpRequest) -> dict[str, Any] | None:
    """Transfers that wait for whoever keeps the archive."""
    unit = _own_unit(request)
    if unit is None or not request.actor.may("workfiles.accept", on=unit):
        return None
    waiting = list(queries.transfers(request.actor).filter(accepted_at=None, work_files__state=rules.OFFERED)[:5])
    if not waiting:
        return None
    return {"template": "workfiles/parts/work.html", "rows": waiting, "url": reverse("desk-workfiles:transfers")}


urlpatterns = [
    path("", index, name="index"),
    path("new/", new, name="new"),
    path("offer/", offer, name="offer"),
    path("transfers/", transfers, name="transfers"),
    path("transfers/<uuid:key>/", transfer, name="transfer"),
    path("transfers/<uuid:key>/accept/", accept, name="accept"),
    path("transfers/<uuid:key>/list.xlsx", transfer_sheet, name="transfer_sheet"),
    path("<uuid:key>/", show, name="show"),
    path("<uuid:key>/add/", add, name="add"),
    path("<uuid:key>/add-found/", add_found, name="add_found"),
    path("<uuid:key>/close/", close, name="close"),
    path("<uuid:key>/reopen/", reopen, name="reopen"),
    path("<uuid:key>/give-back/", give_back, name="give_back"),
    path("<uuid:key>/items/<uuid:item>/take-out/", take_out, name="take_out"),
]
