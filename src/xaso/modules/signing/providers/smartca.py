"""VNPT SmartCA, the interface for third parties, version 1: the holder confirms in the app on the phone.

Version 2 of the interface signs without the phone, with the holder's password and TOTP seed stored by the caller. It
is refused here on purpose and not written: with it the signature would be the system's, not the official's.

Our request's uuid is their `transaction_id`, which they take once: a repeated start is turned away there and becomes a
question about the first one. By what was published, questions about a transaction carry no credentials; the value is
therefore believed only because it fits the certificate. To be checked with VNPT when the contract is made: the words
for "refused" and "expired" (`MESSAGES`), which the published document does not list.

Settings: XASO_SIGN_SMARTCA_URL, XASO_SIGN_SMARTCA_ID, XASO_SIGN_SMARTCA_PASSWORD (or …_FILE).
A certificate's reference is `<CCCD or tax code>/<serial number>`.
"""

from typing import Any

from xaso.kit import clock
from xaso.modules.signing.providers import PROVIDERS, Answer, CertificateFound, HashJob
from xaso.modules.signing.providers.remote import NotSet, Reply, Unreachable, address, ask, needed, secret
from xaso.modules.signing.providers.values import decoded, found, signed

ASK_AGAIN = 10
SUCCESS = 200
BAD_REQUEST = 400
WAITING = "Mở ứng dụng VNPT SmartCA trên điện thoại, so mã tài liệu rồi bấm Đồng ý."
REFUSED = "Người ký đã từ chối trên ứng dụng VNPT SmartCA. Nếu bấm nhầm, hãy gửi lại yêu cầu ký."
TIMED_OUT = "Không có xác nhận trên ứng dụng VNPT SmartCA trong thời gian cho phép. Hãy mở sẵn ứng dụng rồi gửi lại."
NO_RIGHT = "VNPT SmartCA không nhận tài khoản kết nối của hệ thống. Hãy báo quản trị kiểm tra XASO_SIGN_SMARTCA_ID."
UNUSABLE = (
    "VNPT SmartCA báo chứng thư số không còn dùng được (hết hạn, thu hồi hoặc tạm khoá). "
    "Hãy gia hạn hoặc chọn chứng thư khác."
)
NOT_UNDERSTOOD = "VNPT SmartCA không nhận yêu cầu. Hãy thử lại; nếu vẫn vậy, hãy báo quản trị hệ thống."
NO_ANSWER = "VNPT SmartCA không ký được tài liệu này. Hãy thử lại sau ít phút."

CODES = {401: NO_RIGHT, 403: UNUSABLE}
MESSAGES: dict[str, Answer] = {
    "SP_CREDENTIAL_INVALID": Answer("failed", sentence=NO_RIGHT),
    "CREDENTIAL_STATUS_INVALID": Answer("failed", sentence=UNUSABLE),
    "REJECTED": Answer("refused", sentence=REFUSED),
    "REFUSED": Answer("refused", sentence=REFUSED),
    "CANCELLED": Answer("refused", sentence=REFUSED),
    "EXPIRED": Answer("timed_out", sentence=TIMED_OUT),
    "TIMEOUT": Answer("timed_out", sentence=TIMED_OUT),
    "FAILED": Answer("failed", sentence=NO_ANSWER),
}


