"""Webhooks of the simulated account: signed as documented, slow, doubled or forged when asked for."""

from __future__ import annotations

import hashlib
import json
import secrets
import sys
import threading
import time
from typing import Any

import httpx

from xaso.modules.zalo.simulators.account import Account, Settings

EVENTS = {
    "text": "user_send_text", "image": "user_send_image", "follow": "follow", "unfollow": "unfollow",
    "share": "user_submit_info",
    "seen": "user_seen_message", "report": "user_received_message", "chat_receipt": "user_received_message",
}  # fmt: skip


def body_of(settings: Settings, given: dict[str, Any]) -> dict[str, Any]:
    """One event as the documents show it. `given`: kind, user, text, url, msg_id, phone, ago (seconds)."""
    kind, user = str(given["kind"]), str(given.get("user", "u-1"))
    now = int((time.time() - float(given.get("ago", 0))) * 1000)
    body: dict[str, Any] = {"app_id": settings.app_id, "event_name": EVENTS.get(kind, kind), "timestamp": str(now)}
    msg_id = str(given.get("msg_id") or secrets.token_hex(8))
    if kind in {"follow", "unfollow"}:
        return body | {"oa_id": settings.oa_id, "follower": {"id": user}, "source": "oa_profile"}
    if kind == "share":
        info = {"name": str(given.get("name", "")), "phone": str(given.get("phone", "")), "address": ""}
        return body | {"sender": {"id": user}, "recipient": {"id": settings.oa_id}, "info": info}
    if kind in {"report", "chat_receipt"}:
        message: dict[str, Any] = {"msg_id": msg_id} | ({"delivery_time": str(now)} if kind == "report" else {})
        if given.get("tracking_id"):
            message["tracking_id"] = str(given["tracking_id"])
        return body | {"sender": {"id": settings.oa_id}, "recipient": {"id": user}, "message": message}
    if kind == "seen":
        message = {"msg_ids": [msg_id]}
    else:
        message = {"msg_id": msg_id, "text": str(given.get("text", ""))}
        if given.get("url"):
            message["attachments"] = [{"type": "image", "payload": {"url": str(given["url"])}}]
    return body | {"sender": {"id": user}, "recipient": {"id": settings.oa_id}, "message": message}


def signed(settings: Settings, raw: bytes, timestamp: str) -> str:
    digest = hashlib.sha256(settings.app_id.encode() + raw + timestamp.encode() + settings.oa_secret.encode())
    return f"mac={digest.hexdigest()}"


def tell(account: Account, given: dict[str, Any]) -> list[int]:
    """Send one event, `times` over, `delay` seconds apart. Gives back the HTTP statuses; 0 where nobody answered."""
    settings = account.settings
    body = body_of(settings, given)
    raw = json.dumps(body, ensure_ascii=False).encode()
    header = {"X-ZEvent-Signature": signed(settings, raw, body["timestamp"]), "Content-Type": "application/json"}
    statuses = []
    for turn in range(int(given.get("times", 1))):
        if turn:
            time.sleep(float(given.get("delay", 0)))
        try:
            statuses.append(httpx.post(settings.webhook, content=raw, headers=header, timeout=20).status_code)
        except httpx.HTTPError as error:
            sys.stderr.write(f"webhook: {type(error).__name__}\n")
            statuses.append(0)
    return statuses


def tell_later(account: Account, given: dict[str, Any]) -> None:
    threading.Thread(target=tell, args=(account, given), daemon=True).start()
