"""Exports: asked for by a person, collected by the worker piece by piece, put together into one file.

Each piece lies in the store before its row says so: whatever dies in between, the next worker goes on after the last
piece recorded and the file comes out the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO, cast

from django.db.models import F, Q

from xaso.core.access import SYSTEM, Actor
from xaso.core.accounts.queries import actor_of
from xaso.core.actions import action, note
from xaso.core.files import actions as files
from xaso.core.files import rules as kinds
from xaso.core.files.receiving import Received, Saved
from xaso.core.files.stores import sha256_of, store
from xaso.core.measures import queries as measures
from xaso.core.measures.periods import find_period
from xaso.core.outbox.actions import announce
from xaso.core.units.models import Unit
from xaso.kit import clock, subject
from xaso.kit.errors import Forbidden, Refused
from xaso.kit.fold import tidy
from xaso.modules.reports.columns import columns_of, writer_of
from xaso.modules.reports.events import ExportAsked
from xaso.modules.reports.models import Export
from xaso.modules.reports.pieces import Made, write_csv, write_piece, write_xlsx
from xaso.modules.reports.queries.exports import RUNNING, heading_of, permission_of, rows_of, running_of

ROWS_A_PIECE = 10_000
MOST_AT_ONCE = 3
HOLD = timedelta(minutes=4)
"""For one piece; each piece begins it anew."""
ROWS_FINISHED_A_SECOND = 1_000
KEPT_FOR = timedelta(days=30)
MAY_NOT = "Bạn không được xem từng dòng của “{label}” ở {unit} nên không xuất được. Hãy nhờ người được giao việc này."
MAY_NOT_PERSONAL = "Bạn không được xem thông tin người nộp ở {unit}. Hãy bỏ chọn “Kèm thông tin cá nhân” rồi xuất lại."
NO_LONGER = "Người yêu cầu không còn được xem các dòng này nên bản xuất đã dừng."
DIED_EACH_TIME = "Đã thử lại {times} lần không xong. Hãy xuất kỳ ngắn hơn, hoặc báo người quản trị xem nhật ký."
MOST_RESTARTS = 5
GO_ON = "Một bản xuất khác đang lấy tiếp phần này."


@action("reports.export", "Xuất danh sách")
def ask_export(
    by: Actor, unit: Unit, /, *, measure: str, period: str, form: str, is_personal: bool, reason: str
) -> Export:
    """Order the rows behind a measure as a file. The reason is kept, and told whenever the file is opened."""
    label = _checked(by, unit, measure, is_personal=is_personal)
    asked = find_period(period)
    if asked is None:
        raise Refused("Hãy chọn kỳ số liệu, ví dụ 2024, 2024-Q1 hoặc 2024-03.")
    if form not in Export.Form.values:
        raise Refused("Hãy chọn dạng tệp: CSV hoặc Excel.")
    if not tidy(reason):
        raise Refused("Hãy ghi lý do xuất danh sách, ví dụ: đối chiếu báo cáo quý 1.")
    if running_of(by) >= MOST_AT_ONCE:
        raise Refused(f"Bạn đang có {MOST_AT_ONCE} bản xuất chưa xong. Hãy chờ xong rồi xuất tiếp.")
    made = Export.objects.create(
        unit=unit,
        unit_path=unit.path,
        measure=measure,
        label=label,
        period_key=asked.key,
        form=form,
        is_personal=is_personal,
        reason=tidy(reason)[:500],
        account_id=by.account_id,
        owner_person_id=by.person_id,
        asked_by=by.name[:120],
        asked_at=clock.now(),
    )
    announce(ExportAsked(str(made.uuid)))
    return made


def _checked(by: Actor, unit: Unit, measure: str, *, is_personal: bool) -> str:
    """The label of the measure, when this person may have its rows. Raises Forbidden."""
    permission = permission_of(measure)
    label = measures.catalogue()[measure].label
    if by.kind != "person" or not permission or not by.may(permission, on=unit):
        raise Forbidden(MAY_NOT.format(label=label, unit=unit))
    if is_personal and not by.may("dossiers.view", on=unit):
        raise Forbidden(MAY_NOT_PERSONAL.format(unit=unit))
    return label


def run_export(export: Export, enough: Callable[[], bool] = lambda: False, rows_a_piece: int = ROWS_A_PIECE) -> bool:
    """Collect until `enough` or the end, then put the file together. Called by the worker, outside every action.

    False when there is more to collect. True when it is over, or another worker is at it.
    """
    if not hold_export(SYSTEM, export):
        return True
    by = actor_of(export.account_id, via="export")
    if not _may_still(by, export):
        fail_export(SYSTEM, export, error=NO_LONGER)
        return True
    while piece := _collect(by, export, rows_a_piece):
        add_piece(SYSTEM, export, piece=piece)
        if piece.rows == rows_a_piece and enough():
            let_go(SYSTEM, export)
            return False
    try:
        made, received = _put_together(by, export)
    except FileNotFoundError:
        # Pieces lie in the store without a row of their own; one left alone for a day is swept away.
        start_over(SYSTEM, export)
        return True
    finish_export(SYSTEM, export, made=made, received=received)
    return True


def _may_still(by: Actor, export: Export) -> bool:
    permission = permission_of(export.measure)
    personal = not export.is_personal or by.may("dossiers.view", on=export)
    return by.may("reports.export", on=export) and by.may(permission, on=export) and personal


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece that lies in the store."""

    sha256: str
    rows: int
    last: int

    def for_audit(self) -> str:
        return f"{self.rows} dòng, {self.sha256}"


