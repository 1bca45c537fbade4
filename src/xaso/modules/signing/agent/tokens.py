"""The tokens plugged into this machine, by their PKCS#11 library. Keys are used where they lie, never read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import pkcs11
from asn1crypto import algos, core
from cryptography import x509
from cryptography.x509.oid import NameOID
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass, TokenFlag, exceptions
from pkcs11.util.ec import encode_ecdsa_signature

from xaso.modules.signing.agent.trouble import Trouble

NO_LIBRARY = "Không tìm thấy thư viện của thiết bị ký ({}). Hãy cài phần mềm đi kèm thiết bị, hoặc sửa --library."
BAD_LIBRARY = "Không dùng được thư viện {}: đây không phải thư viện PKCS#11 cho máy này."
NO_DEVICE = "Không thấy thiết bị ký. Hãy cắm USB token rồi thử lại."
NO_CERTIFICATE = "Thiết bị đang cắm không có chứng thư số này. Hãy cắm đúng thiết bị của người ký."
NO_KEY = "Thiết bị có chứng thư nhưng không có khoá ký đi kèm. Hãy liên hệ tổ chức cấp chữ ký số."
WRONG_PIN = "Mã PIN không đúng nên chưa ký. Hãy bấm ký lại rồi nhập đúng mã PIN."
PIN_LOW = "Mã PIN không đúng. Thiết bị báo đã sai nhiều lần: nếu sai tiếp, thiết bị sẽ tự khoá."
PIN_LAST = "Mã PIN không đúng. Thiết bị báo chỉ còn MỘT lần thử; sai nữa thiết bị sẽ tự khoá."
PIN_LOCKED = "Thiết bị đã tự khoá mã PIN. Hãy liên hệ tổ chức cấp chữ ký số để mở khoá."
DEVICE = "Thiết bị ký báo lỗi nên chưa ký được. Hãy rút ra, cắm lại rồi thử lại."

WRONG = (exceptions.PinIncorrect, exceptions.PinInvalid, exceptions.PinLenRange, exceptions.ArgumentsBad)


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate on a token. `name` is the SHA-256 of the certificate: what the page calls it by."""

    name: str
    holder: str
    serial: str
    issuer: str
    valid_to: datetime
    der: bytes
    label: str


class Tokens:
    def __init__(self, library: Path) -> None:
        if not library.is_file():
            raise Trouble("no_library", NO_LIBRARY.format(library))
        try:
            self._driver = pkcs11.lib(str(library))
        except (exceptions.PKCS11Error, OSError, RuntimeError) as error:
            raise Trouble("bad_library", BAD_LIBRARY.format(library)) from error

    def certificates(self) -> list[Held]:
        """Of every token, without a PIN. Raises Trouble when nothing is plugged in."""
        try:
            return [held for token in self._tokens() for held in _held(token)]
        except exceptions.PKCS11Error as error:
            raise Trouble("device", DEVICE) from error

    def find(self, name: str) -> Held:
        for held in self.certificates():
            if held.name == name:
                return held
        raise Trouble("no_certificate", NO_CERTIFICATE)

    def sign(self, held: Held, digest: bytes, pin: str) -> bytes:
        """The value over a SHA-256 digest. One try with the PIN: how many are left is the token's own business."""
        try:
            for token in self._tokens():
                if any(one.name == held.name for one in _held(token)):
                    return _sign(token, held, digest, pin)
        except exceptions.PKCS11Error as error:
            raise Trouble("device", DEVICE) from error
        raise Trouble("no_certificate", NO_CERTIFICATE)

    def _tokens(self) -> Iterator[pkcs11.Token]:
        """Those set up for use: an empty reader and a blank token have nothing to say."""
        seen = False
        for slot in self._driver.get_slots(token_present=True):
            token = slot.get_token()
            if TokenFlag.TOKEN_INITIALIZED in token.flags:
                seen = True
                yield token
        if not seen:
            raise Trouble("no_token", NO_DEVICE)


def _held(token: pkcs11.Token) -> list[Held]:
    with token.open() as session:
        found = list(session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}))
        ders = [bytes(one[Attribute.VALUE]) for one in found]
    read = [_read(der, token.label) for der in ders]
    return [one for one in read if one is not None]


def _read(der: bytes, label: str) -> Held | None:
    """Nothing for an authority's certificate, which lies on many tokens too, and for what cannot be read."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        limits = [one.value for one in certificate.extensions if isinstance(one.value, x509.BasicConstraints)]
    except (ValueError, x509.DuplicateExtension):
        return None
    if any(one.ca for one in limits):
        return None
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return Held(
        name=hashlib.sha256(der).hexdigest(),
        holder=str(names[0].value) if names else certificate.subject.rfc4514_string(),
        serial=f"{certificate.serial_number:x}",
        issuer=certificate.issuer.rfc4514_string(),
        valid_to=certificate.not_valid_after_utc,
        der=der,
        label=label,
    )


def _sign(token: pkcs11.Token, held: Held, digest: bytes, pin: str) -> bytes:
    try:
        session = token.open(user_pin=pin)
    except exceptions.PinLocked as error:
        raise Trouble("pin_locked", PIN_LOCKED) from error
    except WRONG:
        _wrong_pin(token)
    with session:
        # As a list: a search left open stops the next one.
        lying = list(session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.VALUE: held.der}))
        if not lying:
            raise Trouble("no_certificate", NO_CERTIFICATE)
        try:
            key = session.get_key(object_class=ObjectClass.PRIVATE_KEY, id=lying[0][Attribute.ID])
        except exceptions.NoSuchKey as error:
            raise Trouble("no_key", NO_KEY) from error
        if key.key_type == KeyType.EC:
            return bytes(encode_ecdsa_signature(key.sign(digest, mechanism=Mechanism.ECDSA)))
        return bytes(key.sign(_digest_info(digest), mechanism=Mechanism.RSA_PKCS))


def _wrong_pin(token: pkcs11.Token) -> NoReturn:
    """The token keeps the count; PKCS#11 tells of it only that it is low, the last, or used up."""
    flags = token.slot.get_token().flags
    if TokenFlag.USER_PIN_LOCKED in flags:
        raise Trouble("pin_locked", PIN_LOCKED)
    if TokenFlag.USER_PIN_FINAL_TRY in flags:
        raise Trouble("wrong_pin", PIN_LAST)
    raise Trouble("wrong_pin", PIN_LOW if TokenFlag.USER_PIN_COUNT_LOW in flags else WRONG_PIN)


def _digest_info(digest: bytes) -> bytes:
    kind = {"algorithm": "sha256", "parameters": core.Null()}
    return bytes(algos.DigestInfo({"digest_algorithm": kind, "digest": digest}).dump())
