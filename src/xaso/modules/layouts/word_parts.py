"""Styles, bare tables, rules and page numbers of the Word file."""

from __future__ import annotations

import unicodedata
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from xaso.modules.layouts.definitions import Layout

STYLES = {
    "superior": "Cơ quan chủ quản",
    "agency": "Cơ quan ban hành",
    "nation": "Quốc hiệu",
    "creed": "Tiêu ngữ",
    "number": "Số, ký hiệu",
    "place": "Địa danh, ngày",
    "letter_subject": "Trích yếu công văn",
    "urgency": "Mức độ khẩn",
    "title": "Tên loại văn bản",
    "subject": "Trích yếu",
    "form": "Hình thức sao",
    "addressees": "Kính gửi",
    "addressee": "Nơi kính gửi",
    "base": "Căn cứ",
    "body": "Nội dung",
    "article": "Điều",
    "centred": "Phần, chương, mục",
    "heading": "Đề mục",
    "table": "Ô bảng",
    "after_table": "Sau bảng",
    "signer": "Người ký",
    "recipients_label": "Nơi nhận",
    "recipients": "Danh sách nơi nhận",
    "drafter": "Ký hiệu người soạn thảo",
    "annex": "Phụ lục",
    "annex_title": "Tên phụ lục",
    "reference": "Kèm theo",
    "page_number": "Số trang",
    "rule": "Kẻ ngang",
}
# style → (size, bold, italic, alignment); what is not here is plain and centred
_LOOKS: dict[str, tuple[str, bool, bool, Any]] = {
    "superior": ("superior", False, False, ALIGN.CENTER),
    "agency": ("agency", True, False, ALIGN.CENTER),
    "nation": ("nation", True, False, ALIGN.CENTER),
    "creed": ("creed", True, False, ALIGN.CENTER),
    "number": ("number", False, False, ALIGN.CENTER),
    "place": ("place", False, True, ALIGN.CENTER),
    "letter_subject": ("letter_subject", False, False, ALIGN.CENTER),
    "urgency": ("urgency", True, False, ALIGN.CENTER),
    "title": ("title", True, False, ALIGN.CENTER),
    "subject": ("subject", True, False, ALIGN.CENTER),
    "form": ("title", True, False, ALIGN.CENTER),
    "addressees": ("addressees", False, False, ALIGN.LEFT),
    "addressee": ("addressees", False, False, ALIGN.LEFT),
    "base": ("body", False, True, ALIGN.JUSTIFY),
    "body": ("body", False, False, ALIGN.JUSTIFY),
    "article": ("heading", False, False, ALIGN.JUSTIFY),
    "centred": ("heading", True, False, ALIGN.CENTER),
    "heading": ("heading", True, False, ALIGN.JUSTIFY),
    "table": ("table", False, False, ALIGN.LEFT),
    "after_table": ("table", False, False, ALIGN.LEFT),
    "signer": ("signer", True, False, ALIGN.CENTER),
    "recipients_label": ("recipients_label", True, True, ALIGN.LEFT),
    "recipients": ("recipients", False, False, ALIGN.LEFT),
    "drafter": ("drafter", False, False, ALIGN.LEFT),
    "annex": ("annex", True, False, ALIGN.CENTER),
    "annex_title": ("annex_title", True, False, ALIGN.CENTER),
    "reference": ("reference", False, True, ALIGN.CENTER),
    "page_number": ("page_number", False, False, ALIGN.CENTER),
    "rule": ("body", False, False, ALIGN.LEFT),
}
_RUNNING = ("base", "body", "article", "heading")
_BEFORE = {"place": 4, "number": 4, "urgency": 8, "title": 14, "centred": 8, "addressees": 12, "signer": 0}
_AFTER = {"centred": 6, "addressee": 2, "addressees": 4}


