"""What a scanner types after reading the code on an identity card. Pure.

`id|old id|name|ddmmyyyy|sex|address|issued`. Older cards leave out the old id or the day of issue; some scanners send
letters in pieces (NFD), a tab, or a line end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from xaso.kit.fold import fold, tidy

NOT_A_CARD = (
    "Mã vừa quét không phải mã trên thẻ căn cước. Hãy quét mã vuông ở mặt trước thẻ, hoặc ghi tay vào ô bên dưới."
)
BAD_ID = "Mã trên thẻ đọc ra số định danh không đủ 12 chữ số. Hãy quét lại, hoặc ghi tay theo thẻ."
BAD_NAME = "Mã trên thẻ đọc ra họ tên trống hoặc quá dài. Hãy quét lại, hoặc ghi tay theo thẻ."
BAD_DAY = "Mã trên thẻ đọc ra ngày sinh không đúng. Hãy quét lại, hoặc ghi tay theo thẻ."
SEXES = {"nam": "male", "nu": "female"}
LONGEST = 1000
MAX_NAME = 120
_SMALL_PLACE = re.compile(r"^(so|thon|to|xom|khu|tdp|ap|ban|buon|khom|khoi|lang|doi|pho|ngo|ngach|duong|\d)\b")
_ID, _OLD_ID, _DAY = re.compile(r"[0-9]{12}"), re.compile(r"([0-9]{9})?"), re.compile(r"[0-9]{8}")


@dataclass(frozen=True, slots=True)
class Card:
    """What the card says."""

    personal_id: str
    full_name: str
    birth_on: date
    sex: str
    address: str
    old_id: str = ""
    issued_on: date | None = None


def is_personal_id(text: str) -> bool:
    """Twelve digits alone: somebody typed the number into the scan box."""
    return bool(_ID.fullmatch(re.sub(r"[\s.\-]", "", text)))


def read_cccd(text: str) -> tuple[Card | None, str]:
    """The card, or a sentence that says what to do."""
    parts = [tidy(part) for part in text[:LONGEST].split("|")]
    if len(text) > LONGEST or "|" not in text:
        return None, NOT_A_CARD
    if len(parts) > 2 and _ID.fullmatch(parts[0]) and not _OLD_ID.fullmatch(parts[1]):
        parts.insert(1, "")
    if len(parts) not in {6, 7}:
        return None, NOT_A_CARD
    personal_id, old_id, name, born, sex, address = parts[:6]
    if not _ID.fullmatch(personal_id):
        return None, BAD_ID
    if not 2 <= len(name) <= MAX_NAME or not any(c.isalpha() for c in name):
        return None, BAD_NAME
    birth_on = _day(born)
    if birth_on is None:
        return None, BAD_DAY
    issued_on = _day(parts[6]) if len(parts) == 7 else None
    return Card(personal_id, name, birth_on, SEXES.get(fold(sex), ""), address[:300], old_id, issued_on), ""


def _day(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    day, month, year = int(text[:2]), int(text[2:4]), int(text[4:])
    try:
        return date(year, month, day)
    except ValueError:
        return None


def split_address(text: str) -> dict[str, str]:
    """A one-line address in the parts forms ask for. Cards made before July 2025 name a district: it stays with the
    commune, so that nothing on the card is lost."""
    parts = [tidy(part) for part in text.split(",") if part.strip()]
    if len(parts) < 2:
        return {"line": parts[0]} if parts else {}
    if len(parts) == 2:
        return {"commune": parts[0], "province": parts[1]}
    has_district = len(parts) >= 4 and not _SMALL_PLACE.match(fold(parts[-3]))
    first = len(parts) - (3 if has_district else 2)
    found = {"commune": ", ".join(parts[first:-1]), "province": parts[-1]}
    place = parts[:first]
    if len(place) > 1:
        found["line"] = ", ".join(place[:-1])
    if place:
        found["village"] = place[-1]
    return found
