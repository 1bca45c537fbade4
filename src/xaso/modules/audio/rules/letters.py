"""Words, letters and abbreviations. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

_ONSET = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvxđ]"
_SYLLABLE = re.compile(rf"(?:{_ONSET})?[aeiouyăâêôơư]{{1,3}}(?:ch|ng|nh|[cmnptuoiy])?")
_FOREIGN = re.compile(r"[a-z]*[aeiouy][a-z]*")
TOKEN = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Lexicon:
    """How written signs of this country are read; from content. `pattern` finds any abbreviation, longest first."""

    abbreviations: Mapping[str, str]
    document_kinds: Mapping[str, str]
    units: Mapping[str, str]
    letters: Mapping[str, str]
    roads: Mapping[str, str]
    pattern: re.Pattern[str] = field(init=False, compare=False)
    unit_pattern: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pattern", re.compile(rf"(?<![^\W_])(?:{any_of(self.abbreviations)})(?![^\W_])"))
        object.__setattr__(self, "unit_pattern", any_of(self.units))

    def spelled(self, word: str) -> str:
        """Letter by letter: QR → quy e rờ. What has no name among the letters is left out."""
        names = (self.letters.get(letter.upper(), "") for letter in bare(word))
        return " ".join(name for name in names if name)

    def organ(self, sign: str) -> str:
        """A sign inside a document's symbol: known, or its letters."""
        known = self.document_kinds.get(sign) or self.abbreviations.get(sign)
        return known or (sign.lower() if is_syllable(sign) and len(sign) > 3 else self.spelled(sign))


def any_of(words: Mapping[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)"


def bare(word: str) -> str:
    """Without marks of tone, as letters of the alphabet; Đ stays."""
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def is_syllable(word: str) -> bool:
    """Whether it can be read as one Vietnamese syllable."""
    toneless = "".join(
        c
        for c in unicodedata.normalize("NFD", word.lower())
        if not unicodedata.combining(c) or c in "\u0302\u0306\u031b"
    )
    return bool(_SYLLABLE.fullmatch(unicodedata.normalize("NFC", toneless))) and not re.search(r"([aeiuy])\1", toneless)


def has_marks(word: str) -> bool:
    """Written with a mark that only a word has: THÔNG, not UBND. Đ alone is no such mark."""
    return any(unicodedata.combining(c) for c in unicodedata.normalize("NFD", word))


def is_pronounceable(word: str) -> bool:
    """A foreign name that has a vowel and no long heap of consonants: Facebook, Zalo."""
    folded = bare(word).lower()
    return bool(_FOREIGN.fullmatch(folded)) and not re.search(r"[^aeiouy]{4}", folded)


def unjoined(line: str) -> str:
    """Covid-19 without its hyphen, which is no minus."""
    return re.sub(r"(?<=[^\W\d_])-(?=\d)|(?<=\d)-(?=[^\W\d_])", " ", line)


def parted(line: str) -> str:
    """A space between letters and digits, so that each is read for itself: H5N1, IOC5."""
    return re.sub(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])", " ", line)


def expanded(line: str, lexicon: Lexicon) -> str:
    """Abbreviations in words. In a line of capitals those that are also a syllable (CA, TU) stay words."""
    shouted = is_shouted(line)

    def one(found: re.Match[str]) -> str:
        sign = found[0]
        if shouted and is_syllable(sign):
            return sign
        return f" {lexicon.abbreviations[sign]} "

    return lexicon.pattern.sub(one, line)


def is_shouted(line: str) -> bool:
    """Written in capitals throughout, which says nothing of its words."""
    words = TOKEN.findall(line)
    return len(words) > 2 and not any(letter.islower() for word in words for letter in word)


def lowered(line: str, lexicon: Lexicon) -> str:
    """Words in capitals become words; heaps of letters are spelled; single consonants get their names."""

    def one(found: re.Match[str]) -> str:
        word = found[0]
        if len(word) == 1:
            return _letter(word, lexicon)
        if word[1:].islower() or word.islower():
            return word if _sayable(word) else f" {lexicon.spelled(word)} "
        if word.isupper():
            return (
                word.lower() if _sayable(word) and (has_marks(word) or is_syllable(word)) else _capitals(word, lexicon)
            )
        return word.lower() if _sayable(word) else f" {lexicon.spelled(word)} "

    return TOKEN.sub(one, line)


def _sayable(word: str) -> bool:
    return has_marks(word) or is_syllable(word) or is_pronounceable(word)


def _capitals(word: str, lexicon: Lexicon) -> str:
    """ASEAN is said, QLDA is spelled."""
    return word.lower() if len(word) > 3 and is_pronounceable(word) else f" {lexicon.spelled(word)} "


def _letter(letter: str, lexicon: Lexicon) -> str:
    if has_marks(letter) or letter.lower() in "aeiouy":
        return letter.lower()
    return f" {lexicon.letters.get(letter.upper(), '')} "
