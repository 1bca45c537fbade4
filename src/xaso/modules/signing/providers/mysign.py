"""Viettel MySign: remote signing in a dialect of CSC; the holder confirms in the app on the phone.

`signHash` gives them no transaction id of ours, so what was sent is remembered on this side (`sent.once`).

Settings: XASO_SIGN_MYSIGN_URL, XASO_SIGN_MYSIGN_CLIENT_ID, XASO_SIGN_MYSIGN_CLIENT_SECRET (or …_FILE),
XASO_SIGN_MYSIGN_PROFILE. XASO_SIGN_MYSIGN_ASYNC is 1 (we ask) or 3 (they also call our webhook).
A certificate's reference is `<user id>/<credential id>`.
"""

import re
import threading
import time
from typing import Any

from xaso.kit.fold import fold
from xaso.modules.signing.providers import PROVIDERS, Answer, CertificateFound, HashJob
from xaso.modules.signing.providers.remote import NotSet, Reply, Unreachable, address, ask, needed, secret, setting
from xaso.modules.signing.providers.sent import once
from xaso.modules.signing.providers.values import decoded, encoded, found, signed

SHA256_OID = "2.16.840.1.101.3.4.2.1"
RSA_OID = "1.2.840.113549.1.1.1"
ASK_AGAIN = 5
TOKEN_SECONDS = 50 * 60  # theirs lives an hour
LONGEST_SHOWN = 72  # 96 characters of base64, where they take fewer than 100
UNAUTHORISED = 401

WAITING = "Mở ứng dụng MySign trên điện thoại rồi xác nhận yêu cầu ký."
SIGNING = "Người ký đã xác nhận; MySign đang tạo chữ ký."
NO_RIGHT = "Viettel MySign không nhận tài khoản kết nối hoặc người ký này. Hãy báo quản trị hệ thống."
NOT_UNDERSTOOD = "Viettel MySign không nhận yêu cầu. Hãy thử lại; nếu vẫn vậy, hãy báo quản trị hệ thống."
STATES: dict[str, Answer] = {
    "4000": Answer("waiting", sentence=WAITING, again_after=ASK_AGAIN),
    "6000": Answer("waiting", sentence=SIGNING, again_after=2),
    "4001": Answer(
        "timed_out", sentence="Không có xác nhận trên ứng dụng MySign trong thời gian cho phép. Hãy gửi lại yêu cầu ký."
    ),
    "4002": Answer(
        "refused", sentence="Người ký đã từ chối trên ứng dụng MySign. Nếu bấm nhầm, hãy gửi lại yêu cầu ký."
    ),
    "4004": Answer("failed", sentence="Viettel MySign không tạo được chữ ký. Hãy thử lại sau ít phút."),
    "4005": Answer("failed", sentence="Tài khoản MySign đã hết lượt ký. Hãy mua thêm lượt hoặc dùng phương tiện khác."),
    "13004": Answer(
        "failed", sentence="Chứng thư số MySign đã hết hạn hoặc bị thu hồi. Hãy gia hạn hoặc chọn chứng thư khác."
    ),
}
DONE, INTERNAL = "1", "50000"


