"""Who holds a signature: lines, spreadsheets, alarms, and the numbers that come out."""

import io
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
import time_machine

from xaso.core.access import SYSTEM
from xaso.core.accounts.models import Account
from xaso.core.measures import queries as measures
from xaso.core.measures.periods import period_of
from xaso.kit import clock
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.notifications.models import Message
from xaso.modules.signing import jobs, rules
from xaso.modules.signing.actions import (
    add_certificate,
    apply_import,
    preview_import,
    set_certificate_state,
)
from xaso.modules.signing.actions.register import Given
from xaso.modules.signing.models import Certificate, Import
from xaso.modules.signing.sheet import COLUMNS, SHAPE, template

pytestmark = pytest.mark.django_db
HEAD = list(COLUMNS.values())


def given(number, kind=rules.INDIVIDUAL, since=date(2024, 1, 1), until=date(2027, 1, 1), name="Nguyễn Thị Lan"):
    return Given(
        holder_kind=kind, holder_name=name, holder_code="026185001234", means="remote", serial=f"{number:04x}",
        issuer="VNPT-CA", valid_from=datetime.combine(since, time(), clock.VIETNAM),
        valid_to=datetime.combine(until, time(), clock.VIETNAM),
    )  # fmt: skip


def line(number, kind="Người dân", until="28/02/2027", **more):
    row = {
        "Loại": kind, "Người giữ": f"Người {number}", "Mã số": "", "Phương tiện": "Ký số từ xa",
        "Số sê-ri": f"AA{number:05d}", "Tổ chức cấp": "VNPT-CA", "Từ ngày": "01/03/2024", "Đến ngày": until,
    }  # fmt: skip
    return [(row | more)[name] for name in HEAD]


def book(*rows, head=HEAD, sheet=SHAPE.sheet):
    made = openpyxl.Workbook()
    made.active.title = sheet
    for row in [head, *rows]:
        made.active.append(row)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def test_a_line_is_in_the_register_once(quan, an, ngu_kien):
    made = add_certificate(quan, ngu_kien, given=given(1))
    assert (made.folded_name, made.account) == ("nguyen thi lan", None)
    with pytest.raises(Refused, match="đã có trong sổ"):
        add_certificate(quan, ngu_kien, given=given(1))
    with pytest.raises(Forbidden):
        add_certificate(an, ngu_kien, given=given(2))
    with pytest.raises(Refused, match="Ngày hết hạn"):
        add_certificate(quan, ngu_kien, given=given(3, until=date(2023, 1, 1)))
    with pytest.raises(Refused, match="Hãy ghi đủ"):
        add_certificate(quan, ngu_kien, given=given(4, name=" "))


def test_states_go_one_way_and_with_a_reason(quan, ngu_kien):
    made = add_certificate(quan, ngu_kien, given=given(1))
    with pytest.raises(Refused, match="lý do"):
        set_certificate_state(quan, made, state=rules.SUSPENDED, reason=" ")
    set_certificate_state(quan, made, state=rules.SUSPENDED, reason="Mất máy")
    set_certificate_state(quan, made, state=rules.ACTIVE, reason="Tìm thấy")
    set_certificate_state(quan, made, state=rules.REVOKED, reason="Lộ khoá")
    with pytest.raises(Refused, match="không đổi được nữa"):
        set_certificate_state(quan, made, state=rules.ACTIVE, reason="Nhầm")


def test_a_spreadsheet_is_shown_then_taken_whole(quan, ngu_kien):
    batch = preview_import(quan, ngu_kien, name="so.xlsx", data=book(line(1), line(2, "Doanh nghiệp"), line(3)))
    assert (len(batch.rows), batch.faults, batch.known) == (3, [], 0)
    assert not Certificate.objects.exists()
    apply_import(quan, batch)
    assert Certificate.objects.count() == 3
    with pytest.raises(Refused, match="đã được nhập"):
        apply_import(quan, batch)
    again = preview_import(quan, ngu_kien, name="so.xlsx", data=book(line(1), line(4)))
    assert (len(again.rows), again.known) == (1, 1)
    with pytest.raises(Refused, match="không có dòng nào mới"):
        preview_import(quan, ngu_kien, name="so.xlsx", data=book(line(1)))


