"""Opening a round: the province names the year, the set, the dates, the units and those left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.kit.rows import insert
from xaso.modules.assessments.models import Assessment, Exclusion, Item, Round
from xaso.modules.assessments.queries.computing import method_of
from xaso.modules.indicators import queries as indicators


@dataclass(frozen=True, slots=True)
class Plan:
    """The dates of a cycle. `set_uuid` names the very version of the set."""

    year: int
    set_uuid: UUID
    title: str
    self_score_until: date
    review_until: date
    publish_on: date
    appeal_days: int = 10

    def fault(self) -> str:
        if not tidy(self.title):
            return "Hãy đặt tên cho kỳ đánh giá."
        if not self.self_score_until <= self.review_until <= self.publish_on:
            return "Các hạn phải theo thứ tự: tự chấm, thẩm định, công bố."
        return "" if 1 <= self.appeal_days <= 90 else "Thời hạn khiếu nại từ 1 đến 90 ngày."


@action("assessments.open_round", "Mở kỳ đánh giá")
def open_round(by: Actor, unit: Unit, /, *, plan: Plan, excluded: Mapping[int, str] | None = None) -> Round:
    """Every commune under the unit gets its assessment; `excluded` says by unit id why one is not rated."""
    if fault := plan.fault():
        raise Refused(fault)
    view = indicators.set_version(plan.set_uuid)
    if Round.objects.filter(unit=unit, set_code=view.code, year=plan.year).exists():
        raise Refused(f"Kỳ đánh giá năm {plan.year} theo bộ này đã được mở.")
    communes = list(Unit.objects.on(clock.today()).under(unit.path).communes().order_by("path"))
    if not communes:
        raise Refused("Không có xã, phường, thị trấn nào thuộc đơn vị của bạn để đánh giá.")
    cycle = _round(by, unit, plan, view)
    _exclude(cycle, communes, excluded or {})
    taken = [one for one in communes if one.pk not in (excluded or {})]
    _assess(cycle, taken, view)
    note(units=len(taken), excluded=len(communes) - len(taken))
    return cycle


def _round(by: Actor, unit: Unit, plan: Plan, view: indicators.SetView) -> Round:
    return Round.objects.create(
        unit=unit,
        unit_path=unit.path,
        year=plan.year,
        title=tidy(plan.title)[:200],
        set_code=view.code,
        set_version=view.version,
        set_uuid=view.uuid,
        set_title=view.title[:200],
        max=view.max,
        data_since=date(plan.year, 1, 1),
        data_until=date(plan.year, 12, 31),
        self_score_until=plan.self_score_until,
        review_until=plan.review_until,
        publish_on=plan.publish_on,
        appeal_days=plan.appeal_days,
        opened_by=by.account_id,
    )


def _exclude(cycle: Round, communes: list[Unit], excluded: Mapping[int, str]) -> None:
    known = {one.pk: one for one in communes}
    for pk, reason in excluded.items():
        if pk not in known:
            raise Refused("Đơn vị được nêu không thuộc phạm vi của kỳ đánh giá.")
        if not tidy(reason):
            raise Refused(f"Hãy ghi lý do không xếp hạng {known[pk]}.")
    Exclusion.objects.bulk_create(
        Exclusion(round=cycle, unit=known[pk], reason=tidy(reason)[:500]) for pk, reason in excluded.items()
    )


def _assess(cycle: Round, units: list[Unit], view: indicators.SetView) -> None:
    now = clock.now()
    Assessment.objects.bulk_create(
        Assessment(round=cycle, unit=one, unit_path=one.path, changed_at=now) for one in units
    )
    made = list(Assessment.objects.filter(round=cycle).order_by("pk"))
    insert([item for assessment in made for item in _items(assessment, view)])


def _items(assessment: Assessment, view: indicators.SetView) -> list[Item]:
    pairs = [(group, component) for group in view.groups for component in group.components]
    return [
        Item(
            assessment=assessment,
            position=number,
            code=component.code,
            label=component.label[:300],
            group_code=group.code,
            group_label=group.label[:200],
            method=method_of(component),
            evidence_asked=component.evidence[:300],
            max=component.max,
            is_scored=component.max > 0,
        )
        for number, (group, component) in enumerate(pairs, 1)
    ]
