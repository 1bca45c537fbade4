"""The book of contacts: list, one person, add, amend, what was said, duplicates, the proof."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from xaso.core.accounts.queries import own_unit
from xaso.core.audit.actions import record_reading
from xaso.core.forms import refusals_on
from xaso.core.paging import page
from xaso.core.screens import Answer, declare, screen, told
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.kit.fold import tidy
from xaso.kit.subject import ref
from xaso.modules.audiences import actions, rules
from xaso.modules.audiences import queries as audiences
from xaso.modules.audiences.actions import Entry
from xaso.modules.audiences.forms import BookFilter, ContactForm, RemoveForm, SaidForm
from xaso.modules.audiences.models import Consent, Contact
from xaso.modules.audiences.screens import importing

BOOK = "Người nhận tin"
PROOF_HEAD = ["Số", "Ngày ghi", "Ngày nói", "Họ và tên", "Số điện thoại", "Đơn vị", "Đồng ý", "Chủ đề", "Kênh",
              "Cách nói", "Bằng chứng", "Người ghi"]  # fmt: skip


def places(unit: Unit) -> list[Unit]:
    """The unit and its villages; above a commune only the communes below."""
    found = Unit.objects.on(clock.today()).under(unit.path)
    if unit.kind in (Unit.Kind.PROVINCE, Unit.Kind.DISTRICT):
        found = found.communes()
    return list(found.order_by("path")[:2000])


@screen("audiences/desk/listed.html", permission="audiences.view")
def listed(request: HttpRequest) -> Answer:
    """Numbers are masked here: a whole one is on the person's page, which puts the reading on record."""
    by = request.actor
    words, state = tidy(request.GET.get("q", ""))[:60], tidy(request.GET.get("state", ""))[:12]
    found, following = page(request, audiences.contacts(by, words, state))
    unit = own_unit(request.actor)
    return {
        "contacts": found,
        "next": following,
        "form": BookFilter(request.GET or None),
        "is_filtered": bool(words or state),
        "may_add": by.may("audiences.add_contact", on=unit),
        "may_import": by.may("audiences.preview_import", on=unit),
        "may_merge": by.may("audiences.merge_contacts", on=unit),
        "may_export": by.may("audiences.export_proof", on=unit),
        "may_refuse": by.may("audiences.take_refusal_list", on=unit),
    }


@screen("audiences/desk/contact.html", permission="audiences.view", logs_reading=True)
def contact(request: HttpRequest, uuid: UUID) -> Answer:
    return _page(request, audiences.contact_with(request.actor, uuid), SaidForm(), RemoveForm())


def _page(request: HttpRequest, found: Contact, said_form: SaidForm, remove_form: RemoveForm) -> dict[str, Any]:
    by = request.actor
    wishes = audiences.wishes(found)
    return {
        "subject": found,
        "contact": found,
        "channels": rules.CHANNELS.values(),
        "wishes": [
            {
                "topic": topic,
                "cells": [_cell(topic, channel, wishes[topic.code, channel]) for channel in rules.CHANNELS],
            }
            for topic in audiences.topics().values()
        ],
        "history": [_said(one) for one in audiences.said_by(found)],
        "same": audiences.same_phone(found),
        "may_merge": found.is_active and by.may("audiences.merge_contacts", on=found),
        "may_amend": found.is_active and by.may("audiences.amend_contact", on=found),
        "said_form": said_form if found.is_active and by.may("audiences.withdraw_consent", on=found) else None,
        "remove_form": remove_form if found.is_active and by.may("audiences.remove_contact", on=found) else None,
        "crumbs": [{"label": BOOK, "url": reverse("desk-audiences:listed")}, {"label": found.name}],
    }


def _cell(topic: Any, channel: str, said: bool | None) -> dict[str, str]:
    if topic.emergency_exempt:
        label, tone = "Luôn gửi", "info"
    elif said is None:
        label, tone = ("Cần hỏi trước", "warn") if topic.needs_consent else ("Gửi", "neutral")
    else:
        label, tone = ("Đồng ý", "good") if said else ("Từ chối", "bad")
    return {"channel": rules.CHANNELS[channel], "label": label, "tone": tone}


def _said(one: Consent) -> dict[str, Any]:
    topic = audiences.topics()[one.topic].label if one.topic in audiences.topics() else one.topic or "mọi chủ đề"
    channel = rules.CHANNELS.get(one.channel, "mọi kênh")
    return {
        "title": f"{'Đồng ý' if one.given else 'Từ chối'}: {topic}, {channel}",
        "at": one.at,
        "by": f"{one.get_how_display()}; ghi bởi {one.by_name}",
        "text": one.evidence,
        "tone": "good" if one.given else "bad",
    }


@screen("audiences/desk/edit.html", permission="audiences.add_contact")
def add(request: HttpRequest) -> Answer:
    units = places(own_unit(request.actor))
    form = ContactForm(request.POST or None, units=units, initial={"unit": str(units[0].pk) if units else ""})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, "phone"):
            made = actions.add_contact(request.actor, form.place, entry=_entry(form))
            told(request, f"Đã ghi {made.name} vào sổ.")
            return redirect(made)
    crumbs = [{"label": BOOK, "url": reverse("desk-audiences:listed")}, {"label": "Thêm"}]
    return {"form": form, "title": "Thêm người nhận tin", "cancel": reverse("desk-audiences:listed"), "crumbs": crumbs}


