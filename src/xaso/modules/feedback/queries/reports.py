"""Reports one by one and in lists, for officers. Whom a report names never finds it; no unit sees another's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from xaso.core.access import Actor, visible
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.kit.pages import Page, by_deadline, newest, number_in, oldest
from xaso.modules.feedback.models import Named, Part, Photo, Report, Step
from xaso.modules.feedback.queries.people import CONFIDENTIAL
from xaso.modules.feedback.rules import moves

PAGE = 20
GONE = "Không tìm thấy phản ánh này ở đơn vị của bạn. Hãy quay lại danh sách và chọn lại."
PART_GONE = "Không tìm thấy phần việc này. Có thể phản ánh đã được giao lại."


def seen(by: Actor, permission: str = "feedback.view") -> QuerySet[Report]:
    """What the actor may see: never what names the actor; confidential ones only who may, or has a part in it.

    Whoever has a part reads the report also from an agency of the commune, beside its own unit.
    """
    rows = visible(by, permission, Report.objects.all())
    if by.kind == "system":
        return rows
    mine = Part.objects.filter(report=OuterRef("pk"), person_id=by.person_id, ended_at=None)
    if permission == "feedback.view" and by.may("feedback.view") and by.person_id is not None:
        given = Part.objects.filter(person_id=by.person_id, ended_at=None)
        rows = rows | Report.objects.filter(pk__in=given.values("report_id"))
    rows = rows.exclude(state=moves.State.UNCONFIRMED)
    rows = rows.exclude(Exists(Named.objects.filter(report=OuterRef("pk"), person_id=by.person_id)))
    confided = visible(by, CONFIDENTIAL, Report.objects.filter(is_confidential=True))
    return rows.filter(Q(is_confidential=False) | Q(pk__in=confided.values("pk")) | Exists(mine))


def may_see(by: Actor, report: Report) -> bool:
    """The same question about one report, for actions."""
    if by.kind == "system":
        return True
    if by.person_id is not None and report.named.filter(person_id=by.person_id).exists():
        return False
    if not report.is_confidential or by.may(CONFIDENTIAL, on=report):
        return True
    return by.person_id is not None and report.parts.filter(person_id=by.person_id, ended_at=None).exists()


def may_know_sender(by: Actor, report: Report) -> bool:
    """Whether the name and number stand on the page of this officer: as the sender chose.

    Who is asked for the handler alone is known to whoever has a part; before that to those who decide on the report.
    """
    if not report.hides_name or (by.account_id is not None and report.created_by_id == by.account_id):
        return True
    if report.lead_person_id is None:
        return by.may("feedback.triage", on=report)
    if by.person_id is None or by.person_id == report.lead_person_id:
        return by.person_id is not None
    return report.parts.filter(person_id=by.person_id, ended_at=None).exists()


def found(by: Actor, key: UUID) -> Report:
    """One report the actor may see. Raises Missing."""
    rows = seen(by).select_related("unit", "village", "lead__account__person", "merged_into")
    one = rows.filter(uuid=key).first()
    if one is None:
        raise Missing(GONE)
    return one


def part(by: Actor, key: UUID) -> Part:
    """An own part in a report. Raises Missing."""
    one = Part.objects.select_related("report__unit").filter(uuid=key, person_id=by.person_id).first()
    if one is None or by.person_id is None:
        raise Missing(PART_GONE)
    return one


def photos_of(report: Report) -> list[Photo]:
    return list(report.photos.select_related("file__blob").order_by("id"))


def parts_of(report: Report) -> list[Part]:
    rows = report.parts.order_by("-id")[:100]
    return sorted(rows, key=lambda one: (one.ended_at is not None, one.role != Part.Role.LEAD))


def steps_of(report: Report) -> list[Step]:
    return list(report.steps.order_by("-id")[:200])


def named_ids(report: Report) -> list[int]:
    return list(report.named.values_list("person_id", flat=True))


STANDINGS: dict[str, tuple[str, frozenset[moves.State]]] = {
    "new": ("Chờ phân loại", frozenset({moves.State.RECEIVED})),
    "open": ("Chưa xong", moves.OPEN),
    "answered": ("Đã trả lời", moves.DONE),
    "other": ("Từ chối, chuyển, gộp", moves.ENDED - moves.DONE),
}


def listed(by: Actor, filters: Mapping[str, Any], after: str = "", size: int = PAGE) -> Page[Report]:
    """Newest first, filtered by standing, category and village."""
    rows = seen(by)
    if filters.get("standing") in STANDINGS:
        rows = rows.filter(state__in=STANDINGS[filters["standing"]][1])
    if filters.get("standing") == "late":
        rows = rows.filter(state__in=moves.OPEN, due_at__lt=clock.now())
    if filters.get("category"):
        rows = rows.filter(category=filters["category"])
    if filters.get("number"):
        rows = rows.filter(number=filters["number"])
    return newest(rows.select_related("village"), after, size)


def inbox(by: Actor, after: str = "", size: int = PAGE) -> Page[Report]:
    """What waits for somebody to decide whether it is ours, the oldest first."""
    rows = seen(by, "feedback.accept").filter(state__in=[moves.State.RECEIVED, moves.State.ACCEPTED])
    return oldest(rows.select_related("village"), after, size)


def following(by: Actor, report: Report) -> Report | None:
    """The next one that waits, after this one was decided."""
    return seen(by, "feedback.accept").filter(state=moves.State.RECEIVED).exclude(pk=report.pk).order_by("pk").first()


def led_by(by: Actor, after: str = "", size: int = PAGE) -> Page[Report]:
    """What this person leads and has not answered, by deadline."""
    rows = Report.objects.filter(lead_person_id=by.person_id, state__in=[*moves.WITH_SOMEBODY, moves.State.WAITING])
    return by_deadline(rows.select_related("village"), after, size)


def helped_by(by: Actor, after: str = "", size: int = PAGE) -> Page[Part]:
    rows = Part.objects.filter(person_id=by.person_id, role=Part.Role.SUPPORT, ended_at=None)
    return newest(rows.select_related("report__village"), after, size)


def to_publish(by: Actor) -> QuerySet[Report]:
    """Answered, nobody has said yet whether everybody may read it."""
    return seen(by, "feedback.publish").filter(state__in=moves.DONE, publish_due_at__isnull=False)


def of_arrival(key: str) -> Report | None:
    """What the same message or form made before."""
    return Report.objects.select_related("unit").filter(arrival_key=key).first() if key else None


def has_open(unit: Unit) -> bool:
    return Report.objects.filter(
        unit=unit, unit_path=unit.path, state__in=moves.OPEN | {moves.State.UNCONFIRMED}
    ).exists()


def report(key: UUID | str) -> Report:
    """The report with that uuid. Asks no permission. Raises Missing."""
    one = Report.objects.select_related("unit", "village").filter(uuid=key).first()
    if one is None:
        raise Missing(GONE)
    return one


def counts_for(by: Actor) -> dict[str, int]:
    """For the desk's first page: what waits for this person, in each of the roles held."""
    now = clock.now()
    mine = Report.objects.filter(lead_person_id=by.person_id, state__in=moves.WITH_SOMEBODY)
    found_counts = {"mine": mine.count(), "late": mine.filter(due_at__lt=now).count()}
    if by.may("feedback.accept"):
        waiting = seen(by, "feedback.accept").filter(state=moves.State.RECEIVED)
        found_counts |= {
            "new": waiting.count(),
            "new_late": waiting.filter(triage_due_at__lt=now).count(),
            "unassigned": seen(by, "feedback.accept").filter(state=moves.State.ACCEPTED).count(),
        }
    if by.may("feedback.publish"):
        found_counts["to_publish"] = to_publish(by).count()
    return found_counts


def villages_of(unit: Unit) -> list[Unit]:
    """Villages of a commune that exist today, by name."""
    kinds = [Unit.Kind.VILLAGE, Unit.Kind.QUARTER]
    return list(Unit.objects.on(clock.today()).filter(parent=unit, kind__in=kinds).order_by("name"))


def refs(reports: Iterable[Report]) -> list[str]:
    return [one.ref for one in reports]


def of_clock(subject: str) -> Report | None:
    """`feedback.Report:42/1` is the clock of its first round; None for another thing's clock or an earlier round."""
    label, _, rest = subject.partition(":")
    pk, _, rounds = rest.partition("/")
    if label != Report._meta.label or not (number_in(pk) and number_in(rounds)):
        return None
    return Report.objects.select_related("unit", "lead").filter(pk=number_in(pk), rounds=number_in(rounds)).first()