class SmartCa:
    title = "VNPT SmartCA"

    def start(self, job: HashJob) -> Answer:
        try:
            reply = self._call("v1/signatures/sign", _request(job))
            told = _code(reply)
            if told == SUCCESS:
                return Answer("waiting", job.uuid, sentence=WAITING, again_after=ASK_AGAIN)
            if told == BAD_REQUEST and (known := self._known(job)):
                return known
            return _no(reply)
        except NotSet as missing:
            return Answer("failed", sentence=str(missing))

    def poll(self, job: HashJob, reference: str) -> Answer:
        try:
            return outcome(job, self._status(reference or job.uuid))
        except NotSet as missing:
            return Answer("failed", sentence=str(missing))

    def certificates(self, holder: str) -> list[CertificateFound]:
        body = {"user_id": holder, "serial_number": "", "transaction_id": f"{clock.machine_now():%Y%m%d%H%M%S%f}"}
        reply = self._call("v1/credentials/get_certificate", body)
        data = reply.body.get("data") if isinstance(reply.body, dict) else None
        listed = data.get("user_certificates") if isinstance(data, dict) and _code(reply) == SUCCESS else None
        told = [one for one in listed or [] if isinstance(one, dict) and isinstance(one.get("serial_number"), str)]
        held = [found(f"{holder}/{one['serial_number']}", decoded(one.get("cert_data"))) for one in told]
        return [one for one in held if one]

    def check(self) -> str:
        """Their interface has no question without a holder: an unknown one must be answered, but not with 401."""
        try:
            reply = self._call("v1/credentials/get_certificate", {"user_id": "0", "transaction_id": "check"})
        except NotSet as missing:
            return str(missing)
        except Unreachable as error:
            return f"Không nối được VNPT SmartCA ({error})."
        return NO_RIGHT if _code(reply) == 401 else ""

    def _known(self, job: HashJob) -> Answer | None:
        """What became of the transaction that has our id already; nothing when there is none."""
        reply = self._status(job.uuid)
        return outcome(job, reply) if _code(reply) == SUCCESS else None

    def _status(self, reference: str) -> Reply:
        return ask(f"{address('SMARTCA_URL')}/v1/signatures/sign/{reference}/status", {})

    def _call(self, path: str, body: dict[str, Any]) -> Reply:
        ours = {"sp_id": needed("SMARTCA_ID"), "sp_password": secret("SMARTCA_PASSWORD")}
        return ask(f"{address('SMARTCA_URL')}/{path}", ours | body)


def _request(job: HashJob) -> dict[str, Any]:
    user, _, serial = job.certificate.reference.partition("/")
    document = {"doc_id": job.uuid, "file_type": "pdf", "sign_type": "hash", "data_to_be_signed": job.digest.hex()}
    return {
        "user_id": user,
        "serial_number": serial,
        "transaction_id": job.uuid,
        "transaction_desc": job.document_name[:200],
        "time_stamp": f"{clock.machine_now():%Y%m%d%H%M%S}Z",
        "sign_files": [document],
    }


def outcome(job: HashJob, reply: Reply) -> Answer:
    """What a question about the transaction, or the notice they send by themselves, tells."""
    files = _files(reply)
    if _code(reply) == SUCCESS and files:
        return signed(job, _value(files, job.uuid), job.uuid)
    if known := MESSAGES.get(reply.text("message").strip().upper()):
        return Answer(known.state, job.uuid, sentence=known.sentence)
    if _code(reply) == SUCCESS:
        return Answer("waiting", job.uuid, sentence=WAITING, again_after=ASK_AGAIN)
    return _no(reply)


def _files(reply: Reply) -> list[Any]:
    body = reply.body if isinstance(reply.body, dict) else {}
    data = body.get("data")
    listed = body.get("signed_files") or (data.get("signatures") if isinstance(data, dict) else None)
    return listed if isinstance(listed, list) else []


def _value(files: list[Any], name: str) -> bytes:
    """The value of our document: a batch tells of several."""
    for one in files:
        if isinstance(one, dict) and one.get("doc_id") == name:
            return decoded(one.get("signature_value"))
    return b""


def _code(reply: Reply) -> int:
    """The code inside the body counts; the outer one when a gateway has answered instead."""
    inner = reply.body.get("status_code") if isinstance(reply.body, dict) else None
    return inner if isinstance(inner, int) and not isinstance(inner, bool) else reply.status


def _no(reply: Reply) -> Answer:
    if known := MESSAGES.get(reply.text("message").strip().upper()):
        return Answer(known.state, sentence=known.sentence)
    if (code := _code(reply)) >= 500:  # theirs, told with HTTP 200
        raise Unreachable(f"smartca: {code}")
    return Answer("failed", sentence=CODES.get(code, NOT_UNDERSTOOD))


PROVIDERS.add("smartca", SmartCa())
