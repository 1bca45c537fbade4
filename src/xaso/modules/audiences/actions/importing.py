"""Contacts of a whole commune from a spreadsheet: shown first, taken whole or not at all, undone whole."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db.models import F

from xaso.core.access import Actor
from xaso.core.access.queries import under
from xaso.core.actions import action, note
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import fold
from xaso.modules.audiences.models import Consent, Contact, Import
from xaso.modules.audiences.sheet import Line, read_sheet

AT_ONCE = 500
SHOWN_FAULTS = 200


@action("audiences.preview_import", "Xem trước danh sách người nhận")
def preview_import(by: Actor, unit: Unit, /, *, name: str, data: bytes) -> Import:
    """Read a file and say of each line what it would do. Nothing counts yet."""
    villages = {fold(one.name): one for one in Unit.objects.on(clock.today()).under(unit.path)}
    sheet = read_sheet(name, data, {name: (one.pk, one.path, str(one)) for name, one in villages.items()}, _own(unit))
    known = _known(unit, [line.phone for line in sheet.lines])
    fresh = [line for line in sheet.lines if (line.phone, line.unit_path) not in known]
    if not fresh and not sheet.faults:
        raise Refused(f"Tệp {sheet.file} không có ai mới: mọi số đều đã có trong sổ.")
    batch = Import.objects.create(
        unit=unit,
        unit_path=unit.path,
        file_name=sheet.file[:120],
        sha256=hashlib.sha256(data).hexdigest(),
        rows=[line.kept() for line in fresh],
        faults=sheet.faults[:SHOWN_FAULTS],
        fault_count=len(sheet.faults),
        known=len(sheet.lines) - len(fresh),
        by_id=by.account_id,
        by_name=by.name[:120],
        created_at=clock.now(),
    )
    note(rows=len(fresh), faults=len(sheet.faults))
    return batch


def _own(unit: Unit) -> tuple[int, str, str]:
    return unit.pk, unit.path, str(unit)


def _known(unit: Unit, phones: list[str]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for start in range(0, len(phones), AT_ONCE):
        rows = Contact.objects.filter(under(unit.path), phone__in=phones[start : start + AT_ONCE], is_active=True)
        found |= set(rows.values_list("phone", "unit_path"))
    return found


@action("audiences.apply_import", "Nhập danh sách người nhận")
def apply_import(by: Actor, batch: Import, /) -> Import:
    """Every line of the preview, or none."""
    if batch.faults:
        raise Refused(f"Tệp {batch.file_name} còn {batch.fault_count} chỗ sai. Sửa các ô đã nêu rồi nhập lại tệp.")
    now = clock.now()
    if not Import.objects.filter(pk=batch.pk, state=Import.State.PREVIEWED).update(
        state=Import.State.APPLIED, applied_at=now, added=len(batch.rows)
    ):
        raise Refused("Tệp này đã được nhập. Hãy tải lại trang.")
    lines = [Line.of(kept) for kept in batch.rows]
    if twice := _known(batch.unit, [line.phone for line in lines]) & {(line.phone, line.unit_path) for line in lines}:
        raise Refused(f"Có {len(twice)} số vừa được ghi vào sổ sau lúc xem trước. Hãy nhập lại tệp.")
    rows = [_contact(line, batch, now) for line in lines]
    Contact.objects.bulk_create(rows, batch_size=AT_ONCE)
    said = [one for line, row in zip(lines, rows, strict=True) for one in _consents(by, line, row)]
    Consent.objects.bulk_create(said, batch_size=AT_ONCE)
    note(rows=len(rows), consents=len(said))
    batch.refresh_from_db()
    return batch


def _contact(line: Line, batch: Import, now: Any) -> Contact:
    return Contact(
        unit_id=line.unit_id,
        unit_path=line.unit_path,
        name=line.name,
        folded_name=fold(line.name)[:120],
        phone=line.phone,
        note=line.note,
        source=Contact.Source.IMPORT,
        batch=batch,
        created_at=now,
        changed_at=now,
    )


def _consents(by: Actor, line: Line, contact: Contact) -> list[Consent]:
    return [
        Consent(
            contact=contact,
            unit_path=contact.unit_path,
            phone=contact.phone,
            topic=topic,
            channel="",
            given=True,
            how="import",
            evidence=line.evidence,
            said_on=line.agreed_on,
            at=contact.created_at,
            by_name=by.name[:120],
            by_account_id=by.account_id,
        )
        for topic in line.topics
    ]


@action("audiences.undo_import", "Huỷ lần nhập người nhận")
def undo_import(by: Actor, batch: Import, /) -> Import:
    """Take back everyone this file brought, except whoever was amended, joined or said something since."""
    del by
    if not Import.objects.filter(pk=batch.pk, state=Import.State.APPLIED).update(
        state=Import.State.UNDONE, undone_at=clock.now()
    ):
        raise Refused("Lần nhập này không ở trạng thái đã nhập. Hãy tải lại trang.")
    spoke = Consent.objects.filter(contact__batch=batch).exclude(how="import").values("contact_id")
    merged = Contact.objects.filter(merged_into__batch=batch).values("merged_into_id")
    untouched = Contact.objects.filter(
        batch=batch, changed_at=F("created_at"), person=None, is_active=True
    ).exclude(pk__in=spoke).exclude(pk__in=merged)  # fmt: skip
    keys = list(untouched.values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        portion = keys[start : start + AT_ONCE]
        Consent.objects.filter(contact_id__in=portion).delete()
        Contact.objects.filter(pk__in=portion).delete()
    kept = Contact.objects.filter(batch=batch).count()
    Import.objects.filter(pk=batch.pk).update(kept=kept)
    note(taken_back=len(keys), kept=kept)
    batch.refresh_from_db()
    return batch
