"""Looks at a Word file: text and effective formatting of each paragraph. Reads four parts of it and nothing else.

Nothing is run, opened or fetched: no macro, no relation, no entity; each part is unpacked to a limit.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml import etree  # type: ignore[import-untyped,unused-ignore]

from xaso.modules.layouts.checking.docx_styles import Formats, Paragraph, Run, Styles, attr, tag
from xaso.modules.layouts.checking.seen import Column, Numbering, Piece, Seen, Sided, Unreadable, one_line

MAX_PART = 24 * 1024 * 1024
MAX_PARAGRAPHS = 20_000
MAX_HEADERS = 60
MM = 25.4 / 1440
BROKEN = "Không mở được tệp Word này: tệp hỏng hoặc không phải .docx. Hãy lưu lại thành .docx rồi kiểm tra lại."
TOO_LARGE = "Tệp Word này khi mở ra quá lớn nên không kiểm tra được. Hãy bỏ bớt ảnh, tách phụ lục rồi kiểm tra lại."
TEXT_BOXES = "Chữ trong khung chữ (Text Box) không đánh giá được. Hãy xem lại bằng mắt hoặc chuyển chữ ra khỏi khung."
AUTO_NUMBERS = "Số thứ tự tự động của Word không đánh giá được. Hãy xem lại cách đánh số điều, khoản, điểm bằng mắt."
WORDS_OF_LAYOUT = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Nơi nhận", "Độc lập")


def read_docx(content: bytes) -> Seen:
    """Raises Unreadable with a sentence."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = set(packed.namelist())
            document = _part(packed, "word/document.xml")
            styles = Styles(
                _part(packed, "word/styles.xml") if "word/styles.xml" in names else None,
                _part(packed, "word/theme/theme1.xml") if "word/theme/theme1.xml" in names else None,
            )
            edges = _edges(packed, names)
    except (
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        zlib.error,
        OSError,
    ) as wrong:
        raise Unreadable(BROKEN) from wrong
    body = document.find(tag("body"))
    if body is None:
        raise Unreadable(BROKEN)
    formats = Formats(styles)
    pieces = tuple(_pieces(body, formats))
    unjudged = [TEXT_BOXES] * (next(document.iter(tag("txbxContent")), None) is not None)
    unjudged += [AUTO_NUMBERS] * formats.has_auto_numbers
    return Seen("docx", pieces, tuple(_sections(body)), _numbering(body, edges, formats), unjudged=tuple(unjudged))


def _part(packed: zipfile.ZipFile, name: str) -> Any:
    """The tree of one part. A part larger than its limit is refused whatever its header says."""
    with packed.open(name) as stream:
        data = stream.read(MAX_PART + 1)
    if len(data) > MAX_PART:
        raise Unreadable(TOO_LARGE)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as wrong:
        raise Unreadable(BROKEN) from wrong
    if tree.getroottree().docinfo.doctype:
        raise Unreadable(BROKEN)
    return tree


def _edges(packed: zipfile.ZipFile, names: set[str]) -> dict[str, Any]:
    """Headers and footers by the id the document calls them."""
    if "word/_rels/document.xml.rels" not in names:
        return {}
    found: dict[str, Any] = {}
    for one in _part(packed, "word/_rels/document.xml.rels"):
        target = f"word/{one.get('Target', '')}"
        is_edge = one.get("Type", "").endswith(("/header", "/footer")) and one.get("TargetMode") != "External"
        if is_edge and target in names and len(found) < MAX_HEADERS:
            found[one.get("Id", "")] = _part(packed, target)
    return found


# --- paragraphs -----------------------------------------------------------------------------------------------------


def _pieces(body: Any, formats: Formats) -> Iterator[Piece]:
    for count, (element, column, in_table) in enumerate(_paragraphs(body, 0), 1):
        if count > MAX_PARAGRAPHS:
            raise Unreadable(TOO_LARGE)
        shape = formats.paragraph(element)
        runs = formats.runs(element, shape)
        for line in _lines(runs):
            yield from _sides(line, shape, f"đoạn {count}", (column, in_table))


def _paragraphs(
    place: Any, depth: int, column: Column = "", in_table: bool = False
) -> Iterator[tuple[Any, Column, bool]]:
    for child in place:
        if child.tag == tag("p"):
            yield child, column, in_table
        elif child.tag == tag("tbl") and depth < 8:
            yield from _cells(child, depth, in_table)
        elif child.tag in {tag("sdt"), tag("sdtContent"), tag("ins"), tag("customXml")} and depth < 30:
            yield from _paragraphs(child, depth + 1, column, in_table)


def _cells(table: Any, depth: int, in_table: bool) -> Iterator[tuple[Any, Column, bool]]:
    is_data = in_table or _is_data(table)
    for row in table.findall(tag("tr")):  # its own: tables inside come with their cell
        cells = [one for one in row if one.tag == tag("tc")]
        for at, cell in enumerate(cells):
            yield from _paragraphs(cell, depth + 1, "" if is_data else _side(at, len(cells)), is_data)


def _side(at: int, cells: int) -> Column:
    if cells < 2 or 0 < at < cells - 1:
        return ""
    return "left" if at == 0 else "right"


