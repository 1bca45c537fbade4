"""The life of an outgoing document: which step follows which, and what became of each copy. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

DRAFT, AT_HEAD, AT_LEADER, CHECKING = "draft", "at_head", "at_leader", "checking"
TO_SIGN, SIGNING, SIGNED, NUMBERED = "to_sign", "signing", "signed", "numbered"
ISSUED, CORRECTED, REPLACED, RECALLED, CANCELLED = "issued", "corrected", "replaced", "recalled", "cancelled"

LABELS = {
    DRAFT: "Dự thảo",
    AT_HEAD: "Chờ phụ trách bộ phận",
    AT_LEADER: "Chờ lãnh đạo duyệt",
    CHECKING: "Chờ văn thư kiểm tra thể thức",
    TO_SIGN: "Chờ ký",
    SIGNING: "Đang ký số",
    SIGNED: "Đã ký, chờ cấp số",
    NUMBERED: "Đã cấp số, chờ đóng dấu",
    ISSUED: "Đã phát hành",
    CORRECTED: "Đã phát hành, có đính chính",
    REPLACED: "Đã được thay thế",
    RECALLED: "Đã thu hồi",
    CANCELLED: "Đã huỷ",
}
TONES = {
    DRAFT: "info",
    AT_HEAD: "warn",
    AT_LEADER: "warn",
    CHECKING: "warn",
    TO_SIGN: "warn",
    SIGNING: "info",
    SIGNED: "warn",
    NUMBERED: "warn",
    ISSUED: "good",
    CORRECTED: "good",
    REPLACED: "done",
    RECALLED: "bad",
    CANCELLED: "neutral",
}

BEFORE_ISSUE = frozenset({DRAFT, AT_HEAD, AT_LEADER, CHECKING, TO_SIGN, SIGNED, NUMBERED})
OUT = frozenset({ISSUED, CORRECTED})
GONE_OUT = OUT | {REPLACED, RECALLED}

# verb → (states it starts from, state it leads to).
MOVES: dict[str, tuple[frozenset[str], str]] = {
    "submit_to_head": (frozenset({DRAFT}), AT_HEAD),
    "submit_to_leader": (frozenset({DRAFT}), AT_LEADER),
    "pass_on": (frozenset({AT_HEAD}), AT_LEADER),
    "approve": (frozenset({AT_HEAD, AT_LEADER}), CHECKING),
    "return": (frozenset({AT_HEAD, AT_LEADER, CHECKING, TO_SIGN}), DRAFT),
    "pass_check": (frozenset({CHECKING}), TO_SIGN),
    "ask_signature": (frozenset({TO_SIGN}), SIGNING),
    "miss_signature": (frozenset({SIGNING}), TO_SIGN),
    "take_signature": (frozenset({SIGNING}), SIGNED),
    "sign_on_paper": (frozenset({TO_SIGN}), SIGNED),
    "number": (frozenset({SIGNED}), NUMBERED),
    "issue": (frozenset({NUMBERED}), ISSUED),
    "cancel": (BEFORE_ISSUE, CANCELLED),
    "correct": (OUT, CORRECTED),
    "replace": (OUT, REPLACED),
    "recall": (OUT, RECALLED),
}

WRONG_STEP = "Văn bản đang ở bước “{label}” nên không làm việc này được. Hãy tải lại trang để xem bước tiếp theo."


def target(verb: str, state: str) -> str:
    """The state a verb leads to from here; empty when it does not start here."""
    starts, to = MOVES[verb]
    return to if state in starts else ""


def refusal(verb: str, state: str) -> str:
    """Why the verb cannot be done now; empty when it can."""
    return "" if target(verb, state) else WRONG_STEP.format(label=LABELS[state])


# --- urgency and secrecy ---

URGENCIES = {"": "Thường", "khan": "Khẩn", "thuong-khan": "Thượng khẩn", "hoa-toc": "Hỏa tốc"}
PRIORITIES = {"": 0, "khan": 1, "thuong-khan": 2, "hoa-toc": 3}
"""How edXML counts them."""

LEVELS = {"": "Không mật", "secret": "Mật", "top_secret": "Tối mật", "absolute": "Tuyệt mật"}
KEPT_ON_PAPER = (
    "Văn bản mật không được đưa vào hệ thống nối mạng: ở đây chỉ có số và ngày. "
    "Nội dung, tệp và nơi nhận để ở sổ và bản giấy."
)

# --- what became of a copy (statuses of the exchange axis) ---

FOLLOWS = {
    "01": "Đã đến, chờ tiếp nhận",
    "02": "Từ chối tiếp nhận",
    "03": "Đã tiếp nhận",
    "04": "Đã phân công",
    "05": "Đang xử lý",
    "06": "Đã hoàn thành",
    "13": "Đã yêu cầu thu hồi",
    "15": "Đồng ý thu hồi",
    "16": "Từ chối thu hồi",
}
FOLLOW_TONES = {"02": "bad", "06": "good", "13": "warn", "15": "good", "16": "bad"}
AFTER_RECALL = frozenset({"15", "16"})


def follow_refusal(state: str, document_state: str) -> str:
    """Why a report about a copy is not taken; empty when it is."""
    if state not in FOLLOWS:
        return f"Không có trạng thái “{state}”. Hãy chọn một trong: {', '.join(FOLLOWS)}."
    if document_state not in GONE_OUT:
        return "Văn bản chưa phát hành nên chưa theo dõi nơi nhận được."
    if state in AFTER_RECALL and document_state not in {RECALLED, CORRECTED, REPLACED}:
        return "Văn bản chưa bị thu hồi hay thay thế nên nơi nhận chưa thể trả lời việc đó."
    return ""


def latest_follow(states: Collection[str]) -> str:
    """What a copy's row shows: the furthest of what was told, in whatever order it came."""
    return max(states, default="")


@dataclass(frozen=True, slots=True)
class Channel:
    """A way a copy takes."""

    title: str
    is_electronic: bool
    needs: str


CHANNELS = {
    "edxml": Channel("Trục liên thông (edXML)", True, "mã định danh của cơ quan nhận"),
    "email": Channel("Thư điện tử", True, "địa chỉ thư điện tử"),
    "portal": Channel("Đăng công khai trên cổng", True, ""),
    "paper": Channel("Bản giấy", False, ""),
}
