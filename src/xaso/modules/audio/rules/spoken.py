"""Written Vietnamese made into the words an announcer says, before speech is made of it. Pure.

The order matters: what has a shape of its own (addresses, symbols of documents, days) goes before plain numbers, and
numbers before letters. What comes out holds no digit, no abbreviation and no sign but those of a pause, and reading it
again changes nothing.
"""

from __future__ import annotations

import re
import unicodedata

from xaso.modules.audio.rules.amounts import amounts_in_words, list_mark_in_words, nth_in_words, numbers_in_words
from xaso.modules.audio.rules.letters import Lexicon, expanded, lowered, parted, unjoined
from xaso.modules.audio.rules.moments import moments_in_words
from xaso.modules.audio.rules.signs import (
    addresses_in_words,
    phones_in_words,
    roads_in_words,
    romans_in_words,
    symbols_in_words,
)

ROUNDS = 6
_POWERS = {"²": "2", "³": "3"}
_WORDS_FOR = {
    "&": " và ", "+": " cộng ", "=": " bằng ", "≥": " lớn hơn hoặc bằng ", "≤": " nhỏ hơn hoặc bằng ",
    "±": " cộng trừ ",
    "%": " phần trăm ", "‰": " phần nghìn ", "°": " độ ", "§": " mục ", "€": " ơ rô ", "$": " đô la ", "₫": " đồng ",
    "@": " a còng ", "~": " khoảng ", ">": " lớn hơn ", "<": " nhỏ hơn ", "×": " nhân ", "÷": " đến ",
}  # fmt: skip
_DASHES = dict.fromkeys(map(ord, "‐‑‒–−"), "-")
_PAUSES = dict.fromkeys(map(ord, "()[]{}—|/\\•·"), ", ")
_KEPT = set(".,;:?!\n")


def normalised(text: str, lexicon: Lexicon) -> str:
    """The words to be read; empty when there are none. Never raises."""
    for _ in range(ROUNDS):
        said = "\n".join(filter(None, (_line(line, lexicon) for line in cleaned(text).split("\n"))))
        if said == text:
            break
        text = said
    return text


def cleaned(text: str) -> str:
    """One spelling of each sign: ordinary digits, dashes and spaces; no pictures, no letters that no voice reads."""
    text = re.sub(r"(?<=\d)([²³])", lambda m: f" mũ {_POWERS[m[1]]} ", unicodedata.normalize("NFC", text))
    text = unicodedata.normalize("NFKC", text.replace("…", ". ")).translate(_DASHES).replace("\u2044", " phần ")
    text = text.replace(">=", "≥").replace("<=", "≤")
    text = re.sub(r"\r\n?|[\u2028\u2029\v\f]", "\n", text)
    return re.sub(r"[^\S\n]+", " ", "".join(_sign(c) for c in text))


def _sign(c: str) -> str:
    if c.isascii():
        return c if c.isprintable() or c == "\n" else " "
    kind = unicodedata.category(c)
    if kind == "Nd":
        return str(unicodedata.digit(c))
    if kind in {"Lu", "Ll"} and unicodedata.name(c, "").startswith("LATIN"):
        return c
    if kind == "Zs":
        return " "
    return c if c in _WORDS_FOR or ord(c) in _PAUSES or c in "º" else "" if kind in {"Mn", "Cf"} else " "


def _line(line: str, lexicon: Lexicon) -> str:
    line = re.sub(r"^\s*[-+*•]\s+", "", line)
    line = list_mark_in_words(line.strip())
    line = addresses_in_words(line, lexicon)
    line = symbols_in_words(line, lexicon)
    line = phones_in_words(roads_in_words(line, lexicon), lexicon)
    line = moments_in_words(line)
    line = amounts_in_words(line, lexicon)
    line = romans_in_words(nth_in_words(line))
    line = expanded(parted(expanded(unjoined(line), lexicon)), lexicon)
    line = numbers_in_words(line)
    line = lowered(line, lexicon)
    return _tidy(line)


def _tidy(line: str) -> str:
    """Signs become words or pauses, and pauses are said once."""
    line = re.sub(r"(?<=\w)\s?-\s?(?=\w)|_", " ", line)
    line = re.sub(r"\s-\s|^-|-$", ", ", line)
    for sign, words in _WORDS_FOR.items():
        line = line.replace(sign, words)
    line = line.translate(_PAUSES)
    line = "".join(c if c.isalpha() or c in _KEPT else " " for c in line)
    line = re.sub(r"\s*([.,;:?!])[\s.,;:?!]*", _strongest, line)
    line = re.sub(r"\s+", " ", line).strip(" ,;:")
    line = line.lstrip(" .,;:?!")
    return line if not line or line[-1] in ".?!" else f"{line}."


def _strongest(found: re.Match[str]) -> str:
    """Of several pauses in a row the longest."""
    marks = found[0]
    return next((f"{mark} " for mark in "?!.;:," if mark in marks), ", ")
