"""Reports that may be about the same thing: same category, recent, near or in the same words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from xaso.core.access import Actor
from xaso.modules.feedback.definitions import desk
from xaso.modules.feedback.models import Report
from xaso.modules.feedback.queries.reports import seen
from xaso.modules.feedback.rules import moves, words

COMPARED = 150
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Likely:
    """Another report, and why it is shown."""

    report: Report
    share: int
    metres: int | None
    same_village: bool


def likely_twins(by: Actor, report: Report) -> list[Likely]:
    """The likeliest first. Only a person merges."""
    wanted = desk().duplicates
    rows = seen(by).filter(
        unit_path=report.unit_path,
        category=report.category,
        received_at__gte=report.received_at - timedelta(days=wanted.days),
        received_at__lte=report.received_at + timedelta(days=wanted.days),
    )
    rows = rows.exclude(pk=report.pk).exclude(state__in=[moves.State.DUPLICATE, moves.State.REFUSED])
    compared = [_compared(report, other) for other in rows.select_related("village").order_by("-pk")[:COMPARED]]
    close = [one for one in compared if _is_close(one, wanted.metres, wanted.share)]
    return sorted(close, key=lambda one: (-one.share, one.metres if one.metres is not None else 10**9))[:SHOWN]


def _compared(report: Report, other: Report) -> Likely:
    metres = round(words.metres_between(report.point, other.point)) if report.point and other.point else None
    said, theirs = f"{report.text} {report.place}", f"{other.text} {other.place}"
    same_village = report.village_id is not None and report.village_id == other.village_id
    return Likely(other, words.likeness(said, theirs), metres, same_village)


def _is_close(one: Likely, metres: int, share: int) -> bool:
    """Near and somewhat alike; the same village and alike; or, with no place at all, very alike."""
    if one.metres is not None:
        return one.metres <= metres and one.share >= share // 2
    return one.share >= (share if one.same_village else min(90, share * 3 // 2))
