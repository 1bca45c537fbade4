"""Numbers: given at the moment of issue inside one transaction, so that a crash leaves no gap; books of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xaso.core.access import SYSTEM, Actor
from xaso.core.actions import action, note
from xaso.core.files import actions as files
from xaso.core.numbering.actions import next_value
from xaso.core.outbox.actions import announce
from xaso.core.units.models import Unit
from xaso.kit import clock, subject
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.kit.sure import sure
from xaso.modules.layouts import queries as layouts
from xaso.modules.outgoing.actions.moving import change, move, need, step
from xaso.modules.outgoing.events import NumberGiven
from xaso.modules.outgoing.models import Book, Document, Recipient
from xaso.modules.outgoing.queries import sheets
from xaso.modules.outgoing.queries.books import COMMON, book_for, takes
from xaso.modules.outgoing.rules import moves, naming
from xaso.modules.signing import queries as signing

NUMBERED_SHEET = "outgoing.numbered"
NO_RECIPIENT = "Văn bản chưa có nơi nhận. Hãy ghi nơi nhận rồi cấp số."
WRONG_BOOK = "Sổ “{book}” không dùng cho loại văn bản này. Hãy chọn sổ khác."
SAME_TITLE = "Đơn vị đã có sổ “{title}”. Hãy đặt tên khác."
ALREADY_USED = "Sổ “{book}” đã cấp đến số {last} trong năm {year} nên không lùi về số {to}."


@action("outgoing.number", "Cấp số văn bản")
def give_number(by: Actor, document: Document, /, *, book: Book | None = None) -> Document:
    """The next number of its book this year and today's date, for good: cancelled afterwards, it stays visible."""
    need(document, "number")
    if not Recipient.objects.filter(document=document).exists():
        raise Refused(NO_RECIPIENT)
    numbered = take_number(by, document, "number", book)
    if numbered.is_person_signed:
        announce(NumberGiven(str(numbered.uuid)))
    return numbered


def take_number(by: Actor, document: Document, verb: str, book: Book | None) -> Document:
    """Number, day and symbol. Inside an action: a number given back by a rollback is given to the next one."""
    chosen = _book(document, book)
    today = clock.today()
    series = naming.series_of(chosen.pk, document.kind, is_per_kind=chosen.is_per_kind)
    number = next_value(series, chosen.unit_path, str(today.year))
    values: dict[str, Any] = {
        "book": chosen,
        "series": series,
        "year": today.year,
        "number": number,
        "symbol": sheets.symbol_of(document)[:60],
        "dated_on": today,
        "numbered_at": clock.now(),
        "numbered_by": by.name[:120],
    }
    done = move(by, document, verb, "Cấp số", **values)
    note(number=done.code)
    return done


def _book(document: Document, chosen: Book | None) -> Book:
    if chosen is not None:
        if chosen.unit_path != document.unit_path or chosen.valid_to or not takes(chosen, document):
            raise Refused(WRONG_BOOK.format(book=chosen.title))
        return chosen
    return book_for(document) or _first_book(document)


def _first_book(document: Document) -> Book:
    """A unit that set up nothing has one common book, one for secret and one for normative documents."""
    named = {(True, False): "Sổ văn bản mật đi", (False, True): "Sổ văn bản quy phạm pháp luật"}
    title = named.get((document.is_secret, document.is_normative), COMMON)
    values = {
        "unit": document.unit,
        "is_secret": document.is_secret,
        "is_normative": document.is_normative,
        "valid_from": clock.today(),
    }
    return Book.objects.get_or_create(
        unit_path=document.unit_path, title=title, valid_to=None, defaults=values
    )[0]  # fmt: skip


def fill_number(document: Document) -> Document:
    """Write number and day into the signed file. Slow: NOT inside an action. Done before, it does nothing."""
    if document.state != moves.NUMBERED or document.sheet is None or document.sheet.kind == NUMBERED_SHEET:
        return document
    values = {"so": naming.written(sure(document.number)), "ngay": layouts.dated_words(sure(document.dated_on))}
    content = signing.filled(sheets.content_of(document.sheet), values)
    received = files.receive_bytes(content, name=f"{document.code.replace('/', '-')}.pdf")
    return keep_numbered(SYSTEM, document, received=received)


