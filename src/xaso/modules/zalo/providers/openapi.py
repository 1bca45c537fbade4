"""Zalo over HTTP: consent (OAuth v4), templates to a phone number (ZNS), answers to followers.

Failures often come as HTTP 200 with `error`; success is HTTP 200 and `error: 0`. Tokens travel in headers and bodies,
never in an address. Three endings are kept apart, because a message must not go out twice: answered, certainly not
arrived (`again`), nobody can say (`unsure`).
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any
from urllib.parse import urlencode

import httpx

from xaso.modules.zalo import rules
from xaso.modules.zalo.definitions import zalo
from xaso.modules.zalo.providers import (
    ChainBroken,
    NotSet,
    Ticket,
    ZaloFailed,
    api_url,
    app_id,
    app_secret,
    oauth_url,
    zns_url,
)
from xaso.modules.zalo.rules import Sent, Tokens

TIMEOUT = httpx.Timeout(15, connect=5)
LONGEST_ANSWER = 512 * 1024
EXPIRED = -216
USED_UP = (-14020, -14019, -14021)
NO_ANSWER = "Không nối được tới Zalo ({reason}). Hệ thống sẽ tự thử lại."
UNSURE = "Zalo không trả lời sau khi đã nhận câu hỏi ({reason})."
STRANGE = "Zalo trả lời không đúng khuôn dạng."
BROKEN = "Zalo không nhận mã làm mới nữa. Một người phải cấp quyền lại cho XãSố ở trang Zalo."
NO_CONSENT = "Zalo không đổi được mã cấp quyền ({why}). Hãy bấm “Nối Zalo OA” để làm lại từ đầu."


@cache
def _client() -> httpx.Client:
    """Without kept connections: one that the other side has closed meanwhile would look like a lost answer."""
    return httpx.Client(timeout=TIMEOUT, limits=httpx.Limits(max_keepalive_connections=0), follow_redirects=False)


# Consent


def permission_url(*, state: str, challenge: str, redirect_uri: str) -> str:
    """Where the administrator of the official account agrees. Raises NotSet."""
    asked = {"app_id": app_id(), "redirect_uri": redirect_uri, "code_challenge": challenge, "state": state}
    return f"{oauth_url()}/v4/oa/permission?{urlencode(asked)}"


def tokens_for(code: str, verifier: str) -> Tokens:
    """The first pair. Raises ZaloFailed, NotSet."""
    given = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier, "app_id": app_id()}
    body = _ask_for_tokens(given)
    if not body.get("access_token"):
        why = str(body.get("error_description") or body.get("error_name") or body.get("error") or "?")[:150]
        raise ZaloFailed(NO_CONSENT.format(why=why), again=False, code=_code(body))
    return _tokens(body)


def refreshed(refresh: str) -> Tokens:
    """The next pair; the one given is used up by asking. Raises ChainBroken when it was used or is too old."""
    given = {"grant_type": "refresh_token", "refresh_token": refresh, "app_id": app_id()}
    body = _ask_for_tokens(given)
    if body.get("access_token") and body.get("refresh_token"):
        return _tokens(body)
    code = _code(body)
    if code in USED_UP:
        raise ChainBroken(BROKEN, code)
    fault = zalo().fault(code or 0)
    raise ZaloFailed(f"{fault.meaning}. Hệ thống sẽ tự thử làm mới lại.", again=True, code=code)


def _ask_for_tokens(given: dict[str, str]) -> dict[str, Any]:
    return _post(f"{oauth_url()}/v4/oa/access_token", {"secret_key": app_secret()}, data=given)


def _tokens(body: dict[str, Any]) -> Tokens:
    seconds = str(body.get("expires_in", ""))
    return Tokens(
        access=str(body["access_token"]),
        refresh=str(body.get("refresh_token", "")),
        seconds=int(seconds) if seconds.isdecimal() and len(seconds) < 9 else 3600,
        oa_id=str(body.get("oa_id", "")),
    )


# Messages


def send_template(token: str, ticket: Ticket) -> Sent:
    """Under one tracking id once, however often it is asked. Raises ZaloFailed."""
    asked: dict[str, Any] = {
        "phone": ticket.phone, "template_id": ticket.template, "template_data": ticket.data,
        "tracking_id": ticket.tracking,
    }  # fmt: skip
    if ticket.mode:
        asked["mode"] = ticket.mode
    data = _data(_post(f"{zns_url()}/message/template", {"access_token": token}, json=asked))
    daily, left = rules.part(data, "quota", "dailyQuota"), rules.part(data, "quota", "remainingQuota")
    return Sent(_msg_id(data, "msg_id"), _number(daily), _number(left))


def send_text(token: str, user: str, text: str) -> Sent:
    """Nothing makes this one safe to repeat: whoever is unsure does not ask again. Raises ZaloFailed."""
    asked = {"recipient": {"user_id": user}, "message": {"text": text}}
    return Sent(
        _msg_id(_data(_post(f"{api_url()}/v3.0/oa/message/cs", {"access_token": token}, json=asked)), "message_id")
    )


def name_of(token: str) -> tuple[str, str]:
    """(id, name) of the account the token belongs to. Raises ZaloFailed."""
    data = _data(_judged(_reply("GET", f"{api_url()}/v2.0/oa/getoa", {"access_token": token})))
    return rules.text_of(data, "oa_id", longest=40), rules.text_of(data, "name", longest=120)


# One question


def _post(url: str, headers: dict[str, str], **asked: Any) -> dict[str, Any]:
    response = _reply("POST", url, headers, **asked)
    if "data" in asked and response.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
        return _read(response.content)
    return _judged(response)


def _reply(method: str, url: str, headers: dict[str, str], **asked: Any) -> httpx.Response:
    try:
        response = _client().request(method, url, headers={"Accept": "application/json", **headers}, **asked)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise ZaloFailed(NO_ANSWER.format(reason=type(error).__name__), again=True) from error
    except httpx.TransportError as error:
        raise ZaloFailed(UNSURE.format(reason=type(error).__name__), again=True, unsure=True) from error
    if len(response.content) > LONGEST_ANSWER:
        raise ZaloFailed(STRANGE, again=True, unsure=True)
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise ZaloFailed(NO_ANSWER.format(reason="HTTP 429"), again=True)
    if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise ZaloFailed(NO_ANSWER.format(reason=f"HTTP {response.status_code}"), again=True, unsure=True)
    return response


def _judged(response: httpx.Response) -> dict[str, Any]:
    """The answer, when it says error 0."""
    if response.status_code == httpx.codes.UNAUTHORIZED:
        raise ZaloFailed(zalo().fault(EXPIRED).meaning, again=True, code=EXPIRED)
    body = _read(response.content)
    code = _code(body)
    if code == 0:
        return body
    if code is None:
        raise ZaloFailed(STRANGE, again=True, unsure=True)
    fault = zalo().fault(code)
    raise ZaloFailed(fault.meaning, again=fault.then == rules.RETRY, code=code)


def _read(content: bytes) -> dict[str, Any]:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _code(body: dict[str, Any]) -> int | None:
    value = str(body.get("error", ""))
    return int(value) if value.lstrip("-").isdecimal() and len(value) < 9 else None


def _data(body: dict[str, Any]) -> dict[str, Any]:
    data = body.get("data")
    return data if isinstance(data, dict) else {}


def _msg_id(data: dict[str, Any], name: str) -> str:
    """Taken without an id is taken all the same: reports will not find it, and nothing is sent twice."""
    return rules.text_of(data, name) or rules.text_of(data, "msg_id")


def _number(value: Any) -> int | None:
    text = str(value)
    return int(text) if text.isdecimal() and len(text) < 10 else None


__all__ = [
    "ChainBroken",
    "NotSet",
    "name_of",
    "permission_url",
    "refreshed",
    "send_template",
    "send_text",
    "tokens_for",
]
