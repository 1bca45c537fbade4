"""The province's part: publish with ranks, lock the round, open it again with a reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.outbox.actions import announce
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.assessments import rules
from xaso.modules.assessments.actions.moving import need_other_person, reason_of
from xaso.modules.assessments.events import AssessmentTold
from xaso.modules.assessments.models import Appeal, Assessment, Item, Round, Standing, Step
from xaso.modules.assessments.rules import State

MOVED_ON = "Kỳ đánh giá vừa được người khác xử lý. Hãy tải lại trang."


@action("assessments.publish_round", "Công bố kết quả")
def publish_round(by: Actor, cycle: Round, /) -> Round:
    """What the council approved is out, with its ranks. Units without a result are named as such, never as zero."""
    approved = list(cycle.assessments.filter(state=State.APPROVED).select_related("unit"))
    if not approved:
        raise Refused("Hội đồng chưa duyệt bài đánh giá nào. Duyệt xong mới công bố được.")
    for one in approved:
        need_other_person(by, one.decided_by, done="duyệt kết quả", now="công bố")
    until = rules.appeal_until(clock.today(), cycle.appeal_days)
    _move_round(cycle, Round.State.OPEN, state=Round.State.PUBLISHED, published_at=clock.now(), appeal_until=until)
    _move_all(by, approved, State.APPROVED, State.PUBLISHED)
    rank(cycle)
    for one in approved:
        announce(AssessmentTold(one.pk, "assessments.published"))
    note(published=len(approved))
    return cycle


@action("assessments.lock_round", "Khoá kỳ đánh giá")
def lock_round(by: Actor, cycle: Round, /) -> Round:
    """After the time for appeals, when each is answered."""
    if cycle.appeal_until and clock.today() <= cycle.appeal_until:
        raise Refused(f"Đơn vị còn quyền khiếu nại đến hết ngày {cycle.appeal_until:%d/%m/%Y}. Khoá sau ngày đó.")
    if Appeal.objects.filter(assessment__round=cycle, answered_at=None).exists():
        raise Refused("Còn khiếu nại chưa trả lời. Trả lời xong mới khoá được.")
    _move_round(cycle, Round.State.PUBLISHED, state=Round.State.LOCKED, locked_at=clock.now(), unlock_reason="")
    _move_all(by, list(cycle.assessments.filter(state=State.PUBLISHED)), State.PUBLISHED, State.LOCKED)
    return cycle


@action("assessments.unlock_round", "Mở khoá kỳ đánh giá")
def unlock_round(by: Actor, cycle: Round, /, *, reason: str) -> Round:
    reason = reason_of(reason, "Hãy ghi lý do mở khoá.")
    _move_round(cycle, Round.State.LOCKED, state=Round.State.PUBLISHED, locked_at=None, unlock_reason=reason[:500])
    _move_all(by, list(cycle.assessments.filter(state=State.LOCKED)), State.LOCKED, State.PUBLISHED, reason)
    return cycle


def _move_round(cycle: Round, was: str, **values: object) -> None:
    if not Round.objects.filter(pk=cycle.pk, state=was).update(**values):
        raise Refused(MOVED_ON)
    for name, value in values.items():
        setattr(cycle, name, value)


def _move_all(by: Actor, rows: Sequence[Assessment], was: State, to: State, why: str = "") -> None:
    """Many at once, along the same table."""
    if rows and not rules.may_move(was, to):
        raise ValueError(f"no move from {was} to {to}")
    ids = [one.pk for one in rows]
    Assessment.objects.filter(pk__in=ids, state=was).update(state=to.value, changed_at=clock.now())
    Step.objects.bulk_create(
        Step(assessment_id=pk, was=was.value, state=to.value, by_name=by.name, note=why[:1000]) for pk in ids
    )


@dataclass(frozen=True, slots=True)
class _Score:
    assessment: Assessment
    group_code: str
    group_label: str
    points: Decimal
    max: Decimal


def rank(cycle: Round) -> None:
    """Standings of everything that is out, in total and by group, each kind of unit for itself. Inside an action."""
    out = list(cycle.assessments.filter(state__in=rules.OUT).select_related("unit"))
    before = _ranks_before(cycle)
    tables: dict[tuple[str, str], list[_Score]] = defaultdict(list)
    for score in _scores(out):
        tables[score.assessment.unit.kind, score.group_code].append(score)
    Standing.objects.filter(round=cycle).delete()
    Standing.objects.bulk_create(
        (row for (kind, _), table in tables.items() for row in _table(cycle, kind, table, before)), batch_size=200
    )


def _table(
    cycle: Round, kind: str, table: list[_Score], before: dict[tuple[int, str], int]
) -> Iterable[Standing]:  # fmt: skip
    ranks = rules.ranked([(str(one.assessment.pk), one.points) for one in table])
    for one in table:
        yield Standing(
            round=cycle,
            assessment=one.assessment,
            group_code=one.group_code,
            group_label=one.group_label,
            unit_kind=kind,
            points=one.points,
            max=one.max,
            rank=ranks[str(one.assessment.pk)],
            of=len(table),
            previous_rank=before.get((one.assessment.unit_id, one.group_code)),
        )


def _scores(out: Sequence[Assessment]) -> Iterable[_Score]:
    by_id = {one.pk: one for one in out}
    sums: dict[tuple[int, str], list[Decimal]] = {}
    labels: dict[str, str] = {}
    rows = Item.objects.filter(assessment__in=out, is_scored=True).order_by("assessment_id", "position")
    columns = ("assessment_id", "group_code", "group_label", "final_points", "max")
    for pk, code, label, points, most in rows.values_list(*columns):
        labels[code] = label
        for key in ("", code):
            sums.setdefault((pk, key), [Decimal(0), Decimal(0)])
            sums[pk, key][0] += points or 0
            sums[pk, key][1] += most
    for (pk, code), (points, most) in sums.items():
        yield _Score(by_id[pk], code, labels.get(code, ""), points, most)


def _ranks_before(cycle: Round) -> dict[tuple[int, str], int]:
    """(unit, group) → rank in the previous year's round by the same set, when that is out."""
    previous = Standing.objects.filter(
        round__unit=cycle.unit_id, round__set_code=cycle.set_code, round__year=cycle.year - 1
    )
    return {(unit, code): rank for unit, code, rank in previous.values_list("assessment__unit", "group_code", "rank")}
