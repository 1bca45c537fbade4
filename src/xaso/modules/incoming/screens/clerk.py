"""The clerk's table: what has come, the form that puts it into the book, what does not belong here."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from xaso.core.accounts.queries import own_unit
from xaso.core.files.queries import files_of
from xaso.core.forms import checked, refusals_on
from xaso.core.screens import Answer, declare, screen, told
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.incoming import actions
from xaso.modules.incoming.definitions import desk
from xaso.modules.incoming.forms import AmendForm, ReasonForm, RegistrationForm, StubForm, written
from xaso.modules.incoming.models import Document
from xaso.modules.incoming.queries.books import last_numbers, senders_of
from xaso.modules.incoming.queries.documents import found, queue, same_as, twins_of
from xaso.modules.incoming.queries.people import leaders_of
from xaso.modules.incoming.rules import State, twin_key
from xaso.modules.incoming.screens.finding import back, keep_uploads, kept_files

LISTED = "desk-incoming:waiting"


@screen("incoming/desk/waiting.html", permission="incoming.register")
def waiting(request: HttpRequest) -> Answer:
    """Not in a book yet, and in a book but not shown yet; what hurries first."""
    by = request.actor
    page = queue(by, "incoming.register", [State.WAITING], request.GET.get("after", ""))
    unshown = queue(by, "incoming.register", [State.REGISTERED])
    return {"page": page, "unshown": unshown.rows, "now": clock.now(), "unit": own_unit(by, "incoming.register")}


def _memory(unit: Unit) -> dict[str, Any]:
    senders = senders_of(unit.path)
    year = clock.today().year
    given = last_numbers(unit.path, year)
    return {
        "senders": senders,
        "signers": list(dict.fromkeys(one.signer for one in senders if one.signer)),
        "next_numbers": [(one.name, given.get(one.code, 0) + 1) for one in desk().open_books],
    }


@screen("incoming/desk/register.html", permission="incoming.register")
def register(request: HttpRequest, key: UUID) -> Answer:
    """The document beside its line of the book; what came with it is filled in."""
    document = found(request.actor, key)
    leaders = leaders_of(document.unit_path)
    form = RegistrationForm(request.POST or None, initial=written(document), leaders=leaders)
    if form.is_valid():
        with refusals_on(form):
            made = _register(request, document, form)
            told(request, f"Đã vào sổ: {made}.")
            following = queue(request.actor, "incoming.register", [State.WAITING], size=1).rows
            return redirect("desk-incoming:register", key=following[0].uuid) if following else redirect(LISTED)
    return {
        "document": document,
        "form": form,
        "files": files_of(document.ref),
        "twins": twins_of(document),
        "refuse_form": ReasonForm() if document.state == State.WAITING else None,
        "is_over": document.state != State.WAITING,
        **_memory(document.unit),
    }


def _register(request: HttpRequest, document: Document, form: RegistrationForm) -> Document:
    return actions.register(request.actor, document, given=form.given(), show=form.shows, leader=form.leader_chosen())


@screen("incoming/desk/new.html", permission="incoming.take_in")
def new(request: HttpRequest) -> Answer:
    """Paper on the table, or a file brought by hand: arrival and registration on one page."""
    unit = own_unit(request.actor, "incoming.take_in")
    leaders = leaders_of(unit.path)
    form = RegistrationForm(request.POST or None, initial={"is_paper": True, "urgency": 0}, leaders=leaders)
    form_key = request.POST.get("idempotency_key", "")[:40] or uuid4().hex
    is_whole = form.is_valid()
    uploads = keep_uploads(request, form) if request.method == "POST" else []
    twins: list[Document] = []
    if is_whole and form.is_valid():
        twins = _twins(unit, form, form_key)
        if not twins or request.POST.get("is_other"):
            with refusals_on(form):
                made = _take_in(request, unit, form, uploads, form_key)
                told(request, f"Đã vào sổ: {made}.")
                return redirect("desk-incoming:new" if "again" in request.POST else made.get_absolute_url())
    return {
        "form": form,
        "unit": unit,
        "key": form_key,
        "kept": kept_files(request, uploads),
        "twins": twins,
        **_memory(unit),
    }


def _twins(unit: Unit, form: RegistrationForm, form_key: str) -> list[Document]:
    """What looks like the same document; none when it is the very one this form made a moment ago."""
    number, symbol = form.numbered
    key = twin_key(form.cleaned_data["issuer"], number, symbol, form.cleaned_data["dated_on"])
    found_twins = same_as(unit.path, key)
    return [] if any(one.external_id == form_key for one in found_twins) else found_twins


def _take_in(request: HttpRequest, unit: Unit, form: RegistrationForm, uploads: list[UUID], key: str) -> Document:
    return actions.take_in(
        request.actor, unit, given=form.given(), origin="scan" if form.cleaned_data["is_paper"] else "upload",
        uploads=uploads, show=form.shows, leader=form.leader_chosen(), key=key,
    )  # fmt: skip


@screen("incoming/desk/new_secret.html", permission="incoming.register_secret")
def new_secret(request: HttpRequest) -> Answer:
    """One line of the secret book. There is no field for a subject and none for a file."""
    unit = own_unit(request.actor, "incoming.register_secret")
    form = StubForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            made = actions.register_secret(request.actor, unit, given=form.given())
            told(request, f"Đã ghi vào sổ văn bản mật: {made}.")
            return redirect("desk-incoming:book")
    return {"form": form, "unit": unit}


@screen("incoming/desk/amend.html", permission="incoming.amend")
def amend(request: HttpRequest, key: UUID) -> Answer:
    document = found(request.actor, key)
    form = AmendForm(request.POST or None, initial=written(document) | {"due_on": None})
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        with refusals_on(form):
            actions.amend(request.actor, document, given=form.given(), reason=reason)
            return back(request, document, "Đã sửa thông tin đăng ký.")
    return {"document": document, "form": form, **_memory(document.unit)}


@require_POST
@declare("incoming.refuse")
def refuse(request: HttpRequest, key: UUID) -> HttpResponseBase:
    document = found(request.actor, key)
    actions.refuse(request.actor, document, reason=checked(ReasonForm(request.POST))["reason"])
    told(request, "Đã từ chối tiếp nhận; nơi gửi sẽ được báo.")
    return redirect(LISTED)


@require_POST
@declare("incoming.show")
def show(request: HttpRequest, key: UUID) -> HttpResponseBase:
    document = found(request.actor, key)
    actions.show(request.actor, document)
    told(request, f"Đã trình lãnh đạo: {document}.")
    return redirect(LISTED) if "from_list" in request.POST else redirect("desk-incoming:document", key=key)


@require_POST
@declare("incoming.add_files")
def add_files(request: HttpRequest, key: UUID) -> HttpResponseBase:
    document = found(request.actor, key)
    # Of a secret document not even a waiting upload is taken in: the action refuses before anything is read.
    uploads = [] if document.is_secret else keep_uploads(request)
    actions.add_files(request.actor, document, uploads=uploads)
    return back(request, document, "Đã thêm tệp.")


@require_POST
@declare("incoming.accept_recall")
def accept_recall(request: HttpRequest, key: UUID) -> HttpResponseBase:
    document = found(request.actor, key)
    actions.accept_recall(request.actor, document)
    return back(request, document, "Đã đồng ý thu hồi; nơi gửi sẽ được báo.")


@require_POST
@declare("incoming.refuse_recall")
def refuse_recall(request: HttpRequest, key: UUID) -> HttpResponseBase:
    document = found(request.actor, key)
    actions.refuse_recall(request.actor, document, reason=checked(ReasonForm(request.POST))["reason"])
    return back(request, document, "Đã trả lời là không đồng ý thu hồi.")


urlpatterns = [
    path("cho-dang-ky/", waiting, name="waiting"),
    path("moi/", new, name="new"),
    path("mat/", new_secret, name="new_secret"),
    path("<uuid:key>/dang-ky/", register, name="register"),
    path("<uuid:key>/sua/", amend, name="amend"),
    path("<uuid:key>/tu-choi/", refuse, name="refuse"),
    path("<uuid:key>/trinh/", show, name="show"),
    path("<uuid:key>/tep/", add_files, name="add_files"),
    path("<uuid:key>/thu-hoi/dong-y/", accept_recall, name="accept_recall"),
    path("<uuid:key>/thu-hoi/khong/", refuse_recall, name="refuse_recall"),
]
