"""The life of a bulletin and of each of its channels: which step follows which. Pure."""

from __future__ import annotations

from collections.abc import Iterable

DRAFT, SUBMITTED, APPROVED, REFUSED = "draft", "submitted", "approved", "refused"
SCHEDULED, RUNNING, DONE, FAILED, CANCELLED = "scheduled", "running", "done", "failed", "cancelled"

LABELS = {
    DRAFT: "Nháp",
    SUBMITTED: "Chờ duyệt",
    APPROVED: "Đã duyệt",
    REFUSED: "Từ chối",
    SCHEDULED: "Đã lên lịch",
    RUNNING: "Đang phát",
    DONE: "Đã phát",
    FAILED: "Lỗi",
    CANCELLED: "Đã huỷ",
}
TONES = {
    DRAFT: "neutral",
    SUBMITTED: "warn",
    APPROVED: "info",
    REFUSED: "bad",
    SCHEDULED: "info",
    RUNNING: "info",
    DONE: "good",
    FAILED: "bad",
    CANCELLED: "neutral",
}

WRITABLE = frozenset({DRAFT, SUBMITTED, REFUSED})
LIVE = frozenset({APPROVED, SCHEDULED, RUNNING})
OUT = frozenset({RUNNING, DONE})
OVER = frozenset({DONE, FAILED, CANCELLED})

# verb → (states it starts from, state it leads to).
MOVES: dict[str, tuple[frozenset[str], str]] = {
    "edit": (WRITABLE, DRAFT),
    "submit": (frozenset({DRAFT, REFUSED}), SUBMITTED),
    "approve": (frozenset({SUBMITTED}), APPROVED),
    "refuse": (frozenset({SUBMITTED}), REFUSED),
    "schedule": (frozenset({APPROVED}), SCHEDULED),
    "begin": (frozenset({APPROVED, SCHEDULED}), RUNNING),
    "finish": (frozenset({RUNNING}), DONE),
    "fail": (frozenset({RUNNING}), FAILED),
    "resume": (frozenset({RUNNING, DONE, FAILED}), RUNNING),
    "cancel": (frozenset({DRAFT, SUBMITTED, REFUSED}) | LIVE, CANCELLED),
}

# One channel of one bulletin.
WAITING, SENDING, SENT, BROKEN, STOPPED = "waiting", "sending", "sent", "broken", "stopped"
SENDING_LABELS = {
    WAITING: "Chờ gửi",
    SENDING: "Đang gửi",
    SENT: "Đã gửi",
    BROKEN: "Lỗi",
    STOPPED: "Đã dừng",
}
SENDING_TONES = {WAITING: "neutral", SENDING: "info", SENT: "good", BROKEN: "bad", STOPPED: "neutral"}
STILL_OPEN = frozenset({WAITING, SENDING})


def came_to(channels: Iterable[str]) -> str:
    """The verb that the states of all channels ask for, or empty while one of them is open.

    One channel that went out makes the bulletin sent; the others show their own faults.
    """
    states = set(channels)
    if not states or states & STILL_OPEN:
        return ""
    return "finish" if SENT in states else "fail"
