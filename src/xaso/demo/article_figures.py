"""Declares what the articles tell and no row can count, and makes the plans whose targets they name, as people would:
the focal officer enters, the leader approves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from random import Random

from django.db import transaction

from xaso.core.access import Actor
from xaso.core.accounts.models import Post
from xaso.core.measures.periods import find_period
from xaso.core.outbox.actions import deliver_all
from xaso.core.units.models import Unit
from xaso.core.units.queries import unit_by_code
from xaso.demo.article_list import Articles, Row, Scorecard, read_articles
from xaso.demo.people import make_officers, make_province_officers
from xaso.demo.scenario import Scenario, read_scenario
from xaso.kit import clock
from xaso.kit.sure import sure
from xaso.modules.figures.actions import Given, approve_figure, declare_figure
from xaso.modules.figures.models import Declared
from xaso.modules.figures.queries import kind_of
from xaso.modules.targets.actions import (
    Paper,
    PlanGiven,
    TargetGiven,
    TaskGiven,
    add_target,
    add_task,
    approve_plan,
    make_plan,
    replace_target,
)
from xaso.modules.targets.models import Plan, Target

PROVINCE = "26"
MORNING, GUESS = time(9), "suy ra từ tỷ lệ bài nêu; bài không cho mẫu số"


@dataclass(frozen=True, slots=True)
class Desk:
    """A unit with who enters and who approves there."""

    unit: Unit
    focal: Actor
    leader: Actor


def declare_articles() -> None:
    """Everything once: what is already there is left as it is."""
    content, scenario = read_articles(), read_scenario()
    desks = {code: desk_of(scenario, code) for code in dict.fromkeys(row.place for row in content.rows)}
    with transaction.atomic():
        for row in content.rows:
            for told in _told(content, row):
                _declare(desks[row.place], told)
        for name in content.plans:
            _make_plan(desks, content, name)
        _make_scorecard(desks[content.scorecard.place], content.scorecard)


def desk_of(scenario: Scenario, code: str) -> Desk:
    """Officers who were played, or else made now."""
    unit = unit_by_code(code, date(2022, 6, 1))
    rng = Random(f"focal {code}")  # noqa: S311 - made-up people, not secrets
    if code == PROVINCE:
        officers = make_province_officers(scenario, unit, rng)
    else:
        slug = next((plan.slug for plan in scenario.communes if plan.code == code), code)
        officers = make_officers(scenario, unit, slug, rng)
    return Desk(unit, officers["focal"], officers["leader"])


@dataclass(frozen=True, slots=True)
class Told:
    """One number of one article, for one key."""

    key: str
    period: str
    given: Given


def _told(content: Articles, row: Row) -> Iterator[Told]:
    """A declared row with what stands beside it; of a computed one only the counts of its parts."""
    if row.how == "declared":
        for key in (row.figure, *row.also):
            yield Told(key, row.period, _given(content, row, sure(row.value) * row.scale, row.cmp))
    for key, number in row.counts.items():
        yield Told(key, row.period, _given(content, row, number, "="))
    for key, number in row.guesses.items():
        yield Told(key, row.period, _given(content, row, number, "=", is_guess=True))


def _given(content: Articles, row: Row, number: Decimal, cmp: str, *, is_guess: bool = False) -> Given:
    article = content.articles[row.article]
    about = f"Bài {article.id}: {article.about} ({article.published})"
    return Given(
        comparator=cmp,
        number=number,
        sub_population=row.among,
        as_of=content.as_of(row),
        source=f"{about}; {GUESS}" if is_guess else about,
        supplier="Báo chí, theo lời đơn vị",
        document_number=article.id,
        document_title=article.about,
        confidence="low" if is_guess else "medium",
    )


def _declare(desk: Desk, told: Told) -> None:
    period, as_of = sure(find_period(told.period)), sure(told.given.as_of)
    is_flow = kind_of(told.key).kind == "flow"
    known = Declared.objects.filter(unit_path=desk.unit.path, key=told.key, sub_population=told.given.sub_population)
    if known.filter(period_key=told.period) if is_flow else known.filter(period_key="", as_of=as_of):
        return
    with clock.replaying(_morning(as_of)):
        row = declare_figure(desk.focal, desk.unit, key=told.key, period=period, given=told.given)
        approve_figure(desk.leader, row)


def _morning(day: date) -> datetime:
    return datetime.combine(day, MORNING, tzinfo=clock.VIETNAM)


@contextmanager
def at_nine(day: date) -> Iterator[None]:
    """What happens inside happens that morning, and whoever has to hear of it hears of it then."""
    with clock.replaying(_morning(day)):
        yield
        deliver_all()


def _make_plan(desks: dict[str, Desk], content: Articles, name: str) -> None:
    told = content.plans[name]
    desk = desks[told.place]
    if Plan.objects.filter(unit=desk.unit, title=told.title).exists():
        return
    rows = [row for row in content.rows if row.plan == name]
    with clock.replaying(_morning(told.dated)):
        given = PlanGiven(told.title, told.first_year, told.last_year, Paper(told.number, told.dated, "Tỉnh Vĩnh Phúc"))
        plan = make_plan(desk.focal, desk.unit, given=given)
        for row in rows:
            if not row.replaces:
                add_target(desk.focal, plan, given=_target(content, row))
        approve_plan(desk.leader, plan, paper=given.paper)
        for row in rows:
            if row.replaces:
                before = Target.objects.get(unit_path=desk.unit.path, source_article=row.replaces)
                replace_target(
                    desk.leader, before, given=_target(content, row), plan=plan,
                    reason="Tỉnh đặt mục tiêu cao hơn cho năm 2024", document=given.paper.number,
                )  # fmt: skip


def _target(content: Articles, row: Row) -> TargetGiven:
    """`source_article` is the row's id: by it the row finds its target again."""
    kind = kind_of(row.figure)
    return TargetGiven(
        text=row.label,
        due_on=date(int(row.period), 12, 31),
        value=row.value,
        figure=row.figure,
        direction=Target.Direction.LOWER if kind.better == "lower" else Target.Direction.HIGHER,
        comparator=row.cmp,
        measure_unit=row.unit,
        deadline_kind=Target.DeadlineKind.BY_YEAR,
        source_document=f"Bài {content.articles[row.article].id}",
        source_article=row.id,
    )


def _make_scorecard(desk: Desk, told: Scorecard) -> None:
    if Plan.objects.filter(unit=desk.unit, title=told.title).exists():
        return
    with clock.replaying(_morning(told.dated)):
        paper = Paper(told.number, told.dated, "UBND huyện Vĩnh Tường")
        plan = make_plan(desk.focal, desk.unit, given=PlanGiven(told.title, told.year, told.year, paper))
        head, focal = (_post(desk.unit, by) for by in (desk.leader, desk.focal))
        due = date(told.year, 12, 31)
        for one in told.targets:
            given = TargetGiven(
                text=one.text, due_on=due, value=one.value, figure=one.figure, direction=one.direction, head=head,
                source_document=told.source, to_verify=True,
            )  # fmt: skip
            target = add_target(desk.focal, plan, given=given)
            task = TaskGiven(text=one.task, targets=(target,), responsible=focal, due_on=due)
            add_task(desk.focal, plan, given=task)
        approve_plan(desk.leader, plan, paper=paper)


def _post(unit: Unit, by: Actor) -> Post:
    return Post.objects.get(unit=unit, account_id=by.account_id)
