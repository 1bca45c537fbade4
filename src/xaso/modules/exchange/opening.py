"""A stranger's message opened: its files judged one by one, its bytes kept whatever they are. Slow: outside every
transaction."""

from __future__ import annotations

import io
from collections.abc import Iterable

from xaso.core.files.receiving import Received, receive_bytes, receive_upload
from xaso.core.files.rules import ACCEPT_TITLES
from xaso.kit.errors import Refused
from xaso.kit.fold import fold
from xaso.modules.exchange.actions.receiving import Arrival
from xaso.modules.exchange.providers import Fetched
from xaso.modules.exchange.rules.mail import Mail
from xaso.modules.exchange.rules.message import Letter
from xaso.modules.exchange.rules.reading import read
from xaso.modules.layouts import queries as layouts

NOT_FOR_US = "Gói ghi nơi nhận {codes}, không có mã của đơn vị này. Hãy hỏi nơi gửi trước khi vào sổ."
MOST_RAW = 64 * 1024 * 1024
OVERSIZE = "Gói nặng quá 64 MB nên không giữ. Hãy đề nghị nơi gửi gửi lại với tệp nhỏ hơn."


class _Named(io.BytesIO):
    """Bytes that look like an upload."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content)
        self.name = name


def opened(account: str, carrier_ref: str, fetched: Fetched) -> Arrival:
    """A message of the axis. What cannot be read comes as an arrival that says why."""
    raw = receive_bytes(fetched.raw[:MOST_RAW], name=f"{carrier_ref}.edxml")
    try:
        if len(fetched.raw) > MOST_RAW:
            raise Refused(OVERSIZE)
        reading = read(fetched.raw)
    except Refused as refusal:
        return Arrival("edxml", account, carrier_ref, raw, None, error=refusal.message)
    letter = reading.letter
    contents = [(one.name, one.content) for one in letter.attachments]
    files, refused = _received([*contents, *(() if contents else fetched.files)])
    remarks = [*reading.remarks, *refused, *_for_us(letter, account)]
    return Arrival("edxml", account, carrier_ref, raw, letter, files, remarks, kind=_kind(letter))


def opened_mail(account: str, carrier_ref: str, raw: bytes, mail: Mail) -> Arrival:
    """A letter of the mailbox; its text comes along as a file, so that nothing of it is lost."""
    contents = [(one.name, one.content) for one in mail.letter.attachments]
    if mail.text.strip():
        contents.append(("noi-dung-thu.txt", mail.text.encode()))
    files, refused = _received(contents)
    kept = receive_bytes(raw, name="thu-goc.eml")
    return Arrival("email", account, carrier_ref, kept, mail.letter, files, [*mail.remarks, *refused])


def _received(contents: Iterable[tuple[str, bytes]]) -> tuple[list[Received], list[str]]:
    """What the file store takes, and the sentence for everything it does not."""
    files: list[Received] = []
    remarks: list[str] = []
    for name, content in contents:
        try:
            files.append(receive_upload(_Named(content, name), tuple(ACCEPT_TITLES)))
        except Refused as refusal:
            remarks.append(refusal.message)
    return files, remarks


def _for_us(letter: Letter, account: str) -> list[str]:
    codes = [receiver.code for receiver in letter.receivers]
    return [NOT_FOR_US.format(codes=", ".join(codes)[:200])] if codes and account not in codes else []


def _kind(letter: Letter) -> str:
    """Our code of the kind by its name; empty where the name is unknown."""
    named = fold(letter.type_name)
    return next((code for code, kind in layouts.kinds().items() if fold(kind.title) == named), "")
