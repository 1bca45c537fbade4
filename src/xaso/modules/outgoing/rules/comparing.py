"""Two versions of a text, word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, ADDED, REMOVED = "same", "added", "removed"
LONGEST = 40_000
_PIECES = re.compile(r"\n+|[^\S\n]+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed, came or went."""

    kind: str
    text: str


def compared(old: str, new: str) -> list[Piece]:
    """What turns the one into the other. Texts too long to compare word by word are compared by lines."""
    split = _PIECES.findall if len(old) + len(new) <= LONGEST else _lines
    before, after = split(old), split(new)
    return _joined(_pieces(before, after))


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _pieces(before: list[str], after: list[str]) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield Piece(SAME, "".join(before[i1:i2]))
            continue
        if i2 > i1:
            yield Piece(REMOVED, "".join(before[i1:i2]))
        if j2 > j1:
            yield Piece(ADDED, "".join(after[j1:j2]))


def _joined(pieces: Iterator[Piece]) -> list[Piece]:
    """Neighbours of one kind as one, so that a reader hears “thêm” once."""
    found: list[Piece] = []
    for piece in pieces:
        if found and found[-1].kind == piece.kind:
            found[-1] = Piece(piece.kind, found[-1].text + piece.text)
        else:
            found.append(piece)
    return found


def changes(pieces: list[Piece]) -> int:
    """How many places differ."""
    return sum(piece.kind != SAME and bool(piece.text.strip()) for piece in pieces)
