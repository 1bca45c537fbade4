"""The pages on which a draft is written: the text, an uploaded file, annexes, versions beside each other."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from xaso.core.access import require
from xaso.core.files.queries import file as file_with
from xaso.core.files.rules import DOCX, PDF
from xaso.core.forms import refusals_on
from xaso.core.screens import Answer, declare, screen, told
from xaso.modules.outgoing.actions import drafting
from xaso.modules.outgoing.forms import DraftForm, FileForm, UploadForm, initial_of
from xaso.modules.outgoing.models import Document
from xaso.modules.outgoing.queries import documents, sheets
from xaso.modules.outgoing.screens.uploads import ANNEXES, DRAFTS, received

EDIT = "outgoing/desk/edit.html"


@screen(EDIT, permission="outgoing.write")
def edit(request: HttpRequest, key: UUID) -> Answer:
    """The text and the fields. When somebody else saved meanwhile, what was typed stays, beside what is kept."""
    document = _draft(request, key)
    form = DraftForm(
        request.POST or None, document=document, initial=initial_of(drafting.words_of(document), document.revision)
    )
    others = None
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            try:
                drafting.save_draft(request.actor, document, words=form.words, revision=form.cleaned_data["revision"])
                told(request, "Đã lưu dự thảo.")
                return redirect("desk-outgoing:show", key=key)
            except drafting.WrittenMeanwhile as meanwhile:
                document = _draft(request, key)
                others = document
                form = DraftForm(initial_of(form.words, document.revision), document=document)
                form.add_error(None, meanwhile.message)
    return _page(document, form=form, others=others)


def _draft(request: HttpRequest, key: UUID) -> Document:
    document = documents.document_for(request.actor, key)
    require(request.actor, "outgoing.write", document)
    drafting.need_draft(document)
    return document


def _page(document: Document, **more: Any) -> dict[str, Any]:
    words = drafting.words_of(document)
    return {
        "document": document,
        "form": DraftForm(document=document, initial=initial_of(words, document.revision)),
        "upload_form": UploadForm(initial={"revision": document.revision}),
        "annex_form": FileForm(),
        "others": None,
        "annexes": [
            {"name": one.name, "url": one.preview_url, "size": one.size,
             "remove_url": f"../annex/{one.uuid}/remove/"}
            for one in sheets.annexes_of(document)
        ],
    } | more  # fmt: skip


@screen(EDIT, permission="outgoing.upload_draft")
def upload(request: HttpRequest, key: UUID) -> Answer:
    document = _draft(request, key)
    form = UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with refusals_on(form):
            taken = received(request.FILES["file"], DRAFTS)
            if taken is not None:
                revision = form.cleaned_data["revision"]
                drafting.upload_draft(request.actor, document, received=taken, revision=revision)
            told(request, "Đã nhận tệp dự thảo. Tệp này được dùng thay nội dung gõ.")
            return redirect("desk-outgoing:show", key=key)
    return _page(document, upload_form=form)


@require_POST
@declare("outgoing.use_text")
def use_text(request: HttpRequest, key: UUID) -> HttpResponseBase:
    document = _draft(request, key)
    drafting.use_text(request.actor, document, revision=document.revision)
    told(request, "Đã bỏ tệp, dùng lại nội dung gõ.")
    return redirect("desk-outgoing:edit", key=key)


@screen(EDIT, permission="outgoing.annex")
def annex(request: HttpRequest, key: UUID) -> Answer:
    document = _draft(request, key)
    form = FileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with refusals_on(form):
            taken = received(request.FILES["file"], ANNEXES)
            if taken is not None:
                drafting.add_annex(request.actor, document, received=taken)
            told(request, "Đã thêm phụ lục.")
            return redirect("desk-outgoing:edit", key=key)
    return _page(document, annex_form=form)


@require_POST
@declare("outgoing.remove_annex")
def remove_annex(request: HttpRequest, key: UUID, file: UUID) -> HttpResponseBase:
    drafting.remove_annex(request.actor, _draft(request, key), annex=file_with(file))
    told(request, "Đã bỏ phụ lục.")
    return redirect("desk-outgoing:edit", key=key)


@screen("outgoing/desk/compare.html", permission="outgoing.view")
def compare(request: HttpRequest, key: UUID) -> Answer:
    """Two versions word by word; the last two when none are named."""
    document = documents.document_for(request.actor, key)
    last = document.revision + 1
    new = _number(request.GET.get("moi", ""), last)
    old = _number(request.GET.get("cu", ""), max(1, new - 1))
    return {
        "document": document,
        "comparison": documents.comparison(document, old, new),
        "numbers": list(range(1, last + 1)),
        "old": old,
        "new": new,
    }


def _number(typed: str, otherwise: int) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 7 else otherwise


@declare("outgoing.view")
def proof(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The draft as it would be printed, to be looked at."""
    document = documents.document_for(request.actor, key)
    name = f"{document.kind}-du-thao.pdf"
    return _file(sheets.pdf_of(document), PDF.media_type, f'inline; filename="{name}"')


@declare("outgoing.view")
def word(request: HttpRequest, key: UUID) -> HttpResponseBase:
    document = documents.document_for(request.actor, key)
    name = f"{document.kind}-du-thao.docx"
    return _file(sheets.docx_of(document), DOCX.media_type, f'attachment; filename="{name}"')


def _file(content: bytes, media_type: str, disposition: str) -> HttpResponse:
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=media_type, headers=headers)


urlpatterns = [
    path("<uuid:key>/edit/", edit, name="edit"),
    path("<uuid:key>/upload/", upload, name="upload"),
    path("<uuid:key>/use-text/", use_text, name="use_text"),
    path("<uuid:key>/annex/", annex, name="annex"),
    path("<uuid:key>/annex/<uuid:file>/remove/", remove_annex, name="remove_annex"),
    path("<uuid:key>/compare/", compare, name="compare"),
    path("<uuid:key>/proof/", proof, name="proof"),
    path("<uuid:key>/word/", word, name="word"),
]
