"""Which state of a report may follow which, and the words for it. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    UNCONFIRMED = "unconfirmed"
    RECEIVED = "received"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    HANDLING = "handling"
    ANSWERED = "answered"
    CLOSED = "closed"
    REFUSED = "refused"
    FORWARDED = "forwarded"
    DUPLICATE = "duplicate"


LABELS = {
    State.UNCONFIRMED: "Chờ xác nhận số điện thoại",
    State.RECEIVED: "Mới nhận, chờ phân loại",
    State.WAITING: "Chờ người dân bổ sung",
    State.ACCEPTED: "Đã tiếp nhận, chờ giao việc",
    State.ASSIGNED: "Đã giao người xử lý",
    State.HANDLING: "Đang xử lý",
    State.ANSWERED: "Đã trả lời",
    State.CLOSED: "Đã kết thúc",
    State.REFUSED: "Không tiếp nhận",
    State.FORWARDED: "Đã chuyển cơ quan khác",
    State.DUPLICATE: "Đã gộp vào phản ánh khác",
}
TONES = {
    State.UNCONFIRMED: "warn",
    State.RECEIVED: "warn",
    State.WAITING: "warn",
    State.ACCEPTED: "info",
    State.ASSIGNED: "info",
    State.HANDLING: "info",
    State.ANSWERED: "good",
    State.CLOSED: "good",
    State.REFUSED: "bad",
    State.FORWARDED: "info",
    State.DUPLICATE: "info",
}

_BEFORE_WORK = frozenset({State.RECEIVED, State.ACCEPTED})
WITH_SOMEBODY = frozenset({State.ASSIGNED, State.HANDLING})
OPEN = frozenset({State.RECEIVED, State.WAITING, State.ACCEPTED}) | WITH_SOMEBODY
DONE = frozenset({State.ANSWERED, State.CLOSED})
ENDED = DONE | {State.REFUSED, State.FORWARDED, State.DUPLICATE}
PUBLISHABLE = frozenset({State.ACCEPTED, State.FORWARDED}) | WITH_SOMEBODY | DONE

MOVES: dict[str, tuple[frozenset[State], State]] = {
    "confirm_phone": (frozenset({State.UNCONFIRMED}), State.RECEIVED),
    "accept": (frozenset({State.RECEIVED}), State.ACCEPTED),
    "assign": (frozenset({State.ACCEPTED}) | WITH_SOMEBODY, State.ASSIGNED),
    "refuse": (_BEFORE_WORK | WITH_SOMEBODY, State.REFUSED),
    "forward": (_BEFORE_WORK | WITH_SOMEBODY, State.FORWARDED),
    "merge": (_BEFORE_WORK | WITH_SOMEBODY, State.DUPLICATE),
    "ask_more": (_BEFORE_WORK | WITH_SOMEBODY, State.WAITING),
    "take": (frozenset({State.ASSIGNED}), State.HANDLING),
    "answer": (WITH_SOMEBODY, State.ANSWERED),
    "close": (frozenset({State.ANSWERED}), State.CLOSED),
    "reopen": (DONE, State.ACCEPTED),
}
_INSTEAD = {
    State.UNCONFIRMED: "Phản ánh còn chờ người gửi xác nhận số điện thoại.",
    State.RECEIVED: "Phản ánh chưa được phân loại. Hãy tiếp nhận, từ chối hoặc gộp trước.",
    State.WAITING: "Phản ánh đang chờ người dân bổ sung. Hãy đợi trả lời hoặc hết hạn bổ sung.",
    State.ACCEPTED: "Phản ánh chưa giao cho ai. Hãy giao người chủ trì trước.",
    State.ASSIGNED: "Phản ánh đã giao người xử lý.",
    State.HANDLING: "Phản ánh đang được xử lý.",
    State.ANSWERED: "Phản ánh đã được trả lời.",
    State.CLOSED: "Phản ánh đã kết thúc.",
    State.REFUSED: "Phản ánh đã bị từ chối tiếp nhận.",
    State.FORWARDED: "Phản ánh đã chuyển cơ quan khác.",
    State.DUPLICATE: "Phản ánh đã gộp vào phản ánh khác.",
}


def why_not(verb: str, state: str) -> str:
    """Empty when the verb may be done in that state, else the sentence."""
    return "" if state in MOVES[verb][0] else f"{_INSTEAD[State(state)]} Việc này không làm được lúc này."


def after_supplement(*, had_lead: bool, was_accepted: bool) -> State:
    """Where a report goes that waited for the resident: back to whoever asked."""
    if had_lead:
        return State.HANDLING
    return State.ACCEPTED if was_accepted else State.RECEIVED


def why_not_reopen(state: str, rounds: int, answered_at: datetime | None, now: datetime, days: int) -> str:
    """Once, with something to disagree with, and while people still remember."""
    if sentence := why_not("reopen", state):
        return sentence
    if rounds > 1:
        return "Phản ánh này đã được mở lại một lần. Nếu vẫn chưa đồng ý, hãy gửi phản ánh mới hoặc làm đơn khiếu nại."
    if answered_at is None or now - answered_at > timedelta(days=days):
        return f"Đã quá {days} ngày từ khi trả lời nên không mở lại được. Hãy gửi phản ánh mới."
    return ""


def resident_words(state: str) -> str:
    """The state as the resident is told, and what comes next."""
    return {
        State.UNCONFIRMED: "Hãy nhập mã đã gửi tới điện thoại để phản ánh được xem xét.",
        State.RECEIVED: "Xã đã nhận. Cán bộ đang xem phản ánh thuộc việc của ai.",
        State.WAITING: "Xã cần hỏi thêm. Hãy bổ sung để việc được tiếp tục.",
        State.ACCEPTED: "Xã đã tiếp nhận và đang giao người xử lý.",
        State.ASSIGNED: "Đã có người được giao xử lý.",
        State.HANDLING: "Đang được xử lý.",
        State.ANSWERED: "Đã có trả lời. Hãy đọc và cho biết ông/bà có hài lòng không.",
        State.CLOSED: "Đã kết thúc.",
        State.REFUSED: "Xã không tiếp nhận. Lý do ghi bên dưới.",
        State.FORWARDED: "Việc này thuộc cơ quan khác. Xã đã chuyển đi.",
        State.DUPLICATE: "Nhiều người cùng phản ánh việc này. Xã trả lời chung một lần.",
    }[State(state)]
