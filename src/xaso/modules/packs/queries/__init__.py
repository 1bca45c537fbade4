"""Questions about signed packs: which there are, whether they are whole, what they add up to, what changed since."""

from xaso.modules.packs.queries.changes import changes, restatements
from xaso.modules.packs.queries.lines import line_of, lines_of, period_named, with_rows
from xaso.modules.packs.queries.locks import is_locked, lock, lock_on, lock_sentence, locks_of
from xaso.modules.packs.queries.proof import broken_packs
from xaso.modules.packs.queries.signed import (
    check,
    contents,
    kind_name,
    kinds_signed,
    latest_packs,
    pack,
    pack_about,
    packs_of,
    signed,
    title,
)
from xaso.modules.packs.queries.sums import ProvinceSum, SumLine, communes_of, summed
from xaso.modules.packs.rules import Evidence, Line, Rows, Sealed, worded

__all__ = [
    "Evidence",
    "Line",
    "ProvinceSum",
    "Rows",
    "Sealed",
    "SumLine",
    "broken_packs",
    "changes",
    "check",
    "communes_of",
    "contents",
    "is_locked",
    "kind_name",
    "kinds_signed",
    "latest_packs",
    "line_of",
    "lines_of",
    "lock",
    "lock_on",
    "lock_sentence",
    "locks_of",
    "pack",
    "pack_about",
    "packs_of",
    "period_named",
    "restatements",
    "signed",
    "summed",
    "title",
    "with_rows",
    "worded",
]
