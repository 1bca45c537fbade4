"""SIM PKI: the key lives in the SIM card, the operator's mobile signature service (MSS) asks the phone.

The roles, messages and status codes are those of ETSI TS 102 204; the writing is our own JSON form of them, spoken by
our simulator. An operator speaks SOAP or a JSON of its own: its adapter replaces `_call`, the states stay. Our
request's uuid is the `AP_TransID`; sent twice, the service answers with the transaction it has.

Settings: XASO_SIGN_SIM_URL, XASO_SIGN_SIM_AP_ID, XASO_SIGN_SIM_AP_PASSWORD (or …_FILE).
A certificate's reference is the phone number as +84….
"""

from typing import Any

from xaso.kit import clock
from xaso.modules.signing.providers import PROVIDERS, Answer, CertificateFound, HashJob
from xaso.modules.signing.providers.remote import NotSet, Reply, Unreachable, address, ask, needed, secret
from xaso.modules.signing.providers.values import decoded, encoded, found, signed

ASK_AGAIN = 5
PATIENCE = 300
REQUEST_OK, SIGNATURE, OUTSTANDING, INTERNAL_ERROR, OTA_ERROR = "100", "500", "504", "900", "209"

WAITING = "Điện thoại sẽ hiện yêu cầu ký. Hãy so tên văn bản rồi nhập mã PIN chữ ký của SIM."
NO_RIGHT = "Nhà mạng không nhận tài khoản kết nối của hệ thống. Hãy báo quản trị kiểm tra XASO_SIGN_SIM_AP_ID."
NOT_UNDERSTOOD = "Nhà mạng không nhận yêu cầu ký. Hãy thử lại; nếu vẫn vậy, hãy báo quản trị hệ thống."
STATES: dict[str, Answer] = {
    "104": Answer("failed", sentence=NO_RIGHT),
    "105": Answer("failed", sentence="Số điện thoại này chưa đăng ký ký số bằng SIM. Hãy kiểm tra lại với nhà mạng."),
    "208": Answer("timed_out", sentence="Không có xác nhận trên điện thoại trong thời gian cho phép. Hãy gửi lại."),
    "401": Answer("refused", sentence="Người ký đã từ chối trên điện thoại. Nếu bấm nhầm, hãy gửi lại yêu cầu ký."),
    "402": Answer("failed", sentence="Mã PIN chữ ký của SIM đã bị khoá. Hãy liên hệ nhà mạng để mở lại."),
    "403": Answer("failed", sentence="SIM đã bị khoá chức năng ký. Hãy liên hệ nhà mạng."),
    "422": Answer("failed", sentence="SIM này chưa có chứng thư số. Hãy liên hệ nhà mạng."),
    "424": Answer("failed", sentence="Chứng thư số trên SIM đã hết hạn. Hãy gia hạn với nhà mạng."),
    "501": Answer("failed", sentence="Chứng thư số trên SIM đã bị thu hồi. Hãy liên hệ nhà mạng."),
    OUTSTANDING: Answer("waiting", sentence=WAITING, again_after=ASK_AGAIN),
}
TRY_LATER = {INTERNAL_ERROR, OTA_ERROR}


class SimPki:
    title = "SIM PKI"

    def start(self, job: HashJob) -> Answer:
        wish = {
            "MSISDN": job.certificate.reference,
            "DataToBeSigned": {"Digest": encoded(job.digest), "Algorithm": "SHA-256"},
            "DataToBeDisplayed": job.document_name[:120],
            "MessagingMode": "asynchClientServer",
            "TimeOut": PATIENCE,
        }
        try:
            reply = self._call("MSS_Signature", wish, job.uuid)
        except NotSet as missing:
            return Answer("failed", sentence=str(missing))
        transaction = reply.text("MSSP_TransID")
        if reply.text("StatusCode") == REQUEST_OK and transaction:
            return Answer("waiting", transaction, sentence=WAITING, again_after=ASK_AGAIN)
        return _told(job, reply, transaction)

    def poll(self, job: HashJob, reference: str) -> Answer:
        try:
            return _told(job, self._call("MSS_StatusQuery", {"MSSP_TransID": reference}, job.uuid), reference)
        except NotSet as missing:
            return Answer("failed", sentence=str(missing))

    def certificates(self, holder: str) -> list[CertificateFound]:
        reply = self._call("MSS_ProfileQuery", {"MSISDN": holder}, f"{clock.machine_now():%Y%m%d%H%M%S%f}")
        listed = reply.body.get("Certificates") if isinstance(reply.body, dict) else None
        held = [found(holder, decoded(one)) for one in (listed if isinstance(listed, list) else [])]
        return [one for one in held if one]

    def check(self) -> str:
        try:
            reply = self._call("MSS_ProfileQuery", {"MSISDN": "+840"}, "check")
        except NotSet as missing:
            return str(missing)
        except Unreachable as error:
            return f"Không nối được dịch vụ ký SIM của nhà mạng ({error})."
        return NO_RIGHT if reply.text("StatusCode") == "104" else ""

    def _call(self, message: str, wish: dict[str, Any], transaction: str) -> Reply:
        asking = {
            "AP_ID": needed("SIM_AP_ID"),
            "AP_PWD": secret("SIM_AP_PASSWORD"),
            "AP_TransID": transaction,
            "Instant": clock.machine_now().isoformat(timespec="seconds"),
        }
        return ask(f"{address('SIM_URL')}/{message}", {"AP_Info": asking} | wish)


def _told(job: HashJob, reply: Reply, reference: str) -> Answer:
    code = reply.text("StatusCode")
    if code == SIGNATURE:
        return signed(job, decoded(reply.text("MSS_Signature")), reference)
    if code in TRY_LATER:
        raise Unreachable(f"sim: {code}")
    known = STATES.get(code) or Answer("failed", sentence=NOT_UNDERSTOOD)
    return Answer(known.state, reference, sentence=known.sentence, again_after=known.again_after)


PROVIDERS.add("sim", SimPki())
