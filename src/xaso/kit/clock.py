"""The only place that reads the time, so that tests can move it and rules get it as an argument."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_replayed: ContextVar[datetime | None] = ContextVar("replayed", default=None)


def now() -> datetime:
    """The moment, aware. A demonstration lives some whole weeks ago (`settings.DEMO_SHIFT`)."""
    return _replayed.get() or timezone.now() - settings.DEMO_SHIFT


def machine_now() -> datetime:
    """The machine's own time, also in a demonstration: for what the outside world signs with its clock."""
    return timezone.now()


def local(moment: datetime) -> datetime:
    """The same moment on a Vietnamese wall clock."""
    return moment.astimezone(VIETNAM)


def today() -> date:
    """Today's date in Vietnam."""
    return local(now()).date()


@contextmanager
def replaying(moment: datetime) -> Iterator[None]:
    """Actions inside happen at that moment: how the demonstration plays past years through the real actions."""
    token = _replayed.set(moment)
    try:
        yield
    finally:
        _replayed.reset(token)


def weeks_since(day: date) -> int:
    """Whole weeks from that day to today, for settings, which cannot ask Django yet."""
    return (datetime.now(VIETNAM).date() - day).days // 7
