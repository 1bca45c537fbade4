"""The code by which anybody checks a paper, drawn on its last page before the first signature.

Afterwards it would be a change of what was signed. It stands where the page is white, as near to its foot as can be.
"""

# pyHanko is only partly typed.
# mypy: disable-error-code="no-untyped-call,import-untyped"

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pypdfium2  # type: ignore[import-untyped,unused-ignore]
import segno
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from xaso.modules.signing.pdf import lettering, looks

SIDE = 45.0  # points: 16 mm, read by any phone
LEFT, FOOT = 57.0, 14.0  # points: 20 mm, and the 5 mm that printers leave out
AIR, STRIDE = 3.0, 6.0  # points around it, and between two places that are tried
SHRUNK = 0.5  # pixels a point: enough to see what is white
WHITE = 250
QUIET = 2  # modules kept white around it
LETTER, LEADING = 7.0, 9.0
LAST = -1
SAID = "Kiểm tra chữ ký số: quét mã, hoặc mở"


@dataclass(frozen=True, slots=True)
class Mark:
    """What the code leads to, and the code as a person types it."""

    address: str
    code: str


def draw(writer: IncrementalPdfFileWriter, content: bytes, mark: Mark) -> bool:
    """On the last page; of a turned page as the reader sees it. On a crowded one without the words beside it; False
    when nothing of it is white."""
    page = writer.find_page_for_modification(LAST)[0].get_object()
    try:
        picture = _picture(content, _reserved(page))
    except pypdfium2.PdfiumError:  # pyHanko reads what pdfium cannot show: signed all the same
        return False
    for lines in (_lines(mark), ()):
        form, width = _form(writer, mark.address, lines)
        if place := next(_free(picture, width), None):
            break
    else:
        return False
    _shut_in(writer, page)
    drawing = b"q %d %d %d %d %.2f %.2f cm 1 0 0 1 %.2f %.2f cm /XasoMa Do Q" % (*_turned(page), *place)
    resources = generic.DictionaryObject({pdf_name("/XObject"): generic.DictionaryObject({pdf_name("/XasoMa"): form})})
    writer.add_stream_to_page(LAST, writer.add_object(generic.StreamObject(stream_data=drawing)), resources)
    return True


def _free(picture: Image.Image, width: float) -> Iterator[tuple[float, float]]:
    """White places of that size, from the foot upwards, in points from the lower left corner."""
    wide, high = picture.width / SHRUNK, picture.height / SHRUNK
    low = FOOT
    while low + SIDE + FOOT < high:
        left = min(LEFT, wide / 8)
        while left + width + FOOT < wide:
            box = (left - AIR, high - low - SIDE - AIR, left + width + AIR, high - low + AIR)
            if picture.crop(tuple(int(edge * SHRUNK) for edge in box)).getextrema()[0] >= WHITE:  # type: ignore[operator,arg-type]
                yield left, low
            left += STRIDE
        low += STRIDE


def _picture(content: bytes, reserved: list[tuple[float, ...]]) -> Image.Image:
    """The last page, small and grey; places that wait for a signature or a number count as written on."""
    document = pypdfium2.PdfDocument(content)
    try:
        picture = document[len(document) - 1].render(scale=SHRUNK, grayscale=True).to_pil().convert("L")
    finally:
        document.close()
    for left, low, right, high in reserved:
        edges = (left, picture.height / SHRUNK - high, right, picture.height / SHRUNK - low)
        picture.paste(0, tuple(int(edge * SHRUNK) for edge in edges))
    return picture


def _reserved(page: generic.DictionaryObject) -> list[tuple[float, ...]]:
    notes = page["/Annots"] if "/Annots" in page else []  # noqa: SIM401 - get() does not follow references
    boxes = [
        tuple(float(edge) for edge in note.get_object()["/Rect"]) for note in notes if "/Rect" in note.get_object()
    ]
    return [box for box in boxes if box[2] > box[0] and box[3] > box[1]]


def _shut_in(writer: IncrementalPdfFileWriter, page: generic.DictionaryObject) -> None:
    """What the page drew before may have moved the origin: it is kept to itself."""
    if "/Contents" not in page:
        page[pdf_name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b""))
    for drawing, first in ((b"q\n", True), (b"\nQ\n", False)):
        writer.add_stream_to_page(LAST, writer.add_object(generic.StreamObject(stream_data=drawing)), prepend=first)


def _turned(page: generic.DictionaryObject) -> tuple[int, int, int, int, float, float]:
    """From what the reader sees, counted from the lower left corner, to the page's own coordinates."""
    left, low, right, high = (float(edge) for edge in _inherited(page, "/CropBox") or _inherited(page, "/MediaBox"))
    turns = int(_inherited(page, "/Rotate") or 0) % 360
    return {
        90: (0, 1, -1, 0, right, low),
        180: (-1, 0, 0, -1, right, high),
        270: (0, -1, 1, 0, left, high),
    }.get(turns, (1, 0, 0, 1, left, low))  # fmt: skip


def _inherited(page: generic.DictionaryObject, name: str) -> Any:
    node: Any = page
    while node is not None:
        if name in node:
            return node[name]
        node = node["/Parent"] if "/Parent" in node else None  # noqa: SIM401 - get() does not follow references
    return None


def _lines(mark: Mark) -> tuple[str, ...]:
    said = (SAID, mark.address.split("://", 1)[-1], f"Mã: {mark.code}")
    return tuple(lettering.clean(line) for line in said)


def _form(
    writer: IncrementalPdfFileWriter, address: str, lines: tuple[str, ...]
) -> tuple[generic.IndirectObject, float]:
    """The drawing and its width; it is SIDE high."""
    if not lines:
        return looks.form(writer, _squares(address), (SIDE, SIDE), {}), SIDE
    piece = lettering.piece_for("regular", "".join(lines))
    width = SIDE + 4 + max(piece.width(line, LETTER) for line in lines)
    top = SIDE / 2 + LEADING * len(lines) / 2 - LETTER
    written = b"".join(
        b"1 0 0 1 %.2f %.2f Tm %s Tj " % (SIDE + 4, top - LEADING * number, piece.encode(line))
        for number, line in enumerate(lines)
    )
    drawing = b"q %s Q BT /F %.2f Tf %sET" % (_squares(address), LETTER, written)
    return looks.form(writer, drawing, (width, SIDE), {"/Font": {"/F": lettering.embed(writer, piece)}}), width


def _squares(address: str) -> bytes:
    """The dark modules of each row as few rectangles, on white."""
    rows = list(segno.make(address, error="m").matrix_iter(border=QUIET))
    step = SIDE / len(rows)
    drawn = [b"1 g 0 0 %.3f %.3f re f 0 g" % (SIDE, SIDE)]
    for number, row in enumerate(rows):
        left = 0
        for is_dark, modules in groupby(row):
            wide = len(list(modules))
            if is_dark:
                drawn.append(b"%.3f %.3f %.3f %.3f re" % (left * step, SIDE - (number + 1) * step, wide * step, step))
            left += wide
    return b" ".join([*drawn, b"f"])
