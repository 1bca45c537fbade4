"""Which Facebook pages XãSố may post to, from the environment: tokens are in no row.

XASO_FACEBOOK_PAGES is a JSON object: page key → {"page_id", "token"}; XASO_FACEBOOK_PAGES_FILE names a file with it.
XASO_FACEBOOK_APP_SECRET signs every call and every webhook, XASO_FACEBOOK_VERIFY_TOKEN answers the webhook's first
question; XASO_FACEBOOK_URL names a simulator.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
UNREADABLE = "Không đọc được XASO_FACEBOOK_PAGES. Nhờ người quản trị hệ thống kiểm tra lại."
NOT_HTTPS = "XASO_FACEBOOK_URL phải là địa chỉ https. Nhờ người quản trị hệ thống sửa cấu hình."


class NotSet(Exception):
    """A setting is missing or unusable; the message is the Vietnamese sentence to show."""


@dataclass(frozen=True, slots=True)
class PageAccess:
    """A page at Facebook and what opens it. The token shows itself nowhere."""

    page_id: str
    token: str = field(repr=False)


def setting(name: str, default: str = "") -> str:
    return os.environ.get(f"XASO_FACEBOOK_{name}", "").strip() or default


def pages() -> dict[str, PageAccess]:
    """Raises NotSet when what is declared cannot be read."""
    try:
        file = setting("PAGES_FILE")
        text = Path(file).read_text(encoding="utf-8") if file else setting("PAGES", "{}")
        return {key: PageAccess(str(one["page_id"]), str(one["token"])) for key, one in json.loads(text).items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotSet(UNREADABLE) from error


def access(page_key: str) -> PageAccess | None:
    """What opens this page; None when Facebook is not connected for it."""
    return pages().get(page_key) if page_key else None


def app_secret() -> str:
    """Empty when there is none: calls then go without proof, and webhooks are shut."""
    return setting("APP_SECRET")


def verify_token() -> str:
    return setting("VERIFY_TOKEN")


def base_url() -> str:
    """Tokens travel there: https, or this machine's own loopback."""
    given = setting("URL", "https://graph.facebook.com").rstrip("/")
    parts = urlsplit(given)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return given
    raise NotSet(NOT_HTTPS)
