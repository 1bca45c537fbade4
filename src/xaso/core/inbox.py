"""What stands in a resident's inbox. The slot `portal.inbox` holds functions `(request) -> list[InboxEntry]`.

Nothing is copied into anybody's inbox: each module is asked for its newest entries when the page is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """`kind` is a word such as "Hồ sơ". `is_read`: known to the module itself; None leaves it to the inbox."""

    at: datetime
    title: str
    line: str
    url: str
    kind: str
    is_read: bool | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Which entries the page needs: `size` of them, none later than `until`."""

    until: datetime | None
    size: int


def span_of(request: HttpRequest) -> Span:
    """Asked by the functions of the slot; what they give beyond it is cut."""
    found: Span = getattr(request, "inbox_span", None) or Span(None, 20)
    return found
