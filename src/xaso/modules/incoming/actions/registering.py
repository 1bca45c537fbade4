"""Into the book: the number of the year, without gaps; corrected later; and the one line a secret document gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from xaso.core.access import Actor
from xaso.core.accounts.models import Post
from xaso.core.actions import action, note
from xaso.core.numbering.actions import next_value
from xaso.core.outbox.actions import announce
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.incoming import rules
from xaso.modules.incoming.actions.arriving import arrive
from xaso.modules.incoming.actions.finding import put_in_search
from xaso.modules.incoming.actions.moving import change, happened, move, need_open, reason_of, tell_sender
from xaso.modules.incoming.actions.telling import tell_urgent
from xaso.modules.incoming.actions.timing import Due, deadline, register_by
from xaso.modules.incoming.definitions import desk
from xaso.modules.incoming.events import IncomingRegistered
from xaso.modules.incoming.models import Document

NO_BOOK = "Sổ này không dùng để đăng ký văn bản. Hãy chọn sổ khác."
NO_ISSUER = "Hãy ghi cơ quan ban hành."
NO_SUBJECT = "Hãy ghi trích yếu: văn bản nói về việc gì."
FUTURE = "Ngày văn bản không được ở tương lai."
NOT_A_LEADER = "Chỉ trình được cho lãnh đạo của đơn vị này."
NO_LEVEL = "Hãy chọn độ mật. Văn bản không mật thì vào sổ thường."
AMEND_WHY = "Hãy ghi lý do sửa để người sau hiểu."


@dataclass(frozen=True, slots=True)
class Registration:
    """What the clerk writes into the book. `due`: what the sender asks for, or what the clerk knows."""

    book: str
    issuer: str
    subject: str
    number: str = ""
    symbol: str = ""
    dated_on: date | None = None
    kind: str = ""
    signer: str = ""
    signer_title: str = ""
    urgency: int = 0
    pages: int | None = None
    is_paper: bool = False
    answers: str = ""
    due: Due = field(default_factory=Due)

    def for_audit(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Stub:
    """All that a system on the Internet may know of a document under secrecy."""

    secrecy: str
    issuer: str
    number: str = ""
    symbol: str = ""
    dated_on: date | None = None
    pages: int | None = None

    def for_audit(self) -> dict[str, Any]:
        return asdict(self)


@action("incoming.register", "Vào sổ văn bản đến")
def register(
    by: Actor, document: Document, /, *, given: Registration, show: bool = False, leader: Post | None = None
) -> Document:
    """The next number of the book. `show`: put before the leaders (or one of them) in the same breath."""
    values = _columns(given, document.unit_path)
    book = next((one for one in desk().open_books if one.code == given.book), None)
    if book is None:
        raise Refused(NO_BOOK)
    now = clock.now()
    year = clock.local(now).year
    move(
        document,
        "register",
        **values,
        **deadline(document.unit_path, given.due, now),
        **_entry(by, document.unit_path, book.code, year),
        registered_on_time=now <= document.register_by_at,
    )
    happened(
        by, document, "register", f"Vào {book.name[0].lower()}{book.name[1:]}, số đến {document.number:02d}/{year}"
    )
    note(book=book.code, year=year, number=document.number)
    tell_sender(document)
    announce(IncomingRegistered(document=str(document.uuid)))
    put_in_search(document)
    tell_urgent(by, document)
    if show or leader:
        put_before(by, document, leader)
    return document


def _entry(by: Actor, unit_path: str, book: str, year: int) -> dict[str, Any]:
    return {
        "register_path": unit_path,
        "book": book,
        "year": year,
        "number": next_value(f"incoming.{book}", unit_path, str(year)),
        "registered_at": clock.now(),
        "registered_by": by.name[:120],
    }


def _columns(given: Registration, unit_path: str) -> dict[str, Any]:
    """Tidied and checked. Raises Refused with the first thing that is missing."""
    issuer, subject = tidy(given.issuer)[:200], tidy(given.subject)[:1000]
    if not issuer:
        raise Refused(NO_ISSUER)
    if not subject:
        raise Refused(NO_SUBJECT)
    if given.dated_on and given.dated_on > clock.today():
        raise Refused(FUTURE)
    number, symbol = tidy(given.number)[:40], tidy(given.symbol)[:60]
    return {
        "issuer": issuer,
        "subject": subject,
        "doc_number": number,
        "symbol": symbol,
        "dated_on": given.dated_on,
        "kind": given.kind[:20],
        "signer": tidy(given.signer)[:120],
        "signer_title": tidy(given.signer_title)[:120],
        "urgency": rules.Urgency(given.urgency),
        "pages": given.pages,
        "is_paper": given.is_paper,
        "answers_to": tidy(given.answers)[:120],
        "twin_key": rules.twin_key(issuer, number, symbol, given.dated_on),
    }


@action("incoming.take_in", "Nhận và vào sổ văn bản giấy, văn bản tải lên")
def take_in(
    by: Actor, unit: Unit, /, *, given: Registration, origin: str, uploads: Sequence[UUID] = (), show: bool = True,
    leader: Post | None = None, key: str = "",
) -> Document:  # fmt: skip
    """Arrival and registration of what lies on the clerk's table, in one step. A form sent twice is one document."""
    document = arrive(
        by, unit, uploads=uploads, origin=origin, sender=given.issuer, urgency=given.urgency,
        is_paper=given.is_paper, external_id=key,
    )  # fmt: skip
    if document.state != rules.State.WAITING:
        return document
    return register(by, document, given=given, show=show, leader=leader)


