"""The sets in force on a day, and any version that a score was made with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet

from xaso.kit.errors import Missing
from xaso.modules.indicators.definitions import Component, Group, Step, Version
from xaso.modules.indicators.models import SetVersion
from xaso.modules.indicators.rules.comparing import Change, changes_between

NO_SET = "Không có bộ chỉ số nào tên như vậy áp dụng cho ngày đó. Hãy chọn bộ khác hoặc kỳ khác."
MOST_KEPT = 200
_versions: dict[tuple[int, str], Version] = {}
"""A version's row never changes, so what was parsed once is kept."""


@dataclass(frozen=True, slots=True)
class SetView:
    """One version of a set, as scores use it."""

    id: int
    uuid: UUID
    code: str
    title: str
    summary: str
    version: str
    valid_from: date
    valid_to: date | None
    checksum: str
    source_file: str
    created_at: datetime
    superseded_at: datetime | None
    definition: Version

    @property
    def max(self) -> Decimal:
        return self.definition.max

    @property
    def groups(self) -> tuple[Group, ...]:
        return self.definition.groups

    @property
    def levels(self) -> tuple[Step, ...]:
        return self.definition.levels

    @property
    def legal_basis(self) -> tuple[str, ...]:
        return self.definition.legal_basis

    @property
    def to_verify(self) -> bool:
        return self.definition.to_verify

    @property
    def is_current(self) -> bool:
        return self.superseded_at is None

    @property
    def components(self) -> tuple[Component, ...]:
        return tuple(self.definition.components())

    def component(self, code: str) -> Component:
        """Raises Missing."""
        found = next((one for one in self.definition.components() if one.code == code), None)
        if found is None:
            raise Missing(f"Bộ chỉ số này không có thành phần {code}.")
        return found


def sets_on(day: date) -> list[SetView]:
    """Every set in force on that day, by code."""
    return _views(_in_force(day).order_by("code"))


def set_named(code: str, day: date) -> SetView:
    """The version of a set in force on that day. Raises Missing."""
    found = _views(_in_force(day).filter(code=code))
    if not found:
        raise Missing(NO_SET)
    return found[0]


def set_version(uuid: UUID | str) -> SetView:
    """The very version a score was made with, whether still in force or not. Raises Missing."""
    found = _views(SetVersion.objects.filter(uuid=uuid))
    if not found:
        raise Missing("Không tìm thấy phiên bản này của bộ chỉ số.")
    return found[0]


def versions_of(code: str) -> list[SetView]:
    """Every version of a set, newest first. Raises Missing."""
    found = _views(SetVersion.objects.filter(code=code).order_by("-valid_from", "-id"))
    if not found:
        raise Missing(NO_SET)
    return found


def altered() -> Iterator[str]:
    """A sentence for every version that no longer is what was loaded: a row is never rewritten."""
    for row in SetVersion.objects.order_by("id").iterator():
        if checksum_of(row.definition) != row.checksum:
            day = f"{row.created_at:%d/%m/%Y}"
            yield f"Bộ chỉ số {row} (nạp {day}) đã bị sửa ngoài phần mềm. Hãy khôi phục từ bản sao lưu."


def checksum_of(definition: object) -> str:
    """Does not depend on the order of keys."""
    return hashlib.sha256(json.dumps(definition, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def changes(old: SetView, new: SetView) -> list[Change]:
    """What differs between two versions of a set."""
    return changes_between(old.definition, new.definition)


def _in_force(day: date) -> QuerySet[SetVersion]:
    current = SetVersion.objects.filter(superseded_at=None)
    return current.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


def _views(rows: QuerySet[SetVersion]) -> list[SetView]:
    """Two statements at most: the rows, and the definitions that are not kept yet."""
    found = list(rows.defer("definition", "legal_basis", "source", "to_verify"))
    unknown = [row.pk for row in found if (row.pk, row.checksum) not in _versions]
    if unknown:
        if len(_versions) > MOST_KEPT:
            _versions.clear()
        _remember(SetVersion.objects.filter(pk__in=unknown).values_list("pk", "checksum", "definition"))
    return [_view(row, _versions[row.pk, row.checksum]) for row in found]


def _remember(rows: Iterable[tuple[int, str, object]]) -> None:
    for pk, checksum, definition in rows:
        _versions[pk, checksum] = Version.model_validate(definition)


def _view(row: SetVersion, definition: Version) -> SetView:
    return SetView(
        id=row.pk,
        uuid=row.uuid,
        code=row.code,
        title=row.title,
        summary=row.summary,
        version=row.version,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        checksum=row.checksum,
        source_file=row.source_file,
        created_at=row.created_at,
        superseded_at=row.superseded_at,
        definition=definition,
    )
