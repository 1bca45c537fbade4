"""Numbers as a Vietnamese announcer reads them. Pure.

21 hai mươi mốt, 24 hai mươi tư, 25 hai mươi lăm, 105 một trăm linh năm, 1.005 một nghìn không trăm linh năm.
"""

import re

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", "nghìn", "triệu")
LONGEST = 18
"""Digits of the longest number read as one; what is longer is an account or a serial and is read digit by digit."""

NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?|\d+(?:[.,]\d+)?"
"""1.412.000 · 1.412.000,5 · 1,412,000 · 38,5 · 3.5 · 12. Dots before three digits part thousands."""


def digits_in_words(text: str) -> str:
    """One by one, whatever stands between them left out: 0912 → không chín một hai."""
    return " ".join(DIGITS[int(one)] for one in text if one.isascii() and one.isdigit())


def whole_in_words(number: int) -> str:
    """From 0 to 18 digits. `tỷ` is said again for each thousand million."""
    if number == 0:
        return DIGITS[0]
    parts: list[str] = []
    groups = _groups(number)
    for place, group in reversed(list(enumerate(groups))):
        if group:
            parts.append(_hundreds(group, is_first=place == len(groups) - 1))
            parts.append(_GROUPS[place % 3])
        if place and place % 3 == 0 and any(groups[place : place + 3]):
            parts.append("tỷ")
    return " ".join(part for part in parts if part)


def _groups(number: int) -> list[int]:
    found = []
    while number:
        number, rest = divmod(number, 1000)
        found.append(rest)
    return found


def _hundreds(number: int, *, is_first: bool) -> str:
    """Up to 999; inside a longer number the empty hundreds and tens are said too."""
    hundreds, rest = divmod(number, 100)
    said = [DIGITS[hundreds], "trăm"] if hundreds or not is_first else []
    tens, ones = divmod(rest, 10)
    if tens == 0:
        if ones:
            said += ["linh", DIGITS[ones]] if said else [DIGITS[ones]]
        return " ".join(said)
    said += ["mười"] if tens == 1 else [DIGITS[tens], "mươi"]
    if ones:
        said.append(_last(tens, ones))
    return " ".join(said)


def _last(tens: int, ones: int) -> str:
    if ones == 5:
        return "lăm"
    if tens > 1 and ones == 1:
        return "mốt"
    return "tư" if tens > 1 and ones == 4 else DIGITS[ones]


def in_words(text: str) -> str:
    """A written number: thousands with dots (or commas, twice and more), the decimals after a comma or a dot."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", text):
        whole, _, part = text.replace(".", "").partition(",")
    elif re.fullmatch(r"\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?", text):
        whole, _, part = text.replace(",", "").partition(".")
    else:
        whole, _, part = text.replace(".", ",").partition(",")
    said = _whole(whole)
    return f"{said} phẩy {_part(part)}" if part else said


def _whole(text: str) -> str:
    """With a zero in front of three digits and more it is a code, not an amount."""
    if len(text) > LONGEST or (len(text) > 2 and text[0] == "0"):
        return digits_in_words(text)
    return whole_in_words(int(text or "0"))


def _part(text: str) -> str:
    """38,5 phẩy năm · 3,14 phẩy mười bốn · 3,05 phẩy không năm · 1,412 phẩy bốn một hai."""
    return whole_in_words(int(text)) if len(text) <= 2 and text[0] != "0" else digits_in_words(text)


def ordinal(number: int) -> str:
    """After “thứ”: nhất, hai, ba, tư."""
    return {1: "nhất", 4: "tư"}.get(number) or whole_in_words(number)


_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def roman(text: str) -> int | None:
    """The value of a well-written Roman numeral up to 399, else None: IIII, VX and words are none."""
    if not re.fullmatch(r"(?=.)C{0,3}(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})", text):
        return None
    values = [_ROMAN[letter] for letter in text]
    return sum(-value if value < max(values[at:]) else value for at, value in enumerate(values))
