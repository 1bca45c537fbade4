"""The arrival stamp and the mark of a copy, drawn in the top margin of a copy: never on a signed original."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from pypdf import PdfReader, PdfWriter, Transformation
from pypdf.errors import PyPdfError

from xaso.kit.errors import Refused
from xaso.modules.layouts.definitions import kind_of, layout_on
from xaso.modules.layouts.press import Job, printed
from xaso.modules.layouts.printed import POINTS, printable_words
from xaso.modules.papers.queries import FONTS_DIR

VIETNAM_TIME = timezone(timedelta(hours=7))
EDGE = 3 * POINTS
SIGNED = (
    "Văn bản này đã ký số nên không đóng dấu lên tệp: chữ ký sẽ mất hiệu lực. Hãy dùng phiếu dấu đến kèm theo văn bản."
)
SIGNED_COPY = "Văn bản này đã ký số nên không ghi lên tệp. Hãy ký số bản sao bằng chữ ký của cơ quan."
BROKEN = "Không mở được tệp PDF để đóng dấu. Hãy xuất lại PDF rồi làm lại."


@dataclass(frozen=True, slots=True)
class Arrival:
    """The words of the stamp ĐẾN; an empty one is a dotted line to write on."""

    agency: str
    number: str
    on: date
    passed_to: str = ""
    file_mark: str = ""


def is_signed(pdf: bytes) -> bool:
    """Whether a signature covers bytes of the file. Its range always stands in plain bytes, so nothing is opened."""
    return b"/ByteRange" in pdf


def stamped(pdf: bytes, arrival: Arrival) -> bytes:
    """A copy of the PDF with the stamp in the top margin of its first page. Raises Refused when it is signed."""
    if is_signed(pdf):
        raise Refused(SIGNED)
    return _over(pdf, _drawn("arrival", arrival, ()), from_right=False)


def arrival_slip(arrival: Arrival, *, document: str = "", sender: str = "") -> bytes:
    """The stamp on a slip of its own, for a signed document. `document`: its number, symbol and subject."""
    named = (("Văn bản", document), ("Nơi gửi", sender))
    return _drawn("slip", arrival, tuple((label, value) for label, value in named if value))


def copied(pdf: bytes, *, form: str, agency: str, at: datetime) -> bytes:
    """A copy of a scanned document with the mark of NĐ 30/2020: form of copy, agency, time. `form`: SY, TrS or SL."""
    kind = kind_of(form)
    if not kind.is_copy:
        raise Refused("Hình thức sao phải là sao y, trích sao hoặc sao lục. Hãy chọn lại.")
    if is_signed(pdf):
        raise Refused(SIGNED_COPY)
    moment = at.astimezone(VIETNAM_TIME)
    lines = (kind.form, agency, f"Thời gian sao: {moment:%d/%m/%Y %H:%M:%S} {moment:%z}"[:-2] + ":00")
    return _over(pdf, _drawn("copy", Arrival(agency, "", moment.date()), lines), from_right=True)


def _drawn(shape: str, arrival: Arrival, lines: tuple[Any, ...]) -> bytes:
    layout = layout_on(arrival.on)
    told = asdict(arrival) | {
        "title": "Dấu đến" if shape != "copy" else "Bản sao",
        "shape": shape,
        "day": f"{arrival.on:%d/%m/%Y}",
        "size": layout.sizes["copy_mark"].set,
        "lines": lines,
    }
    told.pop("on")
    payload = json.dumps(printable_words(told), ensure_ascii=False, sort_keys=True)
    content, _ = printed(Job(layout.folder / "stamp.typ", FONTS_DIR, payload, arrival.on, has_boxes=False))
    return content


def _over(pdf: bytes, mark: bytes, *, from_right: bool) -> bytes:
    stamp = PdfReader(io.BytesIO(mark)).pages[0]
    made = io.BytesIO()
    try:
        writer = PdfWriter(clone_from=io.BytesIO(pdf))
        page = writer.pages[0]
        page.transfer_rotation_to_content()
        box = page.mediabox
        x = float(box.right) - float(stamp.mediabox.width) - EDGE if from_right else float(box.left) + 25 * POINTS
        y = float(box.top) - float(stamp.mediabox.height) - (EDGE if from_right else POINTS)
        page.merge_transformed_page(stamp, Transformation().translate(x, y))
        writer.write(made)
    except (PyPdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as wrong:
        raise Refused(BROKEN) from wrong
    return made.getvalue()
