"""Finding a procedure by words, with or without diacritics, in memory: the catalogue is a few hundred names."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as kept

from xaso.kit.fold import fold, words

MAX_QUERY = 200


@dataclass(frozen=True, slots=True)
class Searchable:
    """One procedure, with its texts folded once."""

    code: str
    name: str
    field: str
    keywords: tuple[str, ...] = ()
    folded: str = kept(init=False)
    name_words: frozenset[str] = kept(init=False)
    more_words: frozenset[str] = kept(init=False)
    phrases: frozenset[str] = kept(init=False)
    field_words: frozenset[str] = kept(init=False)
    marked: str = kept(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "folded", fold(self.name))
        object.__setattr__(self, "name_words", frozenset(words(self.name)))
        object.__setattr__(self, "more_words", frozenset(w for k in self.keywords for w in words(k)))
        object.__setattr__(self, "phrases", frozenset(fold(k) for k in self.keywords))
        object.__setattr__(self, "field_words", frozenset(words(self.field)))
        object.__setattr__(self, "marked", _marked(self.name))


def _marked(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower()


def search(text: str, rows: Iterable[Searchable]) -> list[Searchable]:
    """Best first: code, name that begins so, words of the name, other words people use, field."""
    text = text[:MAX_QUERY]
    asked = words(text)
    if not asked:
        return []
    marked = _marked(text.strip())
    ranked = [(rank, row) for row in rows if (rank := _rank(row, text, asked, marked)) is not None]
    return [row for _, row in sorted(ranked, key=lambda pair: (*pair[0], pair[1].code))]


def _rank(row: Searchable, text: str, asked: list[str], marked: str) -> tuple[int, int, int] | None:
    spelled = 0 if marked in row.marked else 1
    size = len(row.folded)
    if row.code == text.strip():
        return 0, 0, 0
    if row.folded.startswith(" ".join(asked)):
        return 1, spelled, size
    if " ".join(asked) in row.phrases:
        return 2, spelled, size
    if all(_has(row.name_words, word) for word in asked):
        return (3 if " ".join(asked) in row.folded else 4), spelled, size
    if all(_has(row.name_words | row.more_words, word) for word in asked):
        return 5, spelled, size
    if all(_has(row.name_words | row.more_words | row.field_words, word) for word in asked):
        return 6, spelled, size
    return None


def _has(found: frozenset[str], word: str) -> bool:
    return word in found or (len(word) >= 3 and any(one.startswith(word) for one in found))
