"""Decisions about a dossier. Pure: no database, no clock."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Protocol


class State(IntEnum):
    """The national list of states (field TrangThai of the portal's synchronisation)."""

    SUBMITTED = 1
    ACCEPTED = 2
    DECLINED = 3
    PROCESSING = 4
    SUPPLEMENT = 5
    DUTY = 6
    WITHDRAWN = 7
    STOPPED = 8
    FINISHED = 9
    RETURNED = 10


LABELS = {
    State.SUBMITTED: "Mới đăng ký",
    State.ACCEPTED: "Được tiếp nhận",
    State.DECLINED: "Không được tiếp nhận",
    State.PROCESSING: "Đang xử lý",
    State.SUPPLEMENT: "Yêu cầu bổ sung giấy tờ",
    State.DUTY: "Chờ thực hiện nghĩa vụ tài chính",
    State.WITHDRAWN: "Công dân rút hồ sơ",
    State.STOPPED: "Dừng xử lý",
    State.FINISHED: "Đã xử lý xong",
    State.RETURNED: "Đã trả kết quả",
}
OPEN = frozenset({State.SUBMITTED, State.ACCEPTED, State.PROCESSING, State.SUPPLEMENT, State.DUTY, State.FINISHED})
BEFORE_RESULT = OPEN - {State.FINISHED}
CLOSED = frozenset(set(State) - OPEN)

# verb → (states it starts from, state it leads to). NĐ 61/2018 Đ.17–20; the whole table of moves there is.
MOVES: dict[str, tuple[frozenset[State], State]] = {
    "accept": (frozenset({State.SUBMITTED}), State.ACCEPTED),
    "decline": (frozenset({State.SUBMITTED}), State.DECLINED),
    "request_supplement_before": (frozenset({State.SUBMITTED}), State.SUPPLEMENT),
    "resubmit": (frozenset({State.SUPPLEMENT}), State.SUBMITTED),
    "forward": (frozenset({State.ACCEPTED}), State.PROCESSING),
    "request_supplement": (frozenset({State.PROCESSING}), State.SUPPLEMENT),
    "resume": (frozenset({State.SUPPLEMENT}), State.PROCESSING),
    "request_duty": (frozenset({State.PROCESSING}), State.DUTY),
    "confirm_duty": (frozenset({State.DUTY}), State.PROCESSING),
    "stop": (frozenset({State.PROCESSING, State.SUPPLEMENT, State.DUTY}), State.STOPPED),
    "withdraw": (BEFORE_RESULT, State.WITHDRAWN),
    "finish": (frozenset({State.PROCESSING}), State.FINISHED),
    "return_result": (frozenset({State.FINISHED}), State.RETURNED),
}

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
SECRET_LENGTH = 8


def new_secret() -> str:
    """The look-up code on the slip: 8 characters without 0/O, 1/I/L, about 39 bits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(SECRET_LENGTH))


class StepLike(Protocol):
    """A step as these rules read it; they never change one."""

    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def share(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Turn:
    """A step of the default route, for procedures whose content names none."""

    key: str
    label: str
    kind: str
    role: str
    share: int = 0


DEFAULT_STEPS: tuple[Turn, ...] = (
    Turn("receive", "Tiếp nhận", "receive", "reception", 5),
    Turn("process", "Xử lý hồ sơ", "process", "handler", 60),
    Turn("sign", "Lãnh đạo ký duyệt", "sign", "leader", 25),
    Turn("return", "Trả kết quả", "return", "reception", 10),
)


def steps_of(declared: Sequence[StepLike]) -> Sequence[StepLike]:
    return declared or DEFAULT_STEPS


def next_step(declared: Sequence[StepLike], key: str) -> StepLike | None:
    """The step after `key`; None when the next is the return, that is when the work is finished."""
    steps = steps_of(declared)
    position = [step.key for step in steps].index(key)
    following = steps[position + 1]
    return None if following.kind == "return" else following


def step_back(declared: Sequence[StepLike], key: str) -> StepLike:
    """Where a refused signature goes: the last step before `key` that prepares something."""
    steps = steps_of(declared)
    position = [step.key for step in steps].index(key)
    for step in reversed(steps[:position]):
        if step.kind in {"process", "verify"}:
            return step
    return steps[max(position - 1, 0)]


def first_step(declared: Sequence[StepLike]) -> StepLike:
    """Who gets the dossier after reception."""
    steps = steps_of(declared)
    return next((step for step in steps if step.kind not in {"receive"}), steps[-1])


def missing_papers(due: Iterable[tuple[str, str]], handed_in: set[str]) -> list[str]:
    """Names of required papers (key, name) that were not handed in."""
    return [name for key, name in due if key not in handed_in]


SECOND_SUPPLEMENT = (
    "Hồ sơ đã yêu cầu bổ sung một lần. Yêu cầu lần thứ hai làm hồ sơ bị tính quá hạn theo QĐ 766, nên cần phụ trách bộ "
    "phận đồng ý và ghi lý do."
)
SECOND_RESCHEDULE = "Ngày hẹn trả chỉ được lùi một lần. Cần phụ trách bộ phận cho phép và ghi lý do."
APOLOGISE_FIRST = (
    "Hồ sơ đã quá ngày hẹn trả mà người dân chưa được xin lỗi. Hãy bấm “Xin lỗi, hẹn lại” để lập Mẫu 04 và báo ngày "
    "trả mới, rồi làm tiếp."
)


def owes_apology(at: datetime, due_at: datetime | None, apologised_at: datetime | None) -> bool:
    """The promised date is over and nobody said sorry (NĐ 61/2018 Đ.19.9). One apology is all the law knows."""
    return due_at is not None and apologised_at is None and at > due_at


def may_ask_supplement(asked_before: int, manager_agrees: bool) -> str:
    """Empty when allowed, else the sentence. NĐ 61/2018 Đ.19.4; QĐ 766 counts a second request as overdue."""
    return SECOND_SUPPLEMENT if asked_before >= 1 and not manager_agrees else ""


def may_return(payment_state: str, has_result: bool, result_kind: str) -> str:
    """Empty when the result may be handed over, else the sentence."""
    if payment_state == "unknown":
        return "Chưa xác định mức phí, lệ phí. Hãy ghi mức thu, hoặc ghi căn cứ không thu, rồi trả kết quả."
    if payment_state in {"due", "part"}:
        return "Hồ sơ còn phí, lệ phí chưa nộp. Hãy thu tiền hoặc ghi nhận miễn giảm trước khi trả kết quả."
    if result_kind == "document" and not has_result:
        return "Hồ sơ chưa có tệp kết quả. Hãy đính kèm kết quả đã ký trước khi trả."
    return ""


def tokens(unit_path: str, texts: Iterable[str]) -> str:
    """Search tokens: each folded word behind each unit of the path, so that a search in one commune never walks
    through another's rows. `26.252.09157.` with "lan" gives `u26xlan u252xlan u09157xlan`.
    """
    found: dict[str, None] = {}
    for text in texts:
        for word in text.split():
            for prefix in _prefixes(unit_path):
                found[prefix + word] = None
    return " ".join(found)


def search_prefix(unit_path: str) -> str:
    """The token prefix of a searcher's unit; empty for somebody without a unit."""
    return next(reversed(_prefixes(unit_path)), "")


def _prefixes(unit_path: str) -> list[str]:
    codes = ["".join(c for c in code.lower() if c.isalnum()) for code in unit_path.split(".") if code]
    return [f"u{code}x" for code in codes]
