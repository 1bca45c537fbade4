"""A document's own page and its steps from the writer's hand to the signature."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path

from xaso.core.files.models import StoredFile
from xaso.core.forms import refusals_on
from xaso.core.screens import Answer, declare, screen, told
from xaso.kit.errors import Refused
from xaso.modules.layouts import queries as layouts
from xaso.modules.outgoing.actions import drafting, reviewing, sealing
from xaso.modules.outgoing.actions.numbering import cancel_document
from xaso.modules.outgoing.forms import CommentForm, NoteForm, PaperForm, ReasonForm, ScanForm
from xaso.modules.outgoing.models import Document
from xaso.modules.outgoing.queries import documents, sheets
from xaso.modules.outgoing.rules import moves
from xaso.modules.outgoing.screens.next_step import next_step
from xaso.modules.outgoing.screens.uploads import received
from xaso.modules.signing import queries as signing

TEMPLATE = "outgoing/desk/show.html"


@screen(TEMPLATE, permission="outgoing.view")
def show(request: HttpRequest, key: UUID) -> Answer:
    return page_of(request, documents.document_for(request.actor, key))


def page_of(request: HttpRequest, document: Document, **more: Any) -> dict[str, Any]:
    actor, may = request.actor, request.actor.may
    step = next_step(actor, document)
    kinds = layouts.kinds()
    return {
        "document": document,
        "kind": kinds[document.kind].title if document.kind in kinds else document.kind,
        "tone": moves.TONES[document.state],
        "step": step,
        "steps": _timeline(document),
        "versions": list(document.versions.order_by("-number").only("number", "saved_at", "saved_by")[:20]),
        "comments": list(document.comments.order_by("-id")[:50]),
        "copies": _copies(document),
        "files": _files(document),
        "faults": sheets.checked(document).faults if step.kind in {"submit", "check"} else (),
        "certificates": _certificates(request, document, step.kind),
        "request_link": _request_link(document),
        "comment_form": CommentForm(),
        "reason_form": ReasonForm(),
        "note_form": NoteForm(),
        "paper_form": PaperForm(),
        "scan_form": ScanForm(),
        "may_comment": document.state in moves.BEFORE_ISSUE and not document.is_secret
        and may("outgoing.comment", on=document),
        "may_override": document.state == moves.DRAFT and may("outgoing.override_format", on=document),
        "may_write": document.state == moves.DRAFT and may("outgoing.write", on=document),
        "may_return": bool(moves.target("return", document.state)) and may("outgoing.return", on=document),
        "may_address": document.state in moves.BEFORE_ISSUE and may("outgoing.address", on=document),
        "may_cancel": bool(moves.target("cancel", document.state)) and may("outgoing.cancel", on=document),
        "may_recall": bool(moves.target("recall", document.state)) and may("outgoing.recall", on=document),
        "may_follow": document.is_out and may("outgoing.record_follow", on=document),
        "may_correct": document.state in moves.OUT and not document.is_secret and may("outgoing.correct", on=document),
    } | more  # fmt: skip


def _timeline(document: Document) -> list[dict[str, Any]]:
    steps = list(document.steps.order_by("-id")[:60])
    return [
        {"at": one.at, "title": one.title, "by": one.by_name, "text": one.note, "tone": moves.TONES[one.state],
         "now": at == 0}
        for at, one in enumerate(steps)
    ]  # fmt: skip


def _copies(document: Document) -> list[dict[str, Any]]:
    told_of = documents.follows_of(document) if document.is_out else {}
    return [
        {
            "copy": one,
            "tone": moves.FOLLOW_TONES.get(one.state, "info"),
            "follows": told_of.get(one.pk, []),
        }
        for one in document.recipients.all()
    ]


def _files(document: Document) -> list[dict[str, Any]]:
    found: list[tuple[StoredFile, str]] = []
    if document.file:
        found.append((document.file, "bản phát hành"))
    elif document.sheet:
        found.append((document.sheet, "bản đang ký"))
    if document.draft_file:
        found.append((document.draft_file, "tệp dự thảo"))
    if not document.is_secret:
        found += [(one, "phụ lục") for one in sheets.annexes_of(document)]
    return [{"name": one.name, "url": one.preview_url, "size": one.size, "note": what} for one, what in found]


def _certificates(request: HttpRequest, document: Document, kind: str) -> list[Any]:
    role = {"sign": signing.PERSON, "seal": signing.AGENCY}.get(kind)
    return signing.certificates_for(request.actor, document.unit, role) if role else []


def _request_link(document: Document) -> str:
    return signing.request(document.request).get_absolute_url() if document.request else ""


def back(key: UUID) -> HttpResponseBase:
    return redirect("desk-outgoing:show", key=key)


@screen(TEMPLATE, permission="outgoing.submit")
def submit(request: HttpRequest, key: UUID) -> Answer:
    document = documents.document_for(request.actor, key)
    if request.method != "POST":
        return back(key)
    checked = sheets.checked(document)
    reviewing.submit(request.actor, document, to=request.POST.get("to", ""), checked=checked)
    told(request, "Đã trình. Người duyệt thấy văn bản ở mục Chờ tôi xử lý.")
    return back(key)


@screen(TEMPLATE, permission="outgoing.pass_on")
def pass_on(request: HttpRequest, key: UUID) -> Answer:
    return _noted(request, key, reviewing.pass_on, "Đã chuyển lãnh đạo duyệt.")


@screen(TEMPLATE, permission="outgoing.approve")
def approve(request: HttpRequest, key: UUID) -> Answer:
    return _noted(request, key, reviewing.approve, "Đã duyệt. Văn thư sẽ kiểm tra thể thức rồi trình ký.")


def _noted(request: HttpRequest, key: UUID, verb: Callable[..., Any], sentence: str) -> Answer:
    document = documents.document_for(request.actor, key)
    form = NoteForm(request.POST)
    if request.method == "POST" and form.is_valid():
        verb(request.actor, document, note_text=form.cleaned_data["note"])
        told(request, sentence)
    return back(key)


def _reasoned(request: HttpRequest, key: UUID, verb: Callable[..., Any], sentence: str) -> Answer:
    document = documents.document_for(request.actor, key)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            verb(request.actor, document, reason=form.cleaned_data["reason"])
            told(request, sentence)
            return back(key)
    return page_of(request, document, reason_form=form)


@screen(TEMPLATE, permission="outgoing.return")
def send_back(request: HttpRequest, key: UUID) -> Answer:
    return _reasoned(request, key, reviewing.return_draft, "Đã trả lại cho người soạn.")


@screen(TEMPLATE, permission="outgoing.cancel")
def cancel(request: HttpRequest, key: UUID) -> Answer:
    return _reasoned(request, key, cancel_document, "Đã huỷ văn bản.")


@screen(TEMPLATE, permission="outgoing.override_format")
def override(request: HttpRequest, key: UUID) -> Answer:
    return _reasoned(request, key, reviewing.override_format, "Đã ghi lý do bỏ qua lỗi thể thức.")


@screen(TEMPLATE, permission="outgoing.comment")
def comment(request: HttpRequest, key: UUID) -> Answer:
    document = documents.document_for(request.actor, key)
    form = CommentForm(request.POST or None)
    if not form.is_valid():
        return page_of(request, document, comment_form=form)
    drafting.comment(request.actor, document, text=form.cleaned_data["text"])
    told(request, "Đã ghi góp ý.")
    return back(key)


@screen(TEMPLATE, permission="outgoing.check")
def check(request: HttpRequest, key: UUID) -> Answer:
    """The sheet is drawn first, then kept in one action."""
    document = documents.document_for(request.actor, key)
    if request.method == "POST":
        prepared = reviewing.prepare(document)
        reviewing.pass_check(request.actor, document, prepared=prepared, reason=request.POST.get("reason", ""))
        told(request, f"Đã trình {document.signer_name} ký.")
    return back(key)


@screen(TEMPLATE, permission="outgoing.sign")
def sign(request: HttpRequest, key: UUID) -> Answer:
    document = documents.document_for(request.actor, key)
    if request.method != "POST":
        return back(key)
    signed = sealing.ask_signature(request.actor, document, certificate=certificate_of(request, document, "person"))
    return redirect(_request_link(signed))


def certificate_of(request: HttpRequest, document: Document, role: str) -> Any:
    """The one chosen, of those this person may sign with now."""
    usable = signing.certificates_for(request.actor, document.unit, role)
    chosen = request.POST.get("certificate", "")
    found = [one for one in usable if str(one.uuid) == chosen] or (usable if len(usable) == 1 else [])
    if not found:
        raise Refused("Hãy chọn chứng thư số để ký. Nếu chưa có, hãy in ra ký tay và đưa văn thư.")
    return found[0]


@screen(TEMPLATE, permission="outgoing.sign_on_paper")
def sign_on_paper(request: HttpRequest, key: UUID) -> Answer:
    document = documents.document_for(request.actor, key)
    form = PaperForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with refusals_on(form):
            scan = received(request.FILES.get("scan"), ("pdf", "image"))
            sealing.sign_on_paper(request.actor, document, signed_on=form.cleaned_data["signed_on"], scan=scan)
            told(request, "Đã ghi ngày ký tay. Bước tiếp theo: cấp số.")
            return back(key)
    return page_of(request, document, paper_form=form)


@declare("outgoing.withdraw_request")
def withdraw_request(request: HttpRequest, key: UUID) -> HttpResponseBase:
    document = documents.document_for(request.actor, key)
    if request.method == "POST" and document.request:
        sealing.withdraw_request(request.actor, document, request=signing.request(document.request))
        told(request, "Đã dừng ký số.")
    return back(key)


urlpatterns = [
    path("<uuid:key>/", show, name="show"),
    path("<uuid:key>/submit/", submit, name="submit"),
    path("<uuid:key>/pass-on/", pass_on, name="pass_on"),
    path("<uuid:key>/approve/", approve, name="approve"),
    path("<uuid:key>/return/", send_back, name="send_back"),
    path("<uuid:key>/cancel/", cancel, name="cancel"),
    path("<uuid:key>/override/", override, name="override"),
    path("<uuid:key>/comment/", comment, name="comment"),
    path("<uuid:key>/check/", check, name="check"),
    path("<uuid:key>/sign/", sign, name="sign"),
    path("<uuid:key>/on-paper/", sign_on_paper, name="sign_on_paper"),
    path("<uuid:key>/withdraw-request/", withdraw_request, name="withdraw_request"),
]
