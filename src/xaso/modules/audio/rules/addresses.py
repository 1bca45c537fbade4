"""Addresses of live sound that somebody typed: what is no plain web address is refused before anybody opens it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from xaso.kit.errors import Refused

BAD_ADDRESS = "Địa chỉ tiếp sóng phải bắt đầu bằng http:// hoặc https:// và không có tên đăng nhập."
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Station:
    """Who is asked for sound: the host in small letters, without a dot at its end."""

    host: str
    port: int


def station_of(url: str) -> Station:
    """Raises Refused. Backslashes, blanks and other letters that programs read differently are no address."""
    if not url.isascii() or not url.isprintable() or "\\" in url or " " in url:
        raise Refused(BAD_ADDRESS)
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port or PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise Refused(BAD_ADDRESS) from error
    if parts.scheme not in PORTS or not host or "@" in parts.netloc:
        raise Refused(BAD_ADDRESS)
    return Station(host, port)
