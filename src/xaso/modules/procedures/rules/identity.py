"""Checks of a name, a personal number, dates and phones: each gives the clean value or a sentence."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

MAX_NAME = 120
OLDEST_YEARS = 130

# First three digits of a personal id: place of birth registration (TT 59/2021/TT-BCA, annex). Part of the number's
# format, so it stays as it is when provinces merge. From 100 on they are countries.
_PLACES = frozenset(
    [
        "001",
        "002",
        "004",
        "006",
        "008",
        "010",
        "011",
        "012",
        "014",
        "015",
        "017",
        "019",
        "020",
        "022",
        "024",
        "025",
        "026",
        "027",
        "030",
        "031",
        "033",
        "034",
        "035",
        "036",
        "037",
        "038",
        "040",
        "042",
        "044",
        "045",
        "046",
        "048",
        "049",
        "051",
        "052",
        "054",
        "056",
        "058",
        "060",
        "062",
        "064",
        "066",
        "067",
        "068",
        "070",
        "072",
        "074",
        "075",
        "077",
        "079",
        "080",
        "082",
        "083",
        "084",
        "086",
        "087",
        "089",
        "091",
        "092",
        "093",
        "094",
        "095",
        "096",
    ]
)
_SEPARATORS = re.compile(r"[\s.\-\u00a0]+")
_DIGITS = re.compile(r"[0-9]+")
_NOT_IN_NAMES = re.compile(r"[0-9<>@#$%^&*_=+\[\]{}|\\/\"!?;:~`]")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_LOCAL = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_MOBILE = re.compile(r"0[35789]\d{8}")
_LANDLINE = re.compile(r"02\d{8,9}")


def clean_text(value: Any) -> str:
    """One line, NFC, without control characters."""
    text = unicodedata.normalize("NFC", value if isinstance(value, str) else "")
    text = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join(text.split())


def check_name(value: Any) -> tuple[str, str]:
    """A person's full name."""
    name = clean_text(value)
    if not name:
        return "", "Hãy ghi họ và tên."
    if len(name) > MAX_NAME:
        return "", f"Họ tên dài quá {MAX_NAME} ký tự. Hãy kiểm tra lại."
    if _NOT_IN_NAMES.search(name):
        return "", "Họ tên chỉ gồm chữ, không có số hay ký hiệu. Hãy ghi như trên giấy tờ."
    if not any(c.isalpha() for c in name):
        return "", "Họ tên phải có chữ. Hãy ghi như trên giấy tờ."
    return name, ""


def check_personal_id(
    value: Any, *, birth_on: date | None = None, sex: str | None = None, old_id: bool = False
) -> tuple[str, str]:
    """Twelve digits: three for the place, one for century and sex, two for the year, six at random."""
    number = _SEPARATORS.sub("", value if isinstance(value, str) else "")
    if not number:
        return "", "Hãy ghi số định danh cá nhân."
    if not _DIGITS.fullmatch(number):
        return "", "Số định danh chỉ gồm chữ số. Hãy ghi lại theo thẻ căn cước."
    if old_id and len(number) == 9:
        return number, ""
    if len(number) != 12:
        wanted = "12 chữ số (hoặc 9 chữ số với chứng minh cũ)" if old_id else "12 chữ số"
        return "", f"Số định danh có {wanted}, bạn đã ghi {len(number)}. Hãy kiểm tra lại."
    if number[0] == "0" and number[:3] not in _PLACES:
        return "", f"Ba số đầu “{number[:3]}” không phải mã nơi khai sinh nào. Hãy kiểm tra lại."
    return _agrees(number, birth_on, sex)


def _agrees(number: str, birth_on: date | None, sex: str | None) -> tuple[str, str]:
    century = 1900 + 100 * (int(number[3]) // 2)
    year = century + int(number[4:6])
    if birth_on is not None and birth_on.year != year:
        return (
            "",
            f"Số định danh cho biết năm sinh {year}, nhưng ngày sinh ghi năm {birth_on.year}. Hãy xem lại hai ô này.",
        )
    if sex in ("male", "female") and (int(number[3]) % 2 == 0) != (sex == "male"):
        return "", "Số định danh không khớp với giới tính đã chọn. Hãy xem lại hai ô này."
    return number, ""


def parse_date(value: Any) -> date | None:
    """A day written 2026-02-28 or 28/02/2026."""
    if isinstance(value, date):
        return value
    text = value.strip() if isinstance(value, str) else ""
    if found := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _LOCAL.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def check_date(value: Any, *, today: date, past: bool = False) -> tuple[date | None, str]:
    """A day; `past` days are not after today and not more than a long life ago."""
    if not (value if isinstance(value, date) else clean_text(value)):
        return None, "Hãy ghi ngày."
    day = parse_date(value)
    if day is None:
        return None, "Ngày không đúng. Hãy ghi ngày/tháng/năm, ví dụ 05/09/2024."
    if past and day > today:
        return None, "Ngày này chưa tới. Hãy kiểm tra lại."
    if day.year < today.year - OLDEST_YEARS:
        return None, f"Ngày này cách nay hơn {OLDEST_YEARS} năm. Hãy kiểm tra lại năm."
    if day.year > today.year + 100:
        return None, "Năm này quá xa. Hãy kiểm tra lại."
    return day, ""


def normalise_phone(value: Any) -> tuple[str, str]:
    """A Vietnamese number, written 0…"""
    raw = value if isinstance(value, str) else ""
    text = _SEPARATORS.sub("", raw).replace("(", "").replace(")", "")
    if not text:
        return "", "Hãy ghi số điện thoại."
    for prefix in ("+84", "0084"):
        if text.startswith(prefix):
            text = "0" + text[len(prefix) :].removeprefix("0")
    if text.startswith("84") and len(text) in (11, 12):
        text = "0" + text[2:]
    if _MOBILE.fullmatch(text) or _LANDLINE.fullmatch(text):
        return text, ""
    return "", "Số điện thoại không đúng. Số di động có 10 chữ số, ví dụ 0912 345 678."
