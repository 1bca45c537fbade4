"""What differs between two versions, in words an officer can follow."""

from __future__ import annotations

from typing import Any


def differences(old: Any, new: Any, path: str = "") -> list[tuple[str, Any, Any]]:
    """Path, before, after. Lists of things with keys are compared by key, so that a moved line is not a change."""
    if old == new:
        return []
    old_items, new_items = _items(old), _items(new)
    if old_items is None or new_items is None:
        return [(path, old, new)]
    found = []
    for key in [*old_items, *(k for k in new_items if k not in old_items)]:
        found += differences(old_items.get(key), new_items.get(key), f"{path}.{key}" if path else key)
    return found


def _items(value: Any) -> dict[str, Any] | None:
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and value and all(isinstance(one, dict) and "key" in one for one in value):
        return {one["key"]: one for one in value}
    return None