def _is_data(table: Any) -> bool:
    """A table with lines holds data; one without lines, or with the words of the head or the end, only sets columns."""
    words = one_line("".join(one.text or "" for one in table.iter(tag("t"))))
    if any(mark in words for mark in WORDS_OF_LAYOUT):
        return False
    properties = table.find(tag("tblPr"))
    borders = properties.find(tag("tblBorders")) if properties is not None else None
    if borders is not None:
        return any(attr(one, "val") not in {"nil", "none", ""} for one in borders)
    style = properties.find(tag("tblStyle")) if properties is not None else None
    widest = max((sum(cell.tag == tag("tc") for cell in row) for row in table.findall(tag("tr"))), default=0)
    return (style is not None and "grid" in attr(style, "val").lower()) or widest > 3


def _lines(runs: list[Run]) -> Iterator[list[Run]]:
    """A paragraph broken by hand (Shift+Enter) is as many lines to the reader."""
    line: list[Run] = []
    for run in runs:
        first, *others = run.text.split("\n")
        line.append(replace(run, text=first))
        for more in others:
            yield line
            line = [replace(run, text=more)]
    yield line


def _sides(line: list[Run], shape: Paragraph, where: str, place: tuple[Column, bool]) -> Iterator[Piece]:
    """One piece; two when a head was set with tabs instead of a table."""
    parts: list[list[Run]] = [[]]
    whole = "".join(run.text for run in line)
    if not place[0] and any(mark in whole for mark in WORDS_OF_LAYOUT) and "\t" in whole.strip():
        for run in line:
            first, *others = run.text.split("\t")
            parts[-1].append(replace(run, text=first))
            parts += [[replace(run, text=more)] for more in others]
        kept = [part for part in parts if "".join(run.text for run in part).strip()]
        for part, side in zip(kept, ("left", "right"), strict=False):
            yield from _piece(part, shape, where, (side, place[1]))  # type: ignore[arg-type]
        return
    yield from _piece(line, shape, where, place)


def _piece(line: list[Run], shape: Paragraph, where: str, place: tuple[Column, bool]) -> Iterator[Piece]:
    raw = "".join(run.text for run in line)
    text = one_line(raw)
    if not text:
        return
    letters = [(c, run) for run in line for c in run.text if not c.isspace()]
    total = len(letters)
    sizes = [run.size for _, run in letters]
    indent = shape.indent + (12.7 if raw.startswith("\t") else 0.0)
    yield Piece(
        text, where, column=place[0], in_table=place[1],
        fonts=tuple(sorted({run.font for _, run in letters if run.font})),
        low=min(sizes), high=max(sizes),
        bold=sum(run.bold for _, run in letters) / total,
        italic=sum(run.italic for _, run in letters) / total,
        align=shape.align, indent=indent, gap=shape.gap,
        lines=shape.lines_of(max(sizes)),
        coloured=any(run.coloured for _, run in letters),
        label_bold=all(run.bold for _, run in letters[: min(total, 5)]),
    )  # fmt: skip


# --- sections and page numbers --------------------------------------------------------------------------------------


def _sections(body: Any) -> Iterator[Sided]:
    for count, one in enumerate(body.iter(tag("sectPr")), 1):
        size, margins = one.find(tag("pgSz")), one.find(tag("pgMar"))
        if size is None:
            continue
        told = {} if margins is None else {side: _mm(margins, side) for side in ("top", "bottom", "left", "right")}
        yield Sided(f"phần {count}", _mm(size, "w") or 0.0, _mm(size, "h") or 0.0, **told)


def _mm(element: Any, name: str) -> float | None:
    try:
        return float(attr(element, name)) * MM
    except ValueError:
        return None


def _numbering(body: Any, edges: dict[str, Any], formats: Formats) -> Numbering:
    found = Numbering()
    is_different_first = False
    for section in body.iter(tag("sectPr")):
        is_different_first = is_different_first or section.find(tag("titlePg")) is not None
        for reference in section:
            if reference.tag in {tag("headerReference"), tag("footerReference")}:
                found = _with_edge(found, reference, edges, formats)
    return replace(found, on_first=found.on_first or (found.is_shown and not is_different_first))


def _with_edge(found: Numbering, reference: Any, edges: dict[str, Any], formats: Formats) -> Numbering:
    edge = edges.get(reference.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id", ""))
    paragraph = _numbered(edge) if edge is not None else None
    if paragraph is None:
        return found
    if attr(reference, "type") == "first":
        return replace(found, on_first=True)
    shape = formats.paragraph(paragraph)
    sizes = [run.size for run in formats.runs(paragraph, shape)] or [shape.run.size]
    is_centred = shape.align == "center" or "center" in shape.frame
    return replace(
        found, is_shown=True, at_bottom=reference.tag == tag("footerReference"), is_centred=is_centred,
        low=min(sizes), high=max(sizes),
    )  # fmt: skip


def _numbered(edge: Any) -> Any:
    """The paragraph with the page number field, if there is one."""
    for paragraph in edge.iter(tag("p")):
        codes = [one.text or "" for one in paragraph.iter(tag("instrText"))]
        codes += [attr(one, "instr") for one in paragraph.iter(tag("fldSimple"))]
        if any("PAGE" in code.upper().split() for code in codes):
            return paragraph
    return None
