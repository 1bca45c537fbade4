"""What a certificate file says, for the register."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from xaso.kit.errors import Refused

MAX_BYTES = 64 * 1024
UNREADABLE = "Không đọc được tệp chứng thư. Hãy chọn tệp .cer, .crt hoặc .pem do tổ chức cấp chữ ký số gửi."
CODES = (NameOID.SERIAL_NUMBER, NameOID.USER_ID)


@dataclass(frozen=True, slots=True)
class Facts:
    der: bytes
    serial: str
    issuer: str
    subject: str
    holder_name: str
    holder_code: str
    valid_from: datetime
    valid_to: datetime
    chain: tuple[bytes, ...] = ()

    def for_audit(self) -> str:
        return f"{self.issuer} {self.serial}"

    @property
    def kept_chain(self) -> list[str]:
        return [base64.b64encode(one).decode() for one in self.chain]


def chain_of(kept: list[str]) -> tuple[bytes, ...]:
    return tuple(base64.b64decode(one) for one in kept)


def read(content: bytes) -> Facts:
    """A DER or PEM file; certificates after the first are its chain. Raises Refused."""
    if not content or len(content) > MAX_BYTES:
        raise Refused(UNREADABLE)
    try:
        if b"-----BEGIN CERTIFICATE-----" in content:
            found = x509.load_pem_x509_certificates(content)
        else:
            found = [x509.load_der_x509_certificate(content)]
        return _facts(found[0], found[1:])
    except ValueError as broken:
        raise Refused(UNREADABLE) from broken


def _facts(certificate: x509.Certificate, others: list[x509.Certificate]) -> Facts:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    codes = [str(one.value) for oid in CODES for one in certificate.subject.get_attributes_for_oid(oid)]
    return Facts(
        der=certificate.public_bytes(Encoding.DER),
        serial=f"{certificate.serial_number:x}",
        issuer=certificate.issuer.rfc4514_string()[:300],
        subject=certificate.subject.rfc4514_string()[:300],
        holder_name=str(names[0].value)[:200] if names else "",
        holder_code=codes[0].rpartition(":")[2][:30] if codes else "",
        valid_from=certificate.not_valid_before_utc,
        valid_to=certificate.not_valid_after_utc,
        chain=tuple(one.public_bytes(Encoding.DER) for one in others),
    )
