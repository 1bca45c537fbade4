"""Fetches answers about revocation. The addresses come from certificates on a sound way to a trusted root."""

from __future__ import annotations

import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from xaso.modules.trust.certificates import Answer, read_list, read_status

MAX_LIST = 20 * 1024 * 1024
MAX_STATUS = 64 * 1024
SECONDS = 20.0
TIMEOUT = httpx.Timeout(10.0, connect=5.0)


class NotFetchedError(Exception):
    """Why there is no answer, in a sentence for the page of the administrator."""


@dataclass(frozen=True, slots=True)
class Fetched:
    content: bytes
    answer: Answer


def fetch_list(url: str) -> Fetched:
    """A list of revocations, raises NotFetchedError."""
    content = _body(httpx.Request("GET", url), MAX_LIST)
    try:
        return Fetched(content, read_list(content))
    except (ValueError, TypeError, KeyError) as broken:
        raise NotFetchedError("Nơi phát hành trả về nội dung không phải danh sách thu hồi.") from broken


def fetch_status(url: str, question: bytes) -> Fetched:
    """What a responder says about one certificate, raises NotFetchedError."""
    headers = {"Content-Type": "application/ocsp-request"}
    content = _body(httpx.Request("POST", url, content=question, headers=headers), MAX_STATUS)
    try:
        return Fetched(content, read_status(content))
    except (ValueError, TypeError, KeyError, IndexError) as broken:
        raise NotFetchedError("Nơi trả lời trạng thái chứng thư trả về nội dung không đọc được.") from broken


def _body(request: httpx.Request, most: int) -> bytes:
    """The whole answer, within limits on size and time. No redirect is followed: it would name a place by itself."""
    if urlsplit(str(request.url)).scheme not in ("http", "https"):
        raise NotFetchedError("Địa chỉ này không phải http hoặc https.")
    until = time.monotonic() + SECONDS
    try:
        with httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=True) as client:
            response = client.send(request, stream=True)
            try:
                return _read(response, most, until)
            finally:
                response.close()
    except (httpx.HTTPError, httpx.InvalidURL) as failed:
        raise NotFetchedError(f"Không tải được: {type(failed).__name__}.") from failed


def _read(response: httpx.Response, most: int, until: float) -> bytes:
    if response.status_code != 200:
        raise NotFetchedError(f"Nơi phát hành trả lời mã {response.status_code}.")
    found = bytearray()
    for chunk in response.iter_bytes(64 * 1024):
        found += chunk
        if len(found) > most:
            raise NotFetchedError("Nội dung trả về lớn quá mức cho phép.")
        if time.monotonic() > until:
            raise NotFetchedError("Tải quá lâu nên đã dừng.")
    return bytes(found)
