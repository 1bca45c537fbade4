"""The council's part: adjust, approve, reject, or send back to the appraiser."""

from __future__ import annotations

from decimal import Decimal

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.outbox.actions import announce
from xaso.kit.errors import Refused
from xaso.modules.assessments import rules
from xaso.modules.assessments.actions.moving import (
    move,
    need_open_round,
    need_other_person,
    need_points,
    need_state,
    reason_of,
    totals_of,
)
from xaso.modules.assessments.events import AssessmentTold
from xaso.modules.assessments.models import Assessment, Item
from xaso.modules.assessments.queries.items import items_of
from xaso.modules.assessments.rules import State

DIFFERS = "Điểm chốt khác điểm thẩm định ({appraised}). Hãy ghi lý do."


@action("assessments.adjust_item", "Chốt điểm thành phần")
def adjust_item(by: Actor, item: Item, /, *, points: Decimal, note: str) -> Item:
    need_state(item.assessment, State.APPRAISED)
    if not item.is_scored:
        raise Refused("Thành phần này chỉ ghi nhận, không chấm điểm.")
    need_points(points, item.max)
    if points != item.appraised_points:
        reason_of(note, DIFFERS.format(appraised=rules.show(item.appraised_points)))
    item.final_points, item.final_note = points, note.strip()[:2000]
    item.save(update_fields=["final_points", "final_note"])
    return item


@action("assessments.approve", "Hội đồng duyệt")
def approve(by: Actor, assessment: Assessment, /) -> Assessment:
    """What the council did not adjust stands as it was appraised."""
    _need_council(by, assessment)
    items = items_of(assessment)
    for item in items:
        if item.is_scored and item.final_points is None:
            item.final_points = item.appraised_points
    Item.objects.bulk_update(items, ["final_points"], batch_size=200)
    return move(
        by,
        assessment,
        State.APPROVED,
        decided_by=by.account_id,
        decided_by_name=by.name,
        final_total=totals_of(items)["final_total"],
    )


def _need_council(by: Actor, assessment: Assessment) -> None:
    need_open_round(assessment)
    need_state(assessment, State.APPRAISED)
    need_other_person(by, assessment.appraised_by, done="thẩm định", now="duyệt")
    need_other_person(by, assessment.submitted_by, done="ký nộp", now="duyệt")


@action("assessments.reject", "Hội đồng từ chối")
def reject(by: Actor, assessment: Assessment, /, *, reason: str, is_final: bool) -> Assessment:
    """A final rejection ends the matter: the unit may not send it again and gets no rank."""
    _need_council(by, assessment)
    reason = reason_of(reason)
    move(
        by,
        assessment,
        State.REJECTED,
        note=reason,
        is_final_rejection=is_final,
        decided_by=by.account_id,
        decided_by_name=by.name,
    )
    announce(AssessmentTold(assessment.pk, "assessments.rejected", reason))
    return assessment


@action("assessments.reopen_review", "Yêu cầu thẩm định lại")
def reopen_review(by: Actor, assessment: Assessment, /, *, reason: str) -> Assessment:
    _need_council(by, assessment)
    reason = reason_of(reason)
    Item.objects.filter(assessment=assessment).update(final_points=None, final_note="")
    return move(by, assessment, State.APPRAISING, note=reason)
