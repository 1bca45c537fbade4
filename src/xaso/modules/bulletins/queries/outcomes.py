"""What each channel says of a bulletin, in one shape; who belongs to its audience."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from xaso.core.access import SYSTEM
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.subject import ref
from xaso.modules.audiences import queries as audiences
from xaso.modules.bulletins.models import Bulletin, Sending
from xaso.modules.bulletins.queries.places import VILLAGES
from xaso.modules.bulletins.rules import content as contents
from xaso.modules.bulletins.rules.reach import FAILED, REACHED, WAITING, Somebody, Told
from xaso.modules.sms import queries as sms
from xaso.modules.social import queries as social
from xaso.modules.speakers import queries as speakers
from xaso.modules.speakers.queries.playing import plays
from xaso.modules.zalo import queries as zalo

NOBODY_GOT_IT = "Không ai nhận được qua kênh này. Hãy xem lý do trong danh sách, sửa rồi gửi lại."
NO_RECEIPT = "Tổng đài đã nhận tin nhưng sau 3 ngày vẫn chưa báo tới máy."
DRAFT_WAITS = "Bản nháp, chờ người phụ trách trang bấm đăng"
PATIENCE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`is_settled`: nothing more is to be handed out. `is_heard`: somebody really got or heard it."""

    total: int
    done: int
    failed: int
    waiting: int
    is_settled: bool
    is_heard: bool
    cost: int = 0
    note: str = ""


def outcome_of(bulletin: Bulletin, sending: Sending) -> Outcome | None:
    """None where the channel has no more to say than was written down when it began."""
    asked = {
        contents.SPEAKERS: _speakers,
        contents.SMS: _sms,
        contents.ZALO: _zalo,
        contents.FACEBOOK: _facebook,
    }.get(sending.channel)
    return asked(bulletin) if asked is not None and sending.begun_at is not None else None


def purposes_of(bulletin: Bulletin) -> list[str]:
    """Under what the loudspeakers file it: itself, or each commune's relay."""
    relays = list(bulletin.relays.order_by("id"))
    return [ref(one) for one in relays] if relays else [bulletin.ref]


def plays_of(bulletin: Bulletin) -> list[Any]:
    """Every order to loudspeakers that was made of it."""
    return list(plays(SYSTEM).filter(purpose__in=purposes_of(bulletin)).order_by("id"))


def _speakers(bulletin: Bulletin) -> Outcome:
    """Counted in parts: a device and a time. A device that was interrupted was heard, though not to the end."""
    found = [speakers.outcome(purpose) for purpose in purposes_of(bulletin)]
    ordered = plays_of(bulletin)
    done = sum(one.played for one in found)
    heard = done + sum(one.playing + one.interrupted for one in found)
    return Outcome(
        total=sum(one.parts for one in found),
        done=done,
        failed=sum(one.silent + one.failed + one.interrupted for one in found),
        waiting=sum(one.playing + one.waiting for one in found),
        is_settled=bool(ordered) and all(one.state != "planned" for one in ordered) and not _relays_wait(bulletin),
        is_heard=heard > 0,
    )


def villages_that_heard(bulletin: Bulletin) -> dict[Unit, date]:
    """Village → the day a loudspeaker there first played it."""
    found: dict[Unit, date] = {}
    for purpose in purposes_of(bulletin):
        for row in _every(lambda of, _, after: speakers.played_rows(of, after), purpose):
            if row.state == "played" and row.device.unit.kind in VILLAGES:
                day = clock.local(row.started_at or row.scheduled_at).date()
                found[row.device.unit] = min(day, found.get(row.device.unit, day))
    return found


def _relays_wait(bulletin: Bulletin) -> bool:
    return bulletin.relays.filter(state="waiting").exists()


def _sms(bulletin: Bulletin) -> Outcome:
    found = sms.outcomes(bulletin.ref)
    return Outcome(
        total=found.total,
        done=found.delivered,
        failed=found.failed + found.expired,
        waiting=found.queued + found.handed + found.unknown,
        is_settled=found.queued == 0,
        is_heard=found.delivered + found.handed > 0,
        cost=found.cost,
    )


