"""How many short messages a text is. Pure; the table of letters is the GSM 03.38 default alphabet."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Cost = Callable[[str], int]

# By position; the escape stands at 0x1B.
ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = {"\f": 0x0A, "^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F, "[": 0x3C, "~": 0x3D, "]": 0x3E, "|": 0x40,
            "€": 0x65}  # fmt: skip
ESCAPE = 0x1B
_SEPTETS = {letter: bytes([at]) for at, letter in enumerate(ALPHABET) if at != ESCAPE} | {
    letter: bytes([ESCAPE, at]) for letter, at in EXTENDED.items()
}
GSM7, UCS2 = "gsm7", "ucs2"
SINGLE = {GSM7: 160, UCS2: 70}
EACH = {GSM7: 153, UCS2: 67}
_BEHIND_ESCAPE = {at: letter for letter, at in EXTENDED.items()}

_PLAIN = str.maketrans(
    {"đ": "d", "Đ": "D", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-",
     "‑": "-", "−": "-", "…": "...", "•": "-", "·": "-", "₫": "d", "×": "x", "→": "->", "\u00a0": " "}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Segments:
    """A text as it travels: its alphabet, how many units of it, and the parts it is cut into."""

    encoding: str
    units: int
    parts: int
    text: str

    @property
    def room(self) -> int:
        """Units still free in the last part, when no letter changes the alphabet."""
        if self.parts <= 1:
            return SINGLE[self.encoding] - self.units
        return self.parts * EACH[self.encoding] - self.units


def tidied(text: str) -> str:
    """NFC, one kind of line end, no tabs: a decomposed letter would cost three units instead of one."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return text.strip()


def segments(text: str) -> Segments:
    """What the text costs. `text` of the answer is what is sent."""
    text = tidied(text)
    encoding = encoding_of(text)
    units = sum(map(_cost(encoding), text))
    return Segments(encoding, units, len(split(text)) if text else 0, text)


def encoding_of(text: str) -> str:
    return GSM7 if _SEPTETS.keys() >= set(text) else UCS2


def octets(part: str, encoding: str) -> bytes:
    """A part as SMPP carries it: unpacked septets or UTF-16, big end first."""
    return b"".join([_SEPTETS[c] for c in part]) if encoding == GSM7 else part.encode("utf-16-be")


def spelled(data: bytes, encoding: str) -> str:
    """The other way; what is no letter becomes a question mark."""
    if encoding == UCS2:
        return data.decode("utf-16-be", "replace")
    found, escaped = [], False
    for code in data:
        if escaped:
            found.append(_BEHIND_ESCAPE.get(code, "?"))
        elif code != ESCAPE:
            found.append(ALPHABET[code] if code < len(ALPHABET) else "?")
        escaped = not escaped and code == ESCAPE
    return "".join(found)


def split(text: str) -> list[str]:
    """The text in parts. An escape with its letter and the two halves of a surrogate pair stay together."""
    encoding = encoding_of(text)
    cost = _cost(encoding)
    if sum(map(cost, text)) <= SINGLE[encoding]:
        return [text]
    return list(_cut(text, cost, EACH[encoding]))


def _cut(text: str, cost: Cost, most: int) -> Iterator[str]:
    start = used = 0
    for at, letter in enumerate(text):
        if used + cost(letter) > most:
            yield text[start:at]
            start, used = at, 0
        used += cost(letter)
    yield text[start:]


def _septets(letter: str) -> int:
    return 2 if letter in EXTENDED else 1


def _words(letter: str) -> int:
    """UTF-16 code units."""
    return 2 if ord(letter) > 0xFFFF else 1


def _cost(encoding: str) -> Cost:
    return _septets if encoding == GSM7 else _words


def without_marks(text: str) -> str:
    """Vietnamese without marks, typographic signs as plain ones, pictures left out: fits the cheap alphabet."""
    text = tidied(text).translate(_PLAIN)
    apart = unicodedata.normalize("NFD", text)
    bare = "".join(c for c in apart if not unicodedata.combining(c))
    kept = (
        c
        for c in unicodedata.normalize("NFC", bare)
        if unicodedata.category(c) not in {"So", "Sk", "Cf", "Cs"} or c in EXTENDED
    )
    return tidied("".join(kept))
