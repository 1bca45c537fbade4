"""What gateways say about messages, in one language. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

DELIVERED, FAILED, EXPIRED, UNKNOWN = "delivered", "failed", "expired", "unknown"
FINAL = frozenset({DELIVERED, FAILED, EXPIRED})
"""What no later receipt changes; `unknown` waits for one."""

_BY_WORD = {
    "DELIVRD": DELIVERED, "EXPIRED": EXPIRED, "DELETED": FAILED, "UNDELIV": FAILED, "REJECTD": FAILED,
    "UNKNOWN": UNKNOWN, "ACCEPTD": "", "ENROUTE": "", "SCHEDUL": "",
}  # fmt: skip
_BY_NUMBER = {0: "", 1: "", 2: DELIVERED, 3: EXPIRED, 4: FAILED, 5: FAILED, 6: "", 7: UNKNOWN, 8: FAILED}
_BY_KANNEL = {1: DELIVERED, 2: FAILED, 4: "", 8: "", 16: FAILED}
_FIELD = re.compile(r"(?i)\b(id|stat|err):\s*([^\s:]{1,64})(?![^\s]*:)")
_SAYS = {
    "DELETED": "Tổng đài đã xoá tin.",
    "UNDELIV": "Không tới được máy (tắt máy, hết bộ nhớ hoặc số không còn dùng).",
    "REJECTD": "Nhà mạng từ chối tin.",
    "EXPIRED": "Máy không mở trong thời hạn giữ tin của nhà mạng.",
}


@dataclass(frozen=True, slots=True)
class Heard:
    """One receipt, whoever brought it. An empty state is news on the way; `phone` is who was to get the message."""

    gateway_id: str
    state: str
    error: str = ""
    phone: str = ""


def of_smpp(text: str, receipted_id: str, message_state: int | None, form: str) -> Heard | None:
    """A deliver_sm receipt: the optional parameters count before the text. None when it names no message."""
    fields = {name.lower(): value for name, value in _FIELD.findall(text[:1000])}
    given = normal_id(receipted_id) or receipt_id(fields.get("id", ""), form)
    if not given:
        return None
    word = fields.get("stat", "").upper()[:7]
    state = _BY_NUMBER.get(message_state, UNKNOWN) if message_state is not None else _BY_WORD.get(word, UNKNOWN)
    code = fields.get("err", "").strip("0")
    error = "" if state in ("", DELIVERED) else _SAYS.get(word, "") + (f" (mã {fields['err']})" if code else "")
    return Heard(given, state, error.strip()[:120])


def of_kannel(kind: int) -> str:
    """State by delivery type; empty is news on the way. Raises KeyError for a type Kannel does not have."""
    return _BY_KANNEL[kind]


def normal_id(text: str) -> str:
    """An id as it is compared: small letters, no spaces, no leading zeros."""
    plain = text.strip().strip("\x00").lower()[:64]
    return plain.lstrip("0") or plain[:1]


def receipt_id(text: str, form: str) -> str:
    """The id of a receipt as the answer to the submission wrote it.

    `form`: `same`; `hex` when answers are hexadecimal and receipts decimal; `dec` the other way round.
    """
    plain = normal_id(text)
    try:
        if form == "hex":
            return f"{int(plain):x}"
        if form == "dec":
            return str(int(plain, 16))
    except ValueError:
        return plain
    return plain


def whole(states: Sequence[str], parts: int) -> str:
    """The state of a message from its parts; empty while it is still open. A message with a part missing is none."""
    for bad in (FAILED, EXPIRED):
        if bad in states:
            return bad
    if len(states) < parts or "handed" in states:
        return ""
    return UNKNOWN if UNKNOWN in states else DELIVERED


def may_become(now: str, then: str) -> bool:
    """Whether a receipt may settle a message: once, except that `unknown` still waits for the truth."""
    return now in ("queued", "sending", "handed") or (now == UNKNOWN and then in FINAL)
