"""Telling the sender, and those whose reports were merged into this one, on the way each of them came."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from xaso.core.access import Actor
from xaso.core.accounts.models import Person
from xaso.kit import clock
from xaso.modules.feedback.definitions import desk
from xaso.modules.feedback.models import Report
from xaso.modules.feedback.queries.people import person_of
from xaso.modules.notifications.actions import Contact, notify
from xaso.modules.zalo.actions import queue_text

FOLLOW = "/portal/feedback/theo-doi/"


def tell(by: Actor, report: Report, template: str, note: str = "-", *, key: str = "") -> None:
    """One message each. Inside the caller's action. `note`: what the text adds, such as a reason."""
    for one in (report, *report.twins.select_related("unit").order_by("id")[:200]):
        _tell_one(by, one, template, note, key and f"{key}:{one.pk}")


def tell_sender(by: Actor, report: Report, template: str, note: str = "-", *, key: str = "") -> None:
    """Only who sent this very report."""
    _tell_one(by, report, template, note, key)


def _tell_one(by: Actor, report: Report, template: str, note: str, key: str) -> None:
    values = _values(report, note)
    person = person_of(report.sender_person_id)
    to: Person | Contact | None = person
    if person is None and report.sender_zalo:
        _tell_on_zalo(by, report, template, values)
    elif person is None and report.sender_phone:
        to = Contact(name=report.sender_name, phone=report.sender_phone)
    if to is not None:
        notify(
            by, to, template, subject=report, unit_path=report.unit_path, values=values,
            link=f"/portal/feedback/{report.uuid}/" if person else FOLLOW, key=key,
        )  # fmt: skip


def _tell_on_zalo(by: Actor, report: Report, template: str, values: dict[str, Any]) -> None:
    """The way the report came. The same thing twice is one message."""
    words = desk().zalo[template.removeprefix("feedback.")].format_map(values)
    digest = hashlib.sha256(words.encode()).hexdigest()[:24]
    queue_text(
        by, report.unit, user=report.sender_zalo, text=words, purpose=report.ref,
        key=f"{template}:{report.pk}:{report.rounds}:{digest}",
    )  # fmt: skip


def _values(report: Report, note: str) -> dict[str, Any]:
    return {
        "number": str(report),
        "code": report.written_code,
        "unit": report.unit.full_name,
        "due": f"{clock.local(report.due_at):%d/%m/%Y}" if report.due_at else "sớm nhất có thể",
        "note": note or "-",
        "short": shortened(note) or "-",
    }


def shortened(text: str, longest: int = 110) -> str:
    """The beginning of a long text in whole words, on one line: a message of two parts costs twice."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0] + "…"


def tell_officers(by: Actor, report: Report, people: Iterable[Person], template: str, note: str = "-") -> None:
    """Each once for this state of the report. The words of the report stay in the system: a phone may lie about."""
    for person in people:
        if person.pk == by.person_id:
            continue
        values = _values(report, note) | {"category": report.category_name}
        notify(
            by, person, template, subject=report, unit_path=report.unit_path, values=values,
            link=report.get_absolute_url(), key=f"{template}:{report.pk}:{report.rounds}:{report.due_at}:{person.pk}",
        )  # fmt: skip
