"""Content becomes versions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.kit import clock
from xaso.modules.figures import queries as figures
from xaso.modules.indicators import queries
from xaso.modules.indicators.definitions import Declaration, Version, read_sets
from xaso.modules.indicators.models import SetVersion

Place = tuple[str, date]  # a set's code and a version's first day


@dataclass(slots=True)
class LoadReport:
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0


@action("indicators.load", "Nạp bộ chỉ số từ nội dung khai báo")
def load_sets(by: Actor, /) -> LoadReport:
    """Read the content folders; a changed version becomes a new row. Raises ContentError with file and line.

    A second run does nothing. What a file no longer says is superseded; a set whose file is gone is left as it is.
    """
    kinds = {key: kind.type for key, kind in figures.catalogue().items()}
    declared = read_sets(settings.CONTENT_DIRS, kinds)
    rows = {(row.code, row.valid_from): row for row in SetVersion.objects.filter(superseded_at=None)}
    report = LoadReport()
    fresh = [row for one in declared for row in _fresh(one, rows, report)]
    _supersede(declared, rows, fresh)
    SetVersion.objects.bulk_create(fresh)
    _retitle(declared)
    note(new=report.new, changed=report.changed, unchanged=report.unchanged)
    return report


def _fresh(one: Declaration, rows: dict[Place, SetVersion], report: LoadReport) -> Iterable[SetVersion]:
    for version in one.definition.versions:
        row = _row(one, version)
        before = rows.get((row.code, row.valid_from))
        if before is not None and before.checksum == row.checksum:
            report.unchanged += 1
            continue
        (report.new if before is None else report.changed).append(str(row))
        yield row


def _row(one: Declaration, version: Version) -> SetVersion:
    definition = version.dump()
    return SetVersion(
        code=one.definition.code,
        title=one.definition.title,
        summary=one.definition.summary,
        version=version.version,
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        checksum=queries.checksum_of(definition),
        definition=definition,
        legal_basis=list(version.legal_basis),
        source=version.source,
        to_verify=version.to_verify,
        source_file=one.file,
        created_at=clock.now(),
    )


def _supersede(declared: list[Declaration], rows: dict[Place, SetVersion], fresh: list[SetVersion]) -> None:
    said = {(one.definition.code, version.valid_from) for one in declared for version in one.definition.versions}
    codes = {one.definition.code for one in declared}
    renewed = {(row.code, row.valid_from) for row in fresh}
    gone = [row.pk for place, row in rows.items() if place in renewed or (place[0] in codes and place not in said)]
    if gone:
        SetVersion.objects.filter(pk__in=gone).update(superseded_at=clock.now())


def _retitle(declared: list[Declaration]) -> None:
    """A better title is no new version: it does not change a score."""
    for one in declared:
        wanted = {"title": one.definition.title, "summary": one.definition.summary}
        others = SetVersion.objects.filter(code=one.definition.code).exclude(**wanted)
        if others.exists():
            others.update(**wanted)
