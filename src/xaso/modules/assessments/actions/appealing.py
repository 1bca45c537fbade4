"""A unit that disagrees with its result, and the answer it gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.files.actions import Received
from xaso.core.outbox.actions import announce
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.assessments.actions.moving import (
    kept,
    move,
    need_other_person,
    need_points,
    need_state,
    reason_of,
    totals_of,
)
from xaso.modules.assessments.actions.publishing import rank
from xaso.modules.assessments.events import AssessmentTold
from xaso.modules.assessments.models import Appeal, Assessment, Item
from xaso.modules.assessments.queries.items import items_of
from xaso.modules.assessments.rules import State


@action("assessments.appeal", "Khiếu nại kết quả")
def appeal(
    by: Actor, assessment: Assessment, /, *, codes: Sequence[str], reason: str, file: Received | None = None
) -> Appeal:
    """Within the days that the round gives, for components of the unit's own result."""
    need_state(assessment, State.PUBLISHED)
    until = assessment.round.appeal_until
    if until is None or clock.today() > until:
        raise Refused(f"Thời hạn khiếu nại đã hết ngày {until:%d/%m/%Y}." if until else "Kỳ đánh giá chưa công bố.")
    reason = reason_of(reason, "Hãy ghi rõ vì sao đơn vị không đồng ý.")
    known = set(assessment.items.filter(is_scored=True).values_list("code", flat=True))
    if not codes or not set(codes) <= known:
        raise Refused("Hãy chọn ít nhất một thành phần có chấm điểm để khiếu nại.")
    move(by, assessment, State.APPEALED, note=reason)
    return Appeal.objects.create(
        assessment=assessment,
        codes=list(dict.fromkeys(codes)),
        reason=reason[:2000],
        file=kept(by, file, assessment, "khiếu nại"),
        made_by=by.account_id,
        made_by_name=by.name,
        made_at=clock.now(),
    )


@action("assessments.answer_appeal", "Trả lời khiếu nại")
def answer_appeal(
    by: Actor, appeal: Appeal, /, *, is_upheld: bool, answer: str, points: Mapping[str, Decimal] | None = None
) -> Appeal:
    """`points`: new final points of the components complained about, when the unit is right. Ranks follow."""
    assessment = appeal.assessment
    need_state(assessment, State.APPEALED)
    need_other_person(by, assessment.appraised_by, done="thẩm định", now="trả lời khiếu nại")
    answer = reason_of(answer, "Hãy ghi nội dung trả lời.")
    if is_upheld != bool(points):
        raise Refused("Chấp nhận khiếu nại thì ghi điểm mới; không chấp nhận thì để trống điểm.")
    items = items_of(assessment)
    _correct(appeal, items, points or {}, answer)
    move(by, assessment, State.PUBLISHED, note=answer, final_total=totals_of(items)["final_total"])
    appeal.is_upheld, appeal.answer = is_upheld, answer[:2000]
    appeal.answered_by_name, appeal.answered_at = by.name, clock.now()
    appeal.save(update_fields=["is_upheld", "answer", "answered_by_name", "answered_at"])
    if points:
        rank(assessment.round)
    announce(AssessmentTold(assessment.pk, "assessments.appeal_answered", answer))
    return appeal


def _correct(appeal: Appeal, items: list[Item], points: Mapping[str, Decimal], answer: str) -> None:
    by_code = {one.code: one for one in items}
    for code, value in points.items():
        if code not in appeal.codes:
            raise Refused(f"Thành phần {code} không nằm trong khiếu nại.")
        need_points(value, by_code[code].max)
        by_code[code].final_points = value
        by_code[code].final_note = f"Theo trả lời khiếu nại: {answer}"[:2000]
    Item.objects.bulk_update([by_code[code] for code in points], ["final_points", "final_note"])
