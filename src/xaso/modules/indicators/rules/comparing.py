"""What differs between two versions of a set, in words an official can follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xaso.modules.indicators.definitions import Component, Version
from xaso.modules.indicators.rules.numbers import said

WORDS = {
    "label": "tên",
    "max": "điểm tối đa",
    "formula": "công thức",
    "evidence": "minh chứng",
    "owner": "nơi phụ trách",
    "provenance": "nguồn",
    "to_verify": "cần kiểm chứng",
    "note": "ghi chú",
    "not_applicable": "khi không áp dụng",
    "applies": "áp dụng cho xã",
    "applies_when": "áp dụng khi",
    "lever": "việc có thể làm",
    "cost": "chi phí",
    "valid_from": "áp dụng từ",
    "valid_to": "áp dụng đến",
    "legal_basis": "căn cứ",
    "source": "nguồn",
    "ratio_places": "làm tròn tỷ lệ",
    "levels": "xếp mức",
    "version": "phiên bản",
}
POLICIES = {"zero": "0 điểm", "full": "đủ điểm", "redistribute": "chia lại trong nhóm"}


@dataclass(frozen=True, slots=True)
class Change:
    """`code` is a component's, a group's, or empty for the set itself."""

    code: str
    label: str
    what: str
    was: str
    now: str


def changes_between(old: Version, new: Version) -> list[Change]:
    """The set, its groups, then its components in the order of the new version; what is gone comes last."""
    found = _fields("", "Cả bộ", _plain(old), _plain(new))
    before = {group.code: group for group in old.groups}
    for group in new.groups:
        if group.code in before:
            was, now = before[group.code], group
            found += _fields(
                group.code, group.label, _of(was, {"label", "max", "note"}), _of(now, {"label", "max", "note"})
            )
    return found + _components(old, new)


def _components(old: Version, new: Version) -> list[Change]:
    before = {one.code: one for one in old.components()}
    after = {one.code: one for one in new.components()}
    found: list[Change] = []
    for code, one in after.items():
        if code in before:
            found += _fields(code, one.label, before[code].model_dump(by_alias=True), one.model_dump(by_alias=True))
        else:
            found.append(Change(code, one.label, "thành phần", "", _summary(one)))
    gone = [one for code, one in before.items() if code not in after]
    return found + [Change(one.code, one.label, "thành phần", _summary(one), "") for one in gone]


def _summary(one: Component) -> str:
    return f"{said(one.max)} điểm, {one.formula.type}"


def _plain(version: Version) -> dict[str, Any]:
    return version.model_dump(exclude={"groups"}, by_alias=True)


def _of(thing: Any, names: set[str]) -> dict[str, Any]:
    return thing.model_dump(include=names, by_alias=True)


def _fields(code: str, label: str, was: dict[str, Any], now: dict[str, Any]) -> list[Change]:
    return [
        Change(code, label, WORDS.get(key, key), words(was.get(key)), words(now.get(key)))
        for key in dict.fromkeys((*was, *now))
        if was.get(key) != now.get(key)
    ]


def words(value: Any) -> str:
    """A declared value as one line."""
    if value is None or value == "" or value == ():
        return ""
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, dict):
        shown = {key: words(one) for key, one in value.items()}
        return ", ".join(f"{key} {text}" for key, text in shown.items() if text)
    if isinstance(value, (list, tuple)):
        return "; ".join(words(one) for one in value)
    if isinstance(value, str):
        return POLICIES.get(value, value)
    return said(value) if hasattr(value, "as_tuple") or isinstance(value, int) else f"{value:%d/%m/%Y}"
