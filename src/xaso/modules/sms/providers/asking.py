"""Asking a gateway over HTTP: what went wrong is said as an answer, and a doubt stays a doubt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from xaso.modules.sms.rules.answers import Answer

TIMEOUT = httpx.Timeout(20.0, connect=5.0)
MOST_BYTES = 64 * 1024
BUSY = {429, 503}
LATER = 60.0


def client() -> httpx.Client:
    """Only where we were told to go: no redirects, no proxy of the surroundings."""
    return httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False)


def asked(key: int, ask: Callable[[], httpx.Response], read: Callable[[httpx.Response], Answer]) -> Answer:
    """One message. Only when the gateway surely never got it is it tried again by itself."""
    try:
        response = ask()
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        return Answer(key, error=f"Không nối được tổng đài SMS ({type(error).__name__}).", again=LATER)
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        return Answer(key, error="Địa chỉ tổng đài SMS (XASO_SMS_URL) viết sai.", again=LATER)
    except httpx.HTTPError as error:
        said = f"Tổng đài SMS không trả lời trọn vẹn ({type(error).__name__}); tin có thể đã được nhận."
        return Answer(key, error=said, unsure=True)
    if response.status_code in BUSY:
        return Answer(key, error=f"Tổng đài SMS đang bận ({response.status_code}).", again=LATER)
    if len(response.content) > MOST_BYTES:
        return unclear(key, response)
    return read(response)


def unclear(key: int, response: httpx.Response) -> Answer:
    said = f"Tổng đài SMS trả lời không hiểu được (HTTP {response.status_code}); tin có thể đã được nhận."
    return Answer(key, error=said, unsure=True)


def reached(url: str) -> str:
    """Whether something answers there at all; no message is sent."""
    try:
        with client() as asking:
            asking.get(url)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return f"Không nối được tổng đài SMS: {type(error).__name__}."
    return ""


def text_of(found: Any, most: int = 200) -> str:
    """What a gateway said, short enough to keep and without control characters."""
    return "".join(c for c in str(found if found is not None else "") if c.isprintable())[:most]
