"""The one typeface of printed papers, and what it can print.

PDF/A forbids a letter that the font does not have, so one emoji in a name would stop the receipt of a resident who is
standing at the counter. Text is therefore cleaned to what Tinos can draw before it reaches the template.
"""

import re
import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

FONTS_DIR = Path(__file__).parent / "fonts"
UNPRINTABLE = "□"
BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
LONGEST_WORD = 30
ZERO_WIDTH_SPACE = "\u200b"
LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")


def printable(text: str) -> str:
    """NFC, only letters the typeface has."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return "".join(_printable_letter(letter) for letter in composed)


def breakable(value: Any) -> Any:
    """The same JSON with a place to break in every over-long word, so that nothing runs off the sheet."""
    if isinstance(value, str):
        return LONG_WORD.sub(_with_breaks, value)
    if isinstance(value, list):
        return [breakable(item) for item in value]
    if isinstance(value, dict):
        return {key: breakable(item) for key, item in value.items()}
    return value


def _printable_letter(letter: str) -> str:
    if letter == "\n" or ord(letter) in letters():
        return "" if letter in BIDI_CONTROLS else letter
    # Controls, joiners and surrogates have no shape and go; what has a shape leaves a mark that something stood there.
    return "" if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Mn", "Me"} else UNPRINTABLE


def _with_breaks(match: re.Match[str]) -> str:
    word = match.group()
    return ZERO_WIDTH_SPACE.join(word[at : at + LONGEST_WORD] for at in range(0, len(word), LONGEST_WORD))


@cache
def letters() -> frozenset[int]:
    """The code points that all four faces can draw. The fonts also map NUL and carriage return: no letters."""
    faces = [_code_points(path.read_bytes()) for path in sorted(FONTS_DIR.glob("*.ttf"))]
    return frozenset(code for code in frozenset.intersection(*faces) if unicodedata.category(chr(code)) != "Cc")


def _code_points(font: bytes) -> frozenset[int]:
    """Read the Unicode BMP map (format 4) of the OpenType `cmap` table."""
    cmap = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    for index in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", font, cmap + 4 + 8 * index)
        (layout,) = struct.unpack_from(">H", font, cmap + offset)
        if (platform, encoding, layout) == (3, 1, 4):
            return _segments(font, cmap + offset)
    raise ValueError("the font has no Unicode map of format 4")


def _table(font: bytes, wanted: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, 4)
    for index in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * index)
        if tag == wanted:
            return int(offset)
    raise ValueError(f"the font has no table {wanted!r}")


def _segments(font: bytes, at: int) -> frozenset[int]:
    (double,) = struct.unpack_from(">H", font, at + 6)
    segments = double // 2
    ends = struct.unpack_from(f">{segments}H", font, at + 14)
    starts = struct.unpack_from(f">{segments}H", font, at + 16 + double)
    deltas = struct.unpack_from(f">{segments}H", font, at + 16 + 2 * double)
    ranges_at = at + 16 + 3 * double
    ranges = struct.unpack_from(f">{segments}H", font, ranges_at)
    found: set[int] = set()
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code
            if ranges[index]:
                (glyph,) = struct.unpack_from(">H", font, ranges_at + 2 * index + ranges[index] + 2 * (code - start))
            if glyph and (glyph + deltas[index]) & 0xFFFF:
                found.add(code)
    return frozenset(found)
