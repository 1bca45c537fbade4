"""Content folders become versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.kit import clock
from xaso.modules.procedures.actions.versions import touch, version_row
from xaso.modules.procedures.definitions import Declaration, ProcedureDefinition, Version, read_procedures
from xaso.modules.procedures.models import Procedure, ProcedureVersion
from xaso.modules.procedures.rules.cases import NO_LIMIT
from xaso.modules.procedures.rules.importing import digest_of


@dataclass(slots=True)
class LoadReport:
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    waiting: list[str] = field(default_factory=list)


@action("procedures.load", "Nạp danh mục thủ tục từ nội dung khai báo")
def load_procedures(by: Actor, /) -> LoadReport:
    """Read the content folders; a changed file becomes a new version. Raises ContentError with file and line."""
    del by
    declared = read_procedures(settings.CONTENT_DIRS)
    rows = {p.code: p for p in Procedure.objects.all()}
    before = _declared_before()
    report = LoadReport()
    rows_to_add: list[Procedure] = []
    versions_to_add: list[ProcedureVersion] = []
    for one in declared:
        row = rows.get(one.definition.code)
        kept, versions = _load_one(one, row, before.get(row.pk, {}) if row else {}, report)
        versions_to_add += versions
        if row is None:
            rows_to_add.append(kept)
    Procedure.objects.bulk_create(rows_to_add)
    ProcedureVersion.objects.bulk_create(versions_to_add)
    if report.new or report.changed:
        touch()
    note(new=len(report.new), changed=len(report.changed), unchanged=report.unchanged)
    return report


def _declared_before() -> dict[int, dict[date, str]]:
    """procedure → first day → checksum of the latest declaration."""
    found: dict[int, dict[date, str]] = {}
    rows = ProcedureVersion.objects.filter(source=ProcedureVersion.Source.CONTENT).order_by("id")
    for procedure_id, day, digest in rows.values_list("procedure_id", "valid_from", "digest"):
        found.setdefault(procedure_id, {})[day] = digest
    return found


def _load_one(
    one: Declaration, row: Procedure | None, before: dict[date, str], report: LoadReport
) -> tuple[Procedure, list[ProcedureVersion]]:
    """The row (a new one is not saved yet) and the versions to add to it."""
    said = one.definition
    is_new = row is None
    row = row or Procedure(code=said.code, source=Procedure.Source.CONTENT)
    fresh = [v for v in said.versions if before.get(v.valid_from) != digest_of(v.dump())]
    differs = _describe(row, said)
    if fresh:
        row.review_reasons = _reasons_of(said.versions)
        row.needs_review = bool(row.review_reasons)
    if fresh or differs:
        row.changed_at = clock.now()
    if is_new:
        report.new.append(row.code)
    elif differs or fresh:
        row.save()
        _supersede(row, fresh)
        report.changed.append(row.code)
    else:
        report.unchanged += 1
    if row.needs_review:
        report.waiting.append(row.code)
    return row, [version_row(row, v, ProcedureVersion.Source.CONTENT, source_file=one.file) for v in fresh]


def _reasons_of(versions: Sequence[Version]) -> list[str]:
    """A declared procedure of our own without a time limit waits for an officer like an imported one."""
    return [NO_LIMIT] if any(_lacks_limit(v) for v in versions) else []


def _lacks_limit(version: Version) -> bool:
    return version.route.kind == "owner" and any(c.limit is None and not c.limits_by_channel for c in version.cases)


def _describe(row: Procedure, said: ProcedureDefinition) -> bool:
    """Take over the texts of a declaration; says whether anything differed."""
    wanted = {
        "source": Procedure.Source.CONTENT,
        "name": said.name,
        "field": said.field,
        "life_events": list(said.life_events),
        "subjects": list(said.subjects),
        "keywords": list(said.keywords),
    }
    if row.pk and all(getattr(row, key) == value for key, value in wanted.items()):
        return False
    for key, value in wanted.items():
        setattr(row, key, value)
    row.describe(name=said.name, field=said.field, keywords=list(said.keywords))
    return True


def _supersede(row: Procedure, fresh: list[Version]) -> None:
    """What new versions of a file replace is superseded, never touched otherwise."""
    if not fresh:
        return
    moment = clock.now()
    old = row.versions.filter(superseded_at=None)
    old.filter(valid_from__in=[v.valid_from for v in fresh]).update(superseded_at=moment)
    old.filter(source=ProcedureVersion.Source.IMPORT).update(superseded_at=moment)
