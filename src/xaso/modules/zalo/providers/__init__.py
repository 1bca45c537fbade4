"""How to reach Zalo, and the ways a question to it can end.

From the environment, never in rows: XASO_ZALO_APP_ID, XASO_ZALO_APP_SECRET, XASO_ZALO_OA_SECRET (what webhooks are
signed with; XASO_ZALO_OA_SECRET_<oa id> where one app serves several accounts), each secret also as …_FILE. For tests
and training XASO_ZALO_OAUTH_URL, XASO_ZALO_API_URL, XASO_ZALO_ZNS_URL name a simulator; XASO_ZALO_MODE=development
sends templates only to the app's own administrators; XASO_ZALO_PICTURE_HOSTS adds hosts to fetch pictures from.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
NOT_SET = "Chưa khai báo {name} trên máy chủ. Nhờ người quản trị hệ thống khai báo rồi thử lại."
NOT_HTTPS = "{name} phải là địa chỉ https. Nhờ người quản trị hệ thống sửa cấu hình."
NO_FILE = "Không đọc được tệp mà {name}_FILE chỉ tới. Nhờ người quản trị hệ thống kiểm tra."


class ZaloFailed(Exception):
    """Zalo did not do it. The message is Vietnamese. `again`: later it may. `unsure`: it may have been done."""

    def __init__(self, message: str, *, again: bool, code: int | None = None, unsure: bool = False) -> None:
        super().__init__(message)
        self.again, self.code, self.unsure = again, code, unsure


class ChainBroken(ZaloFailed):
    """No token can be had any more: a person must give consent again."""

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message, again=False, code=code)


class NotSet(Exception):
    """A setting is missing or unusable; the message is the Vietnamese sentence to show."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One template message to send."""

    phone: str
    template: str
    data: dict[str, str]
    tracking: str
    mode: str = ""


def setting(name: str, default: str = "") -> str:
    return os.environ.get(f"XASO_ZALO_{name}", "").strip() or default


def app_id() -> str:
    return _needed("APP_ID")


def app_secret() -> str:
    return secret("APP_SECRET")


def oa_secret(oa_id: str) -> str:
    """What the webhooks of this account are signed with. Raises NotSet."""
    own = f"OA_SECRET_{oa_id}" if oa_id.isalnum() else ""
    return secret(own) if own and (setting(own) or setting(f"{own}_FILE")) else secret("OA_SECRET")


def secret(name: str) -> str:
    if value := setting(name):
        return value
    if not (file := setting(f"{name}_FILE")):
        raise NotSet(NOT_SET.format(name=f"XASO_ZALO_{name}"))
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise NotSet(NO_FILE.format(name=f"XASO_ZALO_{name}")) from error


def oauth_url() -> str:
    return _address("OAUTH_URL", "https://oauth.zaloapp.com")


def api_url() -> str:
    return _address("API_URL", "https://openapi.zalo.me")


def zns_url() -> str:
    return _address("ZNS_URL", "https://business.openapi.zalo.me")


def is_development() -> bool:
    return setting("MODE") == "development"


def picture_hosts() -> tuple[str, ...]:
    """Hosts the operator adds to those in the content."""
    return tuple(one.strip().lower() for one in setting("PICTURE_HOSTS").split(",") if one.strip())


def is_set_up() -> bool:
    """Whether this installation has an app at Zalo at all."""
    return bool(setting("APP_ID") and (setting("APP_SECRET") or setting("APP_SECRET_FILE")))


def _needed(name: str) -> str:
    if value := setting(name):
        return value
    raise NotSet(NOT_SET.format(name=f"XASO_ZALO_{name}"))


def _address(name: str, default: str) -> str:
    """Tokens travel there: https, or this machine's own loopback."""
    given = setting(name, default).rstrip("/")
    parts = urlsplit(given)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return given
    raise NotSet(NOT_HTTPS.format(name=f"XASO_ZALO_{name}"))
