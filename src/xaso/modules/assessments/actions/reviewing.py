"""The appraiser's part: take an assessment up, judge component by component, send it back or finish."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.actions import note as audit_note
from xaso.core.files.actions import Received
from xaso.core.outbox.actions import announce
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.assessments import rules
from xaso.modules.assessments.actions.moving import (
    MOVED_ON,
    kept,
    move,
    need_open_round,
    need_other_person,
    need_points,
    need_state,
    reason_of,
    totals_of,
)
from xaso.modules.assessments.events import AssessmentTold
from xaso.modules.assessments.models import Assessment, Decline, Item
from xaso.modules.assessments.queries.items import items_of, parts_of
from xaso.modules.assessments.rules import State

DIFFERS = "Điểm thẩm định khác điểm tự chấm ({self_points}). Hãy ghi lý do."
STILL_DECLINED = "Còn thành phần không chấp nhận: {codes}. Trả lại đơn vị để cập nhật, hoặc bỏ việc không chấp nhận."


@action("assessments.start_review", "Bắt đầu thẩm định")
def start_review(by: Actor, assessment: Assessment, /) -> Assessment:
    """From now on the unit may not edit, until the assessment is returned."""
    need_open_round(assessment)
    for account in (assessment.self_scored_by, assessment.submitted_by):
        need_other_person(by, account, done="chấm hoặc nộp bài", now="thẩm định")
    return move(by, assessment, State.APPRAISING)


def _under_review(item: Item) -> Assessment:
    """The assessment of an item that is being reviewed now; its row is held."""
    assessment = item.assessment
    need_state(assessment, State.APPRAISING)
    held = Assessment.objects.select_for_update(no_key=True).filter(pk=assessment.pk, state=State.APPRAISING)
    if not held.exists():
        raise Refused(MOVED_ON)
    return assessment


@action("assessments.score_item", "Chấm thẩm định")
def score_item(by: Actor, item: Item, /, *, points: Decimal, note: str) -> Item:
    assessment = _under_review(item)
    if not item.is_scored:
        raise Refused("Thành phần này chỉ ghi nhận, không chấm điểm.")
    need_points(points, item.max)
    if points != item.self_points:
        reason_of(note, DIFFERS.format(self_points=rules.show(item.self_points)))
    item.appraised_points, item.appraised_note = points, note.strip()[:2000]
    item.save(update_fields=["appraised_points", "appraised_note"])
    _sum(assessment)
    return item


@action("assessments.agree_items", "Đồng ý điểm tự chấm")
def agree_items(by: Actor, assessment: Assessment, /, *, codes: Sequence[str]) -> Assessment:
    """The self-score stands for these components, where nothing was decided yet."""
    need_state(assessment, State.APPRAISING)
    agreed = [
        one
        for one in items_of(assessment)
        if one.code in codes and one.is_scored and one.appraised_points is None and not one.open_declines
    ]
    for item in agreed:
        item.appraised_points = item.self_points
    Item.objects.bulk_update(agreed, ["appraised_points"])
    _sum(assessment)
    audit_note(agreed=len(agreed))
    return assessment


def _sum(assessment: Assessment) -> None:
    assessment.appraised_total = totals_of(items_of(assessment))["appraised_total"]
    assessment.save(update_fields=["appraised_total"])


@action("assessments.decline_item", "Không chấp nhận thành phần")
def decline_item(by: Actor, item: Item, /, *, reason: str, file: Received | None = None) -> Decline:
    """The unit has to update it; the assessment goes back with `return_to_unit`."""
    assessment = _under_review(item)
    reason = reason_of(reason)
    if Decline.objects.filter(item=item, undone_at=None, answered_at=None).exists():
        raise Refused(f"Thành phần {item.code} đã ở trạng thái không chấp nhận.")
    return Decline.objects.create(
        item=item,
        reason=reason[:1000],
        file=kept(by, file, assessment, f"không chấp nhận {item.code}"),
        declined_by_name=by.name,
        declined_at=clock.now(),
    )


@action("assessments.undo_decline", "Bỏ việc không chấp nhận")
def undo_decline(by: Actor, decline: Decline, /) -> Decline:
    _under_review(decline.item)
    undone = Decline.objects.filter(pk=decline.pk, undone_at=None, answered_at=None).update(
        undone_at=clock.now(), undone_by_name=by.name
    )
    if not undone:
        raise Refused("Việc không chấp nhận này đã được xử lý trước đó. Hãy tải lại trang.")
    decline.refresh_from_db()
    return decline


@action("assessments.return_to_unit", "Trả lại đơn vị")
def return_to_unit(by: Actor, assessment: Assessment, /, *, reason: str) -> Assessment:
    """With declined components only those may be changed, else all of them."""
    need_open_round(assessment)
    reason = reason_of(reason)
    move(by, assessment, State.RETURNED, note=reason)
    open_now = Decline.objects.filter(item__assessment=assessment, undone_at=None, answered_at=None)
    codes = ", ".join(open_now.order_by("item__position").values_list("item__code", flat=True))
    told = f"{reason} (không chấp nhận: {codes})" if codes else reason
    announce(AssessmentTold(assessment.pk, "assessments.returned", told))
    return assessment


@action("assessments.finish_review", "Hoàn thành thẩm định")
def finish_review(by: Actor, assessment: Assessment, /) -> Assessment:
    need_state(assessment, State.APPRAISING)
    items = items_of(assessment)
    if declined := [one.code for one in items if one.open_declines]:
        raise Refused(STILL_DECLINED.format(codes=", ".join(declined)))
    if lacking := rules.unappraised(parts_of(items)):
        more = f" và {len(lacking) - 10} thành phần nữa" if len(lacking) > 10 else ""
        raise Refused(f"Chưa chấm thẩm định: {', '.join(lacking[:10])}{more}.")
    return move(
        by,
        assessment,
        State.APPRAISED,
        appraised_by=by.account_id,
        appraised_by_name=by.name,
        appraised_total=totals_of(items)["appraised_total"],
    )
