"""The rows behind a measure as a file: complete, for the right person, and the same after a crash."""

import csv
import hashlib
import io
from datetime import datetime, timedelta

import openpyxl
import pytest
import time_machine
from django.db import connection

from xaso.core.access import SYSTEM
from xaso.core.audit.models import Entry
from xaso.core.files.jobs import sweep_orphans
from xaso.core.files.models import StoredFile
from xaso.core.files.stores import store
from xaso.core.files.verify import verify_files
from xaso.core.outbox.actions import deliver_all
from xaso.kit import clock
from xaso.kit.errors import Forbidden, Missing, Refused
from xaso.modules.dossiers.models import Dossier
from xaso.modules.dossiers.tests import many
from xaso.modules.reports.actions import exporting
from xaso.modules.reports.actions.exporting import ask_export, run_export
from xaso.modules.reports.jobs import remove_old_exports, take_up_exports
from xaso.modules.reports.models import Export
from xaso.modules.reports.queries.exports import export as export_of

pytestmark = pytest.mark.django_db
MONTH = "2026-11"
PIECE = 5
"""Rows a piece in these tests, so that a month has several."""
ROWS = 31


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel(many.NOW, tick=False):
        yield


@pytest.fixture
def month(ngu_kien, lien_chau):
    rows = many.a_mixed_month(ngu_kien)
    Dossier.objects.bulk_create([many.dossier(lien_chau, rows[0].version, 5000 + n) for n in range(3)])


def asked(by, unit, **more) -> Export:
    given = {
        "measure": "dossiers.received",
        "period": MONTH,
        "form": "csv",
        "is_personal": False,
        "reason": "Đối chiếu",
    }
    return ask_export(by, unit, **given | more)


def content_of(export: Export) -> bytes:
    export.refresh_from_db()
    assert export.state == "done", export.error
    with store().open(export.file.blob_id) as kept:
        return kept.read()


def rows_of(export: Export) -> list[dict[str, str]]:
    *rows, check = csv.reader(io.StringIO(content_of(export).decode("utf-8-sig"), newline=""))
    assert check[:3] == ["Kiểm tra", "Số dòng", str(len(rows) - 1)]
    assert check[4] == export.rows_sha256
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def recount(unit_path: str, more: str = "") -> list[tuple[str, int]]:
    """An independent list, in plain SQL: November's dossiers by the clock of Vietnam."""
    since = datetime(2026, 11, 1, tzinfo=clock.VIETNAM)
    until = datetime(2026, 12, 1, tzinfo=clock.VIETNAM)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, state FROM dossiers_dossier WHERE unit_path LIKE %s"
            f" AND accepted_at >= %s AND accepted_at < %s {more} ORDER BY id",
            [f"{unit_path}%", since, until],
        )
        return cursor.fetchall()


def test_an_export_is_what_sql_lists(month, hoa, ngu_kien):
    export = asked(hoa, ngu_kien)
    run_export(export, rows_a_piece=PIECE)
    found = rows_of(export)
    titles = dict(Dossier.State.choices)
    assert [(row["Mã hồ sơ"], row["Tình trạng"]) for row in found] == [
        (number, titles[state]) for number, state in recount(ngu_kien.path)
    ]
    assert export.rows == len(found) == ROWS
    assert "Người nộp" not in found[0]


def test_a_measure_exports_only_its_own_rows(month, hoa, ngu_kien):
    export = asked(hoa, ngu_kien, measure="dossiers.online")
    deliver_all()
    assert [row["Mã hồ sơ"] for row in rows_of(export)] == [
        number for number, _ in recount(ngu_kien.path, "AND channel = 'online'")
    ]


def test_a_workbook_has_the_same_rows_and_a_sheet_that_proves_them(month, hoa, ngu_kien):
    as_csv, as_xlsx = asked(hoa, ngu_kien), asked(hoa, ngu_kien, form="xlsx")
    run_export(as_csv, rows_a_piece=PIECE)
    run_export(as_xlsx, rows_a_piece=PIECE + 2)
    book = openpyxl.load_workbook(io.BytesIO(content_of(as_xlsx)))
    head, *lines = [[cell.value or "" for cell in row] for row in book["Dữ liệu"].iter_rows()]
    assert [dict(zip(head, line, strict=True)) for line in lines] == rows_of(as_csv)
    check = {row[0].value: row[1].value for row in book["Kiểm tra"].iter_rows()}
    assert check["Số dòng"] == str(ROWS)
    assert check["SHA-256 của tiêu đề và các dòng"] == as_xlsx.rows_sha256 == as_csv.rows_sha256
    assert check["Đơn vị"] == "Xã Ngũ Kiên"


