"""Remote signing by the Cloud Signature Consortium's API v1: a key in somebody's HSM, a hash to it, a value back.

Only credentials that the service itself lets us use (`authMode` implicit, or through the bearer) are taken. One that
wants its holder's PIN or one-time code in our hands is refused: we hold nobody's secrets. The hash is named when the
authorisation is asked for (SCAL2), so that the authorisation signs nothing else.

Settings: XASO_SIGN_CSC_URL (with `/csc/v1`), XASO_SIGN_CSC_TOKEN or XASO_SIGN_CSC_TOKEN_FILE.
"""

from typing import Any

from xaso.modules.signing.providers import PROVIDERS, Answer, CertificateFound, HashJob
from xaso.modules.signing.providers.remote import NotSet, Reply, Unreachable, Unsure, address, ask, secret
from xaso.modules.signing.providers.sent import once
from xaso.modules.signing.providers.values import decoded, encoded, found, signed, uses_curve

SHA256_OID = "2.16.840.1.101.3.4.2.1"
SHA256_WITH_RSA = "1.2.840.113549.1.1.11"
PLAIN_RSA = "1.2.840.113549.1.1.1"
SHA256_WITH_ECDSA = "1.2.840.10045.4.3.2"
MOST_CREDENTIALS = 20
LAST = "signatures/signHash"

CERTIFICATE_STATES = {
    "expired": "Chứng thư số đã hết hạn. Hãy gia hạn với tổ chức cấp rồi cập nhật vào sổ chữ ký số.",
    "revoked": "Chứng thư số đã bị thu hồi. Hãy chọn chứng thư khác hoặc liên hệ tổ chức cấp.",
    "suspended": "Chứng thư số đang tạm dừng. Hãy liên hệ tổ chức cấp chứng thư.",
}
DISABLED = "Dịch vụ ký đang khoá khoá ký này. Hãy liên hệ tổ chức cấp chứng thư."
CHANGED = "Dịch vụ ký đang giữ chứng thư khác với sổ chữ ký số. Hãy cập nhật chứng thư trong sổ rồi gửi lại."
WANTS_SECRETS = (
    "Dịch vụ đòi mã PIN hoặc mã một lần của người ký gửi qua hệ thống. Hệ thống không giữ bí mật của người ký; "
    "hãy dùng phương tiện ký xác nhận trên điện thoại hoặc USB token."
)
NO_RIGHT = "Dịch vụ ký không nhận khoá kết nối của hệ thống. Hãy báo quản trị kiểm tra XASO_SIGN_CSC_TOKEN."
UNKNOWN = "Dịch vụ ký không có chứng thư này. Hãy kiểm tra mã chứng thư trong sổ chữ ký số."
REFUSED = "Người ký hoặc dịch vụ ký đã từ chối yêu cầu này. Nếu bấm nhầm, hãy gửi lại yêu cầu ký."
OUT_OF_TIME = "Quyền ký cho yêu cầu này đã hết hạn. Hãy gửi lại yêu cầu ký."
NOT_UNDERSTOOD = "Dịch vụ ký không nhận yêu cầu. Hãy thử lại; nếu vẫn vậy, hãy báo quản trị hệ thống."

# The `error` of an answer, by the specification and by OAuth 2.
ERRORS: dict[str, Answer] = {
    "access_denied": Answer("refused", sentence=REFUSED),
    "invalid_otp": Answer("failed", sentence=WANTS_SECRETS),
    "invalid_pin": Answer("failed", sentence=WANTS_SECRETS),
    "invalid_token": Answer("failed", sentence=NO_RIGHT),
    "unauthorized_client": Answer("failed", sentence=NO_RIGHT),
    "expired_sad": Answer("timed_out", sentence=OUT_OF_TIME),
    "sad_expired": Answer("timed_out", sentence=OUT_OF_TIME),
}
STATUSES = {401: NO_RIGHT, 403: NO_RIGHT, 404: UNKNOWN}


