"""Questions about the catalogue. It is small and read by every page, so each process keeps a copy."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.db import connection, models

from xaso.kit import clock
from xaso.kit.errors import Missing, Refused
from xaso.modules.procedures import rules
from xaso.modules.procedures.definitions import (
    Case,
    Channel,
    Component,
    FormField,
    LifeEvent,
    Limit,
    Section,
    Version,
    read_life_events,
)
from xaso.modules.procedures.models import CatalogueStamp, ImportRun, Procedure, ProcedureVersion

PART_LABELS, RELATIONS, SEXES = rules.PART_LABELS, rules.RELATIONS, rules.SEXES
PAGE = 20
FRESH_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version as dossiers use it: pinned by `id`, parsed once."""

    id: int
    uuid: UUID
    procedure_id: int
    code: str
    name: str
    field: str
    valid_from: date
    valid_to: date | None
    mark: str
    source: str
    digest: str
    definition: Version
    form: rules.CompiledForm

    def case(self, key: str) -> Case:
        """The case with this key. Raises Missing."""
        for case in self.definition.cases:
            if case.key == key:
                return case
        raise Missing("Không có trường hợp này trong thủ tục.")

    def case_for(self, answers: Mapping[str, Any]) -> Case:
        """The case the answers fall under."""
        return rules.case_for(self.definition, answers)

    def limit(self, case: Case, channel: str) -> Limit | None:
        """The time limit; None when nobody has settled it."""
        return rules.limit_for(case, cast("Channel", channel))

    def papers(self, answers: Mapping[str, Any]) -> list[Component]:
        """Papers for these answers, the optional ones too."""
        return [
            part for part in self.definition.components if part.need != "conditional" or rules.holds(part.when, answers)
        ]

    def quote(
        self,
        case: Case,
        channel: str,  # as the row of a dossier says it
        counts: Mapping[str, int],
        groups: Collection[str],
        on: date,
        answers: Mapping[str, Any] | None = None,
    ) -> rules.FeeQuote:
        """How much, with every step of the calculation."""
        return rules.fee_for(self.definition, case, cast("Channel", channel), counts, groups, on, answers)

    def visible(self, answers: Mapping[str, Any]) -> list[tuple[Section, list[FormField]]]:
        """What the form shows for these answers, section by section."""
        return rules.visible_sections(self.form, answers)

    def validate(
        self, answers: Mapping[str, Any], *, today: date, partial: bool = False, skip: Collection[str] = ()
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """Clean answers, and a sentence per path."""
        return rules.validate(self.form, answers, today=today, partial=partial, skip=skip)

    def prefill(self, known: Mapping[str, Any]) -> dict[str, Any]:
        """Answers we already hold."""
        return rules.prefill(self.form, known)


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version without its definition: enough to choose one."""

    id: int
    uuid: UUID
    procedure_id: int
    valid_from: date
    valid_to: date | None
    digest: str
    mark: str
    online_level: str
    route: str
    source: str
    source_file: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A procedure in the catalogue, with its versions, newest first."""

    id: int
    code: str
    name: str
    field: str
    life_events: tuple[str, ...]
    subjects: tuple[str, ...]
    source: str
    source_url: str
    is_hidden: bool
    needs_review: bool
    review_reasons: tuple[str, ...]
    text: rules.Searchable
    versions: tuple[VersionRow, ...]

    def on(self, day: date) -> VersionRow | None:
        """The version in force on that day."""
        in_force = (
            v
            for v in self.versions
            if v.is_current and v.valid_from <= day and (v.valid_to is None or day <= v.valid_to)
        )
        return max(in_force, key=lambda v: (v.valid_from, v.id), default=None)


@dataclass(frozen=True, slots=True)
class Catalogue:
    stamp: UUID | None
    entries: Mapping[str, Entry]
    by_version: Mapping[int, Entry]
    by_uuid: Mapping[UUID, VersionRow]


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search."""

    rows: list[Entry]
    total: int
    page: int
    pages: int


class _Kept:
    """The process's copy and when it was last compared with the stamp."""

    catalogue: Catalogue | None = None
    checked = float("-inf")
    is_changing = False


_views: dict[tuple[int, str], VersionView] = {}


def catalogue() -> Catalogue:
    """The whole catalogue, rebuilt only when its stamp changed; the stamp is read at most once a second.

    From a change on until its transaction is over the stamp is always read: what the transaction wrote must be seen,
    and what it undid must not.
    """
    kept, moment = _Kept.catalogue, time.monotonic()
    if kept is not None and moment - _Kept.checked < FRESH_SECONDS and not _Kept.is_changing:
        return kept
    stamp = CatalogueStamp.objects.filter(pk=1).values_list("value", flat=True).first()
    if kept is None or kept.stamp != stamp or stamp is None:
        kept = _build(stamp)
        _Kept.catalogue = kept
    _Kept.is_changing = _Kept.is_changing and connection.in_atomic_block
    _Kept.checked = moment
    return kept


def forget() -> None:
    """Compare with the stamp at the next question: this process has just changed the catalogue."""
    _Kept.checked = float("-inf")
    _Kept.is_changing = True


def _build(stamp: UUID | None) -> Catalogue:
    versions: dict[int, list[VersionRow]] = {}
    columns = [f for f in VersionRow.__slots__ if f != "is_current"]
    for values in ProcedureVersion.objects.order_by("-valid_from", "-id").values_list(*columns, "superseded_at"):
        row = VersionRow(*values[:-1], is_current=values[-1] is None)
        versions.setdefault(row.procedure_id, []).append(row)
    entries = {p.code: _entry(p, tuple(versions.get(p.pk, ()))) for p in Procedure.objects.order_by("code")}
    return Catalogue(
        stamp,
        entries,
        {row.id: entry for entry in entries.values() for row in entry.versions},
        {row.uuid: row for entry in entries.values() for row in entry.versions},
    )


def _entry(row: Procedure, versions: tuple[VersionRow, ...]) -> Entry:
    return Entry(
        id=row.pk,
        code=row.code,
        name=row.name,
        field=row.field,
        life_events=tuple(row.life_events),
        subjects=tuple(row.subjects),
        source=row.source,
        source_url=row.source_url,
        is_hidden=row.state == Procedure.State.HIDDEN,
        needs_review=row.needs_review,
        review_reasons=tuple(row.review_reasons),
        text=rules.Searchable(row.code, row.name, row.field, tuple(row.keywords)),
        versions=versions,
    )


def entry(code: str) -> Entry:
    """A procedure by its code. Raises Missing."""
    found = catalogue().entries.get(code)
    if found is None:
        raise Missing("Không có thủ tục này trong danh mục. Hãy tìm theo tên hoặc hỏi bộ phận một cửa.")
    return found


def current(code: str, on: date | None = None) -> VersionView:
    """The version in force on a day, today if not said. Raises Missing."""
    one = entry(code)
    row = one.on(on or clock.today())
    if row is None:
        raise Missing("Thủ tục này chưa có quy định áp dụng cho ngày đó. Hãy hỏi bộ phận một cửa.")
    return _view(one, row)


def version(version_id: int) -> VersionView:
    """A pinned version, in force or not. Raises Missing.

    What a version says never changes, so one that is known is answered without looking at the stamp.
    """
    kept = _Kept.catalogue
    one = kept.by_version.get(version_id) if kept else None
    one = one or catalogue().by_version.get(version_id)
    if one is None:
        raise Missing("Không tìm thấy phiên bản thủ tục.")
    return _view(one, next(row for row in one.versions if row.id == version_id))


def version_by_uuid(uuid: UUID) -> VersionView:
    """The same, by the id that stands in addresses. Raises Missing."""
    row = catalogue().by_uuid.get(uuid)
    if row is None:
        raise Missing("Không tìm thấy phiên bản thủ tục.")
    return version(row.id)


def _view(one: Entry, row: VersionRow) -> VersionView:
    key = (row.id, row.digest)
    kept = _views.get(key)
    if kept is not None and kept.name == one.name and kept.field == one.field:
        return kept
    definition = Version.model_validate(ProcedureVersion.objects.values_list("definition", flat=True).get(pk=row.id))
    view = VersionView(
        id=row.id,
        uuid=row.uuid,
        procedure_id=row.procedure_id,
        code=one.code,
        name=one.name,
        field=one.field,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        mark=row.mark,
        source=row.source,
        digest=row.digest,
        definition=definition,
        form=rules.compile_form(definition),
    )
    if len(_views) > 2_000:
        _views.clear()
    _views[key] = view
    return view


def why_not_receivable(code: str, on: date | None = None) -> str:
    """Why this procedure cannot be received here; empty when it can."""
    one = entry(code)
    row = one.on(on or clock.today())
    if one.is_hidden:
        return "Thủ tục này không còn được tiếp nhận. Hãy hỏi bộ phận một cửa."
    if row is None:
        return "Thủ tục này chưa có quy định áp dụng cho ngày đó. Hãy hỏi bộ phận một cửa."
    if row.route == "other":
        return "Thủ tục này do cơ quan khác tiếp nhận. Trang thủ tục có ghi nơi nộp."
    if row.route == "mirror":
        return "Thủ tục này nhận và xử lý trên hệ thống khác; hồ sơ sẽ tự về đây. Trang thủ tục có ghi nơi nộp."
    if one.needs_review:
        return "Thời hạn của thủ tục này đang chờ cán bộ danh mục xác nhận nên chưa tiếp nhận được."
    return ""


def receivable(code: str, on: date | None = None) -> bool:
    """Whether a dossier of this procedure may be received here."""
    return not why_not_receivable(code, on)


def for_reception(code: str, on: date | None = None) -> VersionView:
    """The version to receive with. Raises Refused with the reason when it cannot be received."""
    if reason := why_not_receivable(code, on):
        raise Refused(reason)
    return current(code, on)


def search(
    words: str = "",
    life_event: str = "",
    field: str = "",
    page: int = 1,
    *,
    hidden: bool = False,
    size: int = PAGE,
) -> Found:
    """Procedures by words (best first), life event and field; without words by name."""
    rows = [
        one
        for one in catalogue().entries.values()
        if (hidden or not one.is_hidden)
        and (not life_event or life_event in one.life_events)
        and (not field or one.field == field)
    ]
    if words.strip():
        by_code = {one.code: one for one in rows}
        rows = [by_code[text.code] for text in rules.search(words, (one.text for one in rows))]
    else:
        rows.sort(key=lambda one: (one.source != Procedure.Source.CONTENT, one.text.folded))
    pages = max(1, -(-len(rows) // size))
    page = min(max(1, page), pages)
    return Found(rows[(page - 1) * size : page * size], len(rows), page, pages)


def fields() -> list[str]:
    """Fields that have at least one procedure."""
    return sorted({one.field for one in catalogue().entries.values() if not one.is_hidden})


@cache
def life_events() -> tuple[LifeEvent, ...]:
    """Life events in the order to show them."""
    return tuple(read_life_events(settings.CONTENT_DIRS))


def needing_review() -> models.QuerySet[Procedure]:
    """Procedures that wait for an officer, by code."""
    return Procedure.objects.filter(needs_review=True).order_by("code")


def by_code(code: str) -> Procedure:
    """The row, to act on. Raises Missing."""
    found = Procedure.objects.filter(code=code).first()
    if found is None:
        raise Missing("Không có thủ tục này trong danh mục.")
    return found


def online_share(on: date | None = None) -> tuple[int, int]:
    """How many procedures received here have an online service, of how many (QĐ 766, row 3.1)."""
    day = on or clock.today()
    rows = [row for one in catalogue().entries.values() if not one.is_hidden and (row := one.on(day))]
    ours = [row for row in rows if row.route != "other"]
    return sum(row.online_level in ("partial", "full") for row in ours), len(ours)


def changes(old: VersionView, new: VersionView) -> list[tuple[str, Any, Any]]:
    """What differs between two versions: path, before, after."""
    return rules.differences(old.definition.dump(), new.definition.dump())


def last_import() -> ImportRun | None:
    """The latest import, for the review queue."""
    return ImportRun.objects.order_by("-id").first()
