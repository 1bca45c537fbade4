"""Which report a message belongs to."""

from __future__ import annotations

from datetime import datetime

from xaso.kit.errors import Refused
from xaso.modules.audiences import queries as audiences
from xaso.modules.feedback.models import Report
from xaso.modules.feedback.rules.moves import OPEN, State


def local_phone(sender: str) -> str:
    """0… of a mobile number; empty for anything else."""
    try:
        return audiences.dialled(audiences.phone_of(sender)) if sender else ""
    except Refused:
        return ""


def waiting_of(sender: str, user: str) -> Report | None:
    """The report of this phone or Zalo user that waits for an answer."""
    rows = Report.objects.filter(state=State.WAITING).select_related("unit", "lead")
    phone = local_phone(sender)
    if phone:
        return rows.filter(sender_phone=phone).order_by("-pk").first()
    return rows.filter(sender_zalo=user).order_by("-pk").first() if user else None


def last_of(user: str, since: datetime) -> Report | None:
    """What this Zalo user sent last: a picture that follows belongs to it."""
    rows = Report.objects.filter(sender_zalo=user, received_at__gte=since, state__in=OPEN)
    return rows.select_related("unit").order_by("-pk").first() if user else None