class PowerCut(BaseException):
    """The process ends here."""


def cut_after(pieces: int):
    """Stands for the end of the process after that many recorded pieces."""
    left = iter(range(pieces - 1))

    def enough() -> bool:
        if next(left, None) is None:
            raise PowerCut
        return False

    return enough


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("pieces", [1, 3, 6])
def test_after_a_crash_the_file_is_the_same(month, hoa, ngu_kien, form, pieces):
    whole = asked(hoa, ngu_kien, form=form)
    deliver_all()
    crashed = asked(hoa, ngu_kien, form=form)
    with pytest.raises(PowerCut):
        run_export(crashed, cut_after(pieces), PIECE)
    crashed.refresh_from_db()
    assert (crashed.state, crashed.rows, len(crashed.parts)) == ("collecting", min(pieces * 5, ROWS), pieces)
    store().put(*_orphan())  # a piece that reached the store but not its row
    run_export(crashed)
    crashed.refresh_from_db()
    assert crashed.state == "collecting"  # still held by the worker that died
    with time_machine.travel(many.NOW + timedelta(minutes=5), tick=False):
        assert take_up_exports() == 1
        deliver_all()
    crashed.refresh_from_db()
    assert crashed.rows == ROWS
    if form == "csv":
        assert content_of(crashed) == content_of(whole)
    assert crashed.rows_sha256 == Export.objects.get(pk=whole.pk).rows_sha256


def _orphan():
    content = b"H62-1,x\r\n"
    return hashlib.sha256(content).hexdigest(), io.BytesIO(content)


def test_a_long_export_lets_go_and_is_taken_up(month, hoa, ngu_kien):
    export = asked(hoa, ngu_kien)
    assert not run_export(export, lambda: True, PIECE)
    export.refresh_from_db()
    assert (export.rows, export.held_until) == (5, None)
    deliver_all()
    assert len(rows_of(export)) == ROWS


def test_pieces_swept_away_are_collected_again(month, hoa, ngu_kien):
    export = asked(hoa, ngu_kien)
    run_export(export, lambda: True, PIECE)
    export.refresh_from_db()
    store().delete(export.parts[0])
    deliver_all()
    assert len(rows_of(export)) == ROWS


def test_what_kills_every_worker_is_given_up(month, hoa, ngu_kien):
    export = asked(hoa, ngu_kien)
    for number in range(7):
        with time_machine.travel(many.NOW + timedelta(minutes=5 * number), tick=False):
            take_up_exports()
    export.refresh_from_db()
    assert (export.state, "Đã thử lại 5 lần" in export.error) == ("failed", True)
    deliver_all()
    export.refresh_from_db()
    assert export.state == "failed"


def test_two_workers_at_one_export_make_one_file(month, hoa, ngu_kien):
    export = asked(hoa, ngu_kien)
    first, second = Export.objects.get(), Export.objects.get()
    run_export(first, lambda: True, PIECE)
    exporting.hold_export(SYSTEM, second)
    with pytest.raises(Refused, match="bản xuất khác"):
        exporting.add_piece(SYSTEM, Export(pk=export.pk, cursor=0), piece=exporting.Piece("x", 1, 1))
    deliver_all()
    assert StoredFile.objects.filter(kind="export").count() <= 1


def test_personal_columns_come_only_when_asked_and_allowed(month, hoa, minh, ngu_kien):
    export = asked(hoa, ngu_kien, is_personal=True, reason="Gọi người dân nhận kết quả")
    deliver_all()
    assert rows_of(export)[0]["Người nộp"] == "Nguyễn Thị Lan"
    with pytest.raises(Forbidden):
        asked(minh, ngu_kien)  # reception has no right to export


def test_who_may_not_see_the_dossiers_may_not_export_them(month, mai, oanh, son, hoa, ngu_kien, lien_chau):
    with pytest.raises(Forbidden, match="không được xem từng dòng"):
        asked(son, ngu_kien, measure="payments.paid")
    for other in (mai, oanh):
        with pytest.raises(Forbidden):
            asked(other, ngu_kien)
    with pytest.raises(Forbidden):
        asked(hoa, lien_chau)


