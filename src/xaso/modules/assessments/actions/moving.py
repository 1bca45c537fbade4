"""How an assessment goes from one state to the next, and what stands in the way."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from xaso.core.access import Actor
from xaso.core.files.actions import Received, attach
from xaso.core.files.models import StoredFile
from xaso.kit import clock, subject
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.assessments import rules
from xaso.modules.assessments.models import Assessment, Item, Round, Step
from xaso.modules.assessments.rules import State

NOT_NOW = "Bài đánh giá đang ở trạng thái “{state}” nên chưa làm được việc này. Hãy tải lại trang."
MOVED_ON = "Bài đánh giá vừa được người khác xử lý. Hãy tải lại trang để xem tình trạng mới."
GIVE_A_REASON = "Hãy ghi lý do để đơn vị hiểu vì sao."
ANOTHER_PERSON = "Người {done} không được tự {now}. Hãy để người khác làm bước này."
ROUND_CLOSED = "Kỳ đánh giá này đã công bố, không thay đổi được nữa."


def move(by: Actor, assessment: Assessment, to: State, *, note: str = "", **values: Any) -> Assessment:
    """Compare and set along the table of moves, and keep the step."""
    was = assessment.state
    need_move(assessment, to)
    values |= {"state": to.value, "changed_at": clock.now(), "note": note[:1000]}
    if not Assessment.objects.filter(pk=assessment.pk, state=was).update(**values):
        raise Refused(MOVED_ON)
    for name, value in values.items():
        setattr(assessment, name, value)
    Step.objects.create(assessment=assessment, was=was, state=to.value, by_name=by.name, note=note[:1000])
    return assessment


def need_move(assessment: Assessment, to: State) -> None:
    if not rules.may_move(assessment.state, to):
        raise Refused(NOT_NOW.format(state=rules.TITLES[State(assessment.state)]))


def need_state(assessment: Assessment, *states: State) -> None:
    if assessment.state not in states:
        raise Refused(NOT_NOW.format(state=rules.TITLES[State(assessment.state)]))


def need_open_round(assessment: Assessment) -> None:
    if assessment.round.state != Round.State.OPEN:
        raise Refused(ROUND_CLOSED)


def need_other_person(by: Actor, account_id: int | None, *, done: str, now: str) -> None:
    """Who did one step does not approve it."""
    if account_id is not None and by.account_id == account_id:
        raise Refused(ANOTHER_PERSON.format(done=done, now=now))


def need_points(points: Decimal, maximum: Decimal) -> None:
    if fault := rules.points_fault(points, maximum):
        raise Refused(fault)


def reason_of(text: str, sentence: str = GIVE_A_REASON) -> str:
    """What was written, tidy. Refused when it is nothing."""
    if not tidy(text):
        raise Refused(sentence)
    return text.strip()


def kept(by: Actor, file: Received | None, item: Item | Assessment, kind: str) -> StoredFile | None:
    """The received file as a row of the assessment; None when there is none."""
    if file is None:
        return None
    assessment = item.assessment if isinstance(item, Item) else item
    return attach(by, file, subject=subject.ref(assessment), unit_path=assessment.unit_path, kind=kind)


def totals_of(items: list[Item]) -> dict[str, Decimal | None]:
    scored = [one for one in items if one.is_scored]
    return {
        "self_total": rules.total(one.self_points for one in scored),
        "appraised_total": rules.total(one.appraised_points for one in scored),
        "final_total": rules.total(one.final_points for one in scored),
    }
