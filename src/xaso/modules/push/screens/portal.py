"""Hộp thư của tôi, and on which of my devices I am told."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from xaso.core.screens import Answer, declare, screen, told
from xaso.kit.errors import Refused
from xaso.modules.push import keys, queries, rules
from xaso.modules.push.actions import mark_seen, subscribe, tell_device, unsubscribe
from xaso.modules.push.models import Device, LastLook
from xaso.modules.push.screens.inboxes import read

THIS = "push_device"
NOBODY = "Tài khoản này không gắn với một người dân nên không có hộp thư. Hãy đăng nhập bằng tài khoản cá nhân."


@screen("push/portal/inbox.html", permission="push.view")
def inbox(request: HttpRequest) -> Answer:
    after = request.GET.get("sau", "")
    found = read(request, after)
    return {
        "rows": found.rows,
        "next": "?" + urlencode({"sau": found.next}) if found.next else "",
        "new": sum(row.is_new for row in found.rows),
        "is_first": not after,
    }


@require_POST
@declare("push.mark_seen")
def seen(request: HttpRequest) -> HttpResponseBase:
    mark_seen(request.actor, LastLook(person_id=_person(request)))
    return redirect("portal-push:inbox")


@screen("push/portal/devices.html", permission="push.view")
def devices(request: HttpRequest) -> Answer:
    mine = queries.devices(request.actor.person_id)
    here = request.session.get(THIS, "")
    return {
        "rows": [(one, str(one.uuid) == here) for one in mine],
        "is_here": any(str(one.uuid) == here for one in mine),
        "key": keys.public_key(),
    }


@require_POST
@declare("push.subscribe")
def switch_on(request: HttpRequest) -> HttpResponseBase:
    made = Device(
        person_id=_person(request),
        endpoint=request.POST.get("endpoint", "")[:1000],
        p256dh=request.POST.get("p256dh", "")[:300],
        auth=request.POST.get("auth", "")[:300],
        name=rules.device_name(request.headers.get("User-Agent", "")[:500]),
    )
    request.session[THIS] = str(subscribe(request.actor, made).uuid)
    told(request, "Đã bật thông báo trên máy này. Bấm “Gửi tin thử” để xem máy có nhận được không.")
    return redirect("portal-push:devices")


def _person(request: HttpRequest) -> int:
    if request.actor.person_id is None:
        raise Refused(NOBODY)
    return int(request.actor.person_id)


@require_POST
@declare("push.unsubscribe")
def switch_off(request: HttpRequest, key: UUID) -> HttpResponseBase:
    unsubscribe(request.actor, queries.device(request.actor.person_id, key))
    told(request, "Đã tắt thông báo trên máy đó.")
    return redirect("portal-push:devices")


@require_POST
@declare("push.test")
def test(request: HttpRequest, key: UUID) -> HttpResponseBase:
    tell_device(request.actor, queries.device(request.actor.person_id, key))
    told(request, "Đang gửi tin thử. Máy sẽ báo trong ít giây.")
    return redirect("portal-push:devices")


urlpatterns = [
    path("", inbox, name="inbox"),
    path("seen/", seen, name="seen"),
    path("devices/", devices, name="devices"),
    path("devices/on/", switch_on, name="on"),
    path("devices/<uuid:key>/off/", switch_off, name="off"),
    path("devices/<uuid:key>/test/", test, name="test"),
]
