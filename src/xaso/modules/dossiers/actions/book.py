"""Mẫu 07, the register of a unit: read by pages, printed by months, never edited."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.units.models import Unit
from xaso.kit import clock, subject
from xaso.kit.errors import Refused
from xaso.modules.dossiers import queries
from xaso.modules.papers.actions import issue_paper

EMPTY = "Tháng này chưa có hồ sơ nào trong sổ nên không có gì để in."
NOT_YET = "Tháng này chưa tới nên chưa in được sổ."


@action("dossiers.print_book", "In sổ theo dõi")
def print_book(by: Actor, unit: Unit, /, *, year: int, month: int) -> Any:
    """One month of the register on paper. Entry numbers go on from the months before."""
    first = date(year, month, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if first > clock.today():
        raise Refused(NOT_YET)
    rows = [_row(entry) for entry in queries.book_of_month(unit.path, year, month)]
    if not rows:
        raise Refused(EMPTY)
    note(year=year, month=month, rows=len(rows))
    data = {"period_from": first, "period_to": last, "rows": rows, "officer_name": by.name}
    return issue_paper(by, subject.ref(unit), unit=unit, code="mau-07", on=clock.today(), data=data)


def _row(entry: queries.BookRow) -> dict[str, Any]:
    dossier = entry.dossier
    return {
        "entry": entry.entry,
        "dossier_number": dossier.number,
        "procedure_name": dossier.procedure.name,
        "sets": 1,
        "applicant_name": dossier.applicant_name,
        "contact": entry.contact,
        "handling_agency": entry.agency,
        "received_at": dossier.accepted_at,
        "due_at": dossier.due_at,
        "returned_at": dossier.returned_at,
        "result_channel": dossier.get_result_by_display(),
        "note": entry.note,
    }
