"""Who acts: a person, a machine or the system, with the posts held today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from xaso.core.access.roles import roles

PUBLIC = "public"
"""The permission of pages everybody may open."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in a unit, in force now. `unit_path` is empty for a resident's grant, which is only over own things."""

    role: str
    unit_id: int | None = None
    unit_path: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """The first argument of every action.

    `scopes` narrows a machine's token to some permissions; None means no narrowing.
    """

    kind: Literal["person", "machine", "system", "anonymous"]
    account_id: int | None = None
    person_id: int | None = None
    name: str = ""
    grants: tuple[Grant, ...] = ()
    via: str = "web"
    scopes: frozenset[str] | None = None

    @property
    def is_signed_in(self) -> bool:
        return self.kind in {"person", "machine"}

    @property
    def is_officer(self) -> bool:
        return any(grant.unit_path for grant in self.grants)

    @property
    def unit_id(self) -> int | None:
        """The unit of the first post: where this officer works by default."""
        return next((grant.unit_id for grant in self.grants if grant.unit_path), None)

    @property
    def unit_path(self) -> str:
        return next((grant.unit_path for grant in self.grants if grant.unit_path), "")

    def may(self, permission: str, on: Any = None) -> bool:
        """Without `on`: may this actor do it to anything at all? With `on`: to this thing?"""
        if permission == PUBLIC or self.kind == "system":
            return True
        if self.scopes is not None and permission not in self.scopes:
            return False
        return any(self._covers(grant, permission, on) for grant in self.grants)

    def _covers(self, grant: Grant, permission: str, on: Any) -> bool:
        scope = roles().get(grant.role, {}).get(permission)
        if scope is None:
            return False
        if on is None or scope == "all":
            return True
        if scope == "own":
            return self.person_id is not None and self.person_id in owners_of(on)
        path = path_of(on)
        if scope == "unit":
            return path == grant.unit_path
        return bool(path) and path.startswith(grant.unit_path)

    def scopes_of(self, permission: str) -> list[tuple[str, Grant]]:
        """Every (scope, grant) that gives the permission, for building lists."""
        if self.scopes is not None and permission not in self.scopes:
            return []
        found = [(roles().get(grant.role, {}).get(permission), grant) for grant in self.grants]
        return [(scope, grant) for scope, grant in found if scope]


def path_of(thing: Any) -> str:
    """The unit path a thing belongs to: its `unit_path`, or its own path when it is a unit."""
    return thing.unit_path if hasattr(thing, "unit_path") else thing.path


def owners_of(thing: Any) -> tuple[int, ...]:
    """Ids of the persons a thing belongs to. A model says it with `owner_person_ids`."""
    return getattr(thing, "owner_person_ids", ())


SYSTEM = Actor(kind="system", name="Hệ thống", via="system")
ANONYMOUS = Actor(kind="anonymous", name="Khách", grants=(Grant("anyone"),))
