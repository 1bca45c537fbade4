"""Notices to many devices: queued in portions, held by one sender at a time, settled with what the service answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any, Protocol
from uuid import uuid4

from django.db.models import F

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.outbox.actions import announce
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.push import rules
from xaso.modules.push.events import NoticeQueued
from xaso.modules.push.models import Device, Notice, Push

State = Push.State
PORTION = 500
HELD = timedelta(minutes=5)
INBOX = "/portal/push/"
NEW_LETTER = "Bạn có thư mới trong hộp thư."


class Somebody(Protocol):
    """Whom `audiences` gives: only the person counts here."""

    @property
    def person_id(self) -> int | None: ...


@action("push.tell_person", "Báo có thư mới")
def tell_person(by: Actor, unit: Unit | None, /, *, person_id: int, purpose: str) -> int:
    """One person's devices: that something came, never what. Once for each purpose; how many devices are told."""
    del by
    notice, is_new = Notice.objects.get_or_create(
        purpose=purpose[:80],
        defaults={"unit": unit, "text": NEW_LETTER, "url": INBOX, "created_at": clock.now()},
    )
    queued = _add(notice, [person_id]) if is_new else 0
    if queued:
        announce(NoticeQueued(str(notice.uuid)))
    return queued


@action("push.queue_many", "Xếp hàng thông báo tới ứng dụng")
def queue_many(
    by: Actor,
    unit: Unit,
    recipients: Iterable[Somebody],
    /,
    *,
    text: str,
    purpose: str,
    topic: str = "",
    url: str = INBOX,
    is_urgent: bool = False,
) -> int:
    """Everybody's devices, once for each purpose; called again it adds only who was not there. Returns how many.

    `text` is the same for all and names nobody: it passes through services of other companies and lights up on screens.
    """
    del by
    words = tidy(text)
    if not words or len(words) > rules.TEXT_MOST:
        raise Refused(f"Thông báo dài tối đa {rules.TEXT_MOST} ký tự và không được để trống. Hãy rút gọn.")
    if not url.startswith("/") or url.startswith(("//", "/\\")):
        raise Refused("Thông báo chỉ mở trang của hệ thống này.")
    now = clock.now()
    notice, _ = Notice.objects.get_or_create(
        purpose=purpose[:80],
        defaults={
            "unit": unit, "unit_path": unit.path, "topic": topic, "text": words, "url": url[:200],
            "is_urgent": is_urgent, "created_at": now,
        },
    )  # fmt: skip
    queued = sum(_add(notice, people) for people in _portions(one.person_id for one in recipients))
    if queued:
        announce(NoticeQueued(str(notice.uuid)))
    return queued


def _add(notice: Notice, people: list[int]) -> int:
    """The devices of these people that are not there yet."""
    devices = list(Device.objects.filter(person_id__in=people).only("id", "uuid", "person_id"))
    known = Push.objects.filter(notice=notice, device_uuid__in=[one.uuid for one in devices])
    there = set(known.values_list("device_uuid", flat=True))
    rows = [
        Push(notice=notice, device=one, device_uuid=one.uuid, person_id=one.person_id, next_at=clock.now())
        for one in devices
        if one.uuid not in there
    ]
    Push.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _portions(people: Iterable[int | None]) -> Iterator[list[int]]:
    known = (one for one in people if one is not None)
    while portion := list(islice(known, PORTION)):
        yield portion


def claim(limit: int) -> list[Push]:
    """Take some of what is due, so that no other sender takes it; a sender that dies gives it back by the clock."""
    now = clock.now()
    due = Push.objects.filter(state=State.QUEUED, next_at__lte=now).order_by("next_at", "pk")
    wanted = list(due.values_list("pk", flat=True)[:limit])
    if not wanted:
        return []
    batch = uuid4()
    Push.objects.filter(pk__in=wanted, state=State.QUEUED, next_at__lte=now).update(
        batch=batch, next_at=now + HELD, tries=F("tries") + 1
    )
    return list(Push.objects.filter(batch=batch).select_related("notice", "device"))


@action("push.call_off", "Dừng thông báo chưa gửi")
def call_off(by: Actor, unit: Unit | None, /, *, purpose: str) -> int:
    """What has not gone out does not go out any more."""
    del by, unit
    waiting = Push.objects.filter(notice__purpose=purpose, state=State.QUEUED)
    return waiting.update(state=State.FAILED, error="Tin đã huỷ trước khi gửi.", settled_at=clock.now(), batch=None)


@action("push.settle", "Ghi kết quả gửi thông báo")
def settle(by: Actor, unit: Unit | None, /, *, answers: Sequence[Any]) -> None:
    """`answers`: what the services said of claimed pushes. A device its service no longer knows is forgotten."""
    del by, unit
    now = clock.now()
    by_id = {one.push_id: one for one in answers}
    rows = list(Push.objects.filter(pk__in=by_id, state=State.QUEUED))
    gone: list[int | None] = []
    reached: list[int | None] = []
    for row in rows:
        answer = by_id[row.pk]
        outcome = rules.outcome_of(answer.status)
        row.batch = None
        if outcome == rules.AGAIN and row.tries < rules.MOST_TRIES:
            row.next_at = now + rules.wait_after(row.tries, answer.retry_after)
            row.error = rules.error_of(answer.status)
            continue
        row.state = State.FAILED if outcome == rules.AGAIN else State(outcome)
        row.error = "" if outcome == rules.HANDED else rules.error_of(answer.status)
        row.settled_at = now
        (gone if outcome == rules.GONE else reached).append(row.device_id)
    Push.objects.bulk_update(rows, ["state", "batch", "next_at", "error", "settled_at"])
    Device.objects.filter(pk__in=reached).update(reached_at=now)
    Push.objects.filter(device__in=gone, state=State.QUEUED).update(state=State.GONE, settled_at=now, batch=None)
    Device.objects.filter(pk__in=gone).delete()
