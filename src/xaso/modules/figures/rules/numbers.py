"""Numbers as Vietnamese write them: 1.412 and 98,6. Read strictly, because a wrong guess is a wrong figure."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

SCALES = {"nghìn": 10**3, "ngàn": 10**3, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
PLACES = Decimal("0.01")

_WHOLE = re.compile(r"\d+|\d{1,3}(?:\.\d{3})+", re.ASCII)
_BROKEN = re.compile(r"(\d+|\d{1,3}(?:\.\d{3})+),(\d+)", re.ASCII)
_LONGEST = 24

_WORDS = (
    ("không quá", "<="), ("không dưới", ">="), ("ít nhất", ">="), ("tối thiểu", ">="), ("tối đa", "<="),
    ("nhỉnh hơn", "~>"), ("gần", "~<"), ("hơn", ">"), ("trên", ">"), ("dưới", "<"),
    ("~<", "~<"), ("~>", "~>"), (">=", ">="), ("≥", ">="), ("<=", "<="), ("≤", "<="),
    (">", ">"), ("<", "<"), ("=", "="),
)  # fmt: skip
SAID = {"=": "", ">": "hơn ", ">=": "ít nhất ", "<": "dưới ", "<=": "không quá ", "~<": "gần ", "~>": "nhỉnh hơn "}


class Unreadable(ValueError):
    """The text is no number. The message says what to write instead."""


def read_number(text: str) -> Decimal:
    """1.412 → 1412; 98,6 → 98.6. Raises Unreadable for all that could mean two things."""
    shown = text.strip()
    tight = shown.replace("\u00a0", " ").replace(" ", "")
    if not tight or len(tight) > _LONGEST:
        raise Unreadable(f"“{shown[:30]}” không phải là số")
    if tight.startswith("-"):
        raise Unreadable(f"“{shown}” là số âm; số liệu không thể âm")
    if " " in shown and not re.fullmatch(r"\d{1,3}(?: \d{3})+(?:,\d+)?", shown):
        raise Unreadable(f"“{shown}” có dấu cách giữa các chữ số")
    if _WHOLE.fullmatch(tight):
        return Decimal(tight.replace(".", ""))
    if found := _BROKEN.fullmatch(tight):
        return _with_places(shown, found[1], found[2])
    raise Unreadable(_why_not(shown, tight))


def _with_places(shown: str, whole: str, places: str) -> Decimal:
    if len(places) == 3 and whole != "0" and "." not in whole:
        raise Unreadable(
            f"“{shown}” đọc được hai cách; viết {whole}.{places} nếu là hàng nghìn, "
            f"hoặc {whole},{places}0 nếu là phần lẻ"
        )
    return Decimal(f"{whole.replace('.', '')}.{places}")


def _why_not(shown: str, tight: str) -> str:
    if re.fullmatch(r"\d+\.\d+", tight):
        return f"“{shown}”: viết phần lẻ bằng dấu phẩy, ví dụ 98,6; dấu chấm chỉ để tách hàng nghìn"
    if re.fullmatch(r"[\d.,]+", tight):
        return f"“{shown}” không viết theo cách của Việt Nam; viết 1.234,5 (chấm tách nghìn, phẩy trước phần lẻ)"
    return f"“{shown[:30]}” không phải là số"


def read_comparator(text: str) -> tuple[str, str]:
    """("hơn 46 %") → (">", "46 %"). Without a word it is "="."""
    rest = text.strip()
    lowered = rest.lower()
    for word, comparator in _WORDS:
        if lowered.startswith(word):
            return comparator, rest[len(word) :].strip()
    if lowered.startswith(("khoảng", "~", "≈")):
        raise Unreadable("“khoảng” không cho biết nhiều hay ít hơn; viết “hơn”, “gần” hoặc con số đúng")
    return "=", rest


def read_ratio(text: str) -> tuple[Decimal, Decimal] | None:
    """14/14 → (14, 14); None when there is no stroke."""
    above, stroke, below = text.partition("/")
    return (read_number(above), read_number(below)) if stroke else None


def read_with_unit(text: str, value_type: str, unit: str) -> Decimal:
    """98,6 % → 98.6 for a percent; gần 90 triệu → 90000000 for money. Any other unit is refused."""
    found = re.fullmatch(r"([\d.,\s\u00a0-]+)(.*)", text.strip(), re.S)
    if found is None:
        raise Unreadable(f"“{text.strip()[:30]}” không phải là số")
    number, said = read_number(found[1]), found[2].strip().lower()
    if not said or said == unit.lower():
        return number
    if value_type == "money":
        scale = said.removesuffix("đồng").strip()
        if not scale:
            return number
        if scale in SCALES:
            return number * SCALES[scale]
    raise Unreadable(f"đơn vị “{said[:20]}” không đúng; số liệu này tính bằng {unit or 'số không có đơn vị'}")


def show_number(number: Decimal) -> str:
    """1412 → 1.412; 98.60 → 98,6. Two places, half up."""
    rounded = number.quantize(PLACES, ROUND_HALF_UP)
    whole, _, places = f"{rounded:,f}".partition(".")
    whole, places = whole.replace(",", "."), places.rstrip("0")
    return f"{whole},{places}" if places else whole


def write_number(number: Decimal) -> str:
    """To the last digit, so that `read_number` gives the very same: 12.345 → 12,3450."""
    whole, _, places = f"{number.normalize():,f}".partition(".")
    whole = whole.replace(",", ".")
    return f"{whole},{places}{'0' if len(places) == 3 else ''}" if places else whole


def show_money(dong: Decimal) -> str:
    """134000000000 → 134 tỷ đồng; what does not fit two places stays in đồng."""
    for word in ("tỷ", "triệu"):
        scaled = dong / SCALES[word]
        if abs(scaled) >= 1 and scaled == scaled.quantize(PLACES):
            return f"{show_number(scaled)} {word} đồng"
    return f"{show_number(dong)} đồng"
