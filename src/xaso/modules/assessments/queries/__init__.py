"""Questions about assessments: rounds, one unit's assessment with its items, lists, standings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, QuerySet

from xaso.core.access import Actor, visible
from xaso.core.units.models import Unit
from xaso.kit.errors import Missing
from xaso.kit.pages import Page, cut, number_in
from xaso.modules.assessments import rules
from xaso.modules.assessments.models import Appeal, Assessment, Decline, Exclusion, Item, Proof, Round, Standing
from xaso.modules.assessments.queries.computing import Computed, computed, period_in
from xaso.modules.assessments.queries.items import faults_of, items_of, parts_of, with_parts
from xaso.modules.assessments.rules import OUT, State

NOT_HERE = "Không tìm thấy nội dung này trong phạm vi của bạn. Hãy mở lại từ danh sách đánh giá."
UNITS_SHOWN = 50


def rounds_of(by: Actor) -> QuerySet[Round]:
    """Rounds the actor's units take part in or hold, the latest year first."""
    seen = visible(by, "assessments.view", Assessment.objects.all()).values("round")
    return Round.objects.filter(pk__in=seen).select_related("unit").order_by("-year", "-pk")


def cycle(by: Actor, permission: str, key: UUID) -> Round:
    """A round. Raises Missing."""
    found = visible(by, permission, Round.objects.select_related("unit")).filter(uuid=key).first()
    if found is None:
        raise Missing(NOT_HERE)
    return found


def published_rounds() -> list[Round]:
    """What everybody may read, the latest first."""
    rows = Round.objects.exclude(state=Round.State.OPEN).select_related("unit")
    return list(rows.order_by("-year", "-pk")[:50])


def published_round(key: UUID) -> Round:
    found = Round.objects.exclude(state=Round.State.OPEN).select_related("unit").filter(uuid=key).first()
    if found is None:
        raise Missing("Kết quả đánh giá này chưa được công bố.")
    return found


