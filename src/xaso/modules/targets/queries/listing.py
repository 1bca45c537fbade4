"""Lists: plans, tasks, conclusions, and who answers for what."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from xaso.core.access import Actor, visible
from xaso.core.access.queries import under
from xaso.core.accounts.models import Post
from xaso.core.accounts.queries import posts_in
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.targets.models import Conclusion, Plan, Task
from xaso.modules.targets.queries.judging import TargetResult, results
from xaso.modules.targets.rules import OPEN_STATES, Counts, counted


def plans_seen(by: Actor) -> QuerySet[Plan]:
    return visible(by, "targets.view", Plan.objects.select_related("unit"))


def plans_of(unit: Unit, year: int) -> list[Plan]:
    """Plans of the unit whose years hold that one, newest first."""
    rows = Plan.objects.filter(unit_path=unit.path, first_year__lte=year, last_year__gte=year)
    return list(rows.select_related("unit").order_by("-id"))


def conclusions_seen(by: Actor) -> QuerySet[Conclusion]:
    return visible(by, "targets.view", Conclusion.objects.select_related("unit"))


def tasks_seen(by: Actor, *, whose: str = "", state: str = "") -> QuerySet[Task]:
    """`whose`: "mine" or everything; `state`: "late", "owed" or one of the task's states."""
    tasks = visible(by, "targets.view", Task.objects.select_related("responsible__account__person", "plan", "unit"))
    if whose == "mine":
        helping = Task.people.through.objects.filter(post__account_id=by.account_id).values("task_id")
        tasks = tasks.filter(Q(owner_person_id=by.person_id) | Q(pk__in=helping))
    if state == "late":
        return tasks.filter(_late(clock.today()))
    if state == "owed":
        return tasks.filter(state__in=OPEN_STATES)
    return tasks.filter(state=state) if state else tasks


def overdue_tasks(path: str, day: date | None = None) -> QuerySet[Task]:
    """Tasks of everything under the path whose last day has passed, the oldest first."""
    late = Task.objects.filter(under(path), _late(day or clock.today()))
    return late.select_related("responsible__account__person", "unit").order_by("due_on", "id")


def _late(day: date) -> Q:
    return Q(state__in=OPEN_STATES, due_on__lt=day)


def posts_to_choose(unit: Unit) -> list[Post]:
    """Who may be given work in the unit today, each person once."""
    today = clock.today()
    held = [post for post in posts_in(unit.path) if post.valid_from <= today]
    once: dict[int, Post] = {}
    for post in held:
        once.setdefault(post.account_id, post)
    return list(once.values())


def heads_of(unit: Unit, year: int) -> list[tuple[Post | None, list[TargetResult], Counts]]:
    """Who answers for which targets of the year, and how they stand: for the yearly rating. Nobody's come last."""
    by_post: dict[int, list[TargetResult]] = {}
    for one in results(unit, year):
        by_post.setdefault(one.target.head_id or 0, []).append(one)
    ordered = sorted(by_post.items(), key=lambda item: (item[0] == 0, item[0]))
    return [(several[0].target.head, several, counted(one.result for one in several)) for _, several in ordered]
