"""Who has a key at a simulator: made when it starts, or read from a file of the tests."""

import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
SHOWN = (("026175000104", "Vũ Thị Hoa"), ("2500000000", "UBND xã Ngũ Kiên"), ("+84912345606", "Vũ Thị Hoa"))


@dataclass(slots=True)
class Holder:
    """`state`: active, expired or revoked. `left`: signatures still paid for; None is without end."""

    code: str
    name: str
    key: Key
    certificate: x509.Certificate
    chain: list[x509.Certificate] = field(default_factory=list)
    state: str = "active"
    left: int | None = None

    @property
    def serial(self) -> str:
        return f"{self.certificate.serial_number:x}"

    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def sign(self, digest: bytes) -> bytes:
        """The value over a SHA-256 digest, as a service's HSM makes it."""
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(digest, padding.PKCS1v15(), utils.Prehashed(SHA256()))
        return self.key.sign(digest, ec.ECDSA(utils.Prehashed(SHA256())))


def read(file: Path) -> list[Holder]:
    """`[{"code", "name", "key": PEM file, "certificate": PEM file, "chain": [PEM files]}]`, paths beside the list."""
    held = []
    for told in json.loads(file.read_text(encoding="utf-8")):
        key = serialization.load_pem_private_key((file.parent / told["key"]).read_bytes(), password=None)
        if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise TypeError("a simulator's key is RSA or elliptic")
        chain = [_certificate(file.parent / name) for name in told.get("chain", [])]
        held.append(Holder(told["code"], told["name"], key, _certificate(file.parent / told["certificate"]), chain))
    return held


def made_up(people: tuple[tuple[str, str], ...] = SHOWN) -> list[Holder]:
    """Holders under a root of their own, whose name says what it is."""
    root_key = _new_key()
    root = _issue("CA giả lập XãSố (không có giá trị)", "", root_key, None, root_key)
    held = []
    for code, name in people:
        key = _new_key()
        held.append(Holder(code, name, key, _issue(name, code, key, root, root_key), [root]))
    return held


def _certificate(file: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(file.read_bytes())


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _issue(name: str, code: str, key: Key, issuer: x509.Certificate | None, issuer_key: Key) -> x509.Certificate:
    said = [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    if code:
        said.append(x509.NameAttribute(NameOID.USER_ID, f"CCCD:{code}"))
    subject = x509.Name(said)
    start = datetime.fromtimestamp(time.time(), UTC) - timedelta(days=1)  # a program of its own, without our clock
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=400))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    return built.sign(issuer_key, SHA256())