@action("incoming.amend", "Sửa thông tin đăng ký")
def amend(by: Actor, document: Document, /, *, given: Registration, reason: str) -> Document:
    """What was written wrongly. The number and the book stay as they are."""
    text = reason_of(reason, AMEND_WHY)
    need_open(document)
    if document.number is None:
        raise Refused("Văn bản chưa vào sổ. Hãy đăng ký trước.")
    values = _columns(given, document.unit_path)
    if given.due.is_said:
        values |= deadline(document.unit_path, given.due, clock.now())
    change(document, **values)
    happened(by, document, "amend", "Sửa thông tin đăng ký", text)
    put_in_search(document)
    return document


@action("incoming.register_secret", "Ghi một dòng vào sổ văn bản mật đến")
def register_secret(by: Actor, unit: Unit, /, *, given: Stub) -> Document:
    """A line of the secret book and nothing else: no subject, no file, no search, nothing to read."""
    if given.secrecy not in Document.Secrecy.values or not given.secrecy:
        raise Refused(NO_LEVEL)
    if not tidy(given.issuer):
        raise Refused(NO_ISSUER)
    if given.dated_on and given.dated_on > clock.today():
        raise Refused(FUTURE)
    now = clock.now()
    document = Document(
        unit=unit, unit_path=unit.path, state=Document.State.OUTSIDE, origin=Document.Origin.SCAN,
        sender=tidy(given.issuer)[:200], issuer=tidy(given.issuer)[:200], secrecy=given.secrecy, is_paper=True,
        doc_number=tidy(given.number)[:40], symbol=tidy(given.symbol)[:60], dated_on=given.dated_on,
        pages=given.pages, arrived_at=now, register_by_at=register_by(unit.path, now, 0), registered_on_time=True,
        ended_at=now, created_by_id=by.account_id,
        **_entry(by, unit.path, desk().secret_books[0].code, clock.local(now).year),
    )  # fmt: skip
    document.save(force_insert=True)
    happened(by, document, "register_secret", "Ghi vào sổ văn bản mật đến")
    return document


@action("incoming.show", "Trình lãnh đạo")
def show(by: Actor, document: Document, /, *, leader: Post | None = None) -> Document:
    """Put before one leader, or whoever of them comes first."""
    return put_before(by, document, leader)


def put_before(by: Actor, document: Document, leader: Post | None) -> Document:
    if leader is not None and leader.unit_path != document.unit_path:
        raise Refused(NOT_A_LEADER)
    move(document, "show", leader=leader)
    happened(by, document, "show", "Trình lãnh đạo", leader.account.person.full_name if leader else "")
    return document