def _collect(by: Actor, export: Export, most: int) -> Piece | None:
    """The next rows after the cursor, into the store. None when there are no more."""
    rows = rows_of(by, export)
    model = rows.model._meta.label
    columns = columns_of(model, is_personal=export.is_personal)
    write = writer_of(model, columns)
    found = rows.filter(pk__gt=export.cursor).order_by("pk").values_list("pk", *(one.path for one in columns))
    last = export.cursor

    def lines() -> Iterator[list[str]]:
        nonlocal last
        for pk, *values in found[:most].iterator(chunk_size=2000):
            last = pk
            yield write(values)

    with _aside() as target:
        count = write_piece(target, lines())
        return Piece(_stored(target), count, last) if count else None


@contextmanager
def _aside() -> Iterator[BinaryIO]:
    with TemporaryFile() as target:
        yield cast("BinaryIO", target)


def _stored(target: IO[bytes]) -> str:
    target.seek(0)
    sha256 = sha256_of(cast("BinaryIO", target))
    target.seek(0)
    store().put(sha256, cast("BinaryIO", target))
    return sha256


def _put_together(by: Actor, export: Export) -> tuple[Made, Received]:
    heading = heading_of(export, rows_of(by, export).model._meta.label)
    longest = time_to_finish(len(export.parts) * ROWS_A_PIECE)

    def opened(sha256: str) -> BinaryIO:
        hold_longer(export, longest)
        return store().open(sha256)

    with _aside() as target:
        write: Any = write_csv if export.form == Export.Form.CSV else write_xlsx
        made = write(target, heading, export.parts, opened)
        hold_longer(export, longest)
        size = target.seek(0, 2)
        kind = kinds.CSV if export.form == Export.Form.CSV else kinds.XLSX
        name = f"{export.measure.replace('.', '-')}-{export.unit.code}-{export.period_key}{kind.extension}"
        return made, Received(Saved(_stored(target), size, kind.media_type, kinds.clean_name(name)))


def time_to_finish(rows: int) -> timedelta:
    """What a file may take to be packed, or to go into the store, before its worker counts as dead: by its rows."""
    return HOLD + timedelta(seconds=rows / ROWS_FINISHED_A_SECOND)


def hold_longer(export: Export, time: timedelta = HOLD) -> None:
    """A sign of life, no change of the export itself."""
    Export.objects.filter(pk=export.pk, state=Export.State.COLLECTING).update(held_until=clock.now() + time)


