"""Decisions about incoming documents. Pure: no database, no clock."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from enum import IntEnum, StrEnum

from xaso.kit.fold import fold, words


class State(StrEnum):
    WAITING = "waiting"
    REFUSED = "refused"
    REGISTERED = "registered"
    SHOWN = "shown"
    ASSIGNED = "assigned"
    WORKING = "working"
    DONE = "done"
    RECALLED = "recalled"
    OUTSIDE = "outside"


LABELS = {
    State.WAITING: "Chờ đăng ký",
    State.REFUSED: "Từ chối tiếp nhận",
    State.REGISTERED: "Đã vào sổ, chưa trình",
    State.SHOWN: "Chờ bút phê",
    State.ASSIGNED: "Đã giao, chưa nhận việc",
    State.WORKING: "Đang xử lý",
    State.DONE: "Hoàn thành",
    State.RECALLED: "Bên gửi đã thu hồi",
    State.OUTSIDE: "Văn bản mật, xử lý ngoài mạng",
}
UNREGISTERED = frozenset({State.WAITING, State.REFUSED})
WITH_SOMEBODY = frozenset({State.ASSIGNED, State.WORKING})
OPEN = frozenset({State.WAITING, State.REGISTERED, State.SHOWN}) | WITH_SOMEBODY
CLOSED = frozenset(State) - OPEN

# verb → (states it starts from, state it leads to)
MOVES: dict[str, tuple[frozenset[State], State]] = {
    "register": (frozenset({State.WAITING}), State.REGISTERED),
    "refuse": (frozenset({State.WAITING}), State.REFUSED),
    "show": (frozenset({State.REGISTERED}), State.SHOWN),
    "remark": (frozenset({State.REGISTERED, State.SHOWN}), State.ASSIGNED),
    "keep": (frozenset({State.REGISTERED, State.SHOWN}), State.DONE),
    "reassign": (WITH_SOMEBODY, State.ASSIGNED),
    "take": (frozenset({State.ASSIGNED}), State.WORKING),
    "give_back": (WITH_SOMEBODY, State.SHOWN),
    "finish": (WITH_SOMEBODY, State.DONE),
    "answer": (WITH_SOMEBODY | {State.REGISTERED, State.SHOWN}, State.DONE),
    "reopen": (frozenset({State.DONE}), State.SHOWN),
    "accept_recall": (OPEN, State.RECALLED),
}
_WHY_NOT = {
    "register": "nên không vào sổ được nữa",
    "refuse": "nên không từ chối tiếp nhận được nữa. Nếu chuyển nhầm cơ quan, hãy trả lời bằng văn bản",
    "show": "nên không trình được. Chỉ trình văn bản đã vào sổ",
    "remark": "nên chưa bút phê được. Hãy để văn thư vào sổ trước, hoặc chọn văn bản khác",
    "keep": "nên không chuyển sang lưu được",
    "reassign": "nên không giao lại được. Chỉ giao lại văn bản đang có người chủ trì",
    "take": "nên không nhận việc được nữa",
    "give_back": "nên không trả lại lãnh đạo được",
    "finish": "nên không kết thúc được. Chỉ người chủ trì kết thúc văn bản đang xử lý",
    "answer": "nên không ghi là đã trả lời được",
    "reopen": "nên không mở lại được. Chỉ mở lại văn bản đã hoàn thành",
    "accept_recall": "nên không đồng ý thu hồi được. Nếu đã xử lý xong, hãy trả lời bên gửi là không đồng ý",
}


def why_not(verb: str, now: str) -> str:
    """Empty when the verb may start from this state, else the sentence."""
    if now in MOVES[verb][0]:
        return ""
    return f"Văn bản đang ở trạng thái “{LABELS[State(now)]}” {_WHY_NOT[verb]}."


# What a sender's system is told, by the state reached; 01 (arrived) is told by whoever brought the document in.
TOLD = {
    State.REFUSED: 2,
    State.REGISTERED: 3,
    State.SHOWN: 3,
    State.ASSIGNED: 4,
    State.WORKING: 5,
    State.DONE: 6,
}


def to_tell(reached: str, told_before: int) -> int:
    """The status code to send now, or 0: each at most once, and never backwards."""
    code = TOLD.get(State(reached), 0)
    return code if code > told_before else 0


class Urgency(IntEnum):
    """Độ khẩn, numbered as edXML's Priority."""

    NORMAL = 0
    URGENT = 1
    VERY_URGENT = 2
    EXPRESS = 3


