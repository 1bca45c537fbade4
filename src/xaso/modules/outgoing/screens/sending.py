"""The clerk's pages: recipients, number, seal, issue; afterwards the answers, recall, correction, replacement."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from xaso.core.forms import refusals_on
from xaso.core.screens import Answer, declare, screen, told, warned
from xaso.core.units.models import Unit
from xaso.core.units.queries import communes
from xaso.core.units.queries import unit as unit_with
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.outgoing.actions import issuing, numbering, sealing
from xaso.modules.outgoing.actions.drafting import Words
from xaso.modules.outgoing.forms import FollowForm, ReasonForm, RecipientForm, ScanForm
from xaso.modules.outgoing.models import Document
from xaso.modules.outgoing.queries import documents
from xaso.modules.outgoing.queries.books import book_for, next_number
from xaso.modules.outgoing.screens.document import TEMPLATE, back, certificate_of, page_of
from xaso.modules.outgoing.screens.uploads import PAPERS, received
from xaso.modules.signing import queries as signing

CORRECTION = "cong-van"


@screen("outgoing/desk/recipients.html", permission="outgoing.address")
def recipients(request: HttpRequest, key: UUID) -> Answer:
    """Who gets it and how; the number it would get."""
    document = documents.document_for(request.actor, key)
    units = [one for one in communes(clock.today()) if one.pk != document.unit_id]
    form = RecipientForm(request.POST or None, units=units)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            _add(request, document, form)
            told(request, "Đã ghi nơi nhận.")
            return redirect("desk-outgoing:recipients", key=key)
    found = book_for(document)
    return {
        "document": document,
        "form": form,
        "copies": list(document.recipients.all()),
        "book": found,
        "next": next_number(found, document.kind, clock.today().year) if found else 1,
    }


def _add(request: HttpRequest, document: Document, form: RecipientForm) -> None:
    kept = dict(form.cleaned_data)
    chosen = kept.pop("unit")
    unit: Unit | None = unit_with(int(chosen)) if chosen else None
    issuing.add_recipient(request.actor, document, unit=unit, **kept)


@require_POST
@declare("outgoing.remove_recipient")
def remove_recipient(request: HttpRequest, key: UUID, copy: UUID) -> HttpResponseBase:
    document = documents.document_for(request.actor, key)
    found = documents.recipient(request.actor, "outgoing.remove_recipient", copy)
    issuing.remove_recipient(request.actor, document, recipient=found)
    told(request, "Đã bỏ nơi nhận.")
    return redirect("desk-outgoing:recipients", key=key)


@require_POST
@declare("outgoing.number")
def number(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Give the number, write it into the signed file and, with one certificate of the agency, seal at once."""
    document = documents.document_for(request.actor, key)
    numbered = numbering.give_number(request.actor, document)
    told(request, f"Đã cấp số {numbered.code}, ngày {numbered.dated_on:%d/%m/%Y}.")
    if not numbered.is_person_signed:
        return back(key)
    filled = numbering.fill_number(documents.document(key))
    certificates = signing.certificates_for(request.actor, document.unit, signing.AGENCY)
    if len(certificates) != 1:
        return back(key)
    try:
        sealed = sealing.ask_seal(request.actor, filled, certificate=certificates[0])
    except Refused as refusal:
        warned(request, refusal.message)
        return back(key)
    return redirect(signing.request(sealed.request).get_absolute_url())


@require_POST
@declare("outgoing.seal")
def seal(request: HttpRequest, key: UUID) -> HttpResponseBase:
    document = numbering.fill_number(documents.document_for(request.actor, key))
    certificate = certificate_of(request, document, signing.AGENCY)
    sealed = sealing.ask_seal(request.actor, document, certificate=certificate)
    return redirect(signing.request(sealed.request).get_absolute_url())


@screen(TEMPLATE, permission="outgoing.issue")
def issue(request: HttpRequest, key: UUID) -> Answer:
    """The scan of what was signed, numbered and stamped by hand."""
    document = documents.document_for(request.actor, key)
    form = ScanForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with refusals_on(form):
            issuing.issue(request.actor, document, scan=received(request.FILES.get("scan"), PAPERS))
            told(request, f"Đã phát hành văn bản {document.code}.")
            return back(key)
    return page_of(request, document, scan_form=form)


@screen(TEMPLATE, permission="outgoing.recall")
def recall(request: HttpRequest, key: UUID) -> Answer:
    document = documents.document_for(request.actor, key)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            issuing.recall(request.actor, document, reason=form.cleaned_data["reason"])
            told(request, "Đã thu hồi. Nơi nhận điện tử được báo gỡ bản đã nhận và trả lời.")
            return back(key)
    return page_of(request, document, reason_form=form)


@screen("outgoing/desk/follow.html", permission="outgoing.record_follow")
def follow(request: HttpRequest, copy: UUID) -> Answer:
    """What a recipient said by phone or letter; the exchange writes its own."""
    found = documents.recipient(request.actor, "outgoing.record_follow", copy)
    form = FollowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            issuing.record_follow(request.actor, found, at=clock.now(), **form.cleaned_data)
            told(request, f"Đã ghi tình trạng của {found.name}.")
            return back(found.document.uuid)
    return {"copy": found, "document": found.document, "form": form}


@require_POST
@declare("outgoing.correct")
def correct(request: HttpRequest, key: UUID) -> HttpResponseBase:
    document = documents.document_for(request.actor, key)
    words = Words(CORRECTION, f"Đính chính văn bản số {document.code} ngày {_dated(document)}"[:500])
    return _go_on(request, issuing.begin_correction(request.actor, document, words=words))


@require_POST
@declare("outgoing.replace")
def replace(request: HttpRequest, key: UUID) -> HttpResponseBase:
    document = documents.document_for(request.actor, key)
    words = Words(document.kind, document.subject, document.text, tuple(document.addressees), organ=document.organ)
    return _go_on(request, issuing.begin_replacement(request.actor, document, words=words))


def _dated(document: Document) -> str:
    return f"{document.dated_on:%d/%m/%Y}" if document.dated_on else ""


def _go_on(request: HttpRequest, made: Any) -> HttpResponseBase:
    told(request, "Đã mở dự thảo mới. Nơi nhận được chép từ văn bản cũ.")
    return redirect("desk-outgoing:edit", key=made.uuid)


urlpatterns = [
    path("<uuid:key>/recipients/", recipients, name="recipients"),
    path("<uuid:key>/recipients/<uuid:copy>/remove/", remove_recipient, name="remove_recipient"),
    path("<uuid:key>/number/", number, name="number"),
    path("<uuid:key>/seal/", seal, name="seal"),
    path("<uuid:key>/issue/", issue, name="issue"),
    path("<uuid:key>/recall/", recall, name="recall"),
    path("copies/<uuid:copy>/", follow, name="follow"),
    path("<uuid:key>/correct/", correct, name="correct"),
    path("<uuid:key>/replace/", replace, name="replace"),
]
