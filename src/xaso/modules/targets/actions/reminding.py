"""By the clock: tell people of tasks whose last day is near or has passed, each once."""

from __future__ import annotations

from datetime import date, timedelta

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.units.queries import unit_at
from xaso.kit import clock, subject
from xaso.modules.notifications.actions import notify
from xaso.modules.targets.models import Task
from xaso.modules.targets.rules import OPEN_STATES

NEAR_DAYS = 7
BATCH = 200


@action("targets.remind", "Nhắc nhiệm vụ sắp đến hạn, quá hạn")
def remind(by: Actor, _: None, /, *, today: date) -> int:
    """One row at a time: only the worker whose update found the row untold tells of it."""
    owed = Task.objects.filter(state__in=OPEN_STATES).exclude(responsible=None)
    owed = owed.select_related("responsible__account__person", "unit").order_by("due_on", "id")
    near = owed.filter(near_told_at=None, due_on__gte=today, due_on__lte=today + timedelta(days=NEAR_DAYS))
    late = owed.filter(late_told_at=None, due_on__lt=today)
    told = 0
    for tasks, column, template in (
        (near, "near_told_at", "targets.task_near"),
        (late, "late_told_at", "targets.task_late"),
    ):
        for task in tasks[:BATCH]:
            free = Task.objects.filter(pk=task.pk, due_on=task.due_on, **{column: None})
            if free.update(**{column: clock.now()}):
                _tell(by, task, template)
                told += 1
    return told


def _tell(by: Actor, task: Task, template: str) -> None:
    if task.responsible is None or task.due_on is None:
        return
    notify(
        by, task.responsible.account.person, template, subject=subject.ref(task), unit_path=task.unit_path,
        values={
            "code": task.code, "task": task.text, "due": f"{task.due_on:%d/%m/%Y}", "progress": task.progress,
            "unit": unit_at(task.unit_path).full_name,
        },
        link=f"/desk/targets/nhiem-vu/{task.uuid}/", key=f"{template}:{task.pk}:{task.due_on}",
    )  # fmt: skip
