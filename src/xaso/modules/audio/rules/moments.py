"""Days, months, hours and their ranges in words. Pure."""

from __future__ import annotations

import re

from xaso.modules.audio.rules.numbers import DIGITS, ordinal, roman, whole_in_words

_D, _M, _Y = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:1[5-9]|2[01])\d\d"
_END = r"(?![\w/]|[.,:]\d|-\d)"
_START = r"(?<![\w/.,:+-])"
_TO = r"\s*(?:-|đến|tới)\s*"
_HOUR = r"(?:[01]?\d|2[0-4])"
_MINUTE = r"[0-5]\d"
_CLOCK = rf"{_HOUR}\s?(?:h|H|g)(?:\s?{_MINUTE}(?:ph|p|')?)?(?!\w)|{_HOUR}:{_MINUTE}(?::{_MINUTE})?(?![\w:])"

_BEFORE_A_DAY = re.compile(
    r"(?:ngày|hôm|sáng|chiều|tối|trưa|đêm|nay|mai|kia|mùng|mồng|dịp|lễ|khánh|trước|sau|từ|đến|hết|vào|và|hạn|năm|nhật|"
    r"niệm|tết|tư|hai|ba|sáu|bảy|[(,;]|thứ [2-7])\s*$",
    re.IGNORECASE,
)
_BEFORE_A_SHARE = re.compile(r"(?:đạt|chiếm|lệ|số|có|được|gồm|với|là|khoảng|hơn|trên|xong|mới|còn)\s*$", re.IGNORECASE)
_AFTER_A_SHARE = re.compile(
    r"\s*(?:hộ|số|diện|thôn|xã|đại biểu|tổng|người|đồng chí|điểm|trường|chỉ tiêu|tiêu chí|phiếu|cụm|loa|nội dung|"
    r"học sinh|cán bộ|đơn vị|huyện|tỉnh|hồ sơ|ca|lượt|khu|tổ|nhà|giờ)\b"
)
_AFTER_A_PART = re.compile(r"\s*(?:số|diện|tổng)\b")
_BEFORE_A_HOUSE = re.compile(r"(?:nhà|ngõ|ngách|hẻm|kiệt|lô|thửa|tờ)(?:\s+số)?\s*$", re.IGNORECASE)
_KNOWN_DAYS = frozenset(
    [
        "1/1",
        "9/1",
        "3/2",
        "27/2",
        "8/3",
        "10/3",
        "26/3",
        "30/4",
        "1/5",
        "19/5",
        "1/6",
        "21/6",
        "28/6",
        "27/7",
        "19/8",
        "2/9",
        "13/10",
        "15/10",
        "20/10",
        "18/11",
        "20/11",
        "22/12",
    ]
)


def moments_in_words(line: str) -> str:
    """Hours before days: 7h30 ngày 5/9. Whole dates before short ones."""
    for pattern, said in _PATTERNS:
        line = pattern.sub(said, line)
    return line


def _day(text: str) -> str:
    """The first ten days of a month are called mùng."""
    number = int(text)
    return f"mùng {whole_in_words(number)}" if number <= 10 else whole_in_words(number)


def _month(text: str) -> str:
    return "tư" if int(text) == 4 else whole_in_words(int(text))


def _lead(found: re.Match[str], word: str) -> str:
    """The word itself, unless it stands there already."""
    return "" if re.search(rf"{word}\s*$", found.string[: found.start()], re.IGNORECASE) else f"{word} "


def _date(found: re.Match[str]) -> str:
    day, month, year = found["d"], found["m"], found["y"]
    has_day = re.search(r"(?:mùng|mồng)\s*$", found.string[: found.start()], re.IGNORECASE)
    said = whole_in_words(int(day)) if has_day else _lead(found, "ngày") + _day(day)
    return f" {said} tháng {_month(month)} năm {whole_in_words(int(year))} "


def _iso(found: re.Match[str]) -> str:
    return (
        f" {_lead(found, 'ngày')}{_day(found['d'])} tháng {_month(found['m'])} năm {whole_in_words(int(found['y']))} "
    )


