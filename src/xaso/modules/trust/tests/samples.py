"""PDFs with a form, changed after signing in ways that are allowed and in ways that are not."""

import io

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

EMPTY_LOOK = b"BT ET"


def with_form(pdf: bytes) -> bytes:
    """The same PDF with a text field "so" on its first page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    look = generic.StreamObject(
        {pdf_name("/Type"): pdf_name("/XObject"), pdf_name("/Subtype"): pdf_name("/Form"),
         pdf_name("/BBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 80, 20)))},
        stream_data=EMPTY_LOOK,
    )  # fmt: skip
    page = writer.root["/Pages"]["/Kids"][0]
    field = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/Widget"),
            pdf_name("/FT"): pdf_name("/Tx"),
            pdf_name("/T"): pdf_string("so"),
            pdf_name("/V"): pdf_string(""),
            pdf_name("/F"): generic.NumberObject(4),
            pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (100, 700, 180, 720))),
            pdf_name("/AP"): generic.DictionaryObject({pdf_name("/N"): writer.add_object(look)}),
        }
    )
    reference = writer.add_object(field)
    page["/Annots"] = generic.ArrayObject([reference])
    writer.update_container(page)
    writer.root["/AcroForm"] = generic.DictionaryObject({pdf_name("/Fields"): generic.ArrayObject([reference])})
    writer.update_root()
    return _written(writer)


def fill(pdf: bytes, value: str) -> bytes:
    """The text field "so" gets a value, as an incremental update."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    for reference in writer.root["/AcroForm"]["/Fields"]:
        field = reference.get_object()
        if field.get("/T") == "so":
            field["/V"] = pdf_string(value)
            writer.update_container(field)
            look = field["/AP"].raw_get("/N").get_object()
            look._data = f"BT ({value}) Tj ET".encode()
            look._encoded_data = None
            writer.update_container(look)
    return _written(writer)


def repaint(pdf: bytes) -> bytes:
    """The page says something else, as an incremental update."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"q 1 0 0 RG 0 0 100 100 re S Q"))
    writer.update_container(page)
    return _written(writer)


def _written(writer) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


class WrongStamper(DummyTimeStamper):
    """Stamps something else than it was asked to."""

    def request_tsa_response(self, req):
        req["message_imprint"]["hashed_message"] = bytes(32)
        return super().request_tsa_response(req)


def wrong_timestamper(pki):
    return _stamper(WrongStamper, pki, "tsa")


def unknown_timestamper(pki):
    """Signed by somebody nobody trusts for time."""
    return _stamper(DummyTimeStamper, pki, "stranger")


def _stamper(kind, pki, name):
    store = SimpleCertificateStore()
    for certificate in pki.chain(name)[1:]:
        store.register(certificate)
    return kind(pki.certificate(name), pki.simple_signer(name).signing_key, certs_to_embed=store)
