"""PAdES with pyHanko, cut in two at the place where somebody else computes the signature value.

`prepare` writes the signature's place and its look and says what is to be signed; minutes and a restart later `finish`
puts the value in. What is kept in between is only what was added behind the original file. Imported late (1.3 s).
"""

# pyHanko and fontTools are only partly typed.
# mypy: disable-error-code="no-untyped-call,import-untyped"

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from asn1crypto import cms, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import load_der_x509_certificate
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import ExternalSigner, PdfTimeStamper
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigAppearanceSetup, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest, SignatureObject
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper, TimestampRequestError
from pyhanko.sign.validation.dss import async_add_validation_info
from pyhanko.sign.validation.errors import SignatureValidationError, ValidationInfoReadingError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from xaso.kit.errors import Refused
from xaso.modules.signing.pdf import code
from xaso.modules.signing.pdf.code import Mark
from xaso.modules.signing.pdf.fields import empty_fields, fill, filled_fields, opened, reserve
from xaso.modules.signing.pdf.looks import Look, LookStyle
from xaso.modules.signing.rules import AGENCY, B_B, B_LT, B_LTA, B_T, FIELDS, LEVELS, Box

__all__ = [
    "Done", "Holder", "Key", "Look", "Mark", "Place", "Prepared", "Wish", "fill", "finish", "is_right_value", "prepare",
    "reserve", "sign_now", "signed_by",
]  # fmt: skip

log = logging.getLogger(__name__)

