"""The official mailbox by IMAP over TLS, read and never changed: nothing is marked as read, moved or deleted.

XASO_IMAP_HOST, XASO_IMAP_PORT (993), XASO_IMAP_USER, XASO_IMAP_PASSWORD, XASO_IMAP_FOLDER (INBOX), XASO_IMAP_UNIT
(the code of the unit whose mailbox it is), XASO_IMAP_CA (a file with the authority's certificate, where it is not a
public one).
"""

from __future__ import annotations

import imaplib
import os
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from xaso.modules.exchange.providers import AxisFailed
from xaso.modules.exchange.rules.mail import MOST_BYTES, TOO_LARGE

TIMEOUT = 60.0
MOST_AT_ONCE = 200
NO_CONNECTION = "Không nối được hộp thư công vụ ({reason}). Hệ thống sẽ tự thử lại."
NOT_SIGNED_IN = "Hộp thư công vụ từ chối đăng nhập. Hãy kiểm tra tài khoản và mật khẩu ứng dụng."
NO_FOLDER = "Hộp thư không có thư mục “{folder}”. Hãy kiểm tra cấu hình."
STRANGE = "Máy chủ thư trả lời không đúng. Hệ thống sẽ tự thử lại."
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """How to reach the mailbox. Shown nowhere, kept in no row."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    unit_code: str
    authority: str = ""

    def __repr__(self) -> str:
        return f"Mailbox({self.account})"

    @property
    def account(self) -> str:
        return f"{self.user}@{self.host}"[:120] if "@" not in self.user else self.user[:120]

    @contextmanager
    def opened(self) -> Iterator[Box]:
        """Raises AxisFailed with a sentence for everything between the wire and the folder."""
        try:
            context = ssl.create_default_context(cafile=self.authority or None)
            client = imaplib.IMAP4_SSL(self.host, self.port, ssl_context=context, timeout=TIMEOUT)
        except (OSError, imaplib.IMAP4.error) as error:
            raise AxisFailed(NO_CONNECTION.format(reason=type(error).__name__), again=True) from error
        try:
            yield self._entered(client)
        except (OSError, imaplib.IMAP4.abort) as error:
            raise AxisFailed(NO_CONNECTION.format(reason=type(error).__name__), again=True) from error
        except imaplib.IMAP4.error as error:
            raise AxisFailed(STRANGE, again=True) from error
        finally:
            client.shutdown()

    def _entered(self, client: imaplib.IMAP4_SSL) -> Box:
        try:
            client.login(self.user, self.password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            # Without the server's words: some repeat what was sent.
            raise AxisFailed(NOT_SIGNED_IN, again=True) from error
        answer, _ = client.select(f'"{self.folder}"', readonly=True)
        if answer != "OK":
            raise AxisFailed(NO_FOLDER.format(folder=self.folder), again=True)
        validity = client.response("UIDVALIDITY")[1]
        return Box(client, (validity[0] or b"0").decode("ascii", "replace") if validity else "0")

    def check(self) -> str:
        """Empty when all is well, else a sentence for the connection page."""
        try:
            with self.opened():
                return ""
        except AxisFailed as failure:
            return str(failure)


class Box:
    """An opened folder. A letter is known by the folder's validity and its number in it."""

    def __init__(self, client: imaplib.IMAP4_SSL, validity: str) -> None:
        self._client = client
        self.validity = validity

    def listed_since(self, day: date) -> list[str]:
        """Letters that came on that day or later, oldest first."""
        since = f"{day.day:02d}-{_MONTHS[day.month - 1]}-{day.year}"
        answer, found = self._client.uid("SEARCH", "SINCE", since)
        if answer != "OK" or not found:
            raise AxisFailed(STRANGE, again=True)
        numbers = sorted(int(one) for one in (found[0] or b"").split() if one.isdigit())
        return [f"{self.validity}.{number}" for number in numbers[-MOST_AT_ONCE:]]

    def fetch(self, ref: str) -> bytes:
        """The letter as it is. What is too large is not loaded: its head comes, and a sentence in its place."""
        number = ref.rpartition(".")[2]
        size = self._said(number, "(RFC822.SIZE)")
        found = next((match for part in size if (match := _SIZE.search(_line(part)))), None)
        if found and int(found[1]) > MOST_BYTES:
            return _stub(self._body(number, "(BODY.PEEK[HEADER])"))
        return self._body(number, "(BODY.PEEK[])")

    def _body(self, number: str, what: str) -> bytes:
        for part in self._said(number, what):
            if isinstance(part, tuple) and len(part) > 1 and isinstance(part[1], bytes):
                return part[1]
        raise AxisFailed(STRANGE, again=True)

    def _said(self, number: str, what: str) -> list[object]:
        answer, parts = self._client.uid("FETCH", number, what)
        if answer != "OK":
            raise AxisFailed(STRANGE, again=True)
        return list(parts)


def _line(part: object) -> bytes:
    if isinstance(part, tuple):
        return bytes(part[0])
    return part if isinstance(part, bytes) else b""


def _stub(head: bytes) -> bytes:
    """From, subject and id of the letter, with our sentence for a body."""
    kept = [
        line
        for line in re.sub(rb"\r?\n[ \t]+", b" ", head[:100_000]).splitlines()
        if line.lower().startswith((b"from:", b"subject:", b"message-id:", b"date:"))
    ]
    return b"\r\n".join([*kept, b"Content-Type: text/plain; charset=utf-8", b"", TOO_LARGE.encode()])


def mailbox() -> Mailbox | None:
    """The mailbox that is set up; None without one."""
    host = os.environ.get("XASO_IMAP_HOST", "")
    if not host:
        return None
    return Mailbox(
        host=host,
        port=int(os.environ.get("XASO_IMAP_PORT", "993")),
        user=os.environ.get("XASO_IMAP_USER", ""),
        password=os.environ.get("XASO_IMAP_PASSWORD", ""),
        folder=os.environ.get("XASO_IMAP_FOLDER", "INBOX"),
        unit_code=os.environ.get("XASO_IMAP_UNIT", ""),
        authority=os.environ.get("XASO_IMAP_CA", ""),
    )
