"""What is written into the index, and how typed words become a question for it. Pure.

An entry's text is a row of plain words: folded first (no marks, đ as d), then the same with their marks for those who
type them, then tokens that no keyboard types: who may see it, of which kind it is, what is found only when typed whole.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

from xaso.kit.fold import fold

MOST_WORDS = 6_000
MOST_MARKED = 600
LONGEST_WORD = 40
LONGEST_QUESTION = 200
MOST_CHUNKS = 8
SHORTEST_PREFIX = 2
OURS = "ß"
"""Begins every token of ours: a letter that Vietnamese words never have, and that typed words are stripped of."""
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_MOVED = re.compile(f"([oO])([{_TONES}])([aAeE])|([uU])([{_TONES}])([yY])")
_CHUNK = re.compile(r'"([^"]*)"|(\S+)')
_WORD = re.compile(r"[^\W_]+")
# Letters of a line of small ones that folding turns into a-z: Latin ones as they are written, no others.
_LETTERS = "".join(
    chr(code) for code in range(0x1F00) if re.fullmatch(r"[a-z0-9]", fold(chr(code))) and chr(code).islower()
)
_MARKED = re.compile(f"[0-9{re.escape(_LETTERS)}]+")
_LEAST = "0123456789abcdefghijklmnopqrstuvwxyz"


def plain_words(text: str) -> list[str]:
    """Folded words of letters and digits, none of them endless."""
    return [word[:LONGEST_WORD] for word in re.findall(r"[a-z0-9]+", fold(text))]


def marked_words(text: str) -> list[str]:
    """The same words as they are written, the tone where new spelling puts it: "hòa" and "hoà" are one."""
    moved = _MOVED.sub(_tone_last, unicodedata.normalize("NFD", text))
    written = unicodedata.normalize("NFC", moved).lower()
    return [word[:LONGEST_WORD] for word in _MARKED.findall(written)]


def _tone_last(found: re.Match[str]) -> str:
    first, tone, second = [part for part in found.groups() if part]
    return first + second + tone


def indexed(head: Sequence[str], texts: Iterable[str], whole: Iterable[str], ours: Iterable[str]) -> str:
    """Everything an entry is found by, as one row of words. A mark of ours between two texts keeps phrases apart."""
    folded: list[str] = []
    marked: list[str] = []
    for text in (*head, *texts):
        if len(folded) < MOST_WORDS:
            folded += [*plain_words(text[: MOST_WORDS * LONGEST_WORD]), OURS]
        if len(marked) < MOST_MARKED:
            marked += [*marked_words(text[: MOST_MARKED * LONGEST_WORD]), OURS]
    found_whole = (whole_token(text) for text in whole if text)
    return " ".join(
        [*folded[:MOST_WORDS], OURS, *marked[:MOST_MARKED], OURS, *_without_zeros(head), *found_whole, *ours]
    )


def _without_zeros(head: Iterable[str]) -> list[str]:
    """Of "…-000012" people remember 12."""
    numbers = (word for text in head for word in plain_words(text) if word.isdigit() and word.startswith("0"))
    return [short for number in numbers if (short := number.lstrip("0"))]


def whole_token(text: str) -> str:
    """For what is found only when typed to the last digit: a personal id, a phone."""
    return f"{OURS}w{''.join(plain_words(text))}"


def kind_token(model: str) -> str:
    return f"{OURS}k{_short(model)}"


def tree_token(permission: str, path: str) -> str:
    return f"{OURS}t{_short(f'{permission}|{path}')}"


def unit_token(permission: str, path: str) -> str:
    return f"{OURS}u{_short(f'{permission}|{path}')}"


def owner_token(permission: str, person_id: int) -> str:
    return f"{OURS}o{_short(f'{permission}|{person_id}')}"


def access_tokens(permission: str, path: str, owner_person_id: int | None) -> list[str]:
    """One for each place from which the entry may be seen. `26.252.` → everything, 26., 26.252., and exactly there."""
    codes = [code for code in path.split(".") if code]
    levels = ["".join(f"{code}." for code in codes[:length]) for length in range(len(codes) + 1)]
    tokens = [*(tree_token(permission, level) for level in levels), unit_token(permission, path)]
    return tokens if owner_person_id is None else [*tokens, owner_token(permission, owner_person_id)]


def _short(text: str) -> str:
    """Seven letters; two names that meet do no harm, the rows' own columns are asked as well."""
    number, made = crc32(text.encode()), ""
    while number:
        number, rest = divmod(number, 36)
        made = _LEAST[rest] + made
    return made or "0"


@dataclass(frozen=True, slots=True)
class Chunk:
    """A word, a number with its strokes, or a phrase in quotes: words that stand side by side."""

    folded: tuple[str, ...]
    marked: tuple[str, ...]
    is_open: bool = False
    """The last word may go on: somebody is still typing."""

    @property
    def has_marks(self) -> bool:
        return self.folded != self.marked

    @property
    def whole(self) -> str:
        """Set where the chunk may be a number that is found only whole."""
        joined = "".join(self.folded)
        return f"{OURS}w{joined}" if any(letter.isdigit() for letter in joined) else ""


def question(text: str) -> tuple[Chunk, ...]:
    """Typed words as chunks, all of which must be found. Quotes hold a phrase; signs between letters hold it too."""
    chunks = []
    for quoted, word in _CHUNK.findall(text[:LONGEST_QUESTION].replace("“", '"').replace("”", '"')):
        folded, marked = tuple(plain_words(quoted or word)), tuple(marked_words(quoted or word))
        if folded:
            chunks.append((folded, marked, bool(quoted)))
    chunks = chunks[:MOST_CHUNKS]
    return tuple(
        Chunk(
            folded,
            marked if len(marked) == len(folded) else folded,
            place == len(chunks) - 1 and not quoted and len(folded[-1]) >= SHORTEST_PREFIX,
        )
        for place, (folded, marked, quoted) in enumerate(chunks)
    )


def is_enough(chunks: tuple[Chunk, ...]) -> bool:
    """One letter alone would find everything."""
    return sum(len(word) for chunk in chunks for word in chunk.folded) >= SHORTEST_PREFIX


def highlighted(text: str, chunks: tuple[Chunk, ...]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it was asked for."""
    text = unicodedata.normalize("NFC", text)
    asked = {word for chunk in chunks for word in chunk.folded}
    begun = tuple(chunk.folded[-1] for chunk in chunks if chunk.is_open)
    pieces: list[tuple[str, bool]] = []
    shown = 0
    for found in _WORD.finditer(text):
        folded = fold(found.group())
        if folded in asked or (begun and folded.startswith(begun)):
            pieces += [(text[shown : found.start()], False), (found.group(), True)]
            shown = found.end()
    return [piece for piece in [*pieces, (text[shown:], False)] if piece[0]]


def place(minutes: int, model: str, pk: int) -> int:
    """The entry's key: newer things have higher ones, so that the index hands them out newest first by itself.

    Within a minute the rows of one table follow each other; tables begin far apart from each other.
    """
    return (minutes << 32) | ((crc32(model.encode()) + pk) & 0xFFFF_FFFF)
