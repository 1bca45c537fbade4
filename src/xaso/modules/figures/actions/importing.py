"""A spreadsheet is read and shown, then taken whole or not at all, and can be taken back whole."""

from __future__ import annotations

import hashlib
from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.files.actions import store_bytes
from xaso.core.measures.periods import Period, period_of
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import fold
from xaso.kit.subject import ref
from xaso.modules.figures.actions.declaring import approve, declared_row, withdraw
from xaso.modules.figures.guards import need_open
from xaso.modules.figures.models import Declared, Import
from xaso.modules.figures.queries import catalogue, kind_of, said
from xaso.modules.figures.rules.importing import Judged, Table, given_of, judge, kept
from xaso.modules.figures.sheets import read_sheet

State = Import.State
ORIGINAL = "figures.import"
DONE_ALREADY = "Tệp này đã được xử lý. Hãy tải lại trang."
NEW, REPLACES, SAME, FAULTY = "new", "replaces", "same", "faulty"
COUNTS = {NEW, REPLACES}
Place = tuple[str, str, str, str]
"""Figure, period or day, people: what may be said once."""


@action("figures.preview_import", "Xem trước tệp số liệu")
def preview_import(by: Actor, unit: Unit, /, *, period: Period, name: str, data: bytes) -> Import:
    """Read a file and say of each row what it would do. Nothing counts yet."""
    table = read_sheet(name, data)
    _need_same_form(table, unit, period)
    judged = judge(table, catalogue())
    if not judged:
        raise Refused(f"Tệp {table.file} chưa điền giá trị nào. Hãy điền cột Giá trị rồi nhập lại.")
    rows = _verdicts(by, unit, period, judged)
    batch = Import.objects.create(
        unit=unit,
        unit_path=unit.path,
        period_key=period.key,
        file_name=table.file,
        sha256=hashlib.sha256(data).hexdigest(),
        sheet=table.sheet,
        rows=rows,
        faulty=sum(row["verdict"] == FAULTY for row in rows),
        by_id=by.account_id,
        by_name=by.name[:120],
        created_at=clock.now(),
    )
    store_bytes(data, name=table.file, subject=ref(batch), unit_path=unit.path, kind=ORIGINAL, by=by)
    note(file=batch.sha256, rows=len(rows), faulty=batch.faulty)
    return batch


def _need_same_form(table: Table, unit: Unit, period: Period) -> None:
    """A form of another commune or another quarter is not taken for this one."""
    for title, wanted, named in (("don vi", unit.code, str(unit)), ("ky", period.key, period.label)):
        cell = table.notes.get(title)
        if cell is None:
            continue
        written = cell.text or (f"{cell.number:f}" if cell.number is not None else "")
        if fold(written) != fold(wanted):
            raise Refused(
                f"Tệp {table.file}, ô {cell.address}: ghi “{written[:40]}” nhưng bạn đang nhập cho {named} ({wanted}). "
                "Hãy chọn lại hoặc tải mẫu mới."
            )


def _verdicts(by: Actor, unit: Unit, period: Period, judged: list[Judged]) -> list[dict[str, Any]]:
    """Each row beside what is kept for the same figure, time and people."""
    before: dict[Place, list[Declared]] = {}
    keys = [one.key for one in judged if one.given]
    for row in Declared.objects.filter(unit_path=unit.path, key__in=keys, state__in=["approved", "waiting"]).order_by(
        "pk"
    ):
        if row.replaced_by_id is None:
            before.setdefault(_place(row), []).append(row)
    seen: dict[Place, str] = {}
    return [_verdict(one, _row(by, unit, period, one), before, seen) for one in judged]


def _row(by: Actor, unit: Unit, period: Period, one: Judged) -> Declared | str:
    """What would be stored, or why not."""
    if one.given is None:
        return "; ".join(one.faults)
    try:
        return declared_row(by, unit, kind_of(one.key), period, one.given)
    except Refused as refusal:
        return f"{one.cell}: {refusal.message}"


