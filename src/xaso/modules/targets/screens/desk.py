"""Every page of this module on the officer's desk, and what it shows on first pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from xaso.core.access import visible
from xaso.core.accounts.queries import own_unit
from xaso.kit import clock
from xaso.modules.targets.queries import counts_of, overdue_tasks, tasks_seen
from xaso.modules.targets.rules import Result
from xaso.modules.targets.screens import meetings, plans, promises, tasks

SHOWN = 5


def work_part(request: HttpRequest) -> dict[str, Any] | None:
    """On the first page of the desk: my tasks that are late or not done."""
    by = request.actor
    if not by.may("targets.view"):
        return None
    mine = list(tasks_seen(by, whose="mine", state="owed").order_by("due_on", "id")[: SHOWN + 1])
    if not mine:
        return None
    url = reverse("desk-targets:tasks") + "?cua=mine&loc=owed"
    return {"template": "targets/parts/work.html", "tasks": mine[:SHOWN], "has_more": len(mine) > SHOWN, "url": url}


def tiles(request: HttpRequest) -> dict[str, Any] | None:
    """On the leader's first page: what the year's targets came to, and the red list of late tasks."""
    by = request.actor
    if not by.may("targets.view") or by.unit_id is None:
        return None
    unit, today = own_unit(by), clock.today()
    year, counts = today.year, counts_of([unit], today.year)[unit.path]
    if not counts.total:  # before this year's plan has force, last year's result is what there is to see
        year, counts = today.year - 1, counts_of([unit], today.year - 1)[unit.path]
    late = list(visible(by, "targets.view", overdue_tasks(unit.path, today))[: SHOWN + 1])
    if not counts.total and not late:
        return None
    return {
        "template": "targets/parts/tiles.html",
        "unit": unit,
        "year": year,
        "counts": counts,
        "tone": "bad" if counts.of(Result.FAILED) else "good",
        "late": late[:SHOWN],
        "has_more": len(late) > SHOWN,
        "url": f"{reverse('desk-targets:heads')}?nam={year}",
        "late_url": reverse("desk-targets:tasks") + "?loc=late",
    }


urlpatterns = [*plans.urlpatterns, *promises.urlpatterns, *tasks.urlpatterns, *meetings.urlpatterns]
