"""“Nhận tin của xã”: a resident's own number, topics by channels."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import path

from xaso.core.accounts.queries import person_of
from xaso.core.screens import Answer, screen, told
from xaso.core.units.models import Unit
from xaso.core.units.queries import communes
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.audiences import actions, rules
from xaso.modules.audiences import queries as audiences
from xaso.modules.audiences.forms import PlaceForm
from xaso.modules.audiences.models import Contact

PAGE = "portal-audiences:own"


@screen("audiences/portal/own.html", permission="audiences.choose")
def own(request: HttpRequest) -> Answer:
    """The number is the account's own, proven by a code; another one is set on the account's page."""
    person = person_of(request.actor)
    if person is None:
        raise Refused("Trang này dành cho người dân có tài khoản.")
    contact = audiences.contact_of_person(person.pk)
    if request.method == "POST" and contact is not None:
        changed = actions.choose(request.actor, contact, wanted=request.POST.getlist("muon")[:200])
        told(request, "Đã lưu lựa chọn của bạn." if changed else "Lựa chọn của bạn không thay đổi.")
        return redirect(PAGE)
    return {
        "contact": contact,
        "phone": contact.masked_phone if contact else "",
        "has_phone": bool(person.phone),
        "channels": list(rules.CHANNELS.items()),
        "topics": _topics(contact) if contact else [],
    }


def _topics(contact: Contact) -> list[dict[str, Any]]:
    told_now = {(topic, channel): now_on for topic, channel, now_on in audiences.standing(contact)}
    return [
        {
            "topic": topic,
            "cells": [
                {"value": f"{topic.code}:{channel}", "channel": label, "on": told_now[topic.code, channel]}
                for channel, label in rules.CHANNELS.items()
            ],
        }
        for topic in audiences.topics().values()
    ]


@screen("audiences/portal/place.html", permission="audiences.join")
def place(request: HttpRequest) -> Answer:
    """First the commune, then its village; the second page only where villages are known."""
    person = person_of(request.actor)
    if person is None:
        raise Refused("Trang này dành cho người dân có tài khoản.")
    chosen = _commune(request)
    units = [chosen, *_villages(chosen)] if chosen else communes(clock.today())
    if len(units) == 1 and chosen is None:
        return redirect(f"{request.path}?xa={units[0].pk}")
    form = PlaceForm(request.POST or None, units=units)
    if request.method == "POST" and form.is_valid():
        unit = form.place
        if chosen is None and _villages(unit):
            return redirect(f"{request.path}?xa={unit.pk}")
        actions.join(request.actor, unit, person=person)
        told(request, "Đã đăng ký. Hãy chọn những tin bạn muốn nhận.")
        return redirect(PAGE)
    return {"form": form, "commune": chosen}


def _commune(request: HttpRequest) -> Unit | None:
    key = request.GET.get("xa", "")
    if not (key.isascii() and key.isdecimal() and len(key) < 12):
        return None
    return Unit.objects.on(clock.today()).communes().filter(pk=int(key)).first()


def _villages(commune: Unit) -> list[Unit]:
    kinds = [Unit.Kind.VILLAGE, Unit.Kind.QUARTER]
    return list(Unit.objects.on(clock.today()).filter(parent=commune, kind__in=kinds).order_by("name"))


urlpatterns = [
    path("", own, name="own"),
    path("noi-o/", place, name="place"),
]
