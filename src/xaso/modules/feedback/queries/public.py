"""What everybody may read: published reports only, the approved words only, never who sent them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.modules.feedback.definitions import desk
from xaso.modules.feedback.models import Photo, Report
from xaso.modules.feedback.rules import moves, words

GONE = "Không có phản ánh công khai này. Có thể phản ánh không còn công khai."
NO_CODE = "Không có phản ánh mang mã này. Hãy xem lại: mã gồm 10 chữ và số, không phân biệt chữ hoa chữ thường."
SMALL = "<"


def public_rows() -> QuerySet[Report]:
    rows = Report.objects.filter(shown=Report.Shown.PUBLIC, may_publish=True, is_confidential=False)
    return rows.select_related("unit", "village")


def public_of(unit: Unit, category: str = "", village: str = "") -> QuerySet[Report]:
    """Of one commune; a category and the code of a village narrow it."""
    rows = public_rows().filter(unit_path=unit.path)
    if category:
        rows = rows.filter(category=category)
    return rows.filter(village__code=village, shows_place=True) if village else rows


def public_report(key: UUID) -> Report:
    """Raises Missing for what is not public, as for what does not exist."""
    one = public_rows().filter(uuid=key).first()
    if one is None:
        raise Missing(GONE)
    return one


def public_photos(reports: Sequence[Report]) -> dict[int, list[Photo]]:
    """report → its approved pictures. One statement."""
    found: dict[int, list[Photo]] = {one.pk: [] for one in reports}
    for photo in Photo.objects.filter(report__in=reports, is_public=True).order_by("id"):
        found[photo.report_id].append(photo)
    return found


def by_code(typed: str) -> Report:
    """The report with that code. Raises Missing. Asks no permission: the code is the key."""
    code = words.code_of(typed)
    found = Report.objects.select_related("unit", "village", "merged_into").filter(code=code).first() if code else None
    if found is None:
        raise Missing(NO_CODE)
    return found


def of_sender(person_id: int | None) -> QuerySet[Report]:
    """Everything this resident sent."""
    rows = Report.objects.filter(sender_person_id=person_id) if person_id else Report.objects.none()
    return rows.select_related("unit", "village")


def own(person_id: int | None, key: UUID) -> Report | None:
    return of_sender(person_id).select_related("merged_into").filter(uuid=key).first()


@dataclass(frozen=True, slots=True)
class Cell:
    """A number as everybody may read it."""

    label: str
    received: str
    answered: str
    on_time: str


@dataclass(frozen=True, slots=True)
class Statistics:
    """A finished quarter of a commune. `whole` is empty where it would tell a small number."""

    title: str
    rows: list[Cell]
    whole: Cell | None


def quarter_before(day: date) -> tuple[date, date, str]:
    """First day, first day after, and name of the last finished quarter."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    last = first - timedelta(days=1)
    begin = date(last.year, 3 * ((last.month - 1) // 3) + 1, 1)
    return begin, first, f"quý {(begin.month + 2) // 3} năm {begin.year}"


def statistics(unit: Unit, day: date) -> Statistics:
    """By category. Only whole quarters, never beside a year: nothing small can be worked out from what is shown."""
    begin, until, title = quarter_before(day)
    counted = {row["category"]: row for row in _counted(unit, begin, until)}
    numbers = [(one.name, counted[one.code]) for one in desk().categories if one.code in counted]
    small = any(_is_small(n) for _, row in numbers for n in (row["received"], row["answered"], _rest(row)))
    total = {name: sum(row[name] for _, row in numbers) for name in ("received", "answered", "on_time")}
    whole = None if small or not numbers else _cell("Tất cả", total)
    return Statistics(title, [_cell(label, row) for label, row in numbers], whole)


def _counted(unit: Unit, begin: date, until: date) -> QuerySet[Any, Any]:
    since = datetime.combine(begin, time(), tzinfo=clock.VIETNAM)
    end = datetime.combine(until, time(), tzinfo=clock.VIETNAM)
    rows = Report.objects.filter(unit_path=unit.path, received_at__gte=since, received_at__lt=end)
    rows = rows.filter(is_confidential=False).exclude(state__in=[moves.State.UNCONFIRMED, moves.State.DUPLICATE])
    answered = Q(state__in=moves.DONE)
    counts = rows.order_by().values("category").annotate(received=Count("pk"), answered=Count("pk", filter=answered))
    return counts.annotate(on_time=Count("pk", filter=answered & Q(on_time=True)))


def _is_small(value: int) -> bool:
    return 0 < value < desk().public.smallest


def _rest(row: dict[str, int]) -> int:
    return row["received"] - row["answered"]


def _cell(label: str, row: dict[str, int]) -> Cell:
    smallest, base = desk().public.smallest, desk().public.smallest_base

    def shown(name: str) -> str:
        return f"{SMALL}{smallest}" if _is_small(row[name]) else str(row[name])

    # What is not answered is known from both numbers: a small rest would tell as much as a small number.
    answered = "…" if _is_small(_rest(row)) else shown("answered")
    late = row["answered"] - row["on_time"]
    told = row["answered"] >= base and not _is_small(late) and not _is_small(row["on_time"])
    share = f"{100 * row['on_time'] / row['answered']:.0f} %" if told else "–"
    return Cell(label, shown("received"), answered, share)
