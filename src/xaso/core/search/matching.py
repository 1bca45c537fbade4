"""A question in the language of each database's index. Every word is quoted; signs of that language never get here."""

from collections.abc import Iterable

from xaso.core.search.rules import Chunk


def sqlite(chunks: Iterable[Chunk], places: list[str], kind: str, *, marked: bool) -> str:
    """For FTS5."""
    parts = [_fts_chunk(chunk, marked) for chunk in chunks]
    if places:
        parts.append("(" + " OR ".join(f'"{token}"' for token in places) + ")")
    if kind:
        parts.append(f'"{kind}"')
    return " AND ".join(parts)


def _fts_chunk(chunk: Chunk, marked: bool) -> str:
    words = chunk.marked if marked else chunk.folded
    phrase = '"' + " ".join(words) + '"' + (" *" if chunk.is_open else "")
    return f'({phrase} OR "{chunk.whole}")' if chunk.whole else phrase


def postgresql(chunks: Iterable[Chunk], places: list[str], kind: str, *, marked: bool) -> str:
    """A tsquery as text."""
    parts = [_ts_chunk(chunk, marked) for chunk in chunks]
    if places:
        parts.append("(" + " | ".join(f"'{token}'" for token in places) + ")")
    if kind:
        parts.append(f"'{kind}'")
    return " & ".join(parts)


def _ts_chunk(chunk: Chunk, marked: bool) -> str:
    words = chunk.marked if marked else chunk.folded
    phrase = "(" + " <-> ".join(f"'{word}'" for word in words) + (":*" if chunk.is_open else "") + ")"
    return f"({phrase} | '{chunk.whole}')" if chunk.whole else phrase
