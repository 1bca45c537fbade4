"""What may be signed at all: the signed attributes of a document's signature, made for this very certificate."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Any

from asn1crypto import cms, tsp

from xaso.modules.signing.agent.trouble import Trouble

LONGEST = 16 * 1024
LONGEST_NAME = 200
NOT_SIGNABLE = "Nội dung gửi tới không phải yêu cầu ký tài liệu nên đã bị từ chối. Hãy tải lại trang ký rồi thử lại."
OTHER_CERTIFICATE = "Yêu cầu ký này được lập cho chứng thư khác. Hãy chọn lại chứng thư trên trang ký."
SHA256_BYTES = 32


@dataclass(frozen=True, slots=True)
class Job:
    """`digest` is computed here from the attributes; what the page says it is must agree."""

    uuid: str
    document: str
    certificate: str
    digest: bytes
    attributes: bytes


def read(told: dict[str, Any]) -> Job:
    """The page's wish. Raises Trouble when it is not whole."""
    texts = {name: told.get(name) for name in ("job", "document", "certificate", "signed_attributes", "digest")}
    if not all(isinstance(text, str) and 0 < len(text) <= LONGEST for text in texts.values()):
        raise Trouble("not_signable", NOT_SIGNABLE)
    attributes, claimed = _decoded(str(texts["signed_attributes"])), _decoded(str(texts["digest"]))
    digest = hashlib.sha256(attributes).digest()
    if digest != claimed:
        raise Trouble("not_signable", NOT_SIGNABLE)
    return Job(str(texts["job"])[:64], shown(str(texts["document"])), str(texts["certificate"]), digest, attributes)


def check(job: Job, certificate: bytes) -> None:
    """Raises Trouble unless the attributes are a document signature's, naming this certificate.

    A digest alone could be of anything: a log-in challenge, a certificate request, another document.
    """
    try:
        attributes = cms.CMSAttributes.load(job.attributes, strict=True)
        values = {one["type"].native: one["values"] for one in attributes}
        is_document = values["content_type"][0].native == "data"
        digest = values["message_digest"][0].native
        named = _named(values["signing_certificate_v2"][0])
        algorithm, fingerprint = named["hash_algorithm"]["algorithm"].native, named["cert_hash"].native
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise Trouble("not_signable", NOT_SIGNABLE) from error
    if not is_document or len(digest) != SHA256_BYTES:
        raise Trouble("not_signable", NOT_SIGNABLE)
    if algorithm != "sha256" or fingerprint != hashlib.sha256(certificate).digest():
        raise Trouble("other_certificate", OTHER_CERTIFICATE)


def _named(value: tsp.SigningCertificateV2) -> tsp.ESSCertIDv2:
    """The first certificate named is the signer's. Importing `tsp` is what teaches `cms` to read it."""
    return value["certs"][0]


def shown(text: str) -> str:
    """A name fit for a terminal: no control characters, which could redraw it."""
    return "".join(letter for letter in text if letter.isprintable())[:LONGEST_NAME]


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Trouble("not_signable", NOT_SIGNABLE) from error
