"""Pure decisions about periodic reports: which state follows which, when one is due, how its cells read."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

WRITING, WAITING, SIGNED, SENT = "being_written", "submitted_for_signature", "signed", "sent"
MOVES = {
    WRITING: frozenset({WAITING}),
    WAITING: frozenset({WRITING, SIGNED}),
    SIGNED: frozenset({SENT}),
    SENT: frozenset(),
}
LABELS = {WRITING: "Đang viết", WAITING: "Chờ ký", SIGNED: "Đã ký", SENT: "Đã gửi"}
STANDINGS = {
    "done": "Đã gửi",
    "signed": "Đã ký, chưa gửi",
    "late": "Quá hạn",
    "due": "Sắp đến hạn",
    "open": "Đến kỳ làm",
    "ahead": "Chưa đến kỳ",
}
LONGEST_TEXT = 20_000
SHEET_ROWS = 1_048_576


def may_move(state: str, to: str) -> bool:
    return to in MOVES[state]


def due_on(until: date, day: int, is_working: Callable[[date], bool]) -> date:
    """The `day` of the month that follows the period; `until` is the first day after it.

    A day that the month lacks is its last one; a day off gives way to the next working day.
    """
    length = calendar.monthrange(until.year, until.month)[1]
    found = until.replace(day=min(day, length))
    while not is_working(found):
        found += timedelta(days=1)
    return found


def standing(state: str, due: date, until: date, today: date, soon: int) -> str:
    """Where a report stands on the calendar: a key of STANDINGS."""
    if state in {SENT, SIGNED}:
        return "done" if state == SENT else "signed"
    if today > due:
        return "late"
    if (due - today).days <= soon:
        return "due"
    return "open" if today >= until else "ahead"


def missing_sections(required: list[tuple[str, str]], texts: dict[str, str]) -> list[str]:
    """Titles of the required parts that nobody wrote."""
    return [title for key, title in required if not texts.get(key, "").strip()]


def numbered(tables: list[int]) -> list[list[int]]:
    """Running numbers of the lines of each table, each table from 1."""
    return [list(range(1, count + 1)) for count in tables]


@dataclass(frozen=True, slots=True)
class Restated:
    """A number that changed after the signature."""

    label: str
    was: str
    now: str
    on: date

    @property
    def sentence(self) -> str:
        return f"Sau khi ký: {self.label} từ {self.was} thành {self.now}, ngày {self.on:%d/%m/%Y}."


def sheets_of(rows: int, per_sheet: int) -> int:
    """How many sheets that many rows need; an empty table still has one."""
    return max(1, -(-rows // per_sheet))


def plain_cell(text: str) -> str:
    """What a spreadsheet would take for a formula is told to be text."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


COMPARATORS = {">": "hơn ", ">=": "ít nhất ", "<": "dưới ", "<=": "không quá ", "~<": "gần ", "~>": "nhỉnh hơn "}
MISSING = "chưa có số liệu"
NOT_APPLICABLE = "không áp dụng"
UNVERIFIED = "chưa kiểm chứng"
TO_VERIFY = "cách tính cần kiểm chứng"


@dataclass(frozen=True, slots=True)
class Number:
    """A value as far as its cell in a table needs it."""

    type: str
    comparator: str
    number: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    text: str
    is_missing: bool
    is_verified: bool


def cell_text(value: Number) -> str:
    """98,6 % (986/1.000); the unit stands in a column of its own. What is missing says so, it is never 0."""
    if value.is_missing or (value.number is None and not value.text):
        return value.text if value.text == NOT_APPLICABLE else MISSING
    if value.number is None:
        return value.text if value.is_verified else f"{value.text} – {UNVERIFIED}"
    shown = COMPARATORS.get(value.comparator, "") + decimal(value.number) + (" %" if value.type == "percent" else "")
    if value.numerator is not None and value.denominator is not None:
        shown += f" ({decimal(value.numerator)}/{decimal(value.denominator)})"
    return shown if value.is_verified else f"{shown} – {UNVERIFIED}"


def decimal(value: Decimal) -> str:
    """1234.5 → 1.234,5; at most two places, half up."""
    whole, _, part = f"{value.quantize(Decimal('0.01'), ROUND_HALF_UP):,f}".partition(".")
    part = part.rstrip("0")
    return whole.replace(",", ".") + (f",{part}" if part else "")