class Stopped(Exception):
    """The way to the signature ended with an answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.sentence)
        self.answer = answer


class Csc:
    title = "Ký số từ xa (CSC)"

    def start(self, job: HashJob) -> Answer:
        try:
            return once("csc", job, lambda: self._sign(job))
        except NotSet as missing:
            return Answer("failed", sentence=str(missing))

    def poll(self, job: HashJob, reference: str) -> Answer:
        """The API answers at once; what a start has left behind is all there is to know."""
        del reference
        return self.start(job)

    def certificates(self, holder: str) -> list[CertificateFound]:
        told = _call("credentials/list", {"userID": holder, "maxResults": MOST_CREDENTIALS} if holder else {})
        names = told.body.get("credentialIDs") if told.ok and isinstance(told.body, dict) else None
        held = []
        for name in [name for name in names or [] if isinstance(name, str)][:MOST_CREDENTIALS]:
            info = _call("credentials/info", {"credentialID": name, "certificates": "single"})
            if info.ok and _part(info, "key").get("status") == "enabled":
                held.append(found(name, _certificate(info)))
        return [one for one in held if one]

    def check(self) -> str:
        try:
            return "" if _call("info", {}).ok else NOT_UNDERSTOOD
        except NotSet as missing:
            return str(missing)
        except Unreachable as error:
            return f"Không nối được dịch vụ ký CSC ({error})."

    def _sign(self, job: HashJob) -> Answer:
        try:
            algorithm = _usable(job)
            own = {"credentialID": job.certificate.reference, "clientData": job.uuid}
            digests = [encoded(job.digest)]
            allowed = _asked("credentials/authorize", own | {"numSignatures": 1, "hash": digests})
            hashes = {"hash": digests, "hashAlgo": SHA256_OID, "signAlgo": algorithm}
            given = _asked(LAST, own | hashes | {"SAD": allowed.text("SAD")})
        except Stopped as stopped:
            return stopped.answer
        values = given.body.get("signatures")
        value = decoded(values[0]) if isinstance(values, list) and len(values) == 1 else b""
        return signed(job, value, job.certificate.reference)


def _usable(job: HashJob) -> str:
    """The algorithm to ask for. Raises Stopped when the credential cannot sign this job."""
    info = _asked("credentials/info", {"credentialID": job.certificate.reference, "certificates": "single"})
    certificate, key = _part(info, "cert"), _part(info, "key")
    if sentence := CERTIFICATE_STATES.get(str(certificate.get("status", "valid"))):
        raise Stopped(Answer("failed", sentence=sentence))
    if key.get("status") != "enabled":
        raise Stopped(Answer("failed", sentence=DISABLED))
    if info.text("authMode") not in {"implicit", ""}:
        raise Stopped(Answer("failed", sentence=WANTS_SECRETS))
    if _certificate(info) != job.certificate.der:
        raise Stopped(Answer("failed", sentence=CHANGED))
    if uses_curve(job.certificate.der):
        return SHA256_WITH_ECDSA
    return SHA256_WITH_RSA if SHA256_WITH_RSA in (key.get("algo") or []) else PLAIN_RSA


def _asked(method: str, body: dict[str, Any]) -> Reply:
    """A 200 with fields. Raises Stopped with what a "no" means. Only the last question makes a signature."""
    try:
        reply = _call(method, body)
    except Unsure as error:
        if method == LAST:
            raise
        raise Unreachable(str(error)) from error
    if reply.ok and isinstance(reply.body, dict):
        return reply
    known = ERRORS.get(reply.text("error").lower())
    raise Stopped(known or Answer("failed", sentence=STATUSES.get(reply.status, NOT_UNDERSTOOD)))


def _call(method: str, body: dict[str, Any]) -> Reply:
    return ask(f"{address('CSC_URL')}/{method}", body, bearer=secret("CSC_TOKEN"))


def _part(reply: Reply, name: str) -> dict[str, Any]:
    value = reply.body.get(name) if isinstance(reply.body, dict) else None
    return value if isinstance(value, dict) else {}


def _certificate(info: Reply) -> bytes:
    chain = _part(info, "cert").get("certificates")
    return decoded(chain[0]) if isinstance(chain, list) and chain else b""


PROVIDERS.add("csc", Csc())
