"""Reads a certificate that a person uploads, and answers about revocation that an authority sends."""

from __future__ import annotations

import binascii
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import crl, ocsp, pem, x509

from xaso.kit.errors import Refused
from xaso.modules.trust import rules

MAX_BYTES = 64 * 1024
NOT_READ = "Tệp này không phải chứng thư số. Hãy chọn tệp .cer, .crt, .der hoặc .pem tải từ trang của cơ quan cấp."
NOT_ONE = "Tệp này chứa nhiều chứng thư. Hãy tách ra, mỗi lần thêm một chứng thư để so dấu vân tay."
PRIVATE = "Tệp này chứa khoá bí mật. Đừng gửi khoá bí mật đi đâu cả; chỉ cần chứng thư (.cer, .crt)."
NOT_AUTHORITY = (
    "Chứng thư này là của một người hoặc một dịch vụ, không phải của cơ quan cấp chứng thư, nên không làm gốc được."
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a page shows of a certificate before anybody trusts it."""

    content: bytes
    subject: str
    issuer: str
    serial: str
    fingerprint: str
    short_fingerprint: str
    valid_from: datetime
    valid_to: datetime
    is_root: bool

    def is_named_by(self, typed: str) -> bool:
        """Whether what a person copied from the authority's page names this certificate: SHA-256 or SHA-1."""
        hexadecimal = "".join(letter for letter in typed.lower() if letter in "0123456789abcdef")
        return hexadecimal in (self.fingerprint, self.short_fingerprint)

    @property
    def fingerprint_shown(self) -> str:
        return rules.in_pairs(self.fingerprint)

    @property
    def short_fingerprint_shown(self) -> str:
        return rules.in_pairs(self.short_fingerprint)


def read_certificate(content: bytes) -> Certificate:
    """DER or PEM, one certificate of an authority. Raises Refused with the sentence."""
    try:
        found = x509.Certificate.load(_der(content), strict=True)
        return _shown(found)
    except (ValueError, TypeError, KeyError, OverflowError, binascii.Error) as broken:
        raise Refused(NOT_READ) from broken


def _der(content: bytes) -> bytes:
    if len(content) > MAX_BYTES:
        raise Refused(NOT_READ)
    if b"PRIVATE KEY" in content:
        raise Refused(PRIVATE)
    if not pem.detect(content):
        return content
    parts = [der for kind, _, der in pem.unarmor(content, multiple=True) if kind == "CERTIFICATE"]
    if len(parts) > 1:
        raise Refused(NOT_ONE)
    return bytes(parts[0]) if parts else b""


def named(name: x509.Name) -> str:
    """Whole, the common name first: `Gốc quốc gia, Trung tâm A, VN`. Without the labels of a language."""
    native = dict(name.native)
    first = [native.pop("common_name", None), native.pop("title", None)]
    values = [
        one for value in [*first, *reversed(native.values())] for one in (value if isinstance(value, list) else [value])
    ]
    return ", ".join(str(one) for one in values if one)[:300]


def _shown(found: x509.Certificate) -> Certificate:
    if not found.ca:
        raise Refused(NOT_AUTHORITY)
    return Certificate(
        found.dump(),
        named(found.subject),
        named(found.issuer),
        f"{found.serial_number:X}"[:80],
        found.sha256.hex(),
        found.sha1.hex(),
        found.not_valid_before,
        found.not_valid_after,
        found.self_issued,
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer about revocation: of when, until when, from whom."""

    issuer: str
    this_update: datetime
    next_update: datetime | None


def read_list(content: bytes) -> Answer:
    """A list of revocations. Raises ValueError when it is none."""
    found = crl.CertificateList.load(content, strict=True)
    told = found["tbs_cert_list"]
    until = told["next_update"].native
    return Answer(named(found.issuer), _aware(told["this_update"].native), until and _aware(until))


def read_status(content: bytes) -> Answer:
    """The answer of a responder about one certificate. Raises ValueError when it is none."""
    found = ocsp.OCSPResponse.load(content, strict=True)
    if found["response_status"].native != "successful":
        raise ValueError(f"the responder says {found['response_status'].native}")
    single = found.response_data["responses"][0]
    until = single["next_update"].native
    return Answer("", _aware(single["this_update"].native), until and _aware(until))


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
