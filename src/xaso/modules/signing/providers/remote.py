"""Talking to a signing service over HTTP: addresses and secrets from the environment, one question, one answer.

Three things may happen to a question, and they are kept apart because a signature must not be made twice: it was
answered (`Reply`), it certainly did not arrive (`Unreachable`), or nobody can say (`Unsure`).
"""

import json
import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

LONGEST_REPLY = 1024 * 1024
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
TIMEOUT = httpx.Timeout(30, connect=8)
TOO_MANY, SERVER_ERROR = 429, 500


class Unreachable(ConnectionError):
    """The service was not reached, or says that it cannot serve now. Nothing was done there: ask again later."""


class Unsure(Unreachable):
    """The connection broke after the question was sent: it may have been carried out."""


class NotSet(Exception):
    """A setting is missing or unusable; the message is the Vietnamese sentence to show."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: Any = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.status == httpx.codes.OK

    def text(self, name: str) -> str:
        """A value of the answer as text; empty when it is absent or no plain value."""
        value = self.body.get(name) if isinstance(self.body, dict) else None
        return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def setting(name: str) -> str:
    """`XASO_SIGN_<name>`; empty when it is not set."""
    return os.environ.get(f"XASO_SIGN_{name}", "").strip()


def needed(name: str) -> str:
    if value := setting(name):
        return value
    raise NotSet(f"Chưa khai báo XASO_SIGN_{name} trên máy chủ. Hãy báo quản trị hệ thống.")


def secret(name: str) -> str:
    """From `XASO_SIGN_<name>`, or from the file that `XASO_SIGN_<name>_FILE` names. Never kept, never logged."""
    if value := setting(name):
        return value
    file = setting(f"{name}_FILE")
    if not file:
        raise NotSet(f"Chưa khai báo XASO_SIGN_{name} (hoặc XASO_SIGN_{name}_FILE). Hãy báo quản trị hệ thống.")
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise NotSet(f"Không đọc được tệp bí mật của XASO_SIGN_{name}_FILE. Hãy báo quản trị hệ thống.") from error


def address(name: str) -> str:
    """The service's base address. Secrets travel to it, so it is https, or a machine's own loopback."""
    given = needed(name).rstrip("/")
    parts = urlsplit(given)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return given
    raise NotSet(f"XASO_SIGN_{name} phải là địa chỉ https. Hãy báo quản trị hệ thống.")


@cache
def _client() -> httpx.Client:
    """Without kept connections: one that the other side has closed meanwhile would look like a lost answer."""
    return httpx.Client(timeout=TIMEOUT, limits=httpx.Limits(max_keepalive_connections=0), follow_redirects=False)


def ask(url: str, body: dict[str, Any], *, bearer: str = "") -> Reply:
    """POST JSON. Raises Unreachable or Unsure; every decided answer, also a "no", is a Reply."""
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {bearer}"} if bearer else {})
    try:
        with _client().stream("POST", url, json=body, headers=headers) as response:
            content = _limited(response)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise Unreachable(f"{urlsplit(url).netloc}: {type(error).__name__}") from error
    except httpx.TransportError as error:
        raise Unsure(f"{urlsplit(url).netloc}: {type(error).__name__}") from error
    if response.status_code == TOO_MANY or response.status_code >= SERVER_ERROR:
        raise Unreachable(f"{urlsplit(url).netloc}: HTTP {response.status_code}")
    return Reply(response.status_code, _read(content))


def _limited(response: httpx.Response) -> bytes:
    parts: list[bytes] = []
    size = 0
    for part in response.iter_bytes():
        size += len(part)
        if size > LONGEST_REPLY:
            raise Unsure(f"{response.url.host}: the answer is longer than {LONGEST_REPLY} bytes")
        parts.append(part)
    return b"".join(parts)


def _read(content: bytes) -> Any:
    """Gateways answer errors with pages of their own: what is no JSON is an answer without fields."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return {}
