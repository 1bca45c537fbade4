"""Our own emergencies as CAP in the public feed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.alerts import queries
from xaso.modules.alerts.models import Issued
from xaso.modules.alerts.rules import cap, writing

GEOCODE = "VN-DVHC"
VALID_FOR = timedelta(hours=12)


@action("alerts.issue_alert", "Công bố cảnh báo CAP")
def issue_alert(by: Actor, unit: Unit, /, *, bulletin: str, title: str, text: str, paths: list[str]) -> Issued:
    """One message for one bulletin; asked twice, the first stays."""
    del by
    if (known := queries.issued_for(bulletin)) is not None:
        return known
    now = clock.local(clock.now()).replace(microsecond=0)
    places = Unit.objects.on(clock.today()).filter(path__in=paths)
    areas = tuple(cap.Area(str(place), geocodes=((GEOCODE, place.code),)) for place in places)
    info = cap.Info(
        categories=("Other",),
        event="Thông báo khẩn cấp",
        urgency="Immediate",
        severity="Severe",
        certainty="Observed",
        language="vi-VN",
        effective=now.isoformat(),
        expires=(now + VALID_FOR).isoformat(),
        sender_name=unit.full_name,
        headline=title,
        description=text,
        areas=areas,
    )
    return _issued(unit, bulletin, title, _message(unit, bulletin, "Alert", infos=(info,)))


@action("alerts.issue_cancel", "Công bố huỷ cảnh báo CAP")
def issue_cancel(by: Actor, unit: Unit, /, *, earlier: Issued, reason: str) -> Issued:
    del by
    known = Issued.objects.filter(bulletin=earlier.bulletin, message_type="Cancel").first()
    if known is not None:
        return known
    reference = cap.Reference(*earlier.reference.split(","))
    message = _message(unit, str(earlier.bulletin), "Cancel", note=reason, references=(reference,))
    return _issued(unit, str(earlier.bulletin), f"Huỷ: {earlier.title}", message)


def _message(unit: Unit, bulletin: str, kind: str, **parts: Any) -> cap.CapAlert:
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return cap.CapAlert(
        identifier=f"{unit.code}-{bulletin.replace('-', '')[:16]}-{kind.lower()}",
        sender=f"ubnd-{unit.code}@{host}",
        sent=clock.local(clock.now()).replace(microsecond=0).isoformat(),
        status="Actual",
        message_type=kind,
        scope="Public",
        **parts,
    )


def _issued(unit: Unit, bulletin: str, title: str, message: cap.CapAlert) -> Issued:
    return Issued.objects.create(
        unit=unit,
        unit_path=unit.path,
        bulletin=bulletin,
        message_type=message.message_type,
        identifier=message.identifier,
        reference=f"{message.sender},{message.identifier},{message.sent}",
        title=title[:200],
        xml=writing.write(message).decode(),
        sent_at=datetime.fromisoformat(message.sent),
    )