def _days_of_month(found: re.Match[str]) -> str:
    """12-15/3/2026: both days belong to the month."""
    year = f" năm {whole_in_words(int(found['y']))}" if found["y"] else ""
    first = f"{_lead(found, 'ngày')}{_day(found['a'])}"
    return f" {first} đến ngày {_day(found['b'])} tháng {_month(found['m'])}{year} "


def _two_days(found: re.Match[str]) -> str:
    """30/4-3/5/2026."""
    year = f" năm {whole_in_words(int(found['y']))}" if found["y"] else ""
    first = f"{_lead(found, 'ngày')}{_day(found['a'])} tháng {_month(found['c'])}"
    return f" {first} đến ngày {_day(found['b'])} tháng {_month(found['m'])}{year} "


def _short_date(found: re.Match[str]) -> str:
    """12/3, or a share such as 10/12 hộ: what stands around decides."""
    day, month, mark = found["d"], found["m"], found["s"]
    before, after = found.string[: found.start()], found.string[found.end() :]
    if not _is_a_day(day, month, mark, before, after):
        if mark == "/" and _AFTER_A_PART.match(after) and int(day) < int(month):
            return f" {whole_in_words(int(day))} phần {_month(month)} "
        return found[0] if mark == "-" else f" {whole_in_words(int(day))} trên {whole_in_words(int(month))} "
    word = "" if re.search(r"(?:ngày|mùng|mồng|hôm)\s*$", before, re.IGNORECASE) else "ngày "
    said = whole_in_words(int(day)) if re.search(r"(?:mùng|mồng)\s*$", before, re.IGNORECASE) else word + _day(day)
    return f" {said} tháng {_month(month)} "


def _is_a_day(day: str, month: str, mark: str, before: str, after: str) -> bool:
    zero = day[0] == "0" or month[0] == "0"
    if mark == "-":
        return zero or bool(re.search(r"(?:ngày|mùng|mồng|khánh|hôm)\s*$", before, re.IGNORECASE))
    if _AFTER_A_SHARE.match(after) or _BEFORE_A_HOUSE.search(before):
        return False
    if f"{int(day)}/{int(month)}" in _KNOWN_DAYS or _BEFORE_A_DAY.search(before):
        return True
    return (zero or int(day) != 24) and not _BEFORE_A_SHARE.search(before)


def _month_year(found: re.Match[str]) -> str:
    return f" {_lead(found, 'tháng')}{_month(found['m'])} năm {whole_in_words(int(found['y']))} "


def _written_day(found: re.Match[str]) -> str:
    """ngày 05 tháng 9."""
    return f"{found[1]} {_day(found[2])} tháng {_month(found[3])}"


def _day_alone(found: re.Match[str]) -> str:
    """ngày 5, but not ngày 5,5 and not “5 ngày”."""
    return f"{found[1]} {_day(found[2])} "


def _written_month(found: re.Match[str]) -> str:
    return f"{found[1]} {_month(found[2])} "


def _quarter(found: re.Match[str]) -> str:
    number = roman(found[2]) if found[2].isalpha() else int(found[2])
    year = f" năm {whole_in_words(int(found[3]))}" if found[3] else ""
    return f"{found[1]} {DIGITS[number or 0]}{year} "


def _weekday(found: re.Match[str]) -> str:
    return f"{found[1]} {ordinal(int(found[2]))} "


def _weekdays(found: re.Match[str]) -> str:
    return f" {_day_of_week(found[1])} đến {_day_of_week(found[2])} "


def _day_of_week(text: str) -> str:
    return "chủ nhật" if text == "CN" else f"thứ {ordinal(int(text))}"


def _short_weekday(found: re.Match[str]) -> str:
    return f" thứ {ordinal(int(found[1]))} "


def _years(found: re.Match[str]) -> str:
    return f" {whole_in_words(int(found[1]))} đến {whole_in_words(int(found[2]))} "


def clock_in_words(text: str) -> str:
    """7h30 bảy giờ ba mươi phút · 14:05 mười bốn giờ năm phút · 8h00 tám giờ."""
    parts = [int(part) for part in re.findall(r"\d+", text)]
    said = [f"{whole_in_words(parts[0])} giờ"]
    if len(parts) > 1 and (parts[1] or len(parts) > 2):
        said.append(f"{whole_in_words(parts[1])} phút")
    if len(parts) > 2:
        said.append(f"{whole_in_words(parts[2])} giây")
    return " ".join(said)