@action("reports.hold_export", "Bắt đầu lấy số liệu xuất")
def hold_export(by: Actor, export: Export, /) -> bool:
    """True when this worker has it; False while another is at it."""
    del by
    now = clock.now()
    free = Export.objects.filter(Q(held_until=None) | Q(held_until__lt=now), pk=export.pk, state__in=RUNNING)
    won = bool(free.update(state=Export.State.COLLECTING, held_until=now + HOLD))
    export.refresh_from_db(fields=["state", "cursor", "rows", "parts", "held_until"])
    return won


@action("reports.add_piece", "Lấy một phần số liệu xuất")
def add_piece(by: Actor, export: Export, /, *, piece: Piece) -> Export:
    """Record a piece after the last one. Refused when another worker has gone on from here."""
    del by
    here = Export.objects.filter(pk=export.pk, cursor=export.cursor, state=Export.State.COLLECTING)
    parts = [*export.parts, piece.sha256]
    changed = here.update(
        cursor=piece.last, rows=F("rows") + piece.rows, parts=parts, restarts=0, held_until=clock.now() + HOLD
    )
    if not changed:
        raise Refused(GO_ON)
    export.refresh_from_db(fields=["cursor", "rows", "parts", "held_until"])
    return export


@action("reports.let_go", "Tạm ngừng lấy số liệu xuất")
def let_go(by: Actor, export: Export, /) -> Export:
    """Whoever comes next goes on from here."""
    del by
    Export.objects.filter(pk=export.pk, state__in=RUNNING).update(held_until=None)
    return export


@action("reports.continue_export", "Lấy tiếp số liệu xuất")
def continue_export(by: Actor, export: Export, /) -> Export:
    """Ask for a worker once more: the one before died, or never came."""
    del by
    if export.restarts >= MOST_RESTARTS:
        return fail_export(SYSTEM, export, error=DIED_EACH_TIME.format(times=export.restarts))
    Export.objects.filter(pk=export.pk, state__in=RUNNING).update(held_until=None, restarts=F("restarts") + 1)
    announce(ExportAsked(str(export.uuid)))
    return export


@action("reports.start_over", "Lấy lại số liệu xuất từ đầu")
def start_over(by: Actor, export: Export, /) -> Export:
    del by
    Export.objects.filter(pk=export.pk, state__in=RUNNING).update(held_until=None, cursor=0, rows=0, parts=[])
    announce(ExportAsked(str(export.uuid)))
    return export


@action("reports.fail_export", "Dừng bản xuất")
def fail_export(by: Actor, export: Export, /, *, error: str) -> Export:
    del by
    values = {"state": Export.State.FAILED, "error": error[:500], "held_until": None, "finished_at": clock.now()}
    Export.objects.filter(pk=export.pk, state__in=RUNNING).update(**values)
    export.refresh_from_db()
    return export


@action("reports.finish_export", "Hoàn thành bản xuất")
def finish_export(by: Actor, export: Export, /, *, made: Made, received: Received) -> Export:
    """The file belongs to whoever asked and to nobody else of the unit: it may list people."""
    # The row is held first, so that of two workers at the end only one attaches a file.
    if not Export.objects.filter(pk=export.pk, state=Export.State.COLLECTING).update(held_until=clock.now() + HOLD):
        raise Refused(GO_ON)
    stored = files.attach(
        by, received, subject=subject.ref(export), unit_path="", kind="export", owner_person_id=export.owner_person_id
    )
    Export.objects.filter(pk=export.pk).update(
        state=Export.State.DONE,
        file=stored,
        rows=made.rows,
        rows_sha256=made.rows_sha256,
        finished_at=clock.now(),
        held_until=None,
        parts=[],
    )
    note(rows=made.rows, rows_sha256=made.rows_sha256)
    export.refresh_from_db()
    return export


@action("reports.remove_export", "Xoá bản xuất hết hạn")
def remove_export(by: Actor, export: Export, /) -> Export:
    """A list of people must not lie about: the file goes for good, the row says what there was."""
    stored = export.file
    Export.objects.filter(pk=export.pk).update(state=Export.State.REMOVED, file=None)
    if stored:
        files.discard_file(by, stored)
    export.refresh_from_db()
    return export
