"""A bulletin of an upper level at the communes under it: they decide the order, not the words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.subject import ref
from xaso.modules.bulletins.actions.playing import play
from xaso.modules.bulletins.models import Bulletin, Relay
from xaso.modules.bulletins.queries.places import communes_of
from xaso.modules.bulletins.rules import states

TIME_TO_CHOOSE = timedelta(hours=2)
"""How long a commune has to choose an hour when the upper level named none."""
MOVED_ON = "Tin này đã được xếp giờ hoặc đã dừng. Hãy tải lại trang."
TOO_LATE = "Giờ phát phải trước {until}, là lúc cấp trên ngừng tin này."
PAST = "Giờ phát đã qua. Hãy chọn giờ khác."


def open_relays(by: Actor, bulletin: Bulletin) -> int:
    """A row for every commune the bulletin covers. Inside the caller's action."""
    del by
    starts_at = bulletin.starts_at or clock.now() + TIME_TO_CHOOSE
    rows = [
        Relay(bulletin=bulletin, unit=unit, unit_path=unit.path, unit_paths=list(paths), starts_at=starts_at)
        for unit, paths in communes_of(bulletin.unit_paths)
    ]
    Relay.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@action("bulletins.order_relay", "Xếp giờ phát tin cấp trên")
def order_relay(by: Actor, relay: Relay, /, *, starts_at: datetime | None = None) -> Relay:
    """The commune's hour, or the one the upper level wanted. Words, sound and level are not ours to change."""
    bulletin = relay.bulletin
    if bulletin.state not in states.LIVE:
        raise Refused("Cấp trên đã huỷ hoặc đã kết thúc tin này nên không xếp giờ nữa.")
    moment = starts_at or relay.starts_at
    if starts_at is not None and starts_at <= clock.now():
        raise Refused(PAST)
    if bulletin.until is not None and moment >= bulletin.until:
        raise Refused(TOO_LATE.format(until=f"{clock.local(bulletin.until):%H:%M ngày %d/%m/%Y}"))
    values: dict[str, Any] = {
        "state": Relay.State.ORDERED, "starts_at": moment, "chosen_by": by.name[:200], "chosen_at": clock.now(),
        "error": "",
    }  # fmt: skip
    open_ones = Relay.objects.filter(pk=relay.pk, state__in=[Relay.State.WAITING, Relay.State.BROKEN])
    if not open_ones.update(**values):
        raise Refused(MOVED_ON)
    made = play(by, bulletin, relay.unit, unit_paths=relay.unit_paths, starts_at=moment, purpose=ref(relay))
    values["play"] = str(made.uuid)
    Relay.objects.filter(pk=relay.pk).update(play=values["play"])
    for name, value in values.items():
        setattr(relay, name, value)
    note(starts_at=moment)
    return relay


@action("bulletins.fail_relay", "Ghi lỗi tin cấp trên")
def fail_relay(by: Actor, relay: Relay, /, *, why: str) -> Relay:
    Relay.objects.filter(pk=relay.pk, state=Relay.State.WAITING).update(state=Relay.State.BROKEN, error=why[:500])
    return relay


@action("bulletins.stop_relays", "Dừng tin cấp trên ở các xã")
def stop_relays(by: Actor, bulletin: Bulletin, /) -> Bulletin:
    bulletin.relays.exclude(state=Relay.State.STOPPED).update(state=Relay.State.STOPPED)
    return bulletin
