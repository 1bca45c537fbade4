"""What became of a target, which state of a task may follow which, and what a plan still lacks. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Literal

Standing = Literal["better", "equal", "worse", "unsure", "missing"]
HUNDRED = Decimal(100)


class Result(StrEnum):
    EXCEEDED = "exceeded"
    MET = "met"
    FAILED = "failed"
    NOT_DUE = "not_due"
    NO_FIGURE = "no_figure"
    DROPPED = "dropped"
    TO_CONFIRM = "to_confirm"

    @property
    def label(self) -> str:
        return RESULT_LABELS[self]

    @property
    def tone(self) -> str:
        return RESULT_TONES.get(self, "neutral")


RESULT_LABELS = {
    Result.EXCEEDED: "Vượt",
    Result.MET: "Đạt",
    Result.FAILED: "Không đạt",
    Result.NOT_DUE: "Chưa đến hạn",
    Result.NO_FIGURE: "Chưa có số liệu",
    Result.DROPPED: "Không thực hiện, điều chỉnh",
    Result.TO_CONFIRM: "Cần người xác nhận",
}
RESULT_TONES = {
    Result.EXCEEDED: "good",
    Result.MET: "good",
    Result.FAILED: "bad",
    Result.NO_FIGURE: "warn",
    Result.TO_CONFIRM: "warn",
}
DECIDED = (Result.EXCEEDED, Result.MET, Result.FAILED)


@dataclass(frozen=True, slots=True)
class Question:
    """One target on one day. `standing` is how the actual compares with the target, missing when nothing is known."""

    standing: Standing
    on: date
    due_on: date
    is_dropped: bool = False
    is_yes_no: bool = False
    is_percent: bool = False
    wanted: Decimal | None = None
    actual: Decimal | None = None
    comparator: str = "="


def result_of(asked: Question) -> Result:
    """What the number says. One that already reaches the target counts at once; one that does not has until the
    last day."""
    if asked.is_dropped:
        return Result.DROPPED
    found = _by_figure(asked)
    return Result.NOT_DUE if found == Result.FAILED and asked.on <= asked.due_on else found


def with_word(asked: Question, word: Result) -> Result:
    """The same, heeding a leader's word where the number leaves it open."""
    found = result_of(asked)
    is_open = found == Result.TO_CONFIRM or (found == Result.NO_FIGURE and asked.is_yes_no)
    return word if is_open and word in DECIDED else found


def _by_figure(asked: Question) -> Result:
    if asked.standing == "missing":
        return Result.NO_FIGURE
    if is_full(asked.is_percent, asked.wanted):
        return _against_full(asked)
    if asked.standing == "unsure":
        return Result.TO_CONFIRM
    if asked.standing == "worse":
        return Result.FAILED
    return Result.MET if asked.standing == "equal" or asked.is_yes_no else Result.EXCEEDED


def is_full(is_percent: bool, wanted: Decimal | None) -> bool:
    """A share of 100 %: nothing lies above it, so such a target can be met and never exceeded."""
    return is_percent and wanted == HUNDRED


def _against_full(asked: Question) -> Result:
    """Whoever writes "hơn 98 %" did not count 100 %: only a share told as 100 is 100."""
    if asked.actual is None:
        return Result.TO_CONFIRM
    if asked.actual >= HUNDRED:
        return Result.MET if asked.comparator in {"=", ">=", ">"} else Result.FAILED
    return Result.TO_CONFIRM if asked.comparator == "~>" else Result.FAILED


def may_confirm(found: Result, wanted: Result, is_yes_no: bool) -> str:
    """Empty, or why a person may not say this. A clear figure is changed at its source, never by a signature."""
    if wanted not in DECIDED:
        return "Hãy chọn một kết quả: vượt, đạt hoặc không đạt."
    if found == Result.TO_CONFIRM or (found == Result.NO_FIGURE and is_yes_no):
        return ""
    if found == Result.NO_FIGURE:
        return "Chỉ tiêu này chưa có số liệu. Hãy khai số liệu trước rồi xác nhận kết quả."
    if found == wanted:
        return ""
    return f"Số liệu đã cho kết quả rõ: {found.label.lower()}. Muốn khác đi, hãy sửa số liệu hoặc điều chỉnh chỉ tiêu."