@screen("audiences/desk/edit.html", permission="audiences.amend_contact", logs_reading=True)
def amend(request: HttpRequest, uuid: UUID) -> Answer:
    found = audiences.contact_with(request.actor, uuid)
    initial = {"name": found.name, "phone": found.shown_phone, "unit": str(found.unit_id), "note": found.note}
    form = ContactForm(request.POST or None, units=places(own_unit(request.actor)), initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, "phone"):
            actions.amend_contact(request.actor, found, entry=_entry(form), unit=form.place)
            told(request, "Đã lưu.")
            return redirect(found)
    crumbs = [
        {"label": BOOK, "url": reverse("desk-audiences:listed")},
        {"label": found.name, "url": found.get_absolute_url()},
        {"label": "Sửa"},
    ]
    return {"subject": found, "form": form, "title": f"Sửa {found.name}", "cancel": found.get_absolute_url(),
            "crumbs": crumbs}  # fmt: skip


def _entry(form: ContactForm) -> Entry:
    return Entry(**{name: form.cleaned_data[name] for name in ("name", "phone", "note")})


@screen("audiences/desk/contact.html", permission="audiences.withdraw_consent", logs_reading=True)
def say(request: HttpRequest, uuid: UUID) -> Answer:
    found = audiences.contact_with(request.actor, uuid)
    form = SaidForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        verb = actions.give_consent if given["given"] == "1" else actions.withdraw_consent
        with refusals_on(form):
            verb(request.actor, found, **{name: given[name] for name in ("topic", "channel", "how", "evidence")})
            told(
                request, "Đã ghi đồng ý." if given["given"] == "1" else "Đã ghi từ chối. Từ nay không gửi tin này nữa."
            )
            return redirect(found)
    return _page(request, found, form, RemoveForm())


@screen("audiences/desk/contact.html", permission="audiences.remove_contact", logs_reading=True)
def remove(request: HttpRequest, uuid: UUID) -> Answer:
    found = audiences.contact_with(request.actor, uuid)
    form = RemoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.remove_contact(request.actor, found, reason=form.cleaned_data["reason"])
            told(request, f"Đã đưa {found.name} ra khỏi sổ.")
            return redirect("desk-audiences:listed")
    return _page(request, found, SaidForm(), form)


@screen("audiences/desk/duplicates.html", permission="audiences.merge_contacts")
def duplicates(request: HttpRequest) -> Answer:
    groups: dict[str, list[Contact]] = {}
    for one in audiences.duplicates(request.actor)[:200]:
        groups.setdefault(one.phone, []).append(one)
    crumbs = [{"label": BOOK, "url": reverse("desk-audiences:listed")}, {"label": "Số trùng"}]
    return {"groups": list(groups.values()), "crumbs": crumbs}


@require_POST
@declare("audiences.merge_contacts")
def merge(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """This one stays; the ticked ones, or every other with its number, are merged into it."""
    found = audiences.contact_with(request.actor, uuid)
    chosen = set(request.POST.getlist("other"))
    others = [one for one in audiences.same_phone(found) if not chosen or str(one.uuid) in chosen]
    if not others:
        raise Missing("Không còn mục nào trùng số. Hãy tải lại trang.")
    actions.merge_contacts(request.actor, found, others=others)
    told(request, f"Đã gộp {len(others)} mục vào {found.name}.")
    return redirect(found)


@declare("audiences.export_proof")
def proof(request: HttpRequest) -> HttpResponseBase:
    """Who agreed to what, when and how, as CSV; that it was taken is on record."""
    unit = own_unit(request.actor)
    record_reading(request.actor, ref(unit), unit.path, "Xuất bằng chứng đồng ý nhận tin")
    lines = audiences.consents(request.actor, unit.path).iterator(chunk_size=500)
    answer = StreamingHttpResponse(_proof(lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="dong-y-nhan-tin-{clock.today():%Y-%m-%d}.csv"'
    return answer


class _Echo:
    def write(self, text: str) -> str:
        return text


def _proof(lines: Iterator[Consent]) -> Iterator[bytes]:
    writer = csv.writer(_Echo(), delimiter=";")
    yield "\ufeff".encode()
    yield writer.writerow(PROOF_HEAD).encode()
    for number, one in enumerate(lines, start=1):
        topic = audiences.topics()[one.topic].label if one.topic in audiences.topics() else one.topic or "Tất cả"
        cells = [
            number, f"{clock.local(one.at):%d/%m/%Y %H:%M}", f"{one.said_on:%d/%m/%Y}",
            one.contact.name if one.contact else "", one.shown_phone, str(one.contact.unit) if one.contact else "",
            "Có" if one.given else "Không", topic, rules.CHANNELS.get(one.channel, "Tất cả"), one.get_how_display(),
            one.evidence, one.by_name,
        ]  # fmt: skip
        yield writer.writerow([_safe(cell) for cell in cells]).encode()


def _safe(cell: Any) -> Any:
    """No cell begins a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


urlpatterns = [
    path("", listed, name="listed"),
    path("them/", add, name="add"),
    path("trung/", duplicates, name="duplicates"),
    path("bang-chung/", proof, name="proof"),
    *importing.urlpatterns,
    path("<uuid:uuid>/", contact, name="contact"),
    path("<uuid:uuid>/sua/", amend, name="amend"),
    path("<uuid:uuid>/y-muon/", say, name="say"),
    path("<uuid:uuid>/dua-ra/", remove, name="remove"),
    path("<uuid:uuid>/gop/", merge, name="merge"),
]
