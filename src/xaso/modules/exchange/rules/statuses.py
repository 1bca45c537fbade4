"""The states two organisations tell each other about a document, and what happens when they cross. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

ARRIVED, REFUSED, TAKEN, ASSIGNED, IN_WORK, DONE = "01", "02", "03", "04", "05", "06"
RECALLED, RECALL_ACCEPTED, RECALL_REFUSED = "13", "15", "16"
TITLES = {
    ARRIVED: "Đã đến, chờ tiếp nhận",
    REFUSED: "Từ chối tiếp nhận",
    TAKEN: "Đã tiếp nhận",
    ASSIGNED: "Đã phân công",
    IN_WORK: "Đang xử lý",
    DONE: "Đã hoàn thành",
    RECALLED: "Nơi gửi thu hồi",
    RECALL_ACCEPTED: "Đồng ý thu hồi",
    RECALL_REFUSED: "Không đồng ý thu hồi",
}
FINAL = {REFUSED, DONE, RECALL_ACCEPTED}

ALREADY_DONE = (
    "Văn bản này đã giải quyết xong nên không thể đồng ý thu hồi. "
    "Hãy trả lời “không đồng ý” và nêu văn bản đã giải quyết."
)
DECIDED = "Đã trả lời đề nghị thu hồi này rồi. Hãy tải lại trang."


def may_tell(code: str, told: Iterable[str]) -> bool:
    """Each state at most once; nothing after a refusal, the end or an accepted recall except what answers a recall."""
    before = set(told)
    if code in before or code not in TITLES:
        return False
    if code in {RECALL_ACCEPTED, RECALL_REFUSED}:
        return not before & {RECALL_ACCEPTED, RECALL_REFUSED}
    if code == RECALLED:
        return RECALL_ACCEPTED not in before
    if before & FINAL:
        return False
    return all(code >= earlier for earlier in before if earlier <= DONE)


def may_hear(code: str, heard: Iterable[str]) -> bool:
    """Whether a state told by a receiver counts. Networks turn things round, so an older one may come late and still
    counts; after an accepted recall nothing does, and of the two answers only the first."""
    before = set(heard)
    if code in before or code not in TITLES or RECALL_ACCEPTED in before:
        return False
    return not (code in {RECALL_ACCEPTED, RECALL_REFUSED} and RECALL_REFUSED in before)


def recall_fault(told: Iterable[str], accept: bool) -> str:
    """Why a recall cannot be answered so; empty when it can."""
    before = set(told)
    if before & {RECALL_ACCEPTED, RECALL_REFUSED}:
        return DECIDED
    return ALREADY_DONE if accept and DONE in before else ""


# Asking the axis

SHORT_OVERLAP, LONG_OVERLAP = timedelta(days=1), timedelta(days=7)
FIRST_BACKOFF, LONGEST_BACKOFF = timedelta(minutes=1), timedelta(minutes=30)


def ask_since(last_success: datetime | None, now: datetime) -> datetime:
    """From which day on to ask. What came late on the axis is found by the overlap, once a day a week of it.

    The overlap is counted from the last success and not from now, so that nothing is lost while the axis is away.
    """
    if last_success is None:
        return now - LONG_OVERLAP
    overlap = SHORT_OVERLAP if last_success.date() == now.date() else LONG_OVERLAP
    return last_success - overlap


def wait_after(attempts: int) -> timedelta:
    """How long to leave the axis alone after so many failures."""
    return min(FIRST_BACKOFF * 2 ** min(max(attempts - 1, 0), 10), LONGEST_BACKOFF)
