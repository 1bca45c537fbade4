"""Còn thiếu: what a plan lacks before it can be carried out and judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.db.models import Count
from django.urls import reverse

from xaso.modules.figures import queries as figures
from xaso.modules.targets.models import Plan, Target, Task
from xaso.modules.targets.rules import TargetFacts, TaskState, lacks_of_target, lacks_of_task


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing and everything it lacks."""

    kind: Literal["target", "task"]
    name: str
    url: str
    lacks: list[str]

    @property
    def line(self) -> str:
        return "; ".join(self.lacks)


def lacking(plan: Plan) -> list[Lack]:
    """Two statements, whatever the size of the plan."""
    return [*_targets(plan), *_tasks(plan)]


def _targets(plan: Plan) -> list[Lack]:
    catalogue = figures.catalogue()
    rows = plan.targets.filter(state=Target.State.ACTIVE).annotate(task_count=Count("tasks")).order_by("number")
    found = []
    for row in rows:
        is_yes_no = row.direction == Target.Direction.YES_NO
        facts = TargetFacts(
            text=row.text,
            has_value=row.value is not None or is_yes_no,
            has_source=row.figure in catalogue or is_yes_no,
            has_head=row.head_id is not None,
            tasks=row.task_count,
        )
        if lacks := lacks_of_target(facts):
            url = reverse("desk-targets:target", args=[row.uuid])
            found.append(Lack("target", f"Chỉ tiêu {row.number}: {row.text}", url, lacks))
    return found


def _tasks(plan: Plan) -> list[Lack]:
    rows = Task.objects.filter(plan=plan, parent=None).exclude(state=TaskState.CANCELLED)
    found = []
    for row in rows.annotate(target_count=Count("targets")).order_by("id"):
        has_person, has_due = row.responsible_id is not None, row.due_on is not None
        if lacks := lacks_of_task(row.target_count, row.is_condition, has_person, has_due):
            url = reverse("desk-targets:task", args=[row.uuid])
            found.append(Lack("task", f"Nhiệm vụ {row.code}: {row.text}", url, lacks))
    return found
