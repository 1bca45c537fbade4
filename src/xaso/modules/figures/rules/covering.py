"""Which shorter spans make up a longer one, without a hole and without an overlap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol, TypeVar


class Span(Protocol):
    @property
    def since(self) -> date: ...

    @property
    def until(self) -> date:
        """The first day after it."""


S = TypeVar("S", bound=Span)


def covering(since: date, until: date, spans: Sequence[S]) -> list[S]:
    """Spans laid end to end from `since` to `until`, the longest first; empty when there is a hole."""
    if since == until:
        return []
    fitting = [span for span in spans if span.since == since and span.until <= until]
    for span in sorted(fitting, key=lambda one: one.until, reverse=True):
        rest = covering(span.until, until, spans)
        if rest or span.until == until:
            return [span, *rest]
    return []
