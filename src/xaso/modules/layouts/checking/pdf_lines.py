"""From the lines of a PDF to paragraphs, margins and page numbers."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

from xaso.modules.layouts.checking.seen import ONE_LINE, Align, Column, Numbering, Piece, Seen, Sided, one_line

MM = 25.4 / 72
EDGE = 24 / MM
NEAR = 3.0
MIDDLE = 9.0
SCANNED = "Tệp là ảnh quét, không có chữ để kiểm tra. Hãy kiểm tra tệp Word hoặc PDF xuất thẳng từ bản soạn thảo."
MANY_PAGES = "Chỉ kiểm tra {read} trang đầu trong {pages} trang. Hãy xem các trang còn lại bằng mắt."
ONE_LINE_ONLY = "Tệp PDF không cho biết mọi cách căn lề, thụt dòng; hãy kiểm tra thêm tệp Word nếu có."


def seen_in(pages: list[Any], total: int) -> Seen:
    numbering = _numbering(pages)
    for page in pages:
        page.lines = [line for line in page.lines if not _is_page_number(line, page)]
    pieces = tuple(piece for page in pages for piece in _pieces(page, *_edges(page, pages)))
    unjudged = [SCANNED] if not pieces else [ONE_LINE_ONLY]
    if total > len(pages):
        unjudged.append(MANY_PAGES.format(read=len(pages), pages=total))
    return Seen("pdf", pieces, tuple(_sided(page) for page in pages), numbering, total, tuple(unjudged))


def _edges(page: Any, pages: list[Any]) -> tuple[float, float]:
    """Where lines begin and end: the same on all pages of one shape."""
    same = [line for one in pages if round(one.width) == round(page.width) for line in one.lines if not line.boxed]
    if not same:
        return 0.0, page.width
    return min(line.x1 for line in same), max(line.x2 for line in same)


def _sided(page: Any) -> Sided:
    where, lines = f"trang {page.number}", page.lines
    if not lines:
        return Sided(where, page.width * MM, page.height * MM)
    return Sided(
        where, page.width * MM, page.height * MM,
        top=(page.height - max(line.top for line in lines)) * MM,
        bottom=min(line.base for line in lines) * MM,
        left=min(line.x1 for line in lines) * MM,
        right=(page.width - max(line.x2 for line in lines)) * MM,
    )  # fmt: skip


# --- page numbers ---------------------------------------------------------------------------------------------------


def _is_page_number(line: Any, page: Any) -> bool:
    text = line.text.strip("- –")
    is_at_the_edge = line.base > page.height - EDGE or line.base < EDGE
    return text.isdecimal() and len(text) < 4 and line.alone and is_at_the_edge


def _numbering(pages: list[Any]) -> Numbering:
    """Annexes begin again at 1, so a later page without a number is a fault only when nothing says `Phụ lục`."""
    marks = {page.number: next((one for one in page.lines if _is_page_number(one, page)), None) for page in pages}
    shown = {number: mark for number, mark in marks.items() if mark is not None}
    missing = [page.number for page in pages[1:] if marks[page.number] is None and not _is_annex(page)]
    found = Numbering(is_shown=bool(shown), on_first=1 in shown, missing=tuple(missing))
    if not shown:
        return found
    by_number = {page.number: page for page in pages}
    return replace(
        found,
        at_bottom=any(mark.base < EDGE for mark in shown.values()),
        is_centred=all(_is_in_the_middle(mark, by_number[number]) for number, mark in shown.items()),
        low=min(mark.size for mark in shown.values()),
        high=max(mark.size for mark in shown.values()),
    )  # fmt: skip


def _is_in_the_middle(mark: Any, page: Any) -> bool:
    return bool(abs((mark.x1 + mark.x2) / 2 - page.width / 2) < page.width * 0.08)


def _is_annex(page: Any) -> bool:
    return any(one_line(line.text).lower().startswith("phụ lục") for line in page.lines[:4])


# --- paragraphs -----------------------------------------------------------------------------------------------------


def _pieces(page: Any, left: float, right: float) -> Iterator[Piece]:
    group: list[Any] = []
    last: Any = None
    for line in page.lines:
        if group and _goes_on(group[-1], line, left, right):
            group.append(line)
            continue
        if group:
            yield _piece(group, last, page, (left, right))
            last = group[-1]
        group = [line]
    if group:
        yield _piece(group, last, page, (left, right))


def _goes_on(before: Any, line: Any, left: float, right: float) -> bool:
    """The next line of the same paragraph: begins at the edge, after a line that was full."""
    return (
        before.alone and line.alone and before.boxed == line.boxed and not line.boxed
        and abs(line.x1 - left) < NEAR and before.x1 < left + 60
        and before.x2 > right - 60 and before.base - line.base < 2.4 * line.size
        and abs(before.size - line.size) < 0.6
    )  # fmt: skip


def _piece(group: list[Any], last: Any, page: Any, edges: tuple[float, float]) -> Piece:
    glyphs = [one for line in group for one in line.glyphs]
    first = group[0]
    sizes = [one.size for one in glyphs]
    pitches = [a.base - b.base for a, b in pairwise(group)]
    pitch = statistics.median(pitches) if pitches else None
    bold = [_is_bold(one.font) for one in glyphs]
    is_running = first.alone and not first.boxed
    gap = last.base - first.base if last is not None and is_running and last.alone and not last.boxed else None
    return Piece(
        one_line(" ".join(line.text for line in group)), f"trang {page.number}", page=page.number,
        column=_column(first, page), in_table=first.boxed,
        fonts=tuple(sorted({one.font for one in glyphs if one.font})),
        low=min(sizes), high=max(sizes),
        bold=sum(bold) / len(bold), italic=sum(_is_italic(one.font) for one in glyphs) / len(glyphs),
        align=_align(group, page, edges) if is_running else "",
        indent=(first.x1 - edges[0]) * MM if is_running else None,
        gap=None if gap is None else max(0.0, gap - (pitch or gap_of_one(first))),
        lines=None if pitch is None else pitch / (first.size * ONE_LINE),
        coloured=any(one.coloured for one in glyphs),
        label_bold=all(bold[:5]),
    )  # fmt: skip


def gap_of_one(line: Any) -> float:
    return float(line.size * ONE_LINE)


def _align(group: list[Any], page: Any, edges: tuple[float, float]) -> Align:
    left, right = edges
    if len(group) > 1:
        return "justify" if all(abs(line.x2 - right) < NEAR for line in group[:-1]) else "left"
    line = group[0]
    middle = (line.x1 + line.x2) / 2
    # The right edge is not known when no line is full, so the middle is that of the usual margins.
    if line.x1 > left + 20 and abs(middle - (left + page.width - 15 / MM) / 2) < MIDDLE:
        return "center"
    return ""


def _column(line: Any, page: Any) -> Column:
    middle = page.width / 2 + 15
    if line.x2 < middle and line.x1 < page.width * 0.42:
        return "left"
    return "right" if line.x1 > page.width * 0.42 else ""


def _is_bold(font: str) -> bool:
    return any(word in font.lower() for word in ("bold", "black", "heavy"))


def _is_italic(font: str) -> bool:
    return any(word in font.lower() for word in ("italic", "oblique"))
