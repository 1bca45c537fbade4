"""A sheet as a Word file with real styles, margins and a page number field. The same sheet gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm, Pt, RGBColor

from xaso.kit import clock
from xaso.modules.layouts.definitions import Layout, layout_on
from xaso.modules.layouts.printed import shown_sheet
from xaso.modules.layouts.sheets import Sheet
from xaso.modules.layouts.word_parts import STYLES, bare_table, clean, make_styles, number_pages, ruled, words_in

LONG_AGO = (1980, 1, 1, 0, 0, 0)
RED = RGBColor(0xD0, 0, 0)


def docx_of(sheet: Sheet) -> bytes:
    """The sheet in the layout in force on its day. Raises Missing for an unknown kind."""
    layout = layout_on(sheet.dated_on)
    writer = _Writer(layout, clean(shown_sheet(sheet, layout)))
    writer.write()
    day = sheet.dated_on or clock.today()
    _tell(writer.document.core_properties, writer.told, datetime(day.year, day.month, day.day, tzinfo=UTC))
    raw = io.BytesIO()
    writer.document.save(raw)
    return _still(raw)


class _Writer:
    """Writes the blocks one after the other into a document of python-docx."""

    def __init__(self, layout: Layout, told: dict[str, Any]) -> None:
        self.layout, self.told = layout, told
        self.document = docx.Document(io.BytesIO(_blank(layout.valid_from)))
        self._page(self.document.sections[0], is_landscape=False)

    def write(self) -> None:
        told = self.told
        if told["form"]:
            self._blocks(told["body"])
            if told["body"]:
                ruled(self.document.add_paragraph(style=STYLES["rule"]))
            self._head()
        else:
            self._head()
            self._name()
            self._bases()
            self._blocks(told["body"])
        self._closing()
        for one in told["annexes"]:
            self._annex(one)

    def _add(self, place: Any, style: str, text: str, **looks: Any) -> Any:
        """A paragraph in one of our styles; the first of a cell is already there."""
        empty = [one for one in place.paragraphs[-1:] if not one.text and len(place.paragraphs) == 1]
        is_cell = hasattr(place, "_tc")
        paragraph = empty[0] if is_cell and empty else place.add_paragraph()
        paragraph.style = self.document.styles[STYLES[style]]
        words_in(paragraph, text, **looks)
        return paragraph

    # --- head ---------------------------------------------------------------------------------------------------------

    def _head(self) -> None:
        told, words = self.told, self.layout.words
        table = bare_table(self.document, rows=2, widths=(66, 99))
        left, right = table.rows[0].cells
        for one in told["superior"]:
            self._add(left, "superior", one)
        for one in told["agency"]:
            last = self._add(left, "agency", one)
        if told["agency"]:
            ruled(last, share=self.layout.rules.set, width=66)
        if told["form"]:
            self._add(right, "form", told["form"])
        else:
            self._add(right, "nation", words["nation"])
            ruled(self._add(right, "creed", words["creed"]), share=0.62, width=99)
        left, right = table.rows[1].cells
        self._under_the_agency(left)
        place = f"{told['place']}, " if told["place"] else ""
        self._add(right, "place", place + (told["dated"] or "ngày ...... tháng ...... năm ........."))

    def _under_the_agency(self, cell: Any) -> None:
        told, words = self.told, self.layout.words
        if told["numbered"]:
            mark = "/".join(one for one in (told["number"] or "......", told["symbol"]) if one)
            self._add(cell, "number", f"{words['number']} {mark}")
        if told["letter_subject"]:
            self._add(cell, "letter_subject", told["letter_subject"])
        if told["urgency"]:
            paragraph = self._add(cell, "urgency", told["urgency"])
            paragraph.runs[0].font.color.rgb = RED
            _frame(paragraph.runs[0])

    def _name(self) -> None:
        told = self.told
        if told["heading"]:
            last = self._add(self.document, "title", told["heading"])
            if told["subject"]:
                last = self._add(self.document, "subject", told["subject"])
            ruled(last, share=0.22, width=self._width(), after=10)
        for one in told["enacted_by"]:
            self._add(self.document, "centred", one)
        names = told["addressees"]
        if len(names) == 1:
            self._add(self.document, "addressees", f"{told['greeting']}: {names[0]}").alignment = ALIGN.CENTER
        elif names:
            self._add(self.document, "addressees", f"{told['greeting']}:")
            for one in names:
                last = self._add(self.document, "addressee", one)
            last.paragraph_format.space_after = Pt(10)

    def _bases(self) -> None:
        for one in self.told["bases"]:
            self._add(self.document, "base", one)
        if self.told["enacts"]:
            self._add(self.document, "centred", self.told["enacts"])

    # --- body ---------------------------------------------------------------------------------------------------------

    def _blocks(self, blocks: list[dict[str, Any]]) -> None:
        for one in blocks:
            if one["style"] == "table":
                self._table(one)
            elif one["style"] in {"part", "chapter", "section"}:
                self._add(self.document, "centred", one["label"])
                if one["text"]:
                    self._add(self.document, "centred", one["text"].upper())
            elif one["style"] == "heading":
                self._add(self.document, "heading", f"{one['label']} {one['text']}")
            else:
                self._running(one)

    def _running(self, one: dict[str, Any]) -> None:
        if not one["label"]:
            self._add(self.document, "body", one["text"])
            return
        is_bold = one["style"] == "article" or one["is_title"]
        paragraph = self._add(self.document, "article" if one["style"] == "article" else "body", "")
        words_in(paragraph, f"{one['label']} ", bold=is_bold or None)
        words_in(paragraph, one["text"], bold=one["is_title"] or None)
        paragraph.paragraph_format.keep_with_next = one["is_title"] or None

    def _table(self, one: dict[str, Any]) -> None:
        rows = one["rows"]
        width = self._width()
        total = sum(one["widths"])
        table = self.document.add_table(rows=0, cols=len(rows[0]))
        table.style = "Table Grid"
        table.autofit = False
        for column, share in zip(table.columns, one["widths"], strict=True):
            column.width = Mm(width * share / total)
        for at, row in enumerate(rows):
            cells = table.add_row().cells
            for column, text in enumerate(row):
                paragraph = self._add(cells[column], "table", text, bold=True if at == 0 else None)
                if at == 0:
                    paragraph.alignment = ALIGN.CENTER
                elif one["numeric"][column]:
                    paragraph.alignment = ALIGN.RIGHT
        self._add(self.document, "after_table", "")

    def _width(self) -> float:
        """Between the margins of the present section, in mm."""
        section: Any = self.document.sections[-1]
        return float((section.page_width - section.left_margin - section.right_margin) / Mm(1))

    # --- end ----------------------------------------------------------------------------------------------------------

    def _closing(self) -> None:
        told = self.told
        self._add(self.document, "after_table", "")
        left, right = bare_table(self.document, rows=1, widths=(67, 98)).rows[0].cells
        if told["recipients"]:
            self._add(left, "recipients_label", self.layout.words["recipients"])
            for one in told["recipients"]:
                self._add(left, "recipients", one)
            if told["drafter"]:
                self._add(left, "drafter", told["drafter"])
        for one in (*told["authority"], told["signer_title"]):
            if one:
                self._add(right, "signer", one)
        room = self._add(right, "signer", "")
        room.paragraph_format.space_before = Mm(self.layout.boxes["signature"].height - 6)
        self._add(right, "signer", told["signer"])

    def _annex(self, one: dict[str, Any]) -> None:
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        self._page(section, is_landscape=one["is_landscape"])
        number_pages(section, restart=True)
        self._add(self.document, "annex", one["label"])
        if one["title"]:
            self._add(self.document, "annex_title", one["title"].upper())
        ruled(self._add(self.document, "reference", one["reference"]), share=0.2, width=self._width(), after=10)
        self._blocks(one["body"])

    def _page(self, section: Any, *, is_landscape: bool) -> None:
        paper, margins = self.layout.paper, self.layout.margins
        size = (paper.height, paper.width) if is_landscape else (paper.width, paper.height)
        section.orientation = WD_ORIENT.LANDSCAPE if is_landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(size[0]), Mm(size[1])
        section.top_margin, section.bottom_margin = Mm(margins["top"].set), Mm(margins["bottom"].set)
        section.left_margin, section.right_margin = Mm(margins["left"].set), Mm(margins["right"].set)
        section.header_distance = section.footer_distance = Mm(10)
        section.different_first_page_header_footer = True
        if len(self.document.sections) == 1:
            number_pages(section, restart=False, style=self.document.styles[STYLES["page_number"]])


@cache
def _blank(valid_from: date) -> bytes:
    """An empty document with all styles of that layout: making them takes longer than writing a letter."""
    document = docx.Document()
    document._body.clear_content()
    make_styles(document, layout_on(valid_from))
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _frame(run: Any) -> None:
    """The frame of the urgency stamp."""
    border = run._r.get_or_add_rPr().makeelement(docx.oxml.ns.qn("w:bdr"), {})
    for name, value in (("val", "single"), ("sz", "10"), ("space", "4"), ("color", "D00000")):
        border.set(docx.oxml.ns.qn(f"w:{name}"), value)
    run._r.get_or_add_rPr().append(border)


def _tell(properties: Any, told: dict[str, Any], made: datetime) -> None:
    properties.title = told["title"][:250]
    properties.author = properties.last_modified_by = told["author"][:250]
    properties.created = properties.modified = made
    properties.comments = ""
    properties.revision = 1


def _still(raw: io.BytesIO) -> bytes:
    """The same parts, in the order of their names and without the clock of the machine."""
    made = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            part = zipfile.ZipInfo(name, LONG_AGO)
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, source.read(name))
    return made.getvalue()
