"""Roles as declared in `content/roles.yaml`: role → permission → scope.

Scopes: `own` (things whose owner is this person), `unit` (things of exactly the post's unit), `tree` (that unit and
everything under it), `all`. A folder later in CONTENT_DIRS replaces whole roles.
"""

from functools import cache
from pathlib import Path

import yaml
from django.conf import settings

SCOPES = ("own", "unit", "tree", "all")


@cache
def roles() -> dict[str, dict[str, str]]:
    """role → {permission: scope}. Raises ValueError naming the file when it is wrong."""
    found: dict[str, dict[str, str]] = {}
    for folder in settings.CONTENT_DIRS:
        file = folder / "roles.yaml"
        if file.exists():
            found.update(_read(file))
    return found


@cache
def titles() -> dict[str, str]:
    """role → its Vietnamese title."""
    found: dict[str, str] = {}
    for folder in settings.CONTENT_DIRS:
        file = folder / "roles.yaml"
        if file.exists():
            declared = yaml.safe_load(file.read_text(encoding="utf-8"))["roles"]
            found.update({role: body["title"] for role, body in declared.items()})
    return found


def _read(file: Path) -> dict[str, dict[str, str]]:
    declared = yaml.safe_load(file.read_text(encoding="utf-8"))["roles"]
    result = {}
    for role, body in declared.items():
        permissions: dict[str, str] = {}
        for scope, names in body["may"].items():
            if scope not in SCOPES:
                raise ValueError(f"{file}: vai trò {role} có phạm vi {scope!r}; chỉ dùng {', '.join(SCOPES)}.")
            permissions |= dict.fromkeys(names, scope)
        result[role] = permissions
    return result
