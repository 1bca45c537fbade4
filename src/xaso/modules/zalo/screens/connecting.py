"""Consent of the official account's administrator: there and back again (OAuth v4 with PKCE and state)."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from xaso.core.accounts.queries import own_unit
from xaso.core.screens import Answer, declare, screen, told, warned
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.zalo import rules
from xaso.modules.zalo.actions import accounts
from xaso.modules.zalo.models import Account
from xaso.modules.zalo.providers import NotSet, ZaloFailed, openapi
from xaso.modules.zalo.sealing import Unreadable, opened, seal

KEPT = "zalo_consent"
LIVES = timedelta(minutes=15)
STALE = "Lần cấp quyền này đã quá 15 phút, đã dùng rồi, hoặc mở ở trình duyệt khác. Hãy bấm “Nối Zalo OA” để làm lại."
REFUSED = "Bạn đã không đồng ý cấp quyền ở Zalo, nên chưa nối được. Khi cần, hãy bấm “Nối Zalo OA” để làm lại."


def callback_url() -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse("desk-zalo:callback")


@screen("zalo/desk/connect.html", permission="zalo.connect")
def connect(request: HttpRequest) -> Answer:
    """What will happen, and the link to Zalo. The state and the verifier stay with this browser's session."""
    unit = own_unit(request.actor)
    try:
        state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
        url = openapi.permission_url(state=state, challenge=rules.challenge(verifier), redirect_uri=callback_url())
    except NotSet as missing:
        return {"unit": unit, "missing": str(missing), "callback": callback_url()}
    request.session[KEPT] = {
        "state": state, "verifier": seal(verifier), "unit": unit.pk, "at": clock.machine_now().isoformat(),
    }  # fmt: skip
    return {"unit": unit, "url": url, "callback": callback_url()}


@declare("zalo.connect")
def callback(request: HttpRequest) -> HttpResponseBase:
    """Zalo sends the administrator back here. Every way it can end is a sentence on the account's page."""
    try:
        account = _connected(request)
    except ZaloFailed as failure:
        warned(request, str(failure))
    except NotSet as missing:
        warned(request, str(missing))
    except Refused as refusal:
        warned(request, refusal.message)
    else:
        told(request, f"Đã nối {account}. Mã truy cập sẽ tự được làm mới.")
    return redirect("desk-zalo:account")


def _connected(request: HttpRequest) -> Account:
    unit, verifier = _visit(request)
    code = request.GET.get("code", "")
    if not code:
        raise Refused(REFUSED)
    tokens = openapi.tokens_for(code[:2000], verifier)
    oa_id, name = _identity(tokens.access)
    oa_id = oa_id or request.GET.get("oa_id", "")[:40] or tokens.oa_id
    return accounts.connect(request.actor, unit, tokens=tokens, oa_id=oa_id, name=name)


def _visit(request: HttpRequest) -> tuple[Unit, str]:
    """The unit and the verifier of the visit that began in this session. Used once, whatever comes of it."""
    kept: dict[str, Any] = request.session.pop(KEPT, None) or {}
    given = request.GET.get("state", "")
    if not kept or not hmac.compare_digest(str(kept["state"]).encode(), given.encode()):
        raise Refused(STALE)
    unit = own_unit(request.actor)
    if clock.machine_now() - datetime.fromisoformat(kept["at"]) > LIVES or kept["unit"] != unit.pk:
        raise Refused(STALE)
    try:
        return unit, opened(kept["verifier"])
    except Unreadable as error:
        raise Refused(STALE) from error


def _identity(access: str) -> tuple[str, str]:
    """Who this is at Zalo. A package without that call still connects, under the id the callback named."""
    try:
        return openapi.name_of(access)
    except ZaloFailed:
        return "", ""
