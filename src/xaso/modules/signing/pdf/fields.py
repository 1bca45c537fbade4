"""Places kept free for what comes later: two signatures, and the number and the day that the clerk gives in between.

Number and day are form fields, because filling in a form is the one change that leaves an earlier signature valid.
"""

# pyHanko and fontTools are only partly typed.
# mypy: disable-error-code="no-untyped-call,import-untyped"

from __future__ import annotations

import io
from collections.abc import Mapping

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, append_signature_field, enumerate_sig_fields

from xaso.kit.errors import Refused
from xaso.modules.signing.pdf import lettering, looks
from xaso.modules.signing.rules import AGENCY_FIELD, DAY_FIELD, FIELD_TITLES, PERSON_FIELD, Box

LETTER_SIZE = 13.0
ORDER = (PERSON_FIELD, AGENCY_FIELD)
PRINTED = 4
READ_ONLY = 1
BROKEN = "Tệp này không phải PDF đọc được nên không ký được. Hãy mở tệp, lưu lại thành PDF rồi thử lại."
LOCKED = "Tệp PDF này đặt mật khẩu nên không ký được. Hãy bỏ mật khẩu rồi thử lại."
NO_FIELD = "Tệp này không chừa chỗ để ghi “{field}”. Hãy tạo lại văn bản từ mẫu của XãSố."


def opened(content: bytes) -> IncrementalPdfFileWriter:
    """Ready to be added to. Raises Refused for what cannot be signed."""
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(content), strict=False)
        writer.root["/Pages"]
    except (PdfError, KeyError, ValueError, TypeError, AttributeError, RecursionError) as broken:
        raise Refused(BROKEN) from broken
    if writer.prev.encrypted:
        raise Refused(LOCKED)
    return writer


def read(content: bytes) -> PdfFileReader:
    return opened(content).prev


def reserve(content: bytes, boxes: Mapping[str, Box]) -> bytes:
    """The same document with empty fields. Before the first signature only."""
    writer = opened(content)
    if filled_fields(writer.prev):
        raise Refused("Tệp này đã có chữ ký số nên không chừa thêm chỗ được nữa.")
    for name in [name for name in ORDER if name in boxes]:
        box = boxes[name]
        append_signature_field(
            writer,
            SigFieldSpec(
                name,
                on_page=box.page - 1,
                box=box.corners,  # type: ignore[arg-type]  # it takes fractions too
                readable_field_name=FIELD_TITLES[name],
                empty_field_appearance=False,
            ),
        )
    for name in [name for name in boxes if name not in ORDER]:
        _add_text_field(writer, name, boxes[name])
    return _written(writer)


def _add_text_field(writer: IncrementalPdfFileWriter, name: str, box: Box) -> None:
    page = writer.find_page_for_modification(box.page - 1)[0]
    field = generic.DictionaryObject(
        {
            pdf_name("/FT"): pdf_name("/Tx"),
            pdf_name("/T"): generic.pdf_string(name),
            pdf_name("/TU"): generic.pdf_string(FIELD_TITLES.get(name, name)),
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/Widget"),
            pdf_name("/F"): generic.NumberObject(PRINTED),
            # Filled in by the clerk's number book, never by hand in a reader.
            pdf_name("/Ff"): generic.NumberObject(READ_ONLY),
            pdf_name("/DA"): generic.pdf_string("0 g"),
            pdf_name("/Rect"): generic.ArrayObject(generic.FloatObject(edge) for edge in box.corners),
            pdf_name("/P"): page,
            pdf_name("/AP"): generic.DictionaryObject(
                {pdf_name("/N"): looks.form(writer, b"", (box.width, box.height), {})}
            ),
        }
    )
    reference = writer.add_object(field)
    fields = _form(writer)["/Fields"]
    fields.append(reference)
    writer.update_container(fields)
    writer.register_annotation(page, reference)


def _form(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    form: generic.DictionaryObject
    if "/AcroForm" not in writer.root:
        form = generic.DictionaryObject({pdf_name("/Fields"): generic.ArrayObject()})
        writer.root[pdf_name("/AcroForm")] = writer.add_object(form)
        writer.update_root()
    form = writer.root["/AcroForm"]
    return form


def fill(content: bytes, values: Mapping[str, str]) -> bytes:
    """Write into the text fields, behind the file. A field is filled once: a number given is not rewritten."""
    writer = opened(content)
    places = _text_fields(writer)
    for name, value in values.items():
        if name not in places:
            raise Refused(NO_FIELD.format(field=FIELD_TITLES.get(name, name)))
        _fill(writer, places[name], name, lettering.clean(value).strip())
    return _written(writer)


def _fill(writer: IncrementalPdfFileWriter, place: generic.IndirectObject, name: str, value: str) -> None:
    field = place.get_object()
    if field.get("/V"):
        raise Refused(f"Ô “{FIELD_TITLES.get(name, name)}” của văn bản đã được ghi rồi.")
    left, low, right, high = (float(edge) for edge in field["/Rect"])
    size = (right - left, high - low)
    piece = lettering.piece_for("italic" if name == DAY_FIELD else "regular", value)
    letter = min(LETTER_SIZE, size[0] / max(piece.width(value, 1), 0.01))
    # On the line the template left for it: the descent of 13 pt letters above the lower edge.
    base = max((size[1] - letter) / 2, 0) + letter * 0.22
    drawing = b"/Tx BMC q 0 g BT /F %.2f Tf 0 %.2f Td %s Tj ET Q EMC" % (letter, base, piece.encode(value))
    appearance = looks.form(writer, drawing, size, {"/Font": {"/F": lettering.embed(writer, piece)}})
    field["/V"] = generic.pdf_string(value)
    field["/AP"] = generic.DictionaryObject({pdf_name("/N"): appearance})
    writer.mark_update(place)


def _text_fields(writer: IncrementalPdfFileWriter) -> dict[str, generic.IndirectObject]:
    if "/AcroForm" not in writer.root:
        return {}
    fields = writer.root["/AcroForm"].get("/Fields", [])
    found = {}
    for place in fields:
        field = place.get_object()
        if field.get("/FT") == "/Tx" and field.get("/T"):
            found[str(field["/T"])] = place
    return found


def filled_fields(reader: PdfFileReader) -> tuple[str, ...]:
    """Names of the signature fields that bear a signature."""
    return tuple(str(name) for name, value, _ in enumerate_sig_fields(reader) if value is not None)


def empty_fields(reader: PdfFileReader) -> tuple[str, ...]:
    return tuple(str(name) for name, value, _ in enumerate_sig_fields(reader) if value is None)


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()
