"""Roles as declared in `content/roles.yaml`: role → permission → scope.

Scopes: `own` (things whose owner is this person), `unit` (things of exactly the post's unit), `tree` (that unit and
everything under it), `all`. A folder later in CONTENT_DIRS replaces whole roles.
"""

from functools import cache
from typing import Annotated, Literal, Self

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from xaso.kit.declared import read

FILE = "roles.yaml"
Scope = Literal["own", "unit", "tree", "all"]
Permission = Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z_]+$")]


class _Role(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1)
    may: dict[Scope, list[Permission]]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        """Of two scopes for one permission nobody could tell which counts."""
        names = [name for names in self.may.values() for name in names]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"quyền {', '.join(twice)} được ghi hai lần")
        return self


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid")

    roles: dict[str, _Role]


@cache
def _declared() -> dict[str, _Role]:
    """Raises ContentError naming file and line."""
    found: dict[str, _Role] = {}
    for folder in settings.CONTENT_DIRS:
        file = folder / FILE
        if file.exists():
            found |= read(file, FILE, _Declared).roles
    return found


@cache
def roles() -> dict[str, dict[str, str]]:
    """role → {permission: scope}."""
    return {
        role: {name: scope for scope, names in declared.may.items() for name in names}
        for role, declared in _declared().items()
    }


@cache
def titles() -> dict[str, str]:
    """role → its Vietnamese title."""
    return {role: declared.title for role, declared in _declared().items()}