class MySign:
    title = "Viettel MySign"

    def __init__(self) -> None:
        self._tokens: dict[tuple[str, str], tuple[str, float]] = {}
        self._guard = threading.Lock()

    def start(self, job: HashJob) -> Answer:
        try:
            self._token(job.certificate.reference.partition("/")[0])  # a connection lost here has sent nothing
            return once("mysign", job, lambda: self._sign(job))
        except NotSet as missing:
            return Answer("failed", sentence=str(missing))

    def poll(self, job: HashJob, reference: str) -> Answer:
        user = job.certificate.reference.partition("/")[0]
        try:
            reply = self._call(user, "requests/status", {"transactionId": reference})
        except NotSet as missing:
            return Answer("failed", sentence=str(missing))
        if not reply.ok:
            return Answer("failed", reference, sentence=_why(reply))
        values = reply.body.get("signatures") if isinstance(reply.body, dict) else None
        value = decoded(values[0]) if isinstance(values, list) and len(values) == 1 else b""
        return outcome(job, reply.text("status"), value, reference)

    def certificates(self, holder: str) -> list[CertificateFound]:
        wish = {"certificates": "chain", "certInfo": True, "authInfo": True}
        reply = self._call(holder, "certificates/info", _client(holder) | wish)
        held = []
        for one in reply.body if reply.ok and isinstance(reply.body, list) else []:
            certificate = one.get("cert") if isinstance(one, dict) else None
            chain = certificate.get("certificates") if isinstance(certificate, dict) else None
            if isinstance(chain, list) and chain and isinstance(name := one.get("credential_id"), str):
                held.append(found(f"{holder}/{name}", decoded(chain[0])))
        return [one for one in held if one]

    def check(self) -> str:
        """They let nobody in without a holder: an unknown one is turned away, which shows that somebody answers."""
        try:
            ask(_address("ras/v1/login"), _client("0"))
        except NotSet as missing:
            return str(missing)
        except Unreachable as error:
            return f"Không nối được Viettel MySign ({error})."
        return ""

    def _sign(self, job: HashJob) -> Answer:
        user, _, credential = job.certificate.reference.partition("/")
        shown = _shown(job.document_name)
        own = {"client_id": needed("MYSIGN_CLIENT_ID"), "client_secret": secret("MYSIGN_CLIENT_SECRET")}
        body = own | {
            "credentialID": credential,
            "numSignatures": 1,
            "description": shown,
            "documents": [{"document_id": job.uuid, "document_name": shown}],
            "hash": [encoded(job.digest)],
            "hashAlgo": SHA256_OID,
            "signAlgo": RSA_OID,
            "async": 3 if setting("MYSIGN_ASYNC") == "3" else 1,
        }
        reply = self._call(user, "signHash", body)
        if reply.ok and (transaction := reply.text("transactionId")):
            return Answer("waiting", transaction, sentence=WAITING, again_after=ASK_AGAIN)
        if (code := reply.text("status")) in STATES:
            return Answer(STATES[code].state, sentence=STATES[code].sentence)
        if code == INTERNAL:
            raise Unreachable("mysign: 50000")
        return Answer("failed", sentence=_why(reply))

    def _call(self, user: str, path: str, body: dict[str, Any]) -> Reply:
        """Their token belongs to one holder; when it is no longer taken, a new one is asked for once."""
        reply = ask(_address(path), body, bearer=self._token(user))
        if reply.status == UNAUTHORISED:
            self._forget(user)
            reply = ask(_address(path), body, bearer=self._token(user))
        return reply

    def _token(self, user: str) -> str:
        key = (address("MYSIGN_URL"), user)
        with self._guard:
            token, until = self._tokens.get(key, ("", 0.0))
        if token and time.monotonic() < until:
            return token
        reply = ask(_address("ras/v1/login"), _client(user))
        token = reply.text("access_token") if reply.ok else ""
        if not token:
            raise NotSet(NO_RIGHT)
        with self._guard:
            self._tokens[key] = (token, time.monotonic() + TOKEN_SECONDS)
        return token

    def _forget(self, user: str) -> None:
        with self._guard:
            self._tokens.pop((address("MYSIGN_URL"), user), None)


def outcome(job: HashJob, status: str, value: bytes, reference: str) -> Answer:
    """What a status means, asked for or told by their webhook. Raises Unreachable for their own trouble."""
    if status == DONE:
        return signed(job, value, reference)
    if status == INTERNAL:
        raise Unreachable("mysign: 50000")
    known = STATES.get(status) or Answer("failed", sentence=NOT_UNDERSTOOD)
    return Answer(known.state, reference, sentence=known.sentence, again_after=known.again_after)


def _address(path: str) -> str:
    return f"{address('MYSIGN_URL')}/vtss/service/{path}"


def _client(user: str) -> dict[str, Any]:
    return {
        "client_id": needed("MYSIGN_CLIENT_ID"),
        "client_secret": secret("MYSIGN_CLIENT_SECRET"),
        "profile_id": needed("MYSIGN_PROFILE"),
        "user_id": user,
    }


def _shown(name: str) -> str:
    """What the phone shows: base64 of letters without marks, which is all they take."""
    plain = re.sub(r"[^a-zA-Z0-9_\- ]+", "-", fold(name))[:LONGEST_SHOWN]
    return encoded((plain.strip("- ") or "van ban").encode("ascii"))


def _why(reply: Reply) -> str:
    return NO_RIGHT if reply.status in {401, 403} else NOT_UNDERSTOOD


PROVIDERS.add("mysign", MySign())