URGENCIES = {
    Urgency.NORMAL: "Thường",
    Urgency.URGENT: "Khẩn",
    Urgency.VERY_URGENT: "Thượng khẩn",
    Urgency.EXPRESS: "Hoả tốc",
}
_URGENCY_WORDS = {
    "": Urgency.NORMAL, "normal": Urgency.NORMAL, "thuong": Urgency.NORMAL, "khan": Urgency.URGENT,
    "urgent": Urgency.URGENT, "thuong khan": Urgency.VERY_URGENT, "very urgent": Urgency.VERY_URGENT,
    "hoa toc": Urgency.EXPRESS, "hoa toc hen gio": Urgency.EXPRESS, "express": Urgency.EXPRESS,
}  # fmt: skip


def urgency_of(given: str | int) -> Urgency | None:
    """From Priority 0–3 or from words, Vietnamese or ours; None when it is none of them."""
    text = " ".join(words(str(given)))
    if text in {"0", "1", "2", "3"}:
        return Urgency(int(text))
    return _URGENCY_WORDS.get(text)


class Secrecy(StrEnum):
    """Độ mật. Everything but OPEN stays outside a system connected to the Internet."""

    OPEN = ""
    SECRET = "mat"  # noqa: S105 - the lowest of three levels of secrecy, no password
    TOP_SECRET = "toi_mat"  # noqa: S105
    ABSOLUTE = "tuyet_mat"


SECRECIES = {
    Secrecy.OPEN: "Không mật",
    Secrecy.SECRET: "Mật",
    Secrecy.TOP_SECRET: "Tối mật",
    Secrecy.ABSOLUTE: "Tuyệt mật",
}
NOT_ON_THE_NET = (
    "Văn bản có độ mật không được đưa lên hệ thống nối mạng: không tải tệp, không ghi trích yếu, không nhận qua mạng. "
    "Hãy tiếp nhận bản giấy theo quy định bảo vệ bí mật nhà nước và chỉ ghi một dòng vào sổ văn bản mật đến."
)
_NOT_SECRET = frozenset({"", "khong", "khong mat", "thuong", "0", "none", "normal", "open"})


def is_secret(given: str) -> bool:
    """Whether a level of secrecy was named: a name we do not know counts as one, so that nothing slips in."""
    return " ".join(words(given)) not in _NOT_SECRET


def split_number(typed: str) -> tuple[str, str]:
    """`12/QĐ-UBND` → ("12", "QĐ-UBND"): clerks type both in one go."""
    number, slash, symbol = typed.partition("/")
    return (number.strip(), symbol.strip()) if slash else (typed.strip(), "")


def abbreviation_of(symbol: str) -> str:
    """`QĐ-UBND` → `QĐ`: what names the kind; empty for a công văn, whose symbol begins with the agency."""
    return symbol.partition("-")[0].strip()


def twin_key(sender: str, number: str, symbol: str, dated_on: date | None) -> str:
    """The same for two arrivals of one document, however it came and was typed; empty while too little is known."""
    if not number or dated_on is None:
        return ""
    who = " ".join(words(sender)).replace("uy ban nhan dan", "ubnd").replace("hoi dong nhan dan", "hdnd")
    plain = "|".join([who, "".join(words(f"{number}/{symbol}")), dated_on.isoformat()])
    return hashlib.sha256(plain.encode()).hexdigest()


def arrival_key(unit_path: str, origin: str, sender: str, external_id: str) -> str | None:
    """One arrival is one row: the same message handed over again has the same key. None when it has no identity."""
    if not external_id:
        return None
    plain = "|".join([unit_path, origin, fold(sender), external_id.strip()])
    return hashlib.sha256(plain.encode()).hexdigest()


def on_time(ended_at: datetime, due_at: datetime | None) -> bool | None:
    """None without a deadline: what owes no day can be neither in time nor late."""
    return None if due_at is None else ended_at <= due_at


AGES = ((3, "đến 3 ngày"), (10, "4–10 ngày"), (None, "trên 10 ngày"))


def age_class(days: int) -> int:
    """Which of AGES a document of so many days belongs to."""
    return next(place for place, (most, _) in enumerate(AGES) if most is None or days <= most)


def may_finish(outcome: str, note: str, *, has_answer: bool) -> str:
    """Empty when the work may be closed that way, else the sentence."""
    if outcome == "answered" and not has_answer and not note:
        return "Hãy ghi số, ngày của văn bản trả lời, hoặc dự thảo văn bản trả lời ngay tại đây."
    if outcome in {"handled", "no_answer"} and not note:
        return "Hãy ghi một câu về kết quả, hoặc lý do không phải trả lời."
    return ""


def pick(values: Mapping[str, int], *names: str) -> int:
    """The sum of some counts; what was not counted is nothing."""
    return sum(values.get(name, 0) for name in names)
