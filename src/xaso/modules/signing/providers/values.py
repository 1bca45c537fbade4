"""Signature values and certificates as they come from outside: read, and believed only when they fit."""

import base64
import binascii

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from xaso.modules.signing.providers import Answer, CertificateFound, HashJob

LONGEST_VALUE = 4096
WRONG_VALUE = (
    "Giá trị chữ ký nhận về không khớp với chứng thư số đã chọn nên không được dùng. "
    "Hãy kiểm tra lại chứng thư trong sổ chữ ký số rồi gửi lại."
)


def fits(certificate: bytes, signed_attributes: bytes, value: bytes) -> bool:
    """Whether the value is a signature of these attributes by the key of this certificate."""
    key = x509.load_der_x509_certificate(certificate).public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(value, signed_attributes, padding.PKCS1v15(), SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(value, signed_attributes, ec.ECDSA(SHA256()))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def signed(job: HashJob, value: bytes, reference: str) -> Answer:
    """The answer "signed", when the value proves itself; who sent it does not matter then."""
    if fits(job.certificate.der, job.signed_attributes, value):
        return Answer("signed", reference, signature=value)
    return Answer("failed", reference, sentence=WRONG_VALUE)


def decoded(text: object) -> bytes:
    """Bytes of a base64 text; empty when it is none, or longer than a signature or certificate can be."""
    if not isinstance(text, str) or len(text) > LONGEST_VALUE * 4:
        return b""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def encoded(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def uses_curve(certificate: bytes) -> bool:
    return isinstance(x509.load_der_x509_certificate(certificate).public_key(), ec.EllipticCurvePublicKey)


def found(reference: str, der: bytes) -> CertificateFound | None:
    """A certificate the service holds, for the register; nothing when the bytes are none."""
    try:
        certificate = x509.load_der_x509_certificate(der)
    except ValueError:
        return None
    return CertificateFound(
        reference=reference,
        serial=f"{certificate.serial_number:x}",
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        valid_from=certificate.not_valid_before_utc,
        valid_to=certificate.not_valid_after_utc,
        der=der,
    )
