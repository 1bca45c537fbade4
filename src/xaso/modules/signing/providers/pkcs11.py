"""A token or an HSM plugged into the server, by its PKCS#11 library.

The PIN comes from a file that only the server reads, or from the person at the moment of signing; it is never stored
and never logged. A session stays open between signatures and is opened anew when the device was away.
"""

# mypy: disable-error-code="import-untyped"

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pkcs11
from asn1crypto import algos, core
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass, exceptions
from pkcs11.util.ec import encode_ecdsa_signature

from xaso.modules.signing import certificates, configured
from xaso.modules.signing.providers import PROVIDERS, Answer, CertificateFound, HashJob, WrongPin

T = TypeVar("T")

NO_LIBRARY = "Chưa khai báo thư viện của thiết bị ký (XASO_SIGN_PKCS11_LIBRARY). Nhờ quản trị hệ thống."
NO_DEVICE = "Không thấy thiết bị ký. Hãy cắm thiết bị vào máy chủ rồi thử lại."
NO_KEY = "Thiết bị ký không có khoá của chứng thư này. Hãy cắm đúng thiết bị hoặc chọn chứng thư khác."
WRONG_PIN = "Mã PIN không đúng. Hãy kiểm tra rồi nhập lại; thiết bị có thể tự khoá sau nhiều lần sai."
LOCKED_PIN = "Thiết bị đã tự khoá vì nhập sai mã PIN nhiều lần. Hãy liên hệ tổ chức cấp để mở khoá."
WRONG_KEPT_PIN = "Mã PIN lưu trên máy chủ không đúng nên không thử lại. Nhờ quản trị hệ thống sửa tệp mã PIN."
NO_KEPT_PIN = "Máy chủ chưa có mã PIN của thiết bị ký. Nhờ quản trị hệ thống đặt XASO_SIGN_PKCS11_PIN_FILE."
TROUBLE = "Thiết bị ký báo lỗi nên chưa ký được. Hãy rút ra cắm lại rồi thử lại."

WRONG = (exceptions.PinIncorrect, exceptions.PinInvalid, exceptions.PinLenRange, exceptions.ArgumentsBad)
AWAY = (exceptions.NoSuchToken, exceptions.TokenNotPresent, exceptions.DeviceRemoved, exceptions.TokenNotRecognised)


class _Settled(Exception):
    """Nothing more to try; the sentence is for the signer."""


class Pkcs11Provider:
    title = "USB token, thiết bị HSM"

    def __init__(self) -> None:
        self._turn = threading.RLock()  # a device does one thing at a time
        self._session: pkcs11.Session | None = None
        self._opened_for = ""
        self._refused_pin = b""

    def start(self, job: HashJob) -> Answer:
        """With the PIN kept on the server. The same job again is the same hash and so the same signature."""
        with self._turn:
            return self._answer(lambda: self._kept(lambda session: _sign(session, job)))

    def start_with(self, job: HashJob, pin: str) -> Answer:
        """With the PIN just typed. The session ends with the signature: nobody else may sign behind it."""
        with self._turn:
            self.close()
            return self._answer(lambda: self._once(pin, lambda session: _sign(session, job)))

    def poll(self, job: HashJob, reference: str) -> Answer:
        del reference
        return self.start(job)

    def certificates(self, holder: str) -> list[CertificateFound]:
        """What lies on the token, readable without a PIN."""
        with self._turn:
            session = self._session or _token().open()
            try:
                found = [
                    one[Attribute.VALUE] for one in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
                ]
            finally:
                if session is not self._session:
                    session.close()
        read = [certificates.read(der) for der in found]
        return [
            CertificateFound(
                one.holder_name, one.serial, one.subject, one.issuer, one.valid_from, one.valid_to, one.der
            )
            for one in read
            if holder in ("", one.holder_code, one.holder_name)
        ]

    def check(self) -> str:
        try:
            with self._turn:
                _token()
        except _Settled as settled:
            return str(settled)
        except exceptions.PKCS11Error:
            return NO_DEVICE
        return ""

    def close(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            try:
                session.close()
            except exceptions.PKCS11Error:
                return  # it was gone already

    def _answer(self, signing: Callable[[], bytes]) -> Answer:
        try:
            return Answer("signed", signature=signing())
        except _Settled as settled:
            return Answer("failed", sentence=str(settled))
        except AWAY:
            return Answer("failed", sentence=NO_DEVICE)
        except exceptions.PKCS11Error:
            return Answer("failed", sentence=TROUBLE)

    def _once(self, pin: str, work: Callable[[pkcs11.Session], bytes]) -> bytes:
        try:
            session = _token().open(user_pin=pin)
        except exceptions.PinLocked as locked:
            raise WrongPin(LOCKED_PIN) from locked
        except WRONG as wrong:
            raise WrongPin(WRONG_PIN) from wrong
        try:
            return work(session)
        finally:
            session.close()

    def _kept(self, work: Callable[[pkcs11.Session], T]) -> T:
        """In the open session; once more in a new one when the device was away in between."""
        pin = _kept_pin()
        marker = hashlib.sha256(pin).digest()
        if marker == self._refused_pin:
            raise _Settled(WRONG_KEPT_PIN)  # another try could lock the device for good
        place = f"{configured.pkcs11_library()} {configured.pkcs11_label()}"
        if self._session is not None and self._opened_for == place:
            try:
                return work(self._session)
            except exceptions.PKCS11Error:
                self.close()
        self.close()
        try:
            self._session = _token().open(user_pin=pin.decode())
        except (exceptions.PinLocked, *WRONG) as wrong:
            self._refused_pin = marker
            raise _Settled(WRONG_KEPT_PIN) from wrong
        self._opened_for = place
        return work(self._session)


def _kept_pin() -> bytes:
    place = configured.pkcs11_pin_file()
    if not place or not Path(place).is_file():
        raise _Settled(NO_KEPT_PIN)
    return Path(place).read_bytes().strip()


def _token() -> pkcs11.Token:
    library = configured.pkcs11_library()
    if not library or not Path(library).is_file():
        raise _Settled(NO_LIBRARY)
    label = configured.pkcs11_label()
    driver = pkcs11.lib(library)
    if label:
        return driver.get_token(token_label=label)
    for slot in driver.get_slots(token_present=True):
        return slot.get_token()
    raise _Settled(NO_DEVICE)


def _sign(session: pkcs11.Session, job: HashJob) -> bytes:
    """With the private key that lies beside this very certificate."""
    wanted = {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.VALUE: job.certificate.der}
    beside = list(session.get_objects(wanted))
    if not beside:
        raise _Settled(NO_KEY)
    try:
        key = session.get_key(object_class=ObjectClass.PRIVATE_KEY, id=beside[0][Attribute.ID])
    except exceptions.NoSuchKey as none:
        raise _Settled(NO_KEY) from none
    if key.key_type == KeyType.EC:
        return bytes(encode_ecdsa_signature(key.sign(job.digest, mechanism=Mechanism.ECDSA)))
    info = algos.DigestInfo(
        {"digest_algorithm": {"algorithm": job.digest_algorithm, "parameters": core.Null()}, "digest": job.digest}
    )
    return bytes(key.sign(info.dump(), mechanism=Mechanism.RSA_PKCS))


PROVIDERS.add("pkcs11", Pkcs11Provider())
