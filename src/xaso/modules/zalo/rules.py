"""What Zalo's documents ask of us, as plain functions: PKCE, the webhook's digest, lengths, hours, moves."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

RETRY, NO_RETRY, SMS = "retry", "no_retry", "sms"
LONGEST_TEXT = 2000
USABLE_FOR = timedelta(minutes=5)
"""An access token that ends sooner is refreshed first."""
NAME = re.compile(r"<([a-z][a-z0-9_]{0,39})>")


@dataclass(frozen=True, slots=True)
class Tokens:
    """A pair of tokens. Shows itself nowhere: not in a log, not in the audit chain."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    seconds: int
    oa_id: str = ""

    def for_audit(self) -> str:
        return "tokens"


@dataclass(frozen=True, slots=True)
class Sent:
    """What Zalo says of a message it took. Quota where it tells."""

    msg_id: str
    daily: int | None = None
    left: int | None = None


# Which state may follow which. Reports come in any order: what is seen was delivered, and never goes back.
MOVES = {
    "queued": {"sent", "delivered", "seen", "failed", "fell_back"},
    "sent": {"delivered", "seen", "failed"},
    "delivered": {"seen"},
}


def before(state: str) -> list[str]:
    """The states from which one may come to this one."""
    return [one for one, nexts in MOVES.items() if state in nexts]


# Consent


def challenge(verifier: str) -> str:
    """S256 of PKCE: base64url without padding."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


# The webhook


def signature(app_id: str, raw: bytes, timestamp: str, secret: str) -> str:
    """Plain SHA-256, no HMAC, over app id, raw body, the timestamp in the body, and the OA's own secret."""
    return hashlib.sha256(app_id.encode() + raw + timestamp.encode() + secret.encode()).hexdigest()


def is_signed(given: str, app_id: str, raw: bytes, timestamp: str, secret: str) -> bool:
    right = signature(app_id, raw, timestamp, secret)
    return hmac.compare_digest(given.strip().removeprefix("mac=").lower().encode(), right.encode())


def moment_of(timestamp: str) -> float | None:
    """Seconds since 1970. Zalo writes milliseconds; None when it is no time at all."""
    if not (timestamp.isascii() and timestamp.isdecimal() and 10 <= len(timestamp) <= 14):
        return None
    value = int(timestamp)
    return value / 1000 if len(timestamp) >= 13 else float(value)


def fingerprint(name: str, body: Mapping[str, Any], raw: bytes) -> str:
    """The same notice twice has the same one: by its message id, or else by all of it."""
    message = body.get("message")
    ids = ""
    if isinstance(message, dict):
        ids = str(message.get("msg_id") or "") or json.dumps(message.get("msg_ids") or "")
    is_report = isinstance(message, dict) and "delivery_time" in message
    what = f"{name}:{is_report}:{ids}".encode() if ids.strip('"') else raw
    return hashlib.sha256(what).hexdigest()


def part(body: Any, *names: str) -> Any:
    """A value deep inside what a stranger sent; None when something on the way is missing."""
    for name in names:
        if not isinstance(body, dict):
            return None
        body = body.get(name)
    return body


def text_of(body: Any, *names: str, longest: int = 80) -> str:
    value = part(body, *names)
    return str(value)[:longest] if isinstance(value, str | int) and not isinstance(value, bool) else ""


# Templates


def names_in(text: str) -> list[str]:
    return list(dict.fromkeys(NAME.findall(text)))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its values; what is missing stays as <name>."""
    return NAME.sub(lambda found: values.get(found[1]) or found[0], text)


def faults_of(params: Iterable[Mapping[str, Any]], values: Mapping[str, str]) -> list[str]:
    """A sentence for every value that is missing, too long or not asked for."""
    wrong = []
    known = set()
    for param in params:
        name, longest = str(param["name"]), int(param["longest"])
        known.add(name)
        value = values.get(name, "")
        if not value.strip():
            wrong.append(f"Thiếu “{name}”.")
        elif len(value) > longest:
            wrong.append(f"“{name}” dài {len(value)} ký tự, Zalo nhận nhiều nhất {longest}.")
    wrong += [f"Mẫu không có chỗ cho “{name}”." for name in values if name not in known]
    return wrong


# Hours and waits


def is_night(local: datetime, begins: time, ends: time) -> bool:
    """Zalo takes no templates at night. The night may lie across midnight."""
    at = local.time()
    return begins <= at < ends if begins <= ends else at >= begins or at < ends


def morning(local: datetime, ends: time) -> datetime:
    """The next time a night ends."""
    at = local.replace(hour=ends.hour, minute=ends.minute, second=0, microsecond=0)
    return at if at > local else at + timedelta(days=1)


def wait_after(attempts: int) -> timedelta:
    """Half a minute, then twice as long each time, never more than an hour."""
    return timedelta(seconds=min(30 * 2 ** max(attempts - 1, 0), 3600))


def may_answer(wrote_at: datetime | None, now: datetime, hours: int) -> bool:
    return wrote_at is not None and now - wrote_at <= timedelta(hours=hours)


def host_is_known(host: str, known: Iterable[str]) -> bool:
    """`.zdn.vn` stands for every host under it."""
    host = host.lower().rstrip(".")
    return any(host.endswith(one) if one.startswith(".") else host == one for one in known)


def is_uuid(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text))