@action("outgoing.keep_numbered", "Ghi số, ngày vào tệp đã ký")
def keep_numbered(by: Actor, document: Document, /, *, received: files.Received) -> Document:
    """Of two who wrote it at once the first keeps it; both wrote the same."""
    Document.objects.select_for_update(no_key=True, of=("self",)).only("pk").get(pk=document.pk)
    document.refresh_from_db(fields=["state", "sheet"])
    if document.state != moves.NUMBERED or sure(document.sheet).kind == NUMBERED_SHEET:
        return document
    stored = files.attach(
        by, received, subject=subject.ref(document), unit_path=document.unit_path, kind=NUMBERED_SHEET
    )
    step(by, document, "Đã ghi số, ngày vào tệp đã ký")
    return change(document, sheet=stored)


@action("outgoing.cancel", "Huỷ văn bản")
def cancel_document(by: Actor, document: Document, /, *, reason: str) -> Document:
    """Before issue. A number that was given stays in the book with the reason."""
    if not tidy(reason):
        raise Refused("Hãy ghi lý do huỷ; lý do hiện trong sổ cạnh số đã cấp.")
    if document.request:
        raise Refused("Văn bản đang chờ chữ ký số. Hãy bấm “Dừng ký số” trước khi huỷ.")
    return move(
        by, document, "cancel", "Huỷ", note=tidy(reason), closed_at=clock.now(), closed_by=by.name[:120],
        close_reason=tidy(reason)[:1000],
    )  # fmt: skip


@action("outgoing.open_book", "Mở sổ văn bản đi")
def open_book(by: Actor, unit: Unit, /, *, title: str, kinds: Sequence[str] = (), **features: bool) -> Book:
    """A sequence of its own. Features: is_per_kind, is_normative, is_secret."""
    name = tidy(title)[:120]
    if not name:
        raise Refused("Hãy ghi tên sổ, ví dụ: Sổ quyết định.")
    if unknown := [kind for kind in kinds if kind not in layouts.kinds()]:
        raise Refused(f"Không có loại văn bản “{unknown[0]}”. Hãy chọn trong danh sách.")
    if Book.objects.filter(unit_path=unit.path, title=name, valid_to=None).exists():
        raise Refused(SAME_TITLE.format(title=name))
    return Book.objects.create(
        unit=unit, unit_path=unit.path, title=name, kinds=list(kinds), valid_from=clock.today(), **features
    )


@action("outgoing.close_book", "Ngừng dùng sổ")
def close_book(by: Actor, book: Book, /) -> Book:
    """No more numbers from it; the years written stay."""
    if not Book.objects.filter(pk=book.pk, valid_to=None).update(valid_to=clock.today()):
        raise Refused("Sổ này đã ngừng dùng trước đó.")
    book.valid_to = clock.today()
    return book


@action("outgoing.continue_book", "Ghi số cuối của sổ giấy")
def continue_book(by: Actor, book: Book, /, *, year: int, last: int) -> Book:
    """The year began in a paper book: numbering goes on after its last number. Only before the first one here."""
    series = naming.series_of(book.pk, "", is_per_kind=False)
    if book.is_per_kind:
        raise Refused("Sổ đánh số riêng từng loại không nối số từ sổ giấy được. Hãy mở sổ riêng cho loại đó.")
    if last < 1 or last > 1_000_000:
        raise Refused("Số cuối của sổ giấy phải từ 1 trở lên.")
    given = next_value(series, book.unit_path, str(year), 0)
    if given:
        raise Refused(ALREADY_USED.format(book=book.title, last=given, year=year, to=last))
    next_value(series, book.unit_path, str(year), last)
    values: dict[str, Any] = {**book.paper_numbers, str(year): last}
    Book.objects.filter(pk=book.pk).update(paper_numbers=values)
    book.paper_numbers = values
    return book
