"""Writing entries, sealing them into the chain, and proving the chain."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from xaso.core.access import Actor
from xaso.core.audit import rules
from xaso.core.audit.models import ChainHead, Entry
from xaso.kit import clock
from xaso.kit.rows import insert

BATCH = 500


@dataclass(slots=True)
class Draft:
    """An entry while its action runs; `audit.note` adds to its details."""

    by: Actor
    verb: str
    within: str = ""
    subject: str = ""
    unit_path: str = ""
    outcome: str = "done"
    details: dict[str, Any] = field(default_factory=dict)


def write(drafts: list[Draft]) -> None:
    """Insert the entries of one action in one statement."""
    at = clock.now()
    insert([_entry(draft, at) for draft in drafts])


def _entry(draft: Draft, at: datetime) -> Entry:
    entry = Entry(
        at=at,
        unit_path=draft.unit_path or draft.by.unit_path,
        actor_kind=draft.by.kind,
        account_id=draft.by.account_id,
        actor_name=draft.by.name[:120],
        via=draft.by.via[:60],
        verb=draft.verb,
        within=draft.within,
        subject=draft.subject,
        outcome=draft.outcome,
        details=json.loads(json.dumps(draft.details, cls=DjangoJSONEncoder)),
    )
    entry.digest = digest_of(entry)
    return entry


def digest_of(entry: Entry) -> str:
    values = {name: getattr(entry, name) for name in rules.FIELDS}
    values["at"] = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    values["details"] = entry.details
    return rules.digest(values)


def record_reading(by: Actor, subject: str, unit_path: str, reason: str) -> None:
    """Note that somebody looked at personal data, and why."""
    write([Draft(by, "read", subject=subject, unit_path=unit_path, details={"reason": reason})])


def record_denied(by: Actor, verb: str, subject: str, unit_path: str) -> None:
    write([Draft(by, verb, subject=subject, unit_path=unit_path, outcome="denied")])


def seal() -> int:
    """Chain what is not chained yet, oldest first. Returns how many entries were sealed."""
    sealed = 0
    while batch := _seal_batch():
        sealed += batch
    return sealed


def _seal_batch() -> int:
    with transaction.atomic():
        ChainHead.objects.bulk_create([ChainHead(pk=1)], ignore_conflicts=True)
        head = ChainHead.objects.select_for_update().get(pk=1)
        entries = list(Entry.objects.filter(position=None).order_by("id")[:BATCH])
        for entry in entries:
            head.position += 1
            head.link = rules.link(head.link, entry.digest)
            entry.position, entry.link = head.position, head.link
        if entries:
            Entry.objects.bulk_update(entries, ["position", "link"])
            head.save()
    return len(entries)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the chain found. `broken` is a sentence that names the first broken row, or empty."""

    checked: int
    head: str
    broken: str = ""


def verify() -> Verdict:
    """Recompute every digest and link. Names the first row that was changed, removed or put in."""
    seal()
    previous, expected = "0" * 64, 1
    for entry in Entry.objects.exclude(position=None).order_by("position").iterator(2000):
        broken = _fault(entry, previous, expected)
        if broken:
            return Verdict(expected - 1, previous, broken)
        previous, expected = entry.link, expected + 1
    head = ChainHead.objects.filter(pk=1).first()
    if head and (head.position != expected - 1 or head.link != previous):
        return Verdict(expected - 1, previous, f"Nhật ký mất các dòng sau vị trí {expected - 1}.")
    return Verdict(expected - 1, previous)


def _fault(entry: Entry, previous: str, expected: int) -> str:
    if entry.position != expected:
        return f"Nhật ký thiếu dòng ở vị trí {expected} (dòng kế tiếp còn lại là số {entry.pk})."
    if digest_of(entry) != entry.digest:
        return f"Dòng nhật ký số {entry.pk} (vị trí {expected}) đã bị sửa nội dung."
    if rules.link(previous, entry.digest) != entry.link:
        return f"Dòng nhật ký số {entry.pk} (vị trí {expected}) không nối đúng với dòng trước."
    return ""
