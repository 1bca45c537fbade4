"""How numbers, dates, symbols, authority and recipients are written. Pure: no clock, no database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from xaso.kit.fold import fold
from xaso.modules.layouts.definitions import Kind

BRIEF_NAMES = {"hội đồng nhân dân": "HĐND", "ủy ban nhân dân": "UBND", "uỷ ban nhân dân": "UBND"}
PLACES = ("xã ", "phường ", "thị trấn ", "đặc khu ", "huyện ", "quận ", "tỉnh ", "thành phố ")
SHORT_LINE = 26
ENDS = " \t.;,"


def abbreviated(agency: str) -> str:
    """`Ủy ban nhân dân xã Ngũ Kiên` → `UBND`; letters that are short already stay."""
    name = " ".join(agency.split())
    if " " not in name:
        return name
    low = name.lower()
    for long, short in BRIEF_NAMES.items():
        if low.startswith(long):
            return short
    for place in PLACES:
        at = name.find(f" {place}")  # "xã Ngũ Kiên", not "Xã hội"
        name = name[:at] if at > 0 else name
    return "".join(word[0].upper() for word in name.split() if word[0].isalpha())


def symbol_of(kind: Kind, agency: str, unit_abbreviation: str = "") -> str:
    """`QĐ-UBND` for a named kind, `UBND-VP` for a letter (agency, then the unit that wrote it)."""
    issuer = abbreviated(agency)
    parts = (kind.abbreviation, issuer) if kind.named else (issuer, unit_abbreviation.strip())
    return "-".join(part for part in parts if part)


def authority_lines(mode: str, titles: Sequence[str]) -> tuple[str, ...]:
    """The lines over the signer. The last title carries the mode, those before it are signed for (TM.).

    `("TM", ["Ủy ban nhân dân"])` → `TM. ỦY BAN NHÂN DÂN`; `("KT", ["Ủy ban nhân dân", "Chủ tịch"])` →
    `TM. ỦY BAN NHÂN DÂN`, `KT. CHỦ TỊCH`. The signer's own title is not among them.
    """
    names = [" ".join(one.split()).upper() for one in titles if one.strip()]
    if not names or not mode:
        return tuple(names)
    return (*(f"TM. {name}" for name in names[:-1]), f"{mode.rstrip('.').upper()}. {names[-1]}")


def shown_number(number: str) -> str:
    """`7` → `07`."""
    digits = number.strip()
    return f"0{digits}" if len(digits) == 1 and digits.isdecimal() else digits


def dated_words(day: date) -> str:
    """`ngày 05 tháng 01 năm 2026`: days below ten, January and February carry a leading zero; other months do not."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def name_lines(name: str) -> tuple[str, ...]:
    """The agency's name in capitals; a long one on two lines: ỦY BAN NHÂN DÂN over XÃ NGŨ KIÊN."""
    whole = " ".join(name.split()).upper()
    for head in ("ỦY BAN NHÂN DÂN ", "UỶ BAN NHÂN DÂN ", "HỘI ĐỒNG NHÂN DÂN "):
        if whole.startswith(head) and len(whole) > SHORT_LINE:
            return (head.strip(), whole[len(head) :])
    return (whole,) if whole else ()


def listed(items: Sequence[str], *, dash: str = "- ") -> tuple[str, ...]:
    """`- a;` `- b.`: each on its line, a semicolon after all but the last."""
    clean = [text for item in items if (text := re.sub(r"^[-–+•\s]+", "", item).rstrip(ENDS))]
    return tuple(f"{dash}{one}{'.' if at == len(clean) else ';'}" for at, one in enumerate(clean, 1))


def recipient_lines(recipients: Sequence[str], filed: str) -> tuple[str, ...]:
    """Who gets it; the last line always says where it is kept."""
    kept = [one for one in recipients if fold(one).lstrip("- ").startswith("luu")]
    others = [one for one in recipients if one not in kept]
    return listed([*others, *(kept or [filed])])


def base_lines(bases: Sequence[str]) -> tuple[str, ...]:
    """`Căn cứ a;` `Căn cứ b.`"""
    return listed(bases, dash="")


def drafter_mark(initials: str, copies: int) -> str:
    """`NVA.05`"""
    return f"{initials.strip().upper()}.{copies:02d}" if initials.strip() else ""


def reference_line(what: str, agency: str, signed: tuple[str, str, date | None]) -> str:
    """The line under an annex. Before number and day are known their places are dotted."""
    number, symbol, day = signed
    mark = "/".join(one for one in (shown_number(number) or "......", symbol) if one)
    dated = dated_words(day) if day else "ngày ...... tháng ...... năm ........."
    return f"(Kèm theo {what} số {mark} {dated} của {agency})"
