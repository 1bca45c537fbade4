"""The unit's own part: general information, a score for every component, explanations and proofs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.actions import note as audit_note
from xaso.core.files.actions import Received
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.assessments import rules
from xaso.modules.assessments.actions.moving import (
    MOVED_ON,
    NOT_NOW,
    kept,
    move,
    need_open_round,
    need_points,
    need_state,
    totals_of,
)
from xaso.modules.assessments.models import Assessment, Decline, Item, Proof
from xaso.modules.assessments.queries.computing import computed, period_in
from xaso.modules.assessments.queries.items import faults_of, items_of
from xaso.modules.assessments.rules import State
from xaso.modules.packs import queries as packs

ONLY_DECLINED = (
    "Bài được trả lại để sửa riêng các thành phần không được chấp nhận. Thành phần này không nằm trong số đó."
)
TOO_LATE = "Hạn tự chấm đã hết ngày {day:%d/%m/%Y}. Hãy liên hệ cơ quan thẩm định nếu cần gia hạn."
LOCKED = "Kỳ số liệu này đã khoá ({reason}). Mở khoá kỳ rồi mới sửa được bài đánh giá."


@dataclass(frozen=True, slots=True)
class General:
    """Thông tin chung of Biểu mẫu 01."""

    address: str
    officials: int | None
    enterprises: int | None
    inhabitants: int | None
    contact_name: str
    contact_title: str
    contact_phone: str
    contact_email: str


def need_editable(assessment: Assessment) -> None:
    """May the unit still write? Refused with what to do otherwise."""
    need_open_round(assessment)
    if not assessment.is_editable:
        raise Refused(NOT_NOW.format(state=rules.TITLES[State(assessment.state)]))
    first_time = assessment.state in {State.DRAFT, State.SELF_SCORED}
    until = assessment.round.self_score_until if first_time else assessment.round.review_until
    if clock.today() > until:
        raise Refused(TOO_LATE.format(day=until))
    if lock := packs.lock_on(assessment.unit, period_in(assessment.round)):
        raise Refused(LOCKED.format(reason=lock.reason))


def _open_item(item: Item) -> Assessment:
    """The assessment of an item the unit may change now."""
    assessment = item.assessment
    need_editable(assessment)
    declined = Decline.objects.filter(item__assessment=assessment, undone_at=None, answered_at=None)
    if (codes := set(declined.values_list("item__code", flat=True))) and item.code not in codes:
        raise Refused(ONLY_DECLINED)
    # The row is held and read again: a submission that came first wins.
    if not Assessment.objects.select_for_update(no_key=True).filter(pk=assessment.pk, state=assessment.state).exists():
        raise Refused(MOVED_ON)
    return assessment


@action("assessments.describe_unit", "Ghi thông tin chung")
def describe_unit(by: Actor, assessment: Assessment, /, *, given: General) -> Assessment:
    need_editable(assessment)
    for name, value in asdict(given).items():
        setattr(assessment, name, tidy(value) if isinstance(value, str) else value)
    assessment.save(update_fields=[*asdict(given)])
    return assessment


@action("assessments.take_computed", "Lấy điểm máy tính")
def take_computed(by: Actor, assessment: Assessment, /) -> Assessment:
    """Components nobody scored yet get the points the figures give; what is missing stays open."""
    need_editable(assessment)
    items = refresh(assessment)
    taken = [one for one in items if one.is_scored and one.self_points is None and one.computed is not None]
    for item in taken:
        item.self_points = item.computed
    Item.objects.bulk_update(taken, ["self_points"])
    _again(by, assessment, items)
    audit_note(taken=len(taken))
    return assessment


def refresh(assessment: Assessment) -> list[Item]:
    """The points the figures give now, kept on every item. Inside an action."""
    found = computed(assessment.round, assessment.unit)
    items = items_of(assessment)
    for item in items:
        if one := found.get(item.code):
            item.computed, item.computed_note, item.has_source = one.points, one.note, one.has_source
            item.max, item.is_scored = one.max, one.is_scored
    Item.objects.bulk_update(items, ["computed", "computed_note", "has_source", "max", "is_scored"], batch_size=100)
    return items


def _again(by: Actor, assessment: Assessment, items: list[Item]) -> None:
    """New sums; a self-score that had been finished is a draft again."""
    assessment.self_total = totals_of(items)["self_total"]
    assessment.save(update_fields=["self_total"])
    if assessment.state == State.SELF_SCORED:
        move(by, assessment, State.DRAFT)


@action("assessments.self_score_item", "Tự chấm thành phần")
def self_score_item(by: Actor, item: Item, /, *, points: Decimal | None, note: str) -> Item:
    """Explanations still owed are asked for at the end, so that nothing typed is lost on the way."""
    assessment = _open_item(item)
    if points is not None:
        if not item.is_scored:
            raise Refused("Thành phần này chỉ ghi nhận, không chấm điểm.")
        need_points(points, item.max)
    item.self_points, item.self_note = points, note.strip()[:2000]
    item.save(update_fields=["self_points", "self_note"])
    _again(by, assessment, items_of(assessment))
    return item


@action("assessments.add_proof", "Thêm minh chứng")
def add_proof(
    by: Actor, item: Item, /, *, title: str, number: str = "", issued_on: date | None = None,
    file: Received | None = None,
) -> Proof:  # fmt: skip
    assessment = _open_item(item)
    title = tidy(title) or (file.name if file else "")
    if not title:
        raise Refused("Hãy ghi tên văn bản hoặc đính kèm tệp minh chứng.")
    return Proof.objects.create(
        item=item,
        title=title[:300],
        number=tidy(number)[:60],
        issued_on=issued_on,
        file=kept(by, file, assessment, f"minh chứng {item.code}"),
        added_by_name=by.name,
        added_at=clock.now(),
    )


@action("assessments.remove_proof", "Bỏ minh chứng")
def remove_proof(by: Actor, proof: Proof, /) -> Proof:
    """It is no longer shown; its row and file stay for the record."""
    _open_item(proof.item)
    proof.removed_at = clock.now()
    Proof.objects.filter(pk=proof.pk, removed_at=None).update(removed_at=proof.removed_at)
    return proof


@action("assessments.finish_self_score", "Hoàn thành tự chấm")
def finish_self_score(by: Actor, assessment: Assessment, /) -> Assessment:
    """The focal official is done; the leader submits. Also after a return, when the state stays as it is."""
    need_editable(assessment)
    if sentence := general_fault(assessment):
        raise Refused(sentence)
    items = refresh(assessment)
    need_no_faults(items)
    values: dict[str, Any] = {"self_scored_by": by.account_id, "self_total": totals_of(items)["self_total"]}
    if assessment.state == State.DRAFT:
        return move(by, assessment, State.SELF_SCORED, **values)
    need_state(assessment, State.SELF_SCORED, State.RETURNED, State.REJECTED)
    Assessment.objects.filter(pk=assessment.pk).update(**values)
    assessment.refresh_from_db()
    return assessment


def general_fault(assessment: Assessment) -> str:
    """What Biểu mẫu 01's general part still lacks."""
    asked = {
        "số cán bộ, công chức": assessment.officials,
        "số doanh nghiệp": assessment.enterprises,
        "số dân": assessment.inhabitants,
        "người liên hệ": assessment.contact_name or None,
        "điện thoại liên hệ": assessment.contact_phone or None,
    }
    lacking = [name for name, value in asked.items() if value is None]
    return f"Thông tin chung còn thiếu: {', '.join(lacking)}." if lacking else ""


def need_no_faults(items: list[Item]) -> None:
    if faults := faults_of(items):
        shown = "; ".join(f"{code} {sentence}" for code, sentence in faults[:10])
        more = f" và {len(faults) - 10} thành phần nữa" if len(faults) > 10 else ""
        raise Refused(f"Chưa xong tự chấm: {shown}{more}.")
