"""Devices of a person, outcomes of a notice."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from xaso.kit.errors import Missing
from xaso.kit.pages import Page, oldest
from xaso.modules.push.models import Device, LastLook, Push

SIZE = 50


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of every push of one purpose, in the shape the other channels use.

    A push service says that it took a notice, never that it was read: `delivered` stays 0, and nothing costs money.
    """

    queued: int = 0
    handed: int = 0
    delivered: int = 0
    failed: int = 0
    gone: int = 0
    expired: int = 0
    unknown: int = 0
    parts: int = 0
    cost: int = 0

    @property
    def total(self) -> int:
        return self.queued + self.handed + self.failed + self.gone


def outcomes(purpose: str) -> Outcomes:
    rows = Push.objects.filter(notice__purpose=purpose).order_by().values_list("state")
    return Outcomes(**dict(rows.annotate(count=Count("pk"))))


def rows(purpose: str, state: str = "", after: str = "") -> Page[Push]:
    """In the order they were queued."""
    found = Push.objects.filter(notice__purpose=purpose)
    if state:
        found = found.filter(state=state)
    return oldest(found, after, SIZE)


def devices(person_id: int | None) -> list[Device]:
    return list(Device.objects.filter(person_id=person_id).order_by("-created_at")) if person_id else []


def device(person_id: int | None, uuid: UUID) -> Device:
    """Raises Missing, also for somebody else's."""
    found = Device.objects.filter(person_id=person_id, uuid=uuid).first()
    if found is None:
        raise Missing("Không tìm thấy máy này. Có thể thông báo trên máy đã được tắt; hãy tải lại trang.")
    return found


def digest_of(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()


def device_at(endpoint: str) -> Device | None:
    """The device with this very address, which only its browser knows."""
    return Device.objects.filter(digest=digest_of(endpoint)).first()


def has_devices_of(person_id: int) -> bool:
    return Device.objects.filter(person_id=person_id).exists()


def has_devices() -> bool:
    return Device.objects.exists()


def seen_until(person_id: int | None) -> datetime | None:
    return LastLook.objects.filter(person_id=person_id).values_list("until", flat=True).first()
