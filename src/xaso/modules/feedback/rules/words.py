"""What stands in a report's words: personal data, likeness to another report, which commune and village. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from xaso.kit.fold import fold, words

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10
"""31^10: a code cannot be guessed within the tries that one address has in the life of this system."""

_PHONE = re.compile(r"(?<![\d.,])(?:\+?\s?84|0)(?:[\s.\-()]*\d){8,10}(?!\d)")
_EMAIL = re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.I)
_LONG_ID = re.compile(r"(?<!\d)\d(?:[\s.\-]?\d){11}(?!\d)")
_OLD_ID = re.compile(r"(?<![\d.,])\d{9}(?!\d)(?!\s*(?:đ|vnd|vnđ|m2|m3))", re.I)
_MONEY = re.compile(r"(?<!\d)\d{1,3}(?:\.000)+(?!\d)")
_EARTH = 6_371_000
_EMPTY_WORDS = (
    "va la o tai co cua cho cac nhung nay do rat da dang duoc bi toi em chung kinh gui xa thon de nghi xin nho trong"
    " ngoai tren duoi khong nhieu qua lam mot hai"
)
_EMPTY = frozenset(_EMPTY_WORDS.split(" "))


@dataclass(frozen=True, slots=True)
class Personal:
    """Something in a text that tells of a person."""

    what: str
    excerpt: str


def personal_data_in(text: str, names: Iterable[str] = ()) -> list[Personal]:
    """Phones, e-mails, personal ids and the given names, however they are written. Empty: nothing was found."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    numbers = _MONEY.sub(" ", plain)
    found = [Personal("địa chỉ thư điện tử", one.group()) for one in _EMAIL.finditer(plain)]
    ids = [one.group() for one in _LONG_ID.finditer(numbers)]
    found += [Personal("số định danh cá nhân", one) for one in ids]
    rest = _LONG_ID.sub(" ", numbers)
    found += [Personal("số điện thoại", one.group().strip()) for one in _PHONE.finditer(rest)]
    found += [Personal("số chứng minh nhân dân", one.group()) for one in _OLD_ID.finditer(_PHONE.sub(" ", rest))]
    folded = f" {' '.join(words(plain))} "
    for name in names:
        wanted = " ".join(words(name))
        if len(wanted.split()) > 1 and f" {wanted} " in folded:
            found.append(Personal("họ tên người liên quan", name))
    return found


def meaningful(text: str) -> frozenset[str]:
    return frozenset(word for word in words(text) if word not in _EMPTY and (len(word) > 1 or word.isdecimal()))


def likeness(one: str, other: str) -> int:
    """Percent of the shorter text's words that the other has too; 0 when there is too little to compare."""
    mine, theirs = meaningful(one), meaningful(other)
    least = min(len(mine), len(theirs))
    return 0 if least < 2 else round(100 * len(mine & theirs) / least)


Point = tuple[float, float]


def metres_between(one: Point, other: Point) -> float:
    lat1, long1, lat2, long2 = (radians(value) for value in (*one, *other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((long2 - long1) / 2) ** 2
    return 2 * _EARTH * asin(sqrt(min(1.0, half)))


_PAIR = re.compile(r"(-?\d{1,3}[.,]\d{3,10})\s*[,;/ ]\s*(-?\d{1,3}[.,]\d{3,10})")
VIETNAM = ((8.0, 24.0), (102.0, 110.5))


def point_in(text: str) -> Point | None:
    """Latitude and longitude as maps on phones copy them, if they lie in Vietnam; in either order."""
    found = _PAIR.search(text)
    if not found:
        return None
    one, other = (float(part.replace(",", ".")) for part in found.groups())
    return next((pair for pair in ((one, other), (other, one)) if in_vietnam(pair)), None)


def in_vietnam(point: Point) -> bool:
    return all(low <= value <= high for value, (low, high) in zip(point, VIETNAM, strict=True))


def rest_after_keyword(text: str, keywords: Iterable[str]) -> str | None:
    """What follows “PA …” in a message; None when the message is no report."""
    tidied = " ".join(unicodedata.normalize("NFC", text).split())
    parts = tidied.split(" ")
    for keyword in sorted(keywords, key=len, reverse=True):
        length = len(keyword.split())
        head = fold(" ".join(parts[:length])).rstrip(":.,-")
        if head == fold(keyword):
            return " ".join(parts[length:]).lstrip(":.,- ")
    return None


_KINDS = ("xa", "phuong", "thi tran")


def place_first(text: str, names: Mapping[str, str]) -> tuple[str, str]:
    """(key, rest) when the text begins with one of the folded names, “xã” before it or not; the longest wins."""
    parts = text.split(" ")
    squeezed = {name.replace(" ", ""): key for name, key in names.items()}
    for length in range(min(6, len(parts)), 0, -1):
        head = fold(" ".join(parts[:length])).strip(":.,-")
        for kind in _KINDS:
            head = head.removeprefix(f"{kind} ")
        if key := names.get(head) or (squeezed.get(head) if length == 1 else None):
            return key, " ".join(parts[length:]).lstrip(":.,- ")
    return "", text


def place_named(text: str, names: Mapping[str, str]) -> str:
    """The key of the longest folded name that stands in the text as whole words; empty when none does."""
    folded = f" {' '.join(words(text))} "
    standing = [name for name in names if name and f" {' '.join(words(name))} " in folded]
    return names[max(standing, key=len)] if standing else ""


def guessed(text: str, keywords: Mapping[str, Iterable[str]], otherwise: str) -> str:
    """The category whose keywords occur most, of several the one named first; a guess that an officer corrects."""
    folded = f" {' '.join(words(text))} "
    found: dict[str, tuple[int, int]] = {}
    for code, listed in keywords.items():
        places = [folded.index(f" {word} ") for word in listed if f" {word} " in folded]
        if places:
            found[code] = (len(places), -min(places))
    return max(found, key=lambda code: found[code], default=otherwise)


def written(code: str) -> str:
    """`K7M34-9QXDB`, as it stands on the slip."""
    return f"{code[:5]}-{code[5:]}"


def code_of(typed: str) -> str:
    """What was typed as a code, without the marks people put in between."""
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", typed).upper())
