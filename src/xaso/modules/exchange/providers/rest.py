"""The REST dialect of a provincial axis.

Sign-in gives a token for about half an hour; every call carries it with the system's id and secret. How receivers
stand is asked with the same list call and `messageType=status`: the source names no other way, to be verified with
the axis before first use.
"""

from __future__ import annotations

import base64
import binascii
import json
import threading
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import httpx

from xaso.kit import clock
from xaso.modules.exchange.providers import Agency, AxisFailed, Fetched, Listed, Settings

TIMEOUT = httpx.Timeout(60.0, connect=10.0)
TOKEN_LIVES = timedelta(minutes=25)
MOST_BYTES = 96 * 1024 * 1024
DOCUMENT, STATUS = "edoc", "status"

WRONG_KEY = (
    "Trục từ chối: mã hệ thống hoặc khoá bí mật không đúng. Hãy kiểm tra cấu hình kết nối với đơn vị quản lý trục."
)
ERRORS: dict[int, tuple[str, bool]] = {
    10: ("Trục không nhận tệp edXML này. Hãy mở văn bản, kiểm tra tệp kèm theo rồi gửi lại.", False),
    15: (WRONG_KEY, True),
    18: ("Trục không biết cơ quan nhận. Hãy đồng bộ danh bạ và chọn lại nơi nhận.", False),
    19: ("Đơn vị gửi chưa đăng ký trên trục. Hãy liên hệ đơn vị quản lý trục.", True),
    20: ("Trục đang lỗi. Hệ thống sẽ tự gửi lại.", True),
    21: ("Trục không xử lý được tệp. Hãy kiểm tra tệp kèm theo rồi gửi lại.", False),
    22: ("Trục báo gói không đúng khuôn dạng theo Quyết định 28/2018. Hãy báo người quản trị hệ thống.", False),
    23: ("Cơ quan nhận đang bị khoá trên trục. Hãy liên hệ nơi nhận hoặc gửi bằng đường khác.", False),
}
UNKNOWN_ERROR = "Trục trả lời lỗi {code}. Hãy liên hệ đơn vị quản lý trục."
NO_ANSWER = "Không nối được tới trục ({reason}). Hệ thống sẽ tự thử lại."
STRANGE = "Trục trả lời không đúng khuôn dạng. Hệ thống sẽ tự thử lại; nếu kéo dài, hãy báo đơn vị quản lý trục."
NOT_SIGNED_IN = "Trục không cho đăng nhập bằng tài khoản kết nối này. Hãy kiểm tra cấu hình kết nối."
TOO_LARGE = "Gói trên trục quá lớn nên không tải về. Hãy đề nghị nơi gửi tách tệp."


