"""What really happened: figures of every channel, and by name who was not reached. Looked up, never guessed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.kit import clock
from xaso.kit.rows import insert
from xaso.kit.subject import resolve
from xaso.modules.bulletins.actions.moving import locked, tried_move
from xaso.modules.bulletins.models import Bulletin, Heard, Missed, Relay, Sending
from xaso.modules.bulletins.queries import outcomes, places
from xaso.modules.bulletins.rules import content as contents
from xaso.modules.bulletins.rules import reach, states

__all__ = ["count_missed", "look", "look_at_purpose"]


def look_at_purpose(by: Actor, purpose: str) -> None:
    """`purpose` is a bulletin, or one commune's relay of it."""
    found = resolve(purpose)
    look(by, found.bulletin if isinstance(found, Relay) else found)


@action("bulletins.look", "Cập nhật kết quả bản tin")
def look(by: Actor, bulletin: Bulletin, /) -> Bulletin:
    """Ask every channel how it stands; when all are through, the bulletin is."""
    row = locked(bulletin)
    sendings = list(row.sendings.order_by("id"))
    for sending in sendings:
        _look_at(row, sending)
    verb = states.came_to(one.state for one in sendings)
    if verb:
        tried_move(row, verb, ended_at=clock.now())
    return row


def _look_at(bulletin: Bulletin, sending: Sending) -> None:
    found = outcomes.outcome_of(bulletin, sending)
    if found is None:
        return
    now = clock.now()
    values: dict[str, Any] = {
        "total": found.total, "done": found.done, "failed": found.failed, "waiting": found.waiting,
        "cost": found.cost, "looked_at": now,
    }  # fmt: skip
    if found.note:
        values["note"] = found.note[:300]
    if found.is_heard and sending.heard_at is None:
        values["heard_at"] = now
    if sending.channel == contents.SPEAKERS and found.done:
        _write_heard(bulletin)
    if sending.state == states.SENDING and found.is_settled:
        values |= {"state": states.SENT, "ended_at": now}
        if found.total and not found.done and not found.waiting:
            values |= {"state": states.BROKEN, "error": outcomes.NOBODY_GOT_IT}
    Sending.objects.filter(pk=sending.pk).update(**values)
    for name, value in values.items():
        setattr(sending, name, value)


def _write_heard(bulletin: Bulletin) -> None:
    """Villages that heard it, each once."""
    rows = [
        Heard(bulletin=bulletin, unit_id=village.pk, unit_path=village.path, heard_on=day)
        for village, day in outcomes.villages_that_heard(bulletin).items()
    ]
    Heard.objects.bulk_create(rows, ignore_conflicts=True)


def count_if_changed(by: Actor, bulletin: Bulletin) -> bool:
    """Reading the whole book of contacts again is only worth it when a channel says something new."""
    row = look(by, bulletin)
    if row.reach_at is not None and row.reach_mark == _mark(row):
        return False
    count_missed(by, row)
    return True


def _mark(bulletin: Bulletin) -> str:
    """What the list of names depends on: the figures of the personal channels, and whether patience has run out."""
    figures = bulletin.sendings.filter(channel__in=contents.TO_PERSONS).order_by("id")
    said = [f"{one.total}/{one.done}/{one.failed}/{one.waiting}" for one in figures]
    return f"{' '.join(said)} {outcomes.is_old(bulletin)}"[:120]


@action("bulletins.count_missed", "Lập danh sách chưa nhận được tin")
def count_missed(by: Actor, bulletin: Bulletin, /) -> Bulletin:
    """Everybody of the audience once; who was not reached is written down by name, in place of the list before."""
    row = look(by, bulletin)
    channels = [one for one in contents.TO_PERSONS if one in row.channels]
    now = clock.now()
    values: dict[str, Any] = {"reach_at": now, "reach_mark": _mark(row)}
    Missed.objects.filter(bulletin=row).delete()
    if channels and row.published_at is not None:
        told = [outcomes.told_by(row, channel) for channel in channels]
        found = reach.standings(outcomes.audience_of(row), told)
        counts = reach.counted(found)
        values |= {
            "reached_persons": counts[reach.REACHED],
            "missed_persons": counts[reach.FAILED],
            "waiting_persons": counts[reach.WAITING],
        }
        _write_down(row, reach.missed(found))
        for one in told:
            row.sendings.filter(channel=one.channel).update(left_out=len(one.left_out))
    if contents.INBOX in row.channels:
        shown = sum(1 for _ in outcomes.shown_to(row))
        row.sendings.filter(channel=contents.INBOX).update(total=shown)
    Bulletin.objects.filter(pk=row.pk).update(**values)
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _write_down(bulletin: Bulletin, people: Iterator[reach.Standing]) -> None:
    found = list(people)
    names = places.names_of({one.somebody.unit_path for one in found})
    rows = [
        Missed(
            bulletin=bulletin, contact=one.somebody.uuid, name=one.somebody.name[:120], phone=one.somebody.phone,
            unit_path=one.somebody.unit_path, place=names.get(one.somebody.unit_path, "")[:120], reasons=one.reasons,
        )
        for one in found
    ]  # fmt: skip
    insert(rows)