def test_the_last_day_still_counts(quan, ngu_kien):
    apply_import(quan, preview_import(quan, ngu_kien, name="so.xlsx", data=book(line(1, until="28/02/2027"))))
    made = Certificate.objects.get()
    assert clock.local(made.valid_to) == datetime(2027, 3, 1, tzinfo=clock.VIETNAM)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (line(2, "Cây cối"), "Loại “Cây cối” không có"),
        (line(2, **{"Người giữ": ""}), "thiếu Người giữ"),
        (line(2, **{"Số sê-ri": "a/b"}), "chỉ được có chữ và số"),
        (line(2, until="31/02/2027"), "Đến ngày “31/02/2027” không đúng"),
        (line(2, until="01/01/2020"), "Đến ngày trước Từ ngày"),
        (line(1), "trùng số sê-ri với dòng 2"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_taken(quan, ngu_kien, row, said):
    batch = preview_import(quan, ngu_kien, name="so.xlsx", data=book(line(1), row))
    assert len(batch.faults) == 1
    assert batch.faults[0].startswith("Dòng 3: ")
    assert said in batch.faults[0]
    with pytest.raises(Refused, match="còn dòng sai"):
        apply_import(quan, batch)
    assert not Certificate.objects.exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("so.xlsx", b"PK\x03\x04khong phai"),
        ("so.csv", b"\xff\xfe\x00"),
        ("so.csv", "Loại;Người giữ\nx;y\n".encode()),
        ("so.xlsx", b""),
        ("so.xlsx", book(head=["a", "b"])),
    ],
)
def test_a_file_that_is_no_register_is_refused(quan, ngu_kien, name, data):
    with pytest.raises(Refused):
        preview_import(quan, ngu_kien, name=name, data=data)
    assert not Import.objects.exists()


def test_csv_and_our_own_form_are_read(quan, ngu_kien):
    text = "\n".join(";".join(row) for row in [HEAD, line(1), line(2)])
    assert len(preview_import(quan, ngu_kien, name="so.csv", data=text.encode("utf-8-sig")).rows) == 2
    assert len(preview_import(quan, ngu_kien, name="mau.xlsx", data=template()).rows) == 1


def test_holder_and_administrator_hear_at_60_30_and_7_days_once_each(hoa, quan, of_hoa, soon):
    people = {hoa.person_id, quan.person_id}
    for days, told in ((61, 0), (60, 2), (45, 0), (30, 2), (8, 0), (7, 2), (1, 0)):
        with time_machine.travel(soon(of_hoa, days)):
            assert jobs.warn_of_ends() == told, days
    assert set(Message.objects.values_list("person_id", flat=True)) == people
    assert Message.objects.filter(channel="inapp").count() == 6


def test_a_late_start_tells_only_the_nearest_alarm(quan, of_hoa, soon):
    with time_machine.travel(soon(of_hoa, 5)):
        assert jobs.warn_of_ends() == 2
        assert jobs.warn_of_ends() == 0


def test_what_is_ended_or_over_gives_no_alarm(quan, of_hoa, soon):
    set_certificate_state(quan, of_hoa, state=rules.ENDED, reason="Đổi thẻ")
    with time_machine.travel(soon(of_hoa, 7)):
        assert jobs.warn_of_ends() == 0


def test_the_numbers_of_the_article(quan, hoa, an, ngu_kien, lien_chau):
    add_certificate(SYSTEM, lien_chau, given=given(900))
    for number in range(7):
        add_certificate(quan, ngu_kien, given=given(number, rules.ENTERPRISE))
    for number in range(10, 13):
        add_certificate(quan, ngu_kien, given=given(number))
    for number, actor in ((20, hoa), (21, hoa), (22, an)):
        account = Account.objects.get(pk=actor.account_id)
        add_certificate(quan, ngu_kien, given=given(number, rules.OFFICIAL), account=account)
    add_certificate(quan, ngu_kien, given=given(30, rules.INDIVIDUAL, since=date(2026, 6, 1)))
    keys = ["signing.official", "signing.enterprise", "signing.individual", "signing.issued", "signing.officials_with"]
    found = measures.totals(keys, ngu_kien.path, period_of("2026-Q1"))
    assert [found[key] for key in keys] == [3, 7, 3, 10, 2]
    assert measures.totals(keys, ngu_kien.path, period_of("2026"))["signing.issued"] == 11
    assert measures.totals(keys, ngu_kien.path, period_of("2023"))["signing.issued"] == 0


def test_what_was_ended_later_was_still_held_before(quan, hoa, ngu_kien):
    account = Account.objects.get(pk=hoa.account_id)
    made = add_certificate(quan, ngu_kien, given=given(1, rules.OFFICIAL), account=account)
    with time_machine.travel(datetime(2026, 5, 10, tzinfo=clock.VIETNAM)):
        set_certificate_state(quan, made, state=rules.ENDED, reason="Nghỉ hưu")
    key = "signing.official"
    assert measures.totals([key], ngu_kien.path, period_of("2026-Q1"))[key] == 1
    assert measures.totals([key], ngu_kien.path, period_of("2026-Q2"))[key] == 0


@pytest.mark.parametrize(
    ("left", "alarm"), [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7), (-1, None)]
)
def test_which_alarm_a_certificate_stands_at(left, alarm):
    assert rules.alarm_for(left) == alarm


def test_pauses_grow_and_stop_growing():
    assert [rules.wait_before(tries) for tries in (0, 1, 2, 3, 4, 100)] == [5, 10, 20, 40, 60, 60]
    assert (rules.wait_before(3, 7), rules.wait_before(0, 3_600)) == (7, 60)
    now = datetime(2026, 1, 1, tzinfo=clock.VIETNAM)
    assert rules.is_out_of_patience(now - timedelta(minutes=15), now)
