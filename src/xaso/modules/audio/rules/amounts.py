"""Numbers with what they count: money, measures, shares, ranges; and every number left over. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from xaso.modules.audio.rules.letters import Lexicon
from xaso.modules.audio.rules.numbers import NUMBER, digits_in_words, in_words, ordinal

_SCALE = r"triệu|tỷ|tỉ|nghìn|ngàn|trăm|vạn"
_MINUS = r"(?:(?<=\s)|(?<=\()|^)-(?=\d)"
_RANGE = re.compile(rf"(?<![\w.,/])(?P<a>{NUMBER})\s?(?:-|÷|~)\s?(?P<b>{NUMBER})(?![\d/])")
_SHARE = re.compile(rf"(?<![\w.,/])({NUMBER})\s?/\s?({NUMBER})(?!\d)")
_RATIO = re.compile(r"(?<![\w.,:])(\d{1,3}):(\d{1,9})(?![\w:])")
_VERSION = re.compile(r"(?<![\w.,])\d+(?:\.\d+){2,}(?![\w])")
_TIMES = re.compile(r"(?<=\d)\s?[x×*]\s?(?=\d)|(?<=\dm)\s?[x×]\s(?=\w)")
_EACH = re.compile(r"(?<=\w)\s?/\s?(?=(?:ngày|tuần|tháng|năm|buổi|vụ|hộ|người|khẩu|đợt|lượt|ca|giờ)\b)")
_LIST = re.compile(
    r"^\s*(?:(?P<n>\d{1,3}(?:\.\d{1,3}){0,3})\s?(?:[.)](?=\s|$)|[/-](?=\s+[A-ZĐÀ-Ỹ]))|"
    r"(?P<s>\d{1,2}(?:\.\d{1,2}){1,3})(?=\s+[A-ZĐÀ-Ỹ]))\s*"
)
_SPACED = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?: \d{3})+(?=\s?(?:đồng|đ|VNĐ|VND|USD)\b)")
_SIGN_FIRST = re.compile(rf"([$€])\s?({NUMBER})")
_LEFT = re.compile(NUMBER)


@lru_cache(maxsize=8)
def _measure(units: str) -> re.Pattern[str]:
    """A number, perhaps a range, perhaps a scale, and a unit; perhaps a second unit after a slash: 60 km/h."""
    return re.compile(
        rf"(?P<x>(?<![\w.,/])|(?<=[(~]))(?P<m>-(?=\d))?(?P<n>{NUMBER})(?:\s?[-÷]\s?(?P<b>{NUMBER}))?"
        rf"(?P<g>\s?(?:{_SCALE}))?\s?(?P<u>{units})(?![^\W_])(?P<p>(?:\s?/\s?[^\W\d_]+[23]?(?![^\W_])){{0,2}})"
    )


@lru_cache(maxsize=8)
def _both(units: str) -> re.Pattern[str]:
    """30.000đ - 50.000đ: the unit stands on both sides."""
    return re.compile(rf"((?<![\w.,/]){NUMBER}\s?(?:{units}))\s?-\s?(?={NUMBER}\s?(?:{units}|{_SCALE})(?![^\W_]))")


def amounts_in_words(line: str, lexicon: Lexicon) -> str:
    """1.412.000 đ/khẩu → một triệu bốn trăm mười hai nghìn đồng mỗi khẩu; 20-25°C → hai mươi đến hai mươi lăm độ xê."""

    def one(found: re.Match[str]) -> str:
        said = in_words(found["n"])
        if found["m"]:
            said = f"âm {said}"
        if found["b"]:
            said += f" đến {in_words(found['b'])}"
        unit = lexicon.units[found["u"]]
        return f" {said}{' ' + found['g'].strip() if found['g'] else ''} {unit}{_per(found['p'], unit, lexicon)} "

    line = _SIGN_FIRST.sub(r"\2 \1", _SPACED.sub(lambda found: found[0].replace(" ", ""), line))
    line = _both(lexicon.unit_pattern).sub(r"\1 đến ", _TIMES.sub(" nhân ", line))
    return _EACH.sub(" mỗi ", _measure(lexicon.unit_pattern).sub(one, line))


def _per(word: str, unit: str, lexicon: Lexicon) -> str:
    names = [part.strip() for part in word.split("/")[1:]]
    said = [{"h": "giờ", "s": "giây"}.get(name) or lexicon.units.get(name, name) for name in names]
    each = "mỗi" if unit.endswith(("đồng", "phần trăm")) else "trên"
    return "".join(f" {each} {name}" for name in said)


def numbers_in_words(line: str) -> str:
    """Whatever digits are left, outermost shape first."""
    line = _VERSION.sub(lambda found: f" {_dotted(found[0])} ", line)
    line = _RANGE.sub(lambda found: f" {in_words(found['a'])} đến {in_words(found['b'])} ", line)
    line = _SHARE.sub(lambda found: f" {in_words(found[1])} trên {in_words(found[2])} ", line)
    line = _RATIO.sub(lambda found: f" {in_words(found[1])} trên {in_words(found[2])} ", line)
    line = re.sub(_MINUS, " âm ", line)
    line = _LEFT.sub(lambda found: f" {in_words(found[0])} ", line)
    return re.sub(r"\d", lambda found: f" {digits_in_words(found[0])} ", line)


def _dotted(text: str) -> str:
    """1.2.3 is a section or a version; 1.412.000 is a number."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", text):
        return in_words(text)
    return " chấm ".join(in_words(part) for part in text.split("."))


def list_mark_in_words(line: str) -> str:
    """“1. Nội dung” is read “một, Nội dung”."""
    found = _LIST.match(line)
    if found is None:
        return line
    number = found["n"] or found["s"]
    return f"{_dotted(number) if '.' in number else in_words(number)}, {line[found.end() :]}"


def nth_in_words(line: str) -> str:
    """lần thứ 1, thứ 4."""
    return re.sub(r"(?i:\b(thứ))\s+(\d{1,4})(?![\w/]|[.,]\d)", lambda m: f"{m[1]} {ordinal(int(m[2]))} ", line)
