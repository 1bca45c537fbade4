"""Work by the clock: remind of deadlines, take up exports whose worker died, remove old ones."""

from django.urls import reverse

from xaso.core.access import SYSTEM
from xaso.core.units.queries import communes
from xaso.kit import clock
from xaso.modules.reports.actions.exporting import KEPT_FOR, continue_export, remove_export
from xaso.modules.reports.actions.reminding import remind, writers
from xaso.modules.reports.queries.calendar import due_by_unit
from xaso.modules.reports.queries.exports import finished_before, left_behind


def remind_of_deadlines() -> int:
    """Every commune's reports whose deadline is near and that are not signed. Never twice for the same report."""
    people = writers()
    units = [unit for unit in communes(clock.today()) if unit.pk in people]
    link = reverse("desk-reports:calendar")
    due = due_by_unit(units)
    return sum(
        remind(SYSTEM, unit, due=due[unit.pk], people=people[unit.pk], link=link) for unit in units if due[unit.pk]
    )


def take_up_exports() -> int:
    """Announce again what no worker holds."""
    waiting = left_behind()
    for export in waiting:
        continue_export(SYSTEM, export)
    return len(waiting)


def remove_old_exports() -> int:
    old = finished_before(clock.now() - KEPT_FOR)
    for export in old:
        remove_export(SYSTEM, export)
    return len(old)