def test_the_province_exports_the_whole_tree(month, son, province):
    export = asked(son, province)
    deliver_all()
    assert len(rows_of(export)) == ROWS + 3


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"reason": "  "}, "lý do"),
        ({"period": "2026-13"}, "chọn kỳ"),
        ({"form": "pdf"}, "CSV hoặc Excel"),
        ({"measure": "dossiers.none"}, "Không có số đo"),
    ],
)
def test_a_wrong_order_is_refused(month, hoa, ngu_kien, given, says):
    with pytest.raises(Refused, match=says):
        asked(hoa, ngu_kien, **given)


def test_three_at_once_are_enough(month, hoa, ngu_kien):
    for _ in range(3):
        asked(hoa, ngu_kien)
    with pytest.raises(Refused, match="3 bản xuất chưa xong"):
        asked(hoa, ngu_kien)


def test_an_export_is_nobody_elses(month, hoa, thu, ngu_kien):
    export = asked(hoa, ngu_kien)
    deliver_all()
    with pytest.raises(Missing):
        export_of(thu, export.uuid)
    export.refresh_from_db()
    assert not thu.may("files.view", on=export.file)
    assert hoa.may("files.view", on=export.file)


def test_who_lost_the_post_gets_nothing(month, hoa, ngu_kien):
    export = asked(hoa, ngu_kien)
    with time_machine.travel(many.NOW, tick=False), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_post SET valid_to = %s WHERE role = 'leader'", ["2026-11-01"])
    deliver_all()
    export.refresh_from_db()
    assert (export.state, "không còn được xem" in export.error) == ("failed", True)


def test_the_file_is_handed_out_with_the_reason_on_record(month, hoa, thu, ngu_kien, browser_of):
    export = asked(hoa, ngu_kien, is_personal=True, reason="Gọi người dân nhận kết quả")
    deliver_all()
    address = f"/desk/reports/exports/{export.uuid}/"
    page = browser_of(hoa).get(address).content.decode()
    export.refresh_from_db()
    assert export.rows_sha256 in page
    answer = browser_of(hoa).get(f"{address}file/")
    assert b"".join(answer.streaming_content) == content_of(export)
    read = Entry.objects.filter(verb="read").latest("id")
    assert "Gọi người dân nhận kết quả" in read.details["reason"]
    assert browser_of(thu).get(f"{address}file/").status_code == 404


def test_old_exports_go(month, hoa, ngu_kien, browser_of):
    export = asked(hoa, ngu_kien)
    deliver_all()
    with time_machine.travel(many.NOW + timedelta(days=31), tick=False):
        assert remove_old_exports() == 1
        assert remove_old_exports() == 0
        answer = browser_of(hoa).get(f"/desk/reports/exports/{export.uuid}/file/")
    assert answer.status_code == 404


def test_the_bytes_of_an_old_export_leave_the_disk(month, hoa, ngu_kien, browser_of):
    export = asked(hoa, ngu_kien)
    deliver_all()
    export.refresh_from_db()
    sha256, name = export.file.blob_id, export.file.name
    with time_machine.travel(clock.machine_now() + timedelta(days=29), tick=False):
        assert remove_old_exports() == 0
        sweep_orphans()
    assert store().exists(sha256)
    with time_machine.travel(clock.machine_now() + timedelta(days=31), tick=False):
        assert remove_old_exports() == 1
        sweep_orphans()
        page = browser_of(hoa).get("/desk/reports/exports/").content.decode()
        shown = browser_of(hoa).get(f"/desk/reports/exports/{export.uuid}/").content.decode()
    assert not store().exists(sha256)
    assert verify_files() == []
    export.refresh_from_db()
    assert (export.state, export.file, export.rows) == ("removed", None, ROWS)
    assert Entry.objects.filter(verb="reports.remove_export").count() == 1
    entry = Entry.objects.get(verb="files.discard")
    assert f"{name}, {sha256}" in entry.details.values()
    for text in (page, shown):
        assert "Đã hết hạn, hãy tạo lại" in text
        assert f"measure=dossiers.received&amp;period={MONTH}&amp;unit={ngu_kien.code}" in text


def test_bytes_that_another_file_uses_stay(month, hoa, ngu_kien):
    first, second = asked(hoa, ngu_kien), asked(hoa, ngu_kien)
    deliver_all()
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.file.blob_id == second.file.blob_id
    exporting.remove_export(SYSTEM, first)
    with time_machine.travel(clock.machine_now() + timedelta(days=2), tick=False):
        sweep_orphans()
    assert content_of(second)
