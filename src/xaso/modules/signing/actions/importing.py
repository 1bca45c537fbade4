"""Certificates of a whole commune from a spreadsheet: shown first, then taken whole or not at all."""

from __future__ import annotations

import hashlib
from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.signing.actions.register import Given, row_of
from xaso.modules.signing.models import Certificate, Import
from xaso.modules.signing.sheet import Line, read_sheet, stored

AT_ONCE = 500
SHOWN_FAULTS = 200


@action("signing.preview_import", "Xem trước sổ chữ ký số")
def preview_import(by: Actor, unit: Unit, /, *, name: str, data: bytes) -> Import:
    """Read a file and say of each line what it would do. Nothing counts yet."""
    sheet = read_sheet(name, data)
    known = _known(sheet.lines)
    fresh = [line for line in sheet.lines if (line.issuer, line.serial) not in known]
    if not fresh and not sheet.faults:
        raise Refused(f"Tệp {sheet.file} không có dòng nào mới so với sổ.")
    batch = Import.objects.create(
        unit=unit,
        unit_path=unit.path,
        file_name=sheet.file[:120],
        sha256=hashlib.sha256(data).hexdigest(),
        rows=[stored(line) for line in fresh],
        faults=sheet.faults[:SHOWN_FAULTS],
        known=len(sheet.lines) - len(fresh),
        by_id=by.account_id,
        by_name=by.name[:120],
        created_at=clock.now(),
    )
    note(rows=len(fresh), faults=len(sheet.faults))
    return batch


def _known(lines: list[Line]) -> set[tuple[str, str]]:
    serials = sorted({line.serial for line in lines})
    found: set[tuple[str, str]] = set()
    for start in range(0, len(serials), AT_ONCE):
        rows = Certificate.objects.filter(serial__in=serials[start : start + AT_ONCE])
        found |= set(rows.values_list("issuer", "serial"))
    return found


@action("signing.apply_import", "Nhập sổ chữ ký số")
def apply_import(by: Actor, batch: Import, /) -> Import:
    """Every line of the preview, or none."""
    if batch.faults:
        raise Refused(f"Tệp {batch.file_name} còn dòng sai. Sửa các dòng đã nêu rồi nhập lại tệp.")
    if not Import.objects.filter(pk=batch.pk, state=Import.State.PREVIEWED).update(
        state=Import.State.APPLIED, applied_at=clock.now()
    ):
        raise Refused("Tệp này đã được nhập. Hãy tải lại trang.")
    rows = [_row(by, batch, kept) for kept in batch.rows]
    if _known_now := _known([Line.of(kept) for kept in batch.rows]):
        raise Refused(f"Có {len(_known_now)} chứng thư vừa được ghi vào sổ. Hãy nhập lại tệp.")
    Certificate.objects.bulk_create(rows, batch_size=AT_ONCE)
    note(rows=len(rows))
    batch.refresh_from_db()
    return batch


def _row(by: Actor, batch: Import, kept: dict[str, Any]) -> Certificate:
    line = Line.of(kept)
    given = Given(
        holder_kind=line.holder_kind,
        holder_name=line.holder_name,
        holder_code=line.holder_code,
        means=line.means,
        serial=line.serial,
        issuer=line.issuer,
        valid_from=line.starts_at,
        valid_to=line.ends_at,
    )
    row = row_of(by, batch.unit, given)
    row.batch = batch
    return row
