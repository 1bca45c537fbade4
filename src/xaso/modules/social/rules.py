"""What Facebook asks of a caller and of a post, as plain functions; which address may stand in the register."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

LONGEST_TEXT = 10_000
MOST_MEMBERS = 100_000_000


def proof(token: str, app_secret: str) -> str:
    """`appsecret_proof`: who calls has the app's secret too, not only a stolen token."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def is_signed(given: str, raw: bytes, app_secret: str) -> bool:
    """`X-Hub-Signature-256` over the raw body."""
    right = "sha256=" + hmac.new(app_secret.encode(), raw, hashlib.sha256).hexdigest()
    return hmac.compare_digest(given.strip().encode(), right.encode())


def may_schedule(at: datetime, now: datetime, minutes: int, days: int) -> bool:
    return now + timedelta(minutes=minutes) <= at <= now + timedelta(days=days)


def wait_after(attempts: int) -> timedelta:
    """A minute, then twice as long each time, never more than an hour."""
    return timedelta(seconds=min(60 * 2 ** max(attempts - 1, 0), 3600))


def is_address(text: str) -> bool:
    """A web address of another site that may stand on our pages: http or https, with a host, nobody's password."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    is_web = parts.scheme in {"http", "https"} and "." in (parts.hostname or "")
    return is_web and not parts.username and " " not in text


def changes_of(body: Any) -> list[tuple[str, str, str]]:
    """(kind, page id, post id) of every change a notice tells."""
    found = []
    entries = body.get("entry") if isinstance(body, dict) else None
    for entry in entries[:100] if isinstance(entries, list) else []:
        changes = entry.get("changes") if isinstance(entry, dict) else None
        for change in changes[:100] if isinstance(changes, list) else []:
            value = change.get("value") if isinstance(change, dict) else None
            if isinstance(value, dict):
                kind = f"{value.get('item', '')}:{value.get('verb', '')}"
                found.append((kind[:40], str(entry.get("id", ""))[:40], str(value.get("post_id", ""))[:80]))
    return found