class RestAxis:
    """One organisation's account. Safe for several threads: the token is renewed by one at a time."""

    title = "Trục liên thông của tỉnh (REST)"

    def __init__(self, settings: Settings, transport: httpx.BaseTransport | None = None) -> None:
        self.settings = settings
        self._client = httpx.Client(
            base_url=settings.url.rstrip("/"), timeout=TIMEOUT, transport=transport, follow_redirects=False
        )
        self._turn = threading.Lock()
        self._token = ""
        self._token_until: datetime | None = None

    def close(self) -> None:
        self._client.close()

    # What the axis does

    def send(self, raw: bytes, name: str) -> str:
        files = {"edocFile": (name, raw, "application/xml")}
        body = self._call("POST", "/v1/sendEdoc", data={"messageType": DOCUMENT}, files=files)
        doc_id = _text(body, "docId") or _text(body.get("data"), "docId")
        if not doc_id:
            raise AxisFailed(STRANGE, again=True)
        return doc_id[:100]

    def received_since(self, since: date, until: date) -> list[Listed]:
        return self._list(DOCUMENT, since, until)

    def statuses_since(self, since: date, until: date) -> list[Listed]:
        return self._list(STATUS, since, until)

    def _list(self, kind: str, since: date, until: date) -> list[Listed]:
        days = {"messageType": kind, "fromDate": f"{since:%Y/%m/%d}", "toDate": f"{until:%Y/%m/%d}"}
        rows = _rows(self._call("GET", "/v1/syncReceivedEdocList", params=days))
        return [_listed(row) for row in rows if _text(row, "docId")]

    def fetch(self, doc_id: str) -> Fetched:
        data = self._call("GET", "/v1/getEdoc", params={"docId": doc_id}).get("data")
        packed = (
            data if isinstance(data, str) else _text(data, "edxml") or _text(data, "edoc") or _text(data, "content")
        )
        if not packed:
            raise AxisFailed(STRANGE, again=True)
        beside = data.get("attachments") if isinstance(data, dict) else None
        files = [_file(row) for row in beside if isinstance(row, dict)] if isinstance(beside, list) else []
        return Fetched(_unpacked(packed), tuple(file for file in files if file))

    def update_status(self, doc_id: str, status: str) -> None:
        self._call("POST", "/v1/updateStatus", json={"docId": doc_id, "status": status})

    def agencies(self) -> list[Agency]:
        found = [_agency(row) for row in _rows(self._call("GET", "/v1/getAgenciesList"))]
        return [agency for agency in found if agency.code]

    def check(self) -> str:
        try:
            self._sign_in_again(self._token)
            self._call("GET", "/v1/getAgenciesList")
        except AxisFailed as failure:
            return str(failure)
        return ""

    # The token

    def _call(self, method: str, path: str, **asked: Any) -> dict[str, Any]:
        """Ask; when the token has run out on the way, sign in once more and ask again."""
        token = self._valid_token()
        answer = self._ask(method, path, token, **asked)
        if answer.turned_away:
            token = self._sign_in_again(token)
            answer = self._ask(method, path, token, **asked)
            if answer.turned_away:
                raise AxisFailed(WRONG_KEY, again=True, code=15)
        return _judged(answer)

    def _valid_token(self) -> str:
        with self._turn:
            used = self._token
            if used and self._token_until and clock.now() < self._token_until:
                return used
        return self._sign_in_again(used)

    def _sign_in_again(self, used: str) -> str:
        """A new token, unless another thread has already got one since `used`."""
        with self._turn:
            if self._token and self._token != used:
                return self._token
            given = {"username": self.settings.username, "password": self.settings.password}
            answer = self._ask("POST", "/v1/auth/login", "", json=given)
            if answer.turned_away or answer.status in {400, 403}:
                raise AxisFailed(NOT_SIGNED_IN, again=True, code=15)
            token = _text(_judged(answer).get("data"), "token")
            if not token:
                raise AxisFailed(NOT_SIGNED_IN, again=True, code=15)
            self._token, self._token_until = token, clock.now() + TOKEN_LIVES
            return token

    def _ask(self, method: str, path: str, token: str, **asked: Any) -> Answer:
        headers = {"X-SystemId": self.settings.system_id, "X-SecretKey": self.settings.secret_key}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        content = bytearray()
        try:
            with self._client.stream(method, path, headers=headers, **asked) as answer:
                for chunk in answer.iter_bytes():
                    content += chunk
                    if len(content) > MOST_BYTES:
                        raise AxisFailed(TOO_LARGE, again=False)
                return Answer(answer.status_code, bytes(content))
        except httpx.HTTPError as error:
            # Only the kind of failure: messages of the library may carry addresses with secrets.
            raise AxisFailed(NO_ANSWER.format(reason=type(error).__name__), again=True) from error


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, no longer than we are willing to read."""

    status: int
    content: bytes

    @property
    def turned_away(self) -> bool:
        """The gateway before the axis answers a wrong secret with one bare word instead of an error code."""
        return self.status == 401 or self.content[:64].strip(b'" \r\n').lower() == b"unauthorized"


def _judged(answer: Answer) -> dict[str, Any]:
    """The answer's body, or AxisFailed with the sentence of its error code."""
    try:
        body = json.loads(answer.content)
    except ValueError as error:
        raise AxisFailed(STRANGE, again=True) from error
    if not isinstance(body, dict):
        raise AxisFailed(STRANGE, again=True)
    code = _error_code(body)
    if code:
        sentence, again = ERRORS.get(code, (UNKNOWN_ERROR.format(code=code), False))
        raise AxisFailed(sentence, again=again, code=code)
    if answer.status >= 400 or body.get("success") is False:
        raise AxisFailed(UNKNOWN_ERROR.format(code=answer.status), again=answer.status >= 500)
    return body


def _error_code(body: dict[str, Any]) -> int:
    """In the body or in its data, as a number or as text; 0 is no error."""
    data = body.get("data")
    code = data.get("errorCode") if isinstance(data, dict) else None
    code = body.get("errorCode", 0) if code is None else code
    return int(code) if str(code).lstrip("-").isdecimal() else 0


def _rows(body: dict[str, Any]) -> list[dict[str, Any]]:
    rows = body.get("data")
    if not isinstance(rows, list):
        raise AxisFailed(STRANGE, again=True)
    return [row for row in rows if isinstance(row, dict)]


def _text(holder: object, key: str) -> str:
    value = holder.get(key) if isinstance(holder, dict) else None
    return str(value).strip() if isinstance(value, str | int) else ""


def _listed(row: dict[str, Any]) -> Listed:
    at = _moment(_text(row, "updatedTime") or _text(row, "createdTime"))
    status = _text(row, "status")
    return Listed(
        doc_id=_text(row, "docId")[:100],
        sender=_text(row, "from")[:35],
        receiver=_text(row, "to")[:35],
        status=status.zfill(2) if status.isdecimal() else status,
        at=at,
        note=_text(row, "statusDesc")[:300],
    )


def _moment(text: str) -> datetime | None:
    """Milliseconds, or a written moment without zone in Vietnamese time."""
    if text.isdecimal() and len(text) in {10, 13}:
        return datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), clock.VIETNAM)
    try:
        moment = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.VIETNAM)


def _agency(row: dict[str, Any]) -> Agency:
    code = _text(row, "code") or _text(row, "organId") or _text(row, "agencyCode") or _text(row, "id")
    name = _text(row, "name") or _text(row, "organName") or _text(row, "agencyName")
    return Agency(code[:35], name[:200], _text(row, "email") or _text(row, "mail"))


def _file(row: dict[str, Any]) -> tuple[str, bytes] | None:
    try:
        content = base64.b64decode(_text(row, "fileContent"), validate=False)
    except binascii.Error:
        return None
    return (_text(row, "fileName"), content) if content else None


def _unpacked(packed: str) -> bytes:
    """XML as it is, or in base64."""
    if packed.lstrip("\ufeff \t\r\n").startswith("<"):
        return packed.encode()
    try:
        return base64.b64decode(packed, validate=False)
    except binascii.Error as error:
        raise AxisFailed(STRANGE, again=True) from error
