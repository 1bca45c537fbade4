"""What is wrong with a document's form: one sentence that says what, where and what to mend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from xaso.modules.layouts.checking.finding import Found
from xaso.modules.layouts.checking.seen import Piece, Seen
from xaso.modules.layouts.definitions import Layout

Severity = Literal["must", "should"]
SHOWN_PLACES = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """`must`: against the rule; `should`: worth mending, or to be looked at by eye."""

    code: str
    sentence: str
    where: str = ""
    severity: Severity = "must"


@dataclass(frozen=True, slots=True)
class Case:
    """What the rules look at."""

    seen: Seen
    found: Found
    layout: Layout


def fault_at(code: str, sentence: str, pieces: Iterable[Piece], severity: Severity = "must") -> Fault:
    """One fault however many places have it; the first few are named."""
    found = list(pieces)
    places = "; ".join(one.shown for one in found[:SHOWN_PLACES])
    more = f" và {len(found) - SHOWN_PLACES} chỗ khác" if len(found) > SHOWN_PLACES else ""
    return Fault(code, sentence, places + more, severity)
