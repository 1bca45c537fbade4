"""A sheet as PDF: what the template is told, and the boxes in the points of the file."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import fold
from xaso.modules.layouts import rules
from xaso.modules.layouts.definitions import Kind, Layout, kind_of, layout_on
from xaso.modules.layouts.press import Job, printed
from xaso.modules.layouts.sheets import Annex, Block, BoxPlace, Rendered, Sheet
from xaso.modules.papers.queries import FONTS_DIR, breakable, printable

POINTS = 72 / 25.4
NARROW, WIDE = 4, 44
AIR = 3
FOR_NAME = "văn bản"
TOO_LONG = "Văn bản quá dài để in thành một tệp. Hãy chuyển phần dài thành tệp đính kèm rồi làm lại."
MOST_LETTERS = 2_000_000


def pdf_of(sheet: Sheet) -> Rendered:
    """The sheet as PDF/A-2b in the layout in force on its day. Raises Missing for an unknown kind."""
    layout = layout_on(sheet.dated_on)
    payload = payload_of(sheet, layout)
    if len(payload) > MOST_LETTERS:
        raise Refused(TOO_LONG)
    day = sheet.dated_on or clock.today()
    content, places = printed(Job(layout.folder / layout.template, FONTS_DIR, payload, day))
    height = layout.paper.height * POINTS
    boxes = {place["name"]: _box(place, height) for place in places if place["name"] != "trang"}
    return Rendered(content, boxes, max(place["page"] for place in places))


def _box(place: dict[str, Any], height: float) -> BoxPlace:
    """Typst measures from the top, PDF from the bottom."""
    x1, y2 = max(place["x"], 0.0), height - place["y"]
    corners = (x1, y2 - place["height"], place["x"] + place["width"], y2)
    return (int(place["page"]), *(round(one, 2) for one in corners))


def payload_of(sheet: Sheet, layout: Layout) -> str:
    """Everything the template needs, as one JSON string."""
    words = printable_words(shown_sheet(sheet, layout))
    return json.dumps({"layout": measures_of(layout), "sheet": words}, ensure_ascii=False, sort_keys=True)


def printable_words(value: Any) -> Any:
    """Only letters the typeface has, with a place to break in every over-long word."""
    if isinstance(value, str):
        return breakable(printable(value))
    if isinstance(value, dict):
        return {key: printable_words(one) for key, one in value.items()}
    return [printable_words(one) for one in value] if isinstance(value, (list, tuple)) else value


def measures_of(layout: Layout) -> dict[str, Any]:
    """What we print of each measure."""
    return {
        "paper": layout.paper.model_dump(),
        "margins": {side: span.set for side, span in layout.margins.items()},
        "sizes": {name: span.set for name, span in layout.sizes.items()},
        "body": {
            "indent": layout.body.set_indent,
            "gap": layout.body.paragraph_gap,
            "lines": layout.body.line_spacing.set,
            "letter_gap": layout.body.letter_subject_gap,
        },
        "rules": layout.rules.set,
        "boxes": {name: area.model_dump() for name, area in layout.boxes.items()},
        "words": layout.words,
    }


def shown_sheet(sheet: Sheet, layout: Layout) -> dict[str, Any]:
    """The words of the sheet as they stand on paper: both the PDF and the Word file are drawn from this."""
    kind = kind_of(sheet.kind)
    is_letter = not kind.named and kind.numbered
    return {
        "title": " ".join(one for one in (kind.title, sheet.subject) if one)[:250],
        "author": sheet.agency,
        "form": kind.form,
        "numbered": kind.numbered,
        "superior": rules.name_lines(sheet.superior),
        "agency": rules.name_lines(sheet.agency),
        "number": rules.shown_number(sheet.number),
        "symbol": sheet.symbol,
        "place": sheet.place,
        "dated": rules.dated_words(sheet.dated_on) if sheet.dated_on else "",
        "urgency": urgency_words(sheet.urgency, layout),
        "letter_subject": letter_subject(sheet.subject, layout) if is_letter else "",
        "heading": "" if is_letter or kind.is_copy else kind.heading,
        "subject": "" if is_letter else sheet.subject,
        "greeting": kind.greeting or layout.words["greeting"],
        "addressees": _addressees(sheet),
        "bases": rules.base_lines(sheet.bases),
        "enacts": kind.enacts,
        "enacted_by": _enacted_by(sheet, kind),
        "body": [block_of(one) for one in sheet.body],
        "authority": sheet.authority_lines,
        "signer_title": sheet.signer_title.upper(),
        "signer": sheet.signer,
        "recipients": rules.recipient_lines(sheet.recipients, layout.words["filed"]) if kind.recipients else (),
        "drafter": sheet.drafter_mark,
        "annexes": [_annex(one, sheet, kind) for one in sheet.annexes],
    }


def letter_subject(subject: str, layout: Layout) -> str:
    mark = layout.words["letter_subject"]
    return subject if not subject or subject.lower().startswith(mark.lower()) else f"{mark} {subject}"


def urgency_words(urgency: str, layout: Layout) -> str:
    """`khan`, `Khẩn` or `KHẨN` → the words of the stamp; “thường” and nothing have none. Raises Refused."""
    asked = fold(urgency).replace("_", "-").replace(" ", "-")
    if asked in {"", "thuong"}:
        return ""
    if asked not in layout.urgencies:
        names = ", ".join(one.capitalize() for one in layout.urgencies.values())
        raise Refused(f"Không có mức độ khẩn “{urgency[:30]}”. Hãy chọn một trong các mức: {names}.")
    return layout.urgencies[asked]


def _addressees(sheet: Sheet) -> tuple[str, ...]:
    names = tuple(one.strip() for one in sheet.addressees if one.strip())
    return names if len(names) < 2 else rules.listed(names)


def _enacted_by(sheet: Sheet, kind: Kind) -> tuple[str, ...]:
    if not kind.enacts:
        return ()
    return ((sheet.enacted_by or sheet.agency).upper(),)


def block_of(block: Block) -> dict[str, Any]:
    told = {"style": block.style, "text": block.text, "label": block.label, "is_title": block.is_title}
    if block.style != "table":
        return told
    return told | {"rows": block.rows, "widths": _widths(block.rows), "numeric": _numeric(block.rows)}


def _widths(rows: tuple[tuple[str, ...], ...]) -> list[int]:
    return [AIR + min(max(NARROW, *(len(cell) for cell in column)), WIDE) for column in zip(*rows, strict=True)]


def _numeric(rows: tuple[tuple[str, ...], ...]) -> list[bool]:
    columns = zip(*rows[1:], strict=True) if len(rows) > 1 else [()] * len(rows[0])
    found = [
        all(not cell or (cell[0].isdecimal() and not any(c.isalpha() for c in cell)) for cell in one) for one in columns
    ]
    return [is_so and at > 0 for at, is_so in enumerate(found)]


def _annex(annex: Annex, sheet: Sheet, kind: Kind) -> dict[str, Any]:
    what = kind.title if kind.named else FOR_NAME
    signed: tuple[str, str, date | None] = (sheet.number, sheet.symbol, sheet.dated_on)
    return {
        "label": annex.label,
        "title": annex.title,
        "reference": rules.reference_line(what, sheet.agency, signed),
        "is_landscape": annex.is_landscape,
        "body": [block_of(one) for one in annex.body],
    }