def state_counts(by: Actor, cycle: Round) -> dict[str, int]:
    """How many of the units the actor sees are in each state."""
    rows = (
        visible(by, "assessments.view", Assessment.objects.filter(round=cycle))
        .values("state")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return {row["state"]: row["n"] for row in rows}


def assessments_in(by: Actor, cycle: Round, *, state: str = "", after: str = "") -> Page[Assessment]:
    """The round's units by path."""
    rows = visible(by, "assessments.view", Assessment.objects.filter(round=cycle)).select_related("unit", "round")
    if state:
        rows = rows.filter(state=state)
    found = list(rows.filter(unit_path__gt=after).order_by("unit_path")[: UNITS_SHOWN + 1])
    return cut(found, UNITS_SHOWN, lambda row: row.unit_path)


def assessments_of_unit(by: Actor) -> list[Assessment]:
    """The unit's own, the latest year first."""
    rows = visible(by, "assessments.view", Assessment.objects.filter(unit_path=by.unit_path))
    return list(rows.select_related("round", "unit").order_by("-round__year", "-pk")[:20])


def assessment(by: Actor, key: UUID, permission: str = "assessments.view") -> Assessment:
    """Raises Missing."""
    rows = visible(by, permission, Assessment.objects.select_related("unit", "round__unit"))
    found = rows.filter(uuid=key).first()
    if found is None:
        raise Missing(NOT_HERE)
    return found


def item(by: Actor, key: UUID) -> Item:
    """With its assessment, proofs and open declines. Raises Missing."""
    rows = with_parts(Item.objects.select_related("assessment__unit", "assessment__round"))
    found = rows.filter(uuid=key).first()
    if found is None or not by.may("assessments.view", on=found):
        raise Missing(NOT_HERE)
    return found


def proof(by: Actor, key: UUID) -> Proof:
    rows = Proof.objects.select_related("item__assessment__unit", "item__assessment__round")
    found = rows.filter(uuid=key, removed_at=None).first()
    if found is None or not by.may("assessments.view", on=found):
        raise Missing(NOT_HERE)
    return found


def decline(by: Actor, key: UUID) -> Decline:
    rows = Decline.objects.select_related("item__assessment__unit", "item__assessment__round")
    found = rows.filter(uuid=key).first()
    if found is None or not by.may("assessments.view", on=found):
        raise Missing(NOT_HERE)
    return found


def appeal_waiting(assessment: Assessment) -> Appeal | None:
    return assessment.appeals.filter(answered_at=None).select_related("assessment__round", "assessment__unit").first()


@dataclass(frozen=True, slots=True)
class GroupSum:
    """A group of an assessment with its items and the three sums."""

    code: str
    label: str
    max: Decimal
    items: tuple[Item, ...]
    computed: Decimal | None
    self_points: Decimal | None
    appraised_points: Decimal | None
    final_points: Decimal | None


def groups_of(items: Sequence[Item]) -> list[GroupSum]:
    """In the order of the set."""
    codes = list(dict.fromkeys(one.group_code for one in items))
    return [_group(code, [one for one in items if one.group_code == code]) for code in codes]


def _group(code: str, items: list[Item]) -> GroupSum:
    scored = [one for one in items if one.is_scored]
    return GroupSum(
        code,
        items[0].group_label,
        sum((one.max for one in scored), Decimal(0)),
        tuple(items),
        rules.total(one.computed for one in scored),
        rules.total(one.self_points for one in scored),
        rules.total(one.appraised_points for one in scored),
        rules.total(one.final_points for one in scored),
    )


def shown_items(found: Assessment) -> list[Item]:
    """While the unit may still write, the points the figures give are today's; afterwards they are those it sent."""
    items = items_of(found)
    if found.is_editable:
        now = computed(found.round, found.unit)
        for one in items:
            if one.code in now:
                show_computed(one, now[one.code])
    return items


def show_computed(one: Item, found: Computed) -> None:
    one.computed, one.computed_note, one.has_source = found.points, found.note, found.has_source
    one.max, one.is_scored = found.max, found.is_scored


def standings(cycle: Round, kind: str, *, group: str = "", after: str = "", size: int = UNITS_SHOWN) -> Page[Standing]:
    """The ranking of one kind of unit, best first."""
    rows = Standing.objects.filter(round=cycle, unit_kind=kind, group_code=group)
    rank, _, pk = after.partition("-")
    if last := number_in(pk):
        rows = rows.filter(rank__gte=number_in(rank)).exclude(rank=number_in(rank), pk__lte=last)
    found = list(rows.select_related("assessment__unit").order_by("rank", "pk")[: size + 1])
    return cut(found, size, lambda row: f"{row.rank}-{row.pk}")


def kinds_ranked(cycle: Round) -> list[str]:
    """phường, xã, thị trấn: the kinds of unit that have a ranking, the most numerous first."""
    rows = Standing.objects.filter(round=cycle, group_code="").values("unit_kind").annotate(n=Count("pk"))
    return [row["unit_kind"] for row in rows.order_by("-n", "unit_kind")]


def groups_ranked(cycle: Round) -> list[tuple[str, str]]:
    rows = Standing.objects.filter(round=cycle).exclude(group_code="")
    return list(rows.values_list("group_code", "group_label").distinct().order_by("group_code"))


def kind_title(kind: str) -> str:
    return str(dict(Unit.Kind.choices).get(kind, kind))


def exclusions_of(cycle: Round) -> list[Exclusion]:
    return list(cycle.exclusions.select_related("unit").order_by("unit__path"))


def without_result(cycle: Round) -> list[Assessment]:
    """Units of the round that are not in the published ranking, by path."""
    rows = cycle.assessments.exclude(state__in=OUT).select_related("unit")
    return list(rows.order_by("unit_path"))


__all__ = [
    "Computed",
    "GroupSum",
    "State",
    "appeal_waiting",
    "assessment",
    "assessments_in",
    "assessments_of_unit",
    "computed",
    "cycle",
    "decline",
    "exclusions_of",
    "faults_of",
    "groups_of",
    "groups_ranked",
    "item",
    "items_of",
    "kind_title",
    "kinds_ranked",
    "parts_of",
    "period_in",
    "proof",
    "published_round",
    "published_rounds",
    "rounds_of",
    "show_computed",
    "shown_items",
    "standings",
    "state_counts",
    "with_parts",
    "without_result",
]