def _zalo(bulletin: Bulletin) -> Outcome:
    found = zalo.outcomes(bulletin.ref)
    return Outcome(
        total=found.total,
        done=found.delivered + found.seen,
        failed=found.failed,
        waiting=found.queued + found.handed,
        is_settled=found.queued == 0,
        is_heard=found.delivered + found.seen + found.handed > 0,
        cost=found.cost,
        note=f"{found.fell_back} tin chuyển sang SMS" if found.fell_back else "",
    )


def _facebook(bulletin: Bulletin) -> Outcome:
    found = social.outcomes(bulletin.ref)
    waits = found.drafted + found.on_facebook
    return Outcome(
        total=found.total,
        done=found.published,
        failed=found.failed,
        waiting=waits + found.waiting,
        is_settled=found.waiting == 0,
        is_heard=found.published > 0,
        note=DRAFT_WAITS if waits else "Đã đăng trên trang Facebook" if found.published else "",
    )


def audience_of(bulletin: Bulletin) -> Iterator[Somebody]:
    """Every contact of the places, whatever it agreed to. Streamed."""
    paths, topic = bulletin.unit_paths, bulletin.topic
    for one in audiences.recipients(paths, topic, "sms", emergency=bulletin.is_emergency):
        yield _somebody(one)
    for one, _, _ in audiences.left_out(paths, topic, "sms", emergency=bulletin.is_emergency):
        yield _somebody(one)


def _somebody(one: Any) -> Somebody:
    return Somebody(one.uuid, one.person_id, one.name, one.phone, one.zalo_user, one.unit_path)


def is_old(bulletin: Bulletin) -> bool:
    """Whether a receipt that has not come will not come."""
    return bulletin.published_at is not None and clock.now() - bulletin.published_at > PATIENCE


def told_by(bulletin: Bulletin, channel: str) -> Told:
    """What one personal channel did, number by number, and whom it left out and why."""
    told = Told(channel)
    too_late = is_old(bulletin)
    if channel == contents.SMS:
        for row in _every(sms.rows, bulletin.ref):
            told.outcome[row.phone] = _sms_state(row, too_late)
    else:
        for row in zalo.each(bulletin.ref):
            told.outcome[row.phone or row.user] = _zalo_state(row, too_late)
        if contents.SMS not in bulletin.channels:
            _fallen_back(told, bulletin, too_late)
    left = audiences.left_out(bulletin.unit_paths, bulletin.topic, channel, emergency=bulletin.is_emergency)
    told.left_out = {one.uuid: (code, sentence) for one, code, sentence in left}
    return told


def _fallen_back(told: Told, bulletin: Bulletin, is_old: bool) -> None:
    """What Zalo could not bring and SMS did."""
    for row in _every(sms.rows, bulletin.ref):
        told.outcome[row.phone] = _sms_state(row, is_old)


def _every(rows: Any, purpose: str) -> Iterator[Any]:
    after = ""
    while True:
        page = rows(purpose, "", after)
        yield from page.rows
        if not page.after:
            return
        after = page.after


def _sms_state(row: Any, is_old: bool) -> tuple[str, str]:
    if row.state == "delivered":
        return REACHED, ""
    if row.state in {"failed", "expired"}:
        return FAILED, row.error or row.get_state_display()
    return (FAILED, NO_RECEIPT) if is_old else (WAITING, "")


def _zalo_state(row: Any, is_old: bool) -> tuple[str, str]:
    if row.state in {"delivered", "seen"}:
        return REACHED, ""
    if row.state in {"failed", "fell_back"}:
        return FAILED, row.error or row.get_state_display()
    return (FAILED, NO_RECEIPT) if is_old else (WAITING, "")


def shown_to(bulletin: Bulletin) -> Iterator[Any]:
    """Whoever finds it in an inbox."""
    return audiences.recipients(bulletin.unit_paths, bulletin.topic, "push", emergency=bulletin.is_emergency)
