"""Symbols of documents, telephone numbers, addresses on the network, Roman numerals. Pure."""

from __future__ import annotations

import re

from xaso.modules.audio.rules.letters import Lexicon, any_of, is_pronounceable, is_syllable
from xaso.modules.audio.rules.numbers import digits_in_words, in_words, ordinal, roman, whole_in_words

_YEAR = r"(?:19|20|21)\d\d"
_SIGN = r"[A-ZĐ][A-Za-zĐƯư&]*"
_SYMBOL = re.compile(
    rf"(?<![\w/])(?P<n>\d{{1,6}})(?P<l>[a-zA-ZĐđ]?)(?:\s?/\s?(?P<y>{_YEAR}))?\s?/\s?"
    rf"(?P<k>{_SIGN})(?P<o>\d{{0,2}}(?:\s?-\s?{_SIGN}\d{{0,3}}){{0,4}})(?!\w)"
)
_PARTY_SYMBOL = re.compile(rf"(?<![\w/])(?P<n>\d{{1,6}})(?P<l>)(?P<y>)-(?P<k>{_SIGN})/(?P<o>{_SIGN})(?!\w)")
_BLANK_SYMBOL = re.compile(rf"(?<![\w/])/(?P<k>{_SIGN})(?P<o>(?:-{_SIGN}){{1,4}})(?!\w)")
_WWW = re.compile(
    r"(?<![\w@.])(?:https?://|www\.)[\w\-.~:/?#@!$&*+=%]+|"
    r"(?<![\w@.])[\w-]+(?:\.[\w-]+)*\.(?:vn|com|net|org|info)\b(?:/[\w\-.~/?#=&%]*)?"
)
_MAIL = re.compile(r"(?<![\w.])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CALLED = r"(?i:điện thoại|đt|sđt|hotline|đường dây nóng|tổng đài|số máy|gọi|di động|zalo|liên hệ|fax|tel)"
_PHONE = re.compile(
    r"(?<![\w.,/-])(?:\(\s?\+?84\s?\)|\+84|\(0\d{1,3}\)|0\d{1,3})(?:[ .-]?\d{1,4}){2,4}(?![\w/]|[.,]\d)|"
    r"(?<![\w.,/-])1[89]00(?:[ .-]?\d{2,4}){1,2}(?![\w/]|[.,]\d)"
)
_CALLED_NUMBER = re.compile(
    rf"(?P<w>\b{_CALLED}(?:\s+(?:số|ngay|tới|đến|theo))*\s*:?\s*)(?P<n>11[1-9]|\d{{6,15}})(?![\w/]|[.,]\d)|"
    r"(?P<v>(?i:tổng đài|hotline|đường dây nóng|số máy)(?:\s+số)?\s*:?\s*)(?P<k>\d{3,5})(?![\w/]|[.,]\d)"
)
_ACCOUNT = re.compile(
    r"(?P<w>\b(?i:tài khoản|stk|cccd|cmnd|căn cước|mã số|mã hồ sơ|mã|biển số)(?:\s+số)?\s*:?\s*)"
    r"(?P<n>\d{4,})(?!\w|[.,]\d)"
)
_EMERGENCY = re.compile(
    r"(?:(?<=[Gg]ọi )|(?<=hoặc )|(?<=hoả )|(?<=hỏa )|(?<= cứu )|(?<=khẩn cấp ))11[1-5](?![\w/]|[.,]\d)"
)
_CODE = re.compile(
    r"(?P<w>\b(?i:mã hồ sơ|mã số|mã)(?:\s+số)?\s*:?\s*)(?P<c>(?=[A-Z\d.-]*\d)[A-Z\d]+(?:[.-][A-Z\d]+)+)(?!\w)"
)
_PHONE_GROUPS = {9: (3, 3, 3), 10: (4, 3, 3), 11: (4, 3, 4), 8: (4, 4)}

_BEFORE_ROMAN = (
    r"quý|khoá|khóa|kỳ|kì|kỷ|hội|lần|chương|phần|mục|cấp|loại|hạng|khu|vùng|đoạn|đợt|nhóm|điều|bậc|phụ lục|tập|số|bảng|"
    r"học|vòng|lớp|tổ|đội|trung đoàn|quân đoàn|quân khu|thế chiến|động|giải"
)
_NAMED_ROMAN = re.compile(rf"(?i:\b({_BEFORE_ROMAN}))\s+([IVXLC]{{1,8}})(?![\w/])")
_NTH_ROMAN = re.compile(r"(?i:\b(thứ))\s+([IVXLC]{1,8})(?![\w/])")
_LISTED_ROMAN = re.compile(r"^\s*([IVXL]{1,7})\s?[.)]\s+")
_BARE_ROMAN = re.compile(r"(?<![\w/&.-])[IVX]{2,7}(?![\w/&])")


def symbols_in_words(line: str, lexicon: Lexicon) -> str:
    """Thông báo số 12/TB-UBND → thông báo số mười hai của uỷ ban nhân dân; the kind is said once."""

    def one(found: re.Match[str]) -> str:
        kind, organs = found["k"], re.findall(_SIGN + r"\d*", found["o"])
        if number := re.match(r"\d+", found["o"]):
            kind, organs = "", [f"{kind}{number[0]}", *organs]
        if not organs and kind not in lexicon.document_kinds and kind not in lexicon.abbreviations:
            return found[0]
        said = [in_words(found["n"].lstrip("0") or "0")] if "n" in found.groupdict() else []
        if said and found["l"]:
            said.append(lexicon.letters.get(found["l"].upper(), ""))
        if said and found["y"]:
            said[-1] += f", năm {whole_in_words(int(found['y']))}"
        return f" {' '.join(said)}{_whose(kind, organs, found.string[: found.start()], lexicon)} "

    return _BLANK_SYMBOL.sub(one, _SYMBOL.sub(one, _PARTY_SYMBOL.sub(one, line)))


def _whose(kind: str, organs: list[str], before: str, lexicon: Lexicon) -> str:
    named = lexicon.document_kinds.get(kind)
    said = ", ".join(word for sign in organs if (word := _organ(sign, lexicon)))
    if named is None:
        both = ", ".join(part for part in (lexicon.organ(kind), said) if part)
        return f" của {both}" if both else ""
    recent = " ".join(before.lower().split()[-5:])
    short = any(re.search(rf"(?<!\w){re.escape(sign)}\s+(?:số\s*)?:?\s*$", before) for sign in (kind,))
    head = "" if named in recent or short else f", {named}"
    return f"{head} của {said}" if said else head


def _organ(sign: str, lexicon: Lexicon) -> str:
    """QH15 is the National Assembly of the fifteenth term."""
    name, number = re.fullmatch(r"(\D*)(\d*)", sign).groups()  # type: ignore[union-attr]
    said = lexicon.organ(name)
    term = "khoá " if name == "QH" else ""
    return f"{said} {term}{whole_in_words(int(number))}".strip() if number else said


def addresses_in_words(line: str, lexicon: Lexicon) -> str:
    """E-mail and web addresses: the dots, slashes and the @ are said."""
    line = _MAIL.sub(lambda found: f" {_address(found[0], lexicon)} ", line)
    return _WWW.sub(lambda found: _web(found, lexicon), line)


def _web(found: re.Match[str], lexicon: Lexicon) -> str:
    address = found[0].rstrip(".,:?!")
    rest = found[0][len(address) :]
    short = re.sub(r"^(?:https?://)?(?:www\.)?", "", address).split("?")[0].rstrip("/")
    return f" {_address(short, lexicon)} {rest}"


_MARKS = {".": "chấm", "@": "a còng", "/": "gạch chéo", "-": "gạch ngang", "_": "gạch dưới"}


def _address(text: str, lexicon: Lexicon) -> str:
    said = []
    for part in re.findall(r"[^\W\d_]+|\d+|[.@/_-]", text):
        if part in _MARKS:
            said.append(_MARKS[part])
        elif part.isdigit():
            said.append(digits_in_words(part))
        else:
            known = lexicon.abbreviations.get(part.upper())
            plain = is_syllable(part) or (is_pronounceable(part) and len(part) > 3)
            said.append(known or (part.lower() if plain and len(part) > 1 else lexicon.spelled(part)))
    return " ".join(word for word in said if word)


def roads_in_words(line: str, lexicon: Lexicon) -> str:
    """QL2C → quốc lộ hai xê."""

    def one(found: re.Match[str]) -> str:
        branch = lexicon.letters.get(found["l"], "") if found["l"] else ""
        return f" {lexicon.roads[found['r']]} {whole_in_words(int(found['n']))} {branch} "

    return re.sub(
        rf"(?<![^\W_])(?P<r>{any_of(lexicon.roads)})[. -]?(?P<n>\d{{1,3}})(?P<l>[A-ZĐ]?)(?![\w/]|[.,]\d)", one, line
    )


def phones_in_words(line: str, lexicon: Lexicon) -> str:
    """Digit by digit, with a breath between the groups."""
    line = _PHONE.sub(lambda found: _phone(found[0]), line)
    line = _EMERGENCY.sub(lambda found: f"{digits_in_words(found[0])} ", line)
    line = _CODE.sub(lambda found: f"{found['w']} {_code(found['c'], lexicon)} ", line)
    line = _CALLED_NUMBER.sub(lambda m: f"{m['w'] or m['v']} {_grouped(m['n'] or m['k'])} ", line)
    return _ACCOUNT.sub(lambda found: f"{found['w']} {_grouped(found['n'])} ", line)


def _phone(text: str) -> str:
    groups = re.findall(r"\d+", text)
    count = sum(map(len, groups))
    if not 8 <= count <= 12:
        return text
    plus = "cộng " if "+" in text else ""
    if len(groups) == 1:
        return f" {plus}{_grouped(groups[0])} "
    return f" {plus}{', '.join(digits_in_words(group) for group in groups)} "


def _grouped(digits: str) -> str:
    sizes = _PHONE_GROUPS.get(len(digits)) or _even(len(digits))
    starts = [sum(sizes[:at]) for at in range(len(sizes))]
    return ", ".join(digits_in_words(digits[at : at + size]) for at, size in zip(starts, sizes, strict=True))


def _even(count: int) -> tuple[int, ...]:
    """Groups of four at most, as even as can be: 13 → 4, 3, 3, 3."""
    groups = -(-count // 4)
    return tuple(count // groups + (at < count % groups) for at in range(groups))


def _code(text: str, lexicon: Lexicon) -> str:
    parts = (re.findall(r"\d+|[A-Z]+", part) for part in re.split(r"[.-]", text))
    return ", ".join(
        " ".join(digits_in_words(p) if p.isdigit() else lexicon.spelled(p) for p in part) for part in parts
    )


def romans_in_words(line: str) -> str:
    """Chương IV, lần thứ XIII, and II, III alone; VI and XI alone are words."""
    line = _LISTED_ROMAN.sub(_listed, line)
    line = _NTH_ROMAN.sub(lambda found: _said(found, nth=True), line)
    line = _NAMED_ROMAN.sub(lambda found: _said(found, nth=False), line)
    return _BARE_ROMAN.sub(_alone, line)


def _said(found: re.Match[str], *, nth: bool) -> str:
    value = roman(found[2])
    if value is None:
        return found[0]
    return f"{found[1]} {ordinal(value) if nth else whole_in_words(value)} "


def _listed(found: re.Match[str]) -> str:
    value = roman(found[1])
    return found[0] if value is None else f"{whole_in_words(value)}, "


def _alone(found: re.Match[str]) -> str:
    value = roman(found[0])
    if value is None or is_syllable(found[0]):
        return found[0]
    return f" {whole_in_words(value)} "