def _clock(found: re.Match[str]) -> str:
    return f" {clock_in_words(found[0])} "


def _clocks(found: re.Match[str]) -> str:
    return f" {clock_in_words(found['a'])} đến {clock_in_words(found['b'])} "


def _hours(found: re.Match[str]) -> str:
    """7-9h: the sign stands once."""
    return f" {whole_in_words(int(found[1]))} đến {clock_in_words(found[2])} "


def _long(found: re.Match[str]) -> str:
    """48h is a span, 24/24h the whole day."""
    share = f"{whole_in_words(int(found[1]))} trên " if found[1] else ""
    return f" {share}{whole_in_words(int(found[2]))} giờ "


def _spoken_clock(found: re.Match[str]) -> str:
    """8 giờ 05 (phút)."""
    minutes = f" {whole_in_words(int(found[2]))} phút" if int(found[2]) else ""
    return f" {whole_in_words(int(found[1]))} giờ{minutes} "


_PATTERNS = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (rf"(?<=[/.-]\d{{4}})\s?-\s?(?={_D}[/.-]{_M}[/.-]{_Y}(?!\d))", lambda _: " đến "),
        (r"(?<![\w.,/])(\d{1,3})h?/(\d{1,3})h(?!\w)", _long),
        (rf"{_START}(?P<a>{_CLOCK}){_TO}(?P<b>{_CLOCK})", _clocks),
        (rf"{_START}({_HOUR})\s?-\s?({_HOUR}\s?(?:h|H|g)(?:{_MINUTE})?)(?!\w)", _hours),
        (rf"{_START}(?:{_CLOCK})", _clock),
        (r"(?<![\w.,/])()(\d{1,3})h(?!\w)", _long),
        (rf"{_START}({_HOUR})\s*giờ\s*({_MINUTE}|\d)(?:\s*phút)?(?![\w/.,:]\d|\w)", _spoken_clock),
        (rf"{_START}(?P<y>{_Y})-(?P<m>{_M})-(?P<d>{_D})(?:T(?=\d))?{_END[:-1]})", _iso),
        (rf"{_START}(?P<a>{_D}){_TO}(?P<b>{_D})[/.](?P<m>{_M})(?:[/.](?P<y>{_Y}))?{_END}", _days_of_month),
        (rf"{_START}(?P<a>{_D})/(?P<c>{_M}){_TO}(?P<b>{_D})/(?P<m>{_M})(?:/(?P<y>{_Y}))?{_END}", _two_days),
        (rf"{_START}(?P<d>{_D})(?P<s>\s?[/.-]\s?)(?P<m>{_M})(?P=s)(?P<y>{_Y}){_END}", _date),
        (rf"(?i:\b(quý))\s*(IV|I{{1,3}}|[1-4])(?:\s*[/-]\s*({_Y}))?(?!\w)", _quarter),
        (rf"(?:(?<=[Tt]háng )|\bT)(?P<m>{_M})\s?[/-]\s?(?P<y>{_Y}){_END}", _month_year),
        (rf"{_START}(?P<m>{_M})/(?P<y>{_Y}){_END}", _month_year),
        (rf"{_START}({_Y})\s?-\s?({_Y}){_END}", _years),
        (rf"{_START}(?P<d>{_D})(?P<s>/)(?P<m>{_M}){_END}", _short_date),
        (rf"{_START}(?P<d>{_D})(?P<s>-)(?P<m>{_M}){_END}", _short_date),
        (rf"(?i:\b(ngày))\s+({_D})\s+tháng\s+({_M})(?!\w)", _written_day),
        (rf"(?i:\b(ngày|hôm))\s+({_D})(?![\w/]|[.,:]\d|\s*(?:-|%|giờ|công))", _day_alone),
        (rf"(?i:\b(tháng))\s+({_M})(?![\w/]|[.,:]\d|\s*-)", _written_month),
        (r"(?i:\b(thứ))\s+(\d{1,4})(?![\w/]|[.,:]\d)", _weekday),
        (r"\bT([2-7])\s?-\s?(?:T(?=\d))?([2-7]|CN)(?![\w/])", _weekdays),
        (r"\bT([2-7])(?![\w/])", _short_weekday),
    )
)