def make_styles(document: Any, layout: Layout) -> None:
    """One style for each part of the sheet, based on Normal, which carries the typeface."""
    normal = document.styles["Normal"]
    _set_font(normal, layout.font)
    normal.font.size = Pt(layout.sizes["body"].set)
    for name, title in STYLES.items():
        size, bold, italic, alignment = _LOOKS[name]
        style = document.styles.add_style(title, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        style.font.size = Pt(layout.sizes[size].set)
        style.font.bold, style.font.italic = bold, italic
        shape = style.paragraph_format
        shape.alignment = alignment
        shape.space_before, shape.space_after = Pt(_BEFORE.get(name, 0)), Pt(_AFTER.get(name, 0))
        shape.line_spacing = 1.0
        if name in _RUNNING:
            shape.first_line_indent = Mm(layout.body.set_indent)
            shape.space_after = Pt(layout.body.paragraph_gap)
            shape.line_spacing = layout.body.line_spacing.set
            shape.widow_control = True
        if name in {"centred", "heading", "annex", "annex_title"}:
            shape.keep_with_next = True
    _set_indents(document, layout)


def _set_indents(document: Any, layout: Layout) -> None:
    document.styles[STYLES["letter_subject"]].paragraph_format.space_before = Pt(layout.body.letter_subject_gap)
    document.styles[STYLES["addressees"]].paragraph_format.left_indent = Mm(25)
    document.styles[STYLES["addressee"]].paragraph_format.left_indent = Mm(48)


def _set_font(style: Any, name: str) -> None:
    """For Latin, Vietnamese and every other script alike."""
    style.font.name = name
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), name)
    for script in ("asciiTheme", "hAnsiTheme", "cstheme", "eastAsiaTheme"):
        fonts.attrib.pop(qn(f"w:{script}"), None)


def bare_table(document: Any, *, rows: int, widths: tuple[int, ...]) -> Any:
    """A table without lines: two columns of the head or of the end."""
    table = document.add_table(rows=rows, cols=len(widths))
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "0")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)
    for row in table.rows:
        split = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(split)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    return table


def ruled(paragraph: Any, *, share: float = 1.0, width: float = 165, after: float = 0) -> None:
    """A line below, as wide as that share: a paragraph of its own with narrow edges and a border on top."""
    below = OxmlElement("w:p")
    paragraph._p.addnext(below)
    line = type(paragraph)(below, paragraph._parent)
    shape = line.paragraph_format
    side = Mm(width * (1 - share) / 2)
    shape.left_indent = shape.right_indent = side
    shape.first_line_indent = Mm(0)
    shape.space_before, shape.space_after = Pt(2), Pt(after)
    shape.line_spacing = Pt(4)
    border = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        border.set(qn(f"w:{name}"), value)
    edges = OxmlElement("w:pBdr")
    edges.append(border)
    below.get_or_add_pPr().insert_element_before(
        edges, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def number_pages(section: Any, *, restart: bool, style: Any = None) -> None:
    """PAGE in the middle of the header, from the second page of the section on."""
    if restart:
        for inherited in section._sectPr.findall(qn("w:pgNumType")):
            section._sectPr.remove(inherited)
        numbering = OxmlElement("w:pgNumType")
        numbering.set(qn("w:start"), "1")
        section._sectPr.append(numbering)
        return  # the header is inherited from the section before
    section.header.is_linked_to_previous = False
    section.first_page_header.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    paragraph.style = style
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = text
        run._r.append(mark)


def words_in(paragraph: Any, text: str, *, bold: bool | None = None) -> None:
    if text:
        run = paragraph.add_run(text)
        run.bold = bold


def clean(value: Any) -> Any:
    """NFC, and no character that XML cannot carry."""
    if isinstance(value, str):
        composed = unicodedata.normalize("NFC", value)
        return "".join(c for c in composed if c in "\t\n" or unicodedata.category(c) not in {"Cc", "Cs", "Co", "Cn"})
    if isinstance(value, dict):
        return {key: clean(one) for key, one in value.items()}
    return [clean(one) for one in value] if isinstance(value, (list, tuple)) else value
