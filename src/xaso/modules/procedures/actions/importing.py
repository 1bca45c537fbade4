"""A public list of procedures becomes versions, or a reason why not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.procedures.actions.versions import touch, version_row
from xaso.modules.procedures.definitions import Version, read_defaults
from xaso.modules.procedures.models import ImportRun, Procedure, ProcedureVersion
from xaso.modules.procedures.rules.cases import REASONS
from xaso.modules.procedures.rules.importing import BadRecordError, Imported, read_record

MAX_LINE = 256 * 1024
MAX_ERRORS = 200
IMPORTED_FROM = date(2026, 7, 1)  # the day of the list; it says nothing about earlier years


@dataclass(slots=True)
class ImportReport:
    """Counts of one import; `reasons` are procedures per reason, `waiting` those nobody may receive yet."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    declared: int = 0
    waiting: int = 0
    unknown_fee: int = 0
    reasons: dict[str, list[str]] = field(default_factory=dict)
    errors: list[tuple[int, str]] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The report as sentences for a terminal."""
        told = [
            f"Mới {self.new}, thay đổi {self.changed}, không đổi {self.unchanged}, cần xem lại {self.waiting}.",
            *(f"  {REASONS[reason]}: {len(codes)} ({', '.join(codes)})" for reason, codes in self.reasons.items()),
            f"  Chưa rõ phí: {self.unknown_fee}",
            f"  Đã khai trong nội dung, giữ theo nội dung: {self.declared}",
        ]
        return told + [f"  Dòng {line}: {sentence}" for line, sentence in self.errors]


@action("procedures.import", "Nhập danh mục thủ tục từ tệp")
def import_procedures(by: Actor, path: Path, /, *, valid_from: date = IMPORTED_FROM) -> ImportReport:
    """Read a file of one JSON record per line. What content declares stays; the rest is added or gets a new version."""
    path = Path(path)
    if not path.is_file():
        raise Refused(f"Không tìm thấy tệp {path.name}. Hãy kiểm tra đường dẫn.")
    defaults = read_defaults(settings.CONTENT_DIRS)
    rows = {p.code: p for p in Procedure.objects.all()}
    report = ImportReport()
    seen: dict[str, int] = {}
    for number, raw in _lines(path):
        try:
            record = read_record(_parse(raw), defaults, valid_from)
        except BadRecordError as problem:
            _fault(report, number, str(problem))
            continue
        if record.code in seen:
            _fault(report, number, f"mã {record.code} đã có ở dòng {seen[record.code]}, dòng này bị bỏ qua.")
            continue
        seen[record.code] = number
        rows[record.code] = _take(record, rows.get(record.code), path.name, report)
        for reason in record.reasons:
            report.reasons.setdefault(reason, []).append(record.code)
        report.unknown_fee += record.fee_unknown
    report.waiting = sum(rows[code].needs_review for code in seen)
    touch()
    _record_run(by, path.name, report)
    return report


def _record_run(by: Actor, name: str, report: ImportReport) -> None:
    ImportRun.objects.create(
        file_name=name[:300],
        by_account_id=by.account_id,
        ran_at=clock.now(),
        new=report.new,
        changed=report.changed,
        unchanged=report.unchanged,
        waiting=report.waiting,
        reasons=report.reasons,
        errors=[list(pair) for pair in report.errors],
    )
    note(file=name, new=report.new, changed=report.changed, unchanged=report.unchanged, waiting=report.waiting)


def _lines(path: Path) -> Iterator[tuple[int, bytes | None]]:
    """Lines with their numbers; None for one that is too long, which is never held in memory whole."""
    with path.open("rb") as source:
        number = 0
        while line := source.readline(MAX_LINE + 1):
            number += 1
            if len(line) > MAX_LINE:
                while not line.endswith(b"\n") and (line := source.readline(MAX_LINE)):
                    pass
                yield number, None
            elif line.strip():
                yield number, line


def _parse(raw: bytes | None) -> Any:
    if raw is None:
        raise BadRecordError("dòng quá dài.")
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise BadRecordError("không đọc được JSON.") from error


def _fault(report: ImportReport, number: int, sentence: str) -> None:
    if len(report.errors) < MAX_ERRORS:
        report.errors.append((number, sentence))


def _take(record: Imported, row: Procedure | None, file_name: str, report: ImportReport) -> Procedure:
    same = row is not None and row.imported_digest == record.digest
    declared = row is not None and row.source == Procedure.Source.CONTENT
    report.declared += declared
    report.new += row is None
    report.unchanged += same or declared
    report.changed += row is not None and not same and not declared
    if row is not None and same:
        return row
    row = row or Procedure(code=record.code, source=Procedure.Source.IMPORT)
    row.imported_digest = record.digest
    row.source_url = record.source
    row.review_facts = record.facts
    row.changed_at = clock.now()
    if not declared:
        _replace(row, record, file_name)
    row.save()
    return row


def _replace(row: Procedure, record: Imported, file_name: str) -> None:
    row.subjects = record.subjects
    row.review_reasons = record.reasons
    row.needs_review = bool(record.reasons)
    row.describe(name=record.name, field=record.field, keywords=row.keywords)
    row.save()
    row.versions.filter(superseded_at=None).update(superseded_at=clock.now())
    version = Version.model_validate(record.definition)
    version_row(row, version, ProcedureVersion.Source.IMPORT, source_file=file_name[:300]).save()
