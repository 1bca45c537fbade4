"""Notices of Zalo. Whoever calls is hostile until the digest over the raw bytes is right and the time is fresh.

Zalo calls again when it gets no 200 soon: a notice is stored and understood by the worker, and a repetition is
answered 200 and counted once.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router

from xaso.core.access import SYSTEM
from xaso.kit import clock
from xaso.modules.zalo import queries, rules
from xaso.modules.zalo.actions import hearing
from xaso.modules.zalo.actions.hearing import Told
from xaso.modules.zalo.definitions import zalo
from xaso.modules.zalo.models import Account
from xaso.modules.zalo.providers import NotSet, app_id, oa_secret

MAX_BYTES = 64 * 1024

router = Router(tags=["zalo"])


class Turned(Exception):
    """The caller is sent away."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(title)
        self.body = {"type": "about:blank", "title": title, "status": status, "detail": detail}


@router.post("/webhook", auth=None, url_name="zalo_webhook", summary="Báo của Zalo OA: tin nhắn, quan tâm, kết quả gửi")
def webhook(request: HttpRequest) -> HttpResponse:
    """200 also when it was known or is of no use; 401 forged or late; 413 and 400 for what cannot be read."""
    try:
        account, told = _read(request)
    except Turned as turned:
        return JsonResponse(turned.body, status=turned.body["status"], content_type="application/problem+json")
    is_new = hearing.receive_notice(SYSTEM, account, told=told)
    return JsonResponse({"error": 0, "new": is_new})


webhook.permission = "public"


def _read(request: HttpRequest) -> tuple[Account, Told]:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES or len(raw := request.body) > MAX_BYTES:
        raise Turned(413, "Quá lớn", "Nội dung tối đa 64 KB.")
    body = _parsed(raw)
    account = _account(body)
    timestamp = rules.text_of(body, "timestamp", longest=20)
    try:
        secret = oa_secret(account.oa_id) if account else ""
        right = account is not None and rules.text_of(body, "app_id", longest=40) == app_id()
    except NotSet as missing:
        raise Turned(503, "Chưa mở", str(missing)) from missing
    given = request.headers.get("X-ZEvent-Signature", "")
    if account is None or not right or not rules.is_signed(given, app_id(), raw, timestamp, secret):
        raise Turned(401, "Sai chữ ký", "Chữ ký hoặc trang OA không đúng.")
    at = rules.moment_of(timestamp)
    if at is None or abs(clock.machine_now().timestamp() - at) > zalo().notice_minutes * 60:
        raise Turned(401, "Quá cũ", "Thời điểm gửi quá xa hiện tại.")
    name = rules.text_of(body, "event_name", longest=60)
    return account, Told(name, rules.fingerprint(name, body, raw), body, datetime.fromtimestamp(at, UTC))


def _parsed(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Turned(400, "Không đọc được", "Nội dung không phải JSON.") from error
    if not isinstance(body, dict):
        raise Turned(400, "Không đọc được", "Nội dung không phải JSON đúng mẫu.")
    return body


def _account(body: dict[str, Any]) -> Account | None:
    """Which account it is about: named aloud, or as one of the two who talk."""
    named = (rules.text_of(body, "oa_id"), rules.text_of(body, "recipient", "id"), rules.text_of(body, "sender", "id"))
    return next(filter(None, map(queries.account_named, named)), None)
