"""From the scan box to the fields of the page: the card's words, and what is known of the person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from xaso.core.access import Actor
from xaso.core.accounts.queries import person_by_personal_id
from xaso.core.audit.actions import record_reading
from xaso.kit import subject
from xaso.modules.dossiers.scanning import is_personal_id, read_cccd, split_address
from xaso.modules.dossiers.screens.intake import asks_for_person, one_line
from xaso.modules.procedures.queries import VersionView

EMPTY = "Hãy đặt con trỏ vào ô quét rồi quét mã trên thẻ, hoặc gõ số định danh."
UNKNOWN = "Chưa có ai mang số này trong hệ thống. Hãy ghi tay theo thẻ."
LOOKED_UP = "Tra người theo số định danh tại quầy"


@dataclass(frozen=True, slots=True)
class Filled:
    """`values` replace what is in the fields; `soft` fill only empty ones."""

    values: dict[str, str] = field(default_factory=dict)
    soft: dict[str, str] = field(default_factory=dict)
    said: str = ""
    problem: str = ""


def fill(by: Actor, version: VersionView, text: str) -> Filled:
    """What a scan, or a typed number, puts into the page of this procedure."""
    if not text.strip():
        return Filled(problem=EMPTY)
    if is_personal_id(text):
        number = "".join(c for c in text if c.isdigit())
        known = _known(by, number)
        if known is None:
            return Filled(_names(version, {"personal_id": number}), problem=UNKNOWN)
        return Filled(_names(version, known), said=f"Đã điền {known['full_name']}. Hãy đối chiếu với thẻ.")
    card, problem = read_cccd(text)
    if card is None:
        return Filled(problem=problem)
    told = {
        "full_name": card.full_name,
        "personal_id": card.personal_id,
        "birth_on": card.birth_on.isoformat(),
        "sex": card.sex,
        "address": split_address(card.address) if asks_for_person(version) else card.address,
    }
    known = _known(by, card.personal_id) or {}
    soft = {name: known[name] for name in ("phone", "email") if known.get(name)}
    return Filled(_names(version, told), _names(version, soft), said=f"Đã đọc thẻ của {card.full_name}.")


def _known(by: Actor, personal_id: str) -> dict[str, Any] | None:
    """Looking somebody up by number is reading personal data, so it is put on record."""
    person = person_by_personal_id(personal_id)
    if person is None:
        return None
    record_reading(by, subject.ref(person), by.unit_path, LOOKED_UP)
    return {
        "full_name": person.full_name,
        "personal_id": personal_id,
        "birth_on": person.birth_on.isoformat() if person.birth_on else "",
        "sex": person.sex,
        "phone": person.phone,
        "email": person.email,
        "address": split_address(person.address),
    }


def _names(version: VersionView, known: Mapping[str, Any]) -> dict[str, str]:
    """Input name → text, wherever the form of this procedure asks for it."""
    if asks_for_person(version):
        return {name: text for name, text in _flat(version.prefill({"applicant": dict(known)})) if text}
    plain = dict(known) | {"address": one_line(known.get("address"))}
    return {f"a-{name}": text for name, text in _flat(plain) if text}


def _flat(values: Mapping[str, Any], path: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in values.items():
        name = f"{path}{key}"
        if isinstance(value, Mapping):
            found += _flat(value, f"{name}.")
        else:
            found.append((name, f"{date.fromisoformat(value):%d/%m/%Y}" if key == "birth_on" and value else value))
    return found