def _place(row: Declared) -> Place:
    return row.key, row.period_key, "" if row.period_key else f"{row.as_of}", row.sub_population


def _verdict(
    one: Judged, row: Declared | str, before: dict[Place, list[Declared]], seen: dict[Place, str]
) -> dict[str, Any]:
    kind = catalogue().get(one.key)
    found = {"line": one.number, "cell": one.cell, "key": one.key, "label": kind.label if kind else ""}
    if not isinstance(row, str) and _place(row) in seen:
        row = f"{one.cell}: trùng với ô {seen[_place(row)]}, cùng một số liệu và cùng ngày"
    if isinstance(row, str) or one.given is None:
        return found | {"verdict": FAULTY, "fault": row, "counts": False}
    seen[_place(row)] = one.cell
    old = before.get(_place(row), [])
    is_same = any(_content(row) == _content(other) for other in old)
    verdict = SAME if is_same else REPLACES if old else NEW
    return found | {
        "verdict": verdict,
        "shown": said(row),
        "was": _was(old[-1]) if old else "",
        "counts": verdict in COUNTS,
        "given": kept(one.given),
    }


def _was(row: Declared) -> str:
    return said(row) + (" (chờ duyệt)" if row.state == Declared.State.WAITING else "")


def _content(row: Declared) -> tuple[Any, ...]:
    numbers = (row.number, row.numerator, row.denominator)
    described = (row.source, row.supplier, row.document_number, row.document_title, row.document_on, row.confidence)
    return (row.comparator, *(one if one is None else one.normalize() for one in numbers), row.text, *described)


@action("figures.apply_import", "Nhập tệp số liệu")
def apply_import(by: Actor, batch: Import, /) -> Import:
    """Every row of the preview, or none. They wait for approval like what is typed."""
    if batch.faulty:
        raise Refused(f"Tệp {batch.file_name} còn {batch.faulty} dòng sai. Sửa các ô đã nêu rồi nhập lại tệp.")
    period = period_of(batch.period_key)
    rows = [
        declared_row(by, batch.unit, kind_of(row["key"]), period, given_of(row["given"]))
        for row in batch.rows
        if row["counts"]
    ]
    if not rows:
        raise Refused(f"Tệp {batch.file_name} không có gì mới so với số liệu đang có.")
    need_open(*rows)
    _move(batch, State.PREVIEWED, State.APPLIED, applied_at=clock.now())
    for row in rows:
        row.batch = batch
    Declared.objects.bulk_create(rows)
    note(rows=len(rows))
    return batch


@action("figures.approve_import", "Duyệt cả tệp số liệu")
def approve_import(by: Actor, batch: Import, /) -> Import:
    """All rows of the file that still wait."""
    waiting = list(batch.declared.filter(state=Declared.State.WAITING).select_related("unit"))
    if not waiting:
        raise Refused("Tệp này không còn số liệu nào chờ duyệt.")
    approve(by, waiting)
    note(rows=len(waiting))
    return batch


@action("figures.undo_import", "Huỷ lần nhập số liệu")
def undo_import(by: Actor, batch: Import, /, *, reason: str = "") -> Import:
    """Its rows count no longer, and what they replaced counts again. A preview is only put aside."""
    batch.refresh_from_db()
    _move(batch, batch.state if batch.state != State.UNDONE else State.APPLIED, State.UNDONE, undone_at=clock.now())
    why = reason or f"Huỷ lần nhập tệp {batch.file_name}"
    rows = batch.declared.filter(state__in=[Declared.State.WAITING, Declared.State.APPROVED])
    withdraw(by, list(rows.select_related("unit").order_by("-pk")), why)
    return batch


def _move(batch: Import, before: str, after: str, **values: Any) -> None:
    if not Import.objects.filter(pk=batch.pk, state=before).update(state=after, **values):
        raise Refused(DONE_ALREADY)
    batch.state = after
    for name, value in values.items():
        setattr(batch, name, value)
