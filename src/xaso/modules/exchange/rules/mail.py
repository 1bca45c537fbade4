"""An official e-mail as a letter: sender, subject, text without markup, attachments. Pure; hostile mail is normal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr
from html.parser import HTMLParser

from xaso.kit.fold import plain, tidy
from xaso.modules.exchange.rules.message import Attachment, Letter, Organ
from xaso.modules.exchange.rules.tree import Unreadable

MOST_BYTES = 40 * 1024 * 1024
MOST_PARTS, MOST_FILES, MOST_NESTED, MOST_TEXT = 200, 50, 40, 200_000
LARGEST_FILE = 20 * 1024 * 1024

TOO_LARGE = "Thư nặng quá 40 MB nên không lấy về. Hãy mở hộp thư để xem và đề nghị người gửi tách tệp."
NO_SENDER = "Thư không ghi địa chỉ người gửi nên không nhận vào danh sách văn bản đến. Hãy mở hộp thư để xem."
BROKEN = "Thư hỏng cấu trúc, không đọc được. Hãy mở hộp thư để xem hoặc đề nghị người gửi gửi lại."
ODD = "Thư có cấu trúc bất thường (quá nhiều phần lồng nhau) nên không mở. Hãy mở hộp thư để xem và gọi người gửi."
TOO_MANY = "Thư có quá nhiều phần; chỉ các phần đầu được lấy ra. Thư gốc vẫn được giữ."
FILE_TOO_LARGE = "Tệp “{name}” trong thư nặng quá 20 MB nên không lấy ra. Thư gốc vẫn được giữ."
FILE_BROKEN = "Tệp “{name}” trong thư bị hỏng phần mã hoá. Hãy đề nghị người gửi gửi lại."
NO_SUBJECT = "(thư không có tiêu đề)"

_NUMBER = re.compile(r"(?<![\w/])(\d{1,5})/((?:\d{4}/)?[A-ZĐƯƠÂÊÔ][A-Za-zĐđƯƠÂÊÔ]{0,7}-[A-ZĐƯƠÂÊÔ][\w.-]{1,30})")


@dataclass(frozen=True, slots=True)
class Mail:
    """`letter` holds the sender's address as its contact; it has no code of an organisation."""

    letter: Letter
    text: str
    message_id: str
    remarks: tuple[str, ...] = ()


def read_mail(raw: bytes) -> Mail:
    """Raises Unreadable with a sentence when there is nothing to hand on."""
    if len(raw) > MOST_BYTES:
        raise Unreadable(TOO_LARGE)
    # Asked before the parser is: it takes the square of the time for parts within parts.
    if raw.lower().count(b"multipart/") > MOST_NESTED or raw.lower().count(b"\ncontent-type:") > MOST_PARTS * 2:
        raise Unreadable(ODD)
    try:
        mail = BytesParser(policy=policy.default).parsebytes(raw)
        return _mail(mail)
    except (MessageError, LookupError, ValueError, AttributeError, IndexError, TypeError, RecursionError) as error:
        # The parser of the standard library fails in all these ways on mail that was made to break it.
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(BROKEN) from error


def _mail(mail: EmailMessage) -> Mail:
    name, address = parseaddr(_header(mail, "From"))
    if "@" not in address:
        raise Unreadable(NO_SENDER)
    remarks: list[str] = []
    parts = list(_parts(mail, remarks))
    subject = tidy(_header(mail, "Subject"))[:500] or NO_SUBJECT
    found = _NUMBER.search(subject)
    letter = Letter(
        sender=Organ("", tidy(name)[:200] or address[:200], email=address[:254]),
        receivers=(),
        number=found[1] if found else "",
        notation=found[2] if found else "",
        subject=subject,
        type_name="",
        pages=0,
        document_id=tidy(_header(mail, "Message-ID"))[:200],
        attachments=tuple(_files(parts, remarks)),
    )
    return Mail(letter, _text(parts)[:MOST_TEXT], letter.document_id, tuple(dict.fromkeys(remarks)))


def _header(mail: EmailMessage, name: str) -> str:
    """As one line; as it was written, where the library cannot take it apart."""
    try:
        text = str(mail.get(name, "") or "")
    except (MessageError, LookupError, ValueError, AttributeError, TypeError):
        text = next((str(value) for key, value in mail.raw_items() if key.lower() == name.lower()), "")
    return plain(text).replace("\n", " ").replace("\r", " ")


def _parts(mail: EmailMessage, remarks: list[str]) -> Iterator[EmailMessage]:
    for count, part in enumerate(mail.walk()):
        if count >= MOST_PARTS:
            remarks.append(TOO_MANY)
            return
        if not part.is_multipart():
            yield part


def _is_file(part: EmailMessage) -> bool:
    return (
        part.get_content_disposition() == "attachment"
        or bool(part.get_filename())
        or (part.get_content_maintype() not in {"text", "multipart", "message"})
    )


def _files(parts: list[EmailMessage], remarks: list[str]) -> Iterator[Attachment]:
    files = [part for part in parts if _is_file(part)]
    if len(files) > MOST_FILES:
        remarks.append(TOO_MANY)
    for place, part in enumerate(files[:MOST_FILES]):
        name = tidy(part.get_filename() or "")[:200] or f"tep-{place + 1}"
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes) or not content or part.defects:
            remarks.append(FILE_BROKEN.format(name=name))
        elif len(content) > LARGEST_FILE:
            remarks.append(FILE_TOO_LARGE.format(name=name))
        else:
            yield Attachment(name, content, part.get_content_type(), cid=f"thu-{place}")


def _text(parts: list[EmailMessage]) -> str:
    """The plain text; where there is only HTML, its words."""
    words = [part for part in parts if not _is_file(part)]
    plains = [_decoded(part) for part in words if part.get_content_type() == "text/plain"]
    if any(text.strip() for text in plains):
        return plain("\n".join(plains))
    return plain("\n".join(words_of(_decoded(part)) for part in words if part.get_content_type() == "text/html"))


def _decoded(part: EmailMessage) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


class _Words(HTMLParser):
    SILENT = {"script", "style", "head", "title", "template", "noscript", "object", "svg"}
    BREAKS = {"p", "br", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote"}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.silent += tag in self.SILENT
        if tag in self.BREAKS:
            self.texts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in self.SILENT and self.silent > 0

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.texts.append(data)


def words_of(markup: str) -> str:
    """The words of a page, a line for every block; nothing of it is ever shown as markup."""
    reader = _Words()
    reader.feed(markup[: MOST_TEXT * 4])
    lines = (" ".join(line.split()) for line in "".join(reader.texts).splitlines())
    return "\n".join(line for line in lines if line)
