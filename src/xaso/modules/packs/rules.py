"""What a pack holds and how it is written, weighed and summed. Pure: no database, no clock."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

MOST_IDS = 5_000
"""A figure that stood on more rows keeps their digest only."""

FIRST = "0" * 64
FORMAT = 1
SHARES = ("percent", "ratio")
AMOUNTS = ("count", "money")
WORDS = {">": "hơn ", ">=": "ít nhất ", "<": "dưới ", "<=": "nhiều nhất ", "~<": "gần ", "~>": "trên dưới "}
NOTHING = "chưa có số liệu"
ORIGINS = {"computed": "máy tính từ dữ liệu gốc", "declared": "kê khai", "missing": "chưa có"}


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows one measure counted. `ids` is None where there were too many to list."""

    measure: str
    count: int
    digest: str
    ids: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of a pack.

    `figure` is its key in the catalogue of figures, and with it later changes are noticed; empty for what is not one
    (points of an assessment). `period` is set where the line covers another period than its pack (cumulative figures).
    `measures` are the measures it was computed from; sealing adds the `rows` they stood on.
    """

    key: str
    label: str
    type: str = "count"
    unit: str = ""
    comparator: str = "="
    number: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    text: str = ""
    origin: str = "missing"
    source: str = ""
    document: str = ""
    as_of: str = ""
    figure: str = ""
    period: str = ""
    measures: tuple[str, ...] = ()
    rows: tuple[Rows, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document a pack leans on. `sha256` is the checksum of its file, where there is one."""

    number: str
    title: str
    issued_on: str = ""
    sha256: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A body that was read again."""

    head: dict[str, Any]
    lines: tuple[Line, ...]
    documents: tuple[Evidence, ...]


def rows_of(measure: str, ids: Iterable[int]) -> Rows:
    """`ids` ascending. One pass, so that a million of them need no memory."""
    seen, digest, kept = 0, hashlib.sha256(), []
    for one in ids:
        digest.update(f"{one}\n".encode())
        seen += 1
        if seen <= MOST_IDS:
            kept.append(one)
    return Rows(measure, seen, digest.hexdigest(), tuple(kept) if seen <= MOST_IDS else None)


def body(head: dict[str, Any], lines: Sequence[Line], documents: Sequence[Evidence]) -> str:
    """The one way to write a pack: sorted keys, no spaces, marks as they are, amounts as text."""
    whole = head | {
        "format": FORMAT,
        "lines": [asdict(line) for line in lines],
        "documents": [asdict(one) for one in documents],
    }
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return amount(value)
    raise TypeError(f"a pack cannot hold {type(value).__name__}")


def amount(value: Decimal) -> str:
    """98.60 and 98.6 are written alike."""
    return format(value.normalize() if value else Decimal(0), "f")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str) -> Sealed:
    """The opposite of `body`."""
    whole = json.loads(text)
    lines = tuple(_line(one) for one in whole.pop("lines"))
    documents = tuple(Evidence(**one) for one in whole.pop("documents"))
    return Sealed(whole, lines, documents)


def _line(kept: dict[str, Any]) -> Line:
    number, numerator, denominator = (
        None if kept[name] is None else Decimal(kept[name]) for name in ("number", "numerator", "denominator")
    )
    rows = tuple(
        Rows(one["measure"], one["count"], one["digest"], None if one["ids"] is None else tuple(one["ids"]))
        for one in kept["rows"]
    )
    values = {"number": number, "numerator": numerator, "denominator": denominator, "rows": rows}
    return Line(**(kept | values | {"measures": tuple(kept["measures"])}))


def state(line: Line) -> str:
    """What a line says, comparable: two lines with one state say the same."""
    if is_missing(line):
        return ""
    parts = ("" if part is None else amount(part) for part in (line.number, line.numerator, line.denominator))
    return "|".join((line.comparator, *parts, line.text))


def is_missing(line: Line) -> bool:
    """The text of a missing figure says why it is missing; it is no value."""
    return line.number is None and (line.origin == "missing" or not line.text)


def worded(line: Line) -> str:
    """98,6 % (71/72): what a person reads of a line."""
    if is_missing(line):
        return line.text or NOTHING
    if line.number is None:
        return line.text
    if line.type == "yes_no":
        return "có" if line.number else "không"
    sign = WORDS.get(line.comparator, "")
    whole = ""
    if line.numerator is not None and line.denominator is not None:
        whole = f"{decimal(line.numerator)}/{decimal(line.denominator)}"
    if line.type == "ratio" and whole:
        return sign + whole
    unit = {"percent": "%", "ratio": "%", "money": "đồng"}.get(line.type, line.unit)
    said = f"{sign}{decimal(line.number)} {unit}".rstrip()
    return f"{said} ({whole})" if whole else said


def decimal(value: Decimal) -> str:
    """1234.5 → 1.234,5; at most two places, half up."""
    rounded = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    whole, _, part = f"{rounded:,f}".partition(".")
    part = part.rstrip("0")
    return whole.replace(",", ".") + (f",{part}" if part else "")


def cause(before: Sequence[Rows], after: Sequence[Rows]) -> str:
    """Why a figure differs from what was signed, as far as its rows tell."""
    was = {one.measure: one for one in before}
    come, gone, known = 0, 0, True
    for one in after:
        old = was.get(one.measure)
        if old is None or old.ids is None or one.ids is None:
            known = known and old is not None and old.digest == one.digest
            continue
        come += len(set(one.ids) - set(old.ids))
        gone += len(set(old.ids) - set(one.ids))
    if not before and not after:
        return "Số liệu kê khai được thay đổi sau khi ký."
    if come or gone:
        return f"Dữ liệu gốc thay đổi sau khi ký: thêm {come} dòng, bớt {gone} dòng."
    return "Dữ liệu gốc thay đổi sau khi ký." if known else "Danh sách dòng dữ liệu gốc thay đổi sau khi ký."


@dataclass(frozen=True, slots=True)
class Total:
    """Lines of one key from many packs, added up. `number` is None where they cannot be."""

    comparator: str
    number: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None


def addable(line: Line) -> bool:
    """May this line enter a sum? A share only with what it is a share of."""
    if line.type in SHARES:
        return line.numerator is not None and line.denominator is not None
    return line.type in AMOUNTS and line.number is not None


def add_up(lines: Sequence[Line]) -> Total:
    """Lines that are all `addable`. A share of the whole is the share of the sums, never the mean of shares."""
    if not lines:
        return Total("=", None)
    sign = _comparator({line.comparator for line in lines})
    if lines[0].type not in SHARES:
        return Total(sign, sum((line.number or Decimal(0) for line in lines), Decimal(0)))
    above = sum((line.numerator or Decimal(0) for line in lines), Decimal(0))
    below = sum((line.denominator or Decimal(0) for line in lines), Decimal(0))
    return Total(sign, above * 100 / below if below else None, above, below)


def _comparator(signs: set[str]) -> str:
    """Several "more than" add to more than; one "about" makes the whole about."""
    loose = signs - {"="}
    if not loose:
        return "="
    if loose <= {">", ">="}:
        return ">" if ">" in loose else ">="
    if loose <= {"<", "<="}:
        return "<" if "<" in loose else "<="
    return "~<" if loose <= {"<", "<=", "~<"} else "~>"
