"""From the glyphs of a PDF to lines: what stands at one height, cut where columns part."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pypdfium2.raw as raw  # type: ignore[import-untyped,unused-ignore]

from xaso.modules.layouts.checking.pdf_lines import seen_in
from xaso.modules.layouts.checking.seen import Seen

MAX_PAGES = 40
MAX_GLYPHS = 150_000
MAX_OBJECTS = 4_000
SAME_HEIGHT = 2.5
SPACE = 0.12
COLUMN = 1.0
DARK = 90


@dataclass(frozen=True, slots=True)
class Glyph:
    letter: str
    x1: float
    x2: float
    base: float
    top: float
    size: float
    font: str
    coloured: bool


@dataclass(slots=True)
class Line:
    """Letters next to each other at one height of a page."""

    page: int
    glyphs: list[Glyph] = field(default_factory=list)
    alone: bool = True
    boxed: bool = False

    @property
    def x1(self) -> float:
        return self.glyphs[0].x1

    @property
    def x2(self) -> float:
        return max(one.x2 for one in self.glyphs)

    @property
    def base(self) -> float:
        return self.glyphs[0].base

    @property
    def top(self) -> float:
        return max(one.top for one in self.glyphs)

    @property
    def size(self) -> float:
        return max(one.size for one in self.glyphs)

    @property
    def text(self) -> str:
        parts: list[str] = []
        for at, one in enumerate(self.glyphs):
            before = self.glyphs[at - 1] if at else None
            if before is not None and one.x1 - before.x2 > SPACE * one.size:
                parts.append(" ")
            parts.append(one.letter)
        return "".join(parts)


@dataclass(slots=True)
class PageSeen:
    number: int
    width: float
    height: float
    lines: list[Line] = field(default_factory=list)


def look(document: Any) -> Seen:
    """Everything a rule may ask about the file."""
    pages: list[PageSeen] = []
    total = 0
    for at in range(min(len(document), MAX_PAGES)):
        page = document[at]
        width, height = page.get_size()
        found = PageSeen(at + 1, width, height)
        glyphs = list(_glyphs(page.get_textpage(), MAX_GLYPHS - total))
        total += len(glyphs)
        found.lines = list(_lines(glyphs, at + 1))
        _mark_boxed(found.lines, list(_uprights(page)))
        pages.append(found)
    return seen_in(pages, len(document))


def _glyphs(text: Any, limit: int) -> Iterator[Glyph]:
    numbers = [ctypes.c_double() for _ in range(2)]
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    name, flags = ctypes.create_string_buffer(200), ctypes.c_int()
    color = [ctypes.c_uint() for _ in range(4)]
    for at in range(max(0, min(text.count_chars(), limit))):
        code = raw.FPDFText_GetUnicode(text, at)
        letter = chr(code) if 0 < code < 0xD800 or 0xE000 <= code < 0x110000 else ""
        if not letter.strip() or letter in "\ufffe\u200b\u00ad":
            continue
        raw.FPDFText_GetLooseCharBox(text, at, box)
        raw.FPDFText_GetCharOrigin(text, at, *numbers)
        raw.FPDFText_GetMatrix(text, at, matrix)
        size = raw.FPDFText_GetFontSize(text, at) * (math.hypot(matrix.c, matrix.d) or 1.0)
        raw.FPDFText_GetFontInfo(text, at, name, 200, flags)
        raw.FPDFText_GetFillColor(text, at, *color)
        yield Glyph(
            letter, box.left, box.right, numbers[1].value, box.top, round(size, 1),
            name.value.decode("utf-8", "replace"), any(one.value > DARK for one in color[:3]),
        )  # fmt: skip


def _lines(glyphs: list[Glyph], page: int) -> Iterator[Line]:
    """From the top down; what stands side by side comes from the left."""
    rows: list[list[Glyph]] = []
    for one in sorted(glyphs, key=lambda glyph: -glyph.base):
        if rows and abs(rows[-1][0].base - one.base) <= SAME_HEIGHT:
            rows[-1].append(one)
        else:
            rows.append([one])
    for row in rows:
        row.sort(key=lambda glyph: glyph.x1)
        lines = [Line(page, [row[0]])]
        for before, one in pairwise(row):
            if one.x1 - before.x2 > max(12.0, COLUMN * one.size):
                lines.append(Line(page))
            lines[-1].glyphs.append(one)
        for line in lines:
            line.alone = len(lines) == 1
            line.boxed = len(lines) > 3
            yield line


def _uprights(page: Any) -> Iterator[tuple[float, float, float]]:
    """Upright strokes: x, lowest and highest point. Tables and frames have them, running text has not."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for at in range(min(raw.FPDFPage_CountObjects(page), MAX_OBJECTS)):
        one = raw.FPDFPage_GetObject(page, at)
        if raw.FPDFPageObj_GetType(one) != raw.FPDF_PAGEOBJ_PATH:
            continue
        if raw.FPDFPageObj_GetBounds(one, left, bottom, right, top):
            is_thin, height = right.value - left.value < 4, top.value - bottom.value
            if is_thin and height > 8:
                yield left.value, bottom.value, top.value
            elif not is_thin and height > 8:
                yield left.value, bottom.value, top.value
                yield right.value, bottom.value, top.value


def _mark_boxed(lines: list[Line], strokes: list[tuple[float, float, float]]) -> None:
    for line in lines:
        beside = [x for x, low, high in strokes if low - 1 <= line.base <= high + 1]
        if any(x <= line.x1 + 2 for x in beside) and any(x >= line.x2 - 2 for x in beside):
            line.boxed = True
