"""What stands on a document, before anybody has drawn it. Pure: no clock, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

BlockStyle = Literal["paragraph", "part", "chapter", "section", "heading", "article", "clause", "point", "table"]
BoxPlace = tuple[int, float, float, float, float]

CENTRED: frozenset[BlockStyle] = frozenset({"part", "chapter", "section"})


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, article, clause, point or table of the body.

    `label` is the mark in front ("Điều 1.", "1.", "a)", "Chương I"), `text` what follows it. `is_title`: the text names
    what comes below instead of saying it, so it is bold. The first of `rows` is the head of the table.
    """

    style: BlockStyle
    text: str = ""
    label: str = ""
    is_title: bool = False
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex on pages of its own, numbered from 1. Landscape is for wide tables."""

    label: str
    title: str
    body: tuple[Block, ...] = ()
    is_landscape: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document with everything that is printed on it.

    `kind`: a code of `content/layouts/kinds.yaml`. Without `number` (digits only) or `dated_on` their places stay free
    and come back as boxes "so" and "ngay". `symbol`: "QĐ-UBND". `bases`: the lines "Căn cứ …" with or without marks at
    their ends. `enacted_by`: who decides, for decisions and resolutions ("Chủ tịch Ủy ban nhân dân xã …").
    """

    kind: str
    agency: str
    superior: str = ""
    place: str = ""
    number: str = ""
    symbol: str = ""
    dated_on: date | None = None
    subject: str = ""
    addressees: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    enacted_by: str = ""
    body: tuple[Block, ...] = ()
    authority_lines: tuple[str, ...] = ()
    signer_title: str = ""
    signer: str = ""
    recipients: tuple[str, ...] = ()
    urgency: str = ""
    drafter_mark: str = ""
    annexes: tuple[Annex, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """A drawn document. `boxes`: name → (page from 1, x1, y1, x2, y2), points from the bottom left corner.

    Always "ky_ca_nhan" and "ky_co_quan"; "so" when the number is not written yet, "ngay" when the day is not: it holds
    the whole phrase `rules.dated_words` gives ("ngày 05 tháng 11 năm 2026").
    """

    content: bytes
    boxes: dict[str, BoxPlace]
    pages: int
