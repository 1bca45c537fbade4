"""Telling those who write that a report is due soon. Once for each report and person, however often it runs."""

from __future__ import annotations

from collections.abc import Sequence

from xaso.core.access import Actor
from xaso.core.access.roles import roles
from xaso.core.accounts.models import Person, Post
from xaso.core.actions import action, note
from xaso.core.units.models import Unit
from xaso.kit import clock, subject
from xaso.modules.notifications.actions import notify
from xaso.modules.reports.queries.calendar import Owed

TEXT = "reports.due"


@action("reports.remind", "Nhắc hạn báo cáo")
def remind(by: Actor, unit: Unit, /, *, due: Sequence[Owed], people: Sequence[Person], link: str) -> int:
    """One message for each report and each person."""
    for one in due:
        for person in people:
            values = {
                "report": one.kind.short,
                "period": one.period.label,
                "unit": unit.full_name,
                "due": f"{one.due_on:%d/%m/%Y}",
            }
            key = f"reports.due:{unit.pk}:{one.kind.code}:{one.period.key}:{person.pk}"
            about = subject.ref(one.report) if one.report else subject.ref(unit)
            notify(by, person, TEXT, subject=about, unit_path=unit.path, values=values, link=link, key=key)
    note(reports=[f"{one.kind.code} {one.period.key}" for one in due])
    return len(due) * len(people)


def writers() -> dict[int, list[Person]]:
    """Unit id → who writes its reports today. One statement."""
    writing = [role for role, may in roles().items() if "reports.write" in may]
    posts = Post.objects.on(clock.today()).filter(role__in=writing, account__is_active=True)
    found: dict[int, list[Person]] = {}
    for post in posts.select_related("account__person").order_by("id"):
        people = found.setdefault(post.unit_id, [])
        if post.account.person and post.account.person not in people:
            people.append(post.account.person)
    return found