def percent_of_plan(actual: Decimal | None, wanted: Decimal | None, direction: str) -> Decimal | None:
    """actual / target × 100. None where it would mislead: lower is better, yes or no, nothing to divide by."""
    if actual is None or not wanted or direction != "higher":
        return None
    return (actual / wanted * HUNDRED).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many targets of a year came to what."""

    by_result: Mapping[Result, int]

    @property
    def total(self) -> int:
        return sum(self.by_result.values())

    def of(self, result: Result) -> int:
        return self.by_result.get(result, 0)

    @property
    def line(self) -> str:
        """4/15 vượt, 11/15 đạt, 0 không đạt; what is not decided follows, so that nobody reads it as met."""
        if not self.total:
            return "Chưa có chỉ tiêu được duyệt"
        parts = [f"{self._share(result)} {result.label.lower()}" for result in DECIDED]
        rest = (Result.NOT_DUE, Result.NO_FIGURE, Result.TO_CONFIRM, Result.DROPPED)
        parts += [f"{self._share(result)} {result.label.lower()}" for result in rest if self.of(result)]
        return ", ".join(parts)

    @property
    def short_line(self) -> str:
        """15 chỉ tiêu: 4 vượt, 11 đạt, 0 không đạt"""
        return f"{self.total} chỉ tiêu: " + ", ".join(f"{self.of(one)} {one.label.lower()}" for one in DECIDED)

    def _share(self, result: Result) -> str:
        count = self.of(result)
        return f"{count}/{self.total}" if count else "0"


def counted(results: Iterable[Result]) -> Counts:
    found: dict[Result, int] = {}
    for result in results:
        found[result] = found.get(result, 0) + 1
    return Counts(found)


class TaskState(StrEnum):
    DONE = "done"
    DOING = "doing"
    KEEP_UP = "keep_up"
    NOT_STARTED = "not_started"
    NOT_DUE = "not_due"
    PAUSED = "paused"
    CANCELLED = "cancelled"


STATE_LABELS = {
    TaskState.DONE: "Hoàn thành",
    TaskState.DOING: "Đang thực hiện",
    TaskState.KEEP_UP: "Tiếp tục duy trì",
    TaskState.NOT_STARTED: "Chưa thực hiện",
    TaskState.NOT_DUE: "Chưa đến hạn",
    TaskState.PAUSED: "Tạm dừng",
    TaskState.CANCELLED: "Đã huỷ",
}
STATE_TONES = {TaskState.DONE: "done", TaskState.DOING: "info", TaskState.KEEP_UP: "good", TaskState.PAUSED: "warn"}
OPEN_STATES = (TaskState.NOT_STARTED, TaskState.DOING, TaskState.PAUSED)
"""Still owed. A paused task stays late: to pause is to say so, not to stop the calendar."""

MOVES: dict[TaskState, frozenset[TaskState]] = {
    TaskState.NOT_STARTED: frozenset({TaskState.DOING, TaskState.DONE, TaskState.PAUSED, TaskState.CANCELLED}),
    TaskState.DOING: frozenset(
        {TaskState.DOING, TaskState.DONE, TaskState.KEEP_UP, TaskState.PAUSED, TaskState.CANCELLED}
    ),
    TaskState.PAUSED: frozenset({TaskState.DOING, TaskState.DONE, TaskState.CANCELLED}),
    TaskState.DONE: frozenset({TaskState.KEEP_UP, TaskState.DOING}),
    TaskState.KEEP_UP: frozenset({TaskState.KEEP_UP, TaskState.DOING, TaskState.DONE, TaskState.CANCELLED}),
    TaskState.CANCELLED: frozenset(),
}


def may_move(now: str, then: TaskState) -> bool:
    return then in MOVES.get(TaskState(now), frozenset())


def shown_state(state: str, starts_on: date | None, today: date) -> TaskState:
    """A task planned for later is not yet neglected: until its first day it reads "chưa đến hạn"."""
    if state == TaskState.NOT_STARTED and starts_on is not None and starts_on > today:
        return TaskState.NOT_DUE
    return TaskState(state)


def is_late(state: str, due_on: date | None, today: date) -> bool:
    return due_on is not None and due_on < today and state in OPEN_STATES


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """What is asked of a target before it is a promise."""

    text: str
    has_value: bool
    has_source: bool
    has_head: bool
    tasks: int


def lacks_of_target(facts: TargetFacts) -> list[str]:
    found = []
    if not facts.has_value:
        found.append("chưa ghi con số phải đạt")
    if not facts.has_source:
        found.append("chưa có nguồn số liệu")
    if not facts.tasks:
        found.append("chưa có nhiệm vụ nào")
    if not facts.has_head:
        found.append("chưa có người chịu trách nhiệm")
    return found


def lacks_of_task(targets: int, is_condition: bool, has_person: bool, has_due: bool) -> list[str]:
    found = []
    if not targets and not is_condition:
        found.append("chưa phục vụ chỉ tiêu nào và chưa đánh dấu điều kiện")
    if not has_person:
        found.append("chưa giao người làm")
    if not has_due:
        found.append("chưa có hạn")
    return found


def units_meeting(standings: Iterable[str]) -> tuple[str, Decimal]:
    """How many child units meet a condition, as (comparator, number). Units nobody knows about may still meet it."""
    told = list(standings)
    sure = sum(1 for standing in told if standing in {"better", "equal"})
    open_ones = sum(1 for standing in told if standing in {"unsure", "missing"})
    return (">=" if open_ones else "="), Decimal(sure)


def overspent(planned: int, spent: int, amount: int) -> int:
    """By how much one more spending would exceed the line; 0 when it fits."""
    return max(0, spent + amount - planned)