ALGORITHM = "sha256"
FOR_VALUE = 1_024
FOR_ATTRIBUTES = 2_048
FOR_TIME_STAMP = 10_240
UNREACHABLE = (TimestampRequestError, OSError, TimeoutError)
NO_PROOF = (
    *UNREACHABLE,
    PathBuildingError,
    PathValidationError,
    SignatureValidationError,
    ValidationInfoReadingError,
    SigningError,
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything needed to finish. `tail` is what stands behind the original content; offsets count from its start."""

    tail: bytes
    start: int
    end: int
    document_digest: bytes
    signed_attributes: bytes
    field: str


@dataclass(frozen=True, slots=True)
class Done:
    """`note`: why the level is lower than asked for, for the record."""

    content: bytes
    level: str
    note: str = ""


class Key(Protocol):
    """A key that stays loaded: parsing one takes longer than signing with it."""

    certificate: bytes
    chain: Sequence[bytes]

    def sign(self, signed_attributes: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose signature: the certificate and those between it and the root, as DER."""

    certificate: bytes
    chain: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted around the value: the level, who stamps the time, and how proofs are found."""

    level: str = B_B
    tsa_url: str = ""
    context: ValidationContext | None = None
    timestamper: TimeStamper | None = None

    def stamper(self) -> TimeStamper | None:
        if self.timestamper is not None or self.level == B_B:
            return self.timestamper
        return HTTPTimeStamper(self.tsa_url, timeout=15) if self.tsa_url else None


@dataclass(frozen=True, slots=True)
class Place:
    """Which field; where to draw it when the document kept no place for it; why it is signed; room for a time-stamp;
    the code that whoever holds the paper checks it by."""

    field: str = ""
    box: Box | None = None
    reason: str = ""
    stamped: bool = False
    mark: Mark | None = None


def prepare(content: bytes, holder: Holder, look: Look, place: Place) -> Prepared:
    """Write the place of the signature and say what is to be signed."""
    writer = opened(content)
    name = place.field or FIELDS[look.role]
    _need_order(writer.prev, look.role, name)
    if place.mark is not None and not filled_fields(writer.prev):
        code.draw(writer, content, place.mark)
    spec = _new_field(writer.prev, name, place.box)
    embedder = PdfCMSEmbedder(new_field_spec=spec).write_cms(name, writer, existing_fields_only=spec is None)
    next(embedder)
    embedder.send(
        SigObjSetup(
            sig_placeholder=SignatureObject(
                bytes_reserved=2 * _room(holder, place.stamped),
                subfilter=SigSeedSubFilter.PADES,
                timestamp=look.at,
                name=look.holder or None,
                reason=place.reason or None,
            ),
            mdp_setup=SigMDPSetup(md_algorithm=ALGORITHM),
            appearance_setup=SigAppearanceSetup(style=LookStyle(look), timestamp=look.at, name=look.holder),
        )
    )
    prepared, output = embedder.send(SigIOSetup(md_algorithm=ALGORITHM, in_place=True))
    attributes = _attributes(holder, prepared.document_digest)
    whole = output.getvalue()
    if not whole.startswith(content):
        raise RuntimeError("what was signed before would change")
    return Prepared(
        tail=whole[len(content) :],
        start=prepared.reserved_region_start,
        end=prepared.reserved_region_end,
        document_digest=prepared.document_digest,
        signed_attributes=attributes,
        field=name,
    )


def _need_order(reader: PdfFileReader, role: str, name: str) -> None:
    """The seal goes only onto what a person has signed, nothing follows it, and nobody signs the same place twice."""
    filled = filled_fields(reader)
    if name in filled:
        raise Refused(ALREADY[role])
    if role == AGENCY and not filled:
        raise Refused(NOT_YET_SIGNED)
    if role != AGENCY and FIELDS[AGENCY] in filled:
        raise Refused("Cơ quan đã ký tệp này nên không thêm chữ ký cá nhân được nữa.")


ALREADY = {
    "person": "Tệp này đã có chữ ký cá nhân. Không cần ký lại.",
    "agency": "Tệp này đã có chữ ký của cơ quan. Không cần ký lại.",
}
NOT_YET_SIGNED = "Tệp này chưa có chữ ký của người có thẩm quyền. Cơ quan chỉ ký sau khi người đó đã ký."


def _new_field(reader: PdfFileReader, name: str, box: Box | None) -> SigFieldSpec | None:
    """None when the document kept a place; without a box the new signature is not drawn."""
    if name in empty_fields(reader):
        return None
    if box is None:
        return SigFieldSpec(name)
    return SigFieldSpec(name, on_page=box.page - 1, box=box.corners)  # type: ignore[arg-type]  # it takes fractions


def _room(holder: Holder, stamped: bool) -> int:
    """Known beforehand, so that no second signature is computed only to measure the first."""
    certificates = len(holder.certificate) + sum(len(one) for one in holder.chain)
    return certificates + FOR_VALUE + FOR_ATTRIBUTES + (FOR_TIME_STAMP if stamped else 0)


@lru_cache(maxsize=100)
def _signer(holder: Holder) -> ExternalSigner:
    """For the attributes only; a signer with a value is made for each signature."""
    return _external(holder, b"")


def _external(holder: Holder, value: bytes) -> ExternalSigner:
    store = SimpleCertificateStore()
    for one in holder.chain:
        store.register(_parsed(one))
    return ExternalSigner(_parsed(holder.certificate), store, signature_value=value or 256, embed_roots=False)


@lru_cache(maxsize=200)
def _parsed(der: bytes) -> x509.Certificate:
    return x509.Certificate.load(der)


def _attributes(holder: Holder, digest: bytes) -> bytes:
    settings = PdfCMSSignedAttributes()
    made = _signer(holder).signed_attrs(digest, ALGORITHM, attr_settings=settings, use_pades=True)
    attributes: bytes = asyncio.run(made).dump()
    return attributes


def is_right_value(certificate: bytes, signed_attributes: bytes, value: bytes) -> bool:
    """Does the value come from the key of this certificate? Asked before anything is written."""
    key = load_der_x509_certificate(certificate).public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(value, signed_attributes, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(value, signed_attributes, ec.ECDSA(hashes.SHA256()))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def finish(content: bytes, prepared: Prepared, holder: Holder, value: bytes, wish: Wish) -> Done:
    """Put the value in its place and add the proofs that can be had. A level out of reach now is not faked."""
    stamper = wish.stamper()
    try:
        container = _container(holder, prepared, value, stamper)
        level, note = (B_T if stamper else B_B), ""
    except UNREACHABLE as failure:
        log.warning("no time-stamp: %s", failure)
        container, stamper = _container(holder, prepared, value, None), None
        level, note = B_B, "Máy chủ dấu thời gian không trả lời nên chữ ký chưa có dấu thời gian."
    output = io.BytesIO()
    output.write(content)
    output.write(prepared.tail)
    digest = PreparedByteRangeDigest(prepared.document_digest, prepared.start, prepared.end)
    digest.fill_with_cms(output, container)
    done = Done(output.getvalue(), level, note)
    if stamper is None or wish.context is None or LEVELS.index(wish.level) < LEVELS.index(B_LT):
        return done
    return asyncio.run(_with_proofs(done, prepared.field, wish, wish.context, stamper))


def _container(holder: Holder, prepared: Prepared, value: bytes, stamper: TimeStamper | None) -> cms.ContentInfo:
    making = _external(holder, value).async_sign_prescribed_attributes(
        ALGORITHM, cms.CMSAttributes.load(prepared.signed_attributes), timestamper=stamper
    )
    return asyncio.run(making)


async def _with_proofs(done: Done, name: str, wish: Wish, context: ValidationContext, stamper: TimeStamper) -> Done:
    """What the library opened towards the authorities is closed while its event loop still runs."""
    try:
        return await _proved(done, name, wish, context, stamper)
    finally:
        await context.aclose()


async def _proved(done: Done, name: str, wish: Wish, context: ValidationContext, stamper: TimeStamper) -> Done:
    """Certificates and what their issuers say of them, kept in the file; then, if asked, a time-stamp over it all."""
    stream = io.BytesIO(done.content)
    try:
        reader = PdfFileReader(stream, strict=False)
        signature = next(one for one in reader.embedded_signatures if one.field_name == name)
        await async_add_validation_info(signature, context, in_place=True, force_write=True)
        reached = Done(stream.getvalue(), B_LT)
    except NO_PROOF as failure:
        log.warning("no long-term proofs: %s", failure)
        return Done(done.content, done.level, "Chưa lấy được thông tin thu hồi nên chữ ký chưa đủ dữ liệu dài hạn.")
    if wish.level != B_LTA:
        return reached
    try:
        writer = IncrementalPdfFileWriter(stream, strict=False)
        await PdfTimeStamper(stamper).async_timestamp_pdf(writer, ALGORITHM, context, in_place=True)
        return Done(stream.getvalue(), B_LTA)
    except NO_PROOF as failure:
        log.warning("no archive time-stamp: %s", failure)
        return Done(reached.content, B_LT, "Chưa đóng được dấu thời gian lưu trữ.")


def sign_now(content: bytes, key: Key, look: Look, wish: Wish, place: Place = Place()) -> Done:
    """Prepare, sign and finish in one go, with a key at hand."""
    holder = Holder(key.certificate, tuple(key.chain))
    prepared = prepare(content, holder, look, replace(place, stamped=wish.level != B_B))
    return finish(content, prepared, holder, key.sign(prepared.signed_attributes), wish)


def signed_by(content: bytes) -> tuple[str, ...]:
    """Names of the fields that bear a signature, without judging it."""
    return filled_fields(opened(content).prev)
