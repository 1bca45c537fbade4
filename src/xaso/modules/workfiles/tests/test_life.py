"""A work file from its opening to the archive: every move, every refusal."""

from datetime import date, datetime
from io import BytesIO

import pytest
import time_machine
from openpyxl import load_workbook

from xaso.core.measures import queries as measures
from xaso.core.measures.counting import faults
from xaso.core.measures.periods import period_of
from xaso.kit import clock
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.workfiles import actions, queries, rules
from xaso.modules.workfiles.actions import Paper

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=clock.VIETNAM)
ONLINE = Paper("Kế hoạch số 12", is_electronic=True, dated_on=date(2026, 3, 1))
ON_PAPER = Paper("Biên bản họp thôn", is_electronic=False)


@pytest.fixture(autouse=True)
def _now(db):
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def opened(an, ngu_kien):
    return actions.open_workfile(an, ngu_kien, heading="CCHC", title="  Kế hoạch   chuyển đổi số 2026 ")


@pytest.fixture
def closed(an, opened):
    actions.add_paper(an, opened, paper=ONLINE)
    return actions.close_workfile(an, opened)


def test_numbers_run_through_the_year_without_gap(an, ngu_kien, opened):
    second = actions.open_workfile(an, ngu_kien, heading="DD", title="Cấp đất")
    assert (opened.number, second.number) == ("01/2026/HS-CCHC", "02/2026/HS-DD")
    assert (opened.title, opened.officer_name, second.kept) == ("Kế hoạch chuyển đổi số 2026", an.name, "70 năm")
    with time_machine.travel(datetime(2027, 1, 4, 9, 0, tzinfo=clock.VIETNAM), tick=False):
        assert actions.open_workfile(an, ngu_kien, heading="TC", title="Quý").number == "01/2027/HS-TC"


def test_a_wrong_heading_or_no_title_takes_no_number(an, ngu_kien):
    with pytest.raises(Refused, match="đề mục"):
        actions.open_workfile(an, ngu_kien, heading="XX", title="Việc")
    with pytest.raises(Refused, match="tên hồ sơ"):
        actions.open_workfile(an, ngu_kien, heading="TC", title="   ")
    assert actions.open_workfile(an, ngu_kien, heading="TC", title="Quý").number.startswith("01/")


def test_an_empty_file_does_not_close(an, opened):
    with pytest.raises(Refused, match="chưa có tài liệu"):
        actions.close_workfile(an, opened)


@pytest.mark.parametrize(("papers", "online"), [([ONLINE], True), ([ONLINE, ON_PAPER], False), ([ON_PAPER], False)])
def test_one_paper_on_paper_and_it_is_not_online(an, opened, papers, online):
    for paper in papers:
        actions.add_paper(an, opened, paper=paper)
    assert actions.close_workfile(an, opened).is_online is online


def test_a_thing_is_held_once_and_can_come_back(an, opened):
    paper = Paper("Văn bản đến số 7", is_electronic=True, subject="incoming.Document:7")
    item = actions.add_paper(an, opened, paper=paper)
    with pytest.raises(Refused, match="đã có"):
        actions.add_paper(an, opened, paper=paper)
    with pytest.raises(Refused, match="lý do"):
        actions.take_out(an, opened, item=item, reason=" ")
    actions.take_out(an, opened, item=item, reason="Nhầm hồ sơ")
    with pytest.raises(Refused, match="không còn"):
        actions.take_out(an, opened, item=item, reason="Nhầm hồ sơ")
    assert actions.add_paper(an, opened, paper=paper).pk != item.pk
    assert [one.removed_reason for one in queries.taken_out_of(opened)] == ["Nhầm hồ sơ"]


def test_a_closed_file_takes_nothing_and_opens_with_a_reason(an, closed):
    with pytest.raises(Refused, match="đã đóng"):
        actions.add_paper(an, closed, paper=ON_PAPER)
    with pytest.raises(Refused, match="lý do"):
        actions.reopen_workfile(an, closed, reason="")
    opened = actions.reopen_workfile(an, closed, reason="Bổ sung biên bản")
    assert (opened.state, opened.closed_at, opened.is_online) == (rules.OPEN, None, None)


def test_to_the_archive_and_partly_back(an, van, ngu_kien, closed):
    other = actions.open_workfile(an, ngu_kien, heading="TC", title="Quý I")
    actions.add_paper(an, other, paper=ON_PAPER)
    with pytest.raises(Refused, match="đang mở"):
        actions.offer_workfiles(an, ngu_kien, work_files=[other])
    actions.close_workfile(an, other)
    transfer = actions.offer_workfiles(an, ngu_kien, work_files=[other, closed])
    assert str(transfer) == "Đợt nộp lưu 01/2026"
    with pytest.raises(Forbidden):
        actions.accept_transfer(an, transfer)
    actions.give_back(van, other, reason="Thiếu chữ ký")
    assert (other.state, other.returned_reason, other.transfer) == (rules.CLOSED, "Thiếu chữ ký", None)
    actions.accept_transfer(van, transfer)
    closed.refresh_from_db()
    assert (closed.state, transfer.accepted_by) == (rules.ARCHIVED, van.name)
    with pytest.raises(Refused, match="nộp lưu"):
        actions.reopen_workfile(an, closed, reason="Sửa")
    with pytest.raises(Refused, match="không còn hồ sơ"):
        actions.accept_transfer(van, transfer)


def test_nothing_or_another_units_is_not_offered(an, ngu_kien, lien_chau, closed):
    with pytest.raises(Refused, match="ít nhất một"):
        actions.offer_workfiles(an, ngu_kien, work_files=[])
    closed.unit_path = lien_chau.path
    with pytest.raises(Refused, match="đơn vị mình"):
        actions.offer_workfiles(an, ngu_kien, work_files=[closed])


def test_two_offer_the_same_file_and_one_is_told(an, thu, ngu_kien, closed):
    stale = queries.work_file(thu, "workfiles.view", closed.uuid)
    actions.offer_workfiles(an, ngu_kien, work_files=[closed])
    with pytest.raises(Refused, match="vừa được người khác"):
        actions.offer_workfiles(thu, ngu_kien, work_files=[stale])


def test_the_share_online_is_counted_and_kept_true(an, ngu_kien, closed):
    other = actions.open_workfile(an, ngu_kien, heading="TC", title="Quý I")
    actions.add_paper(an, other, paper=ON_PAPER)
    actions.close_workfile(an, other)
    keys, month = ["workfiles.closed", "workfiles.closed_online"], period_of("2026-03")
    assert measures.totals(keys, ngu_kien.path, month) == {"workfiles.closed": 2, "workfiles.closed_online": 1}
    actions.reopen_workfile(an, closed, reason="Bổ sung")
    assert measures.totals(keys, ngu_kien.path, month) == {"workfiles.closed": 1, "workfiles.closed_online": 0}
    assert list(faults()) == []


def test_strangers_see_and_do_nothing(tam, minh, ngu_kien, opened):
    assert list(queries.work_files(tam)) == []
    with pytest.raises(Forbidden):
        actions.add_paper(tam, opened, paper=ONLINE)
    with pytest.raises(Forbidden):
        actions.open_workfile(minh, ngu_kien, heading="TC", title="Việc")


def test_the_list_that_goes_with_it(an, van, ngu_kien, closed, browser_of):
    transfer = actions.offer_workfiles(an, ngu_kien, work_files=[closed])
    answer = browser_of(van).get(f"/desk/workfiles/transfers/{transfer.uuid}/list.xlsx")
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[4] == (
        1, "01/2026/HS-CCHC", "Kế hoạch chuyển đổi số 2026", "04/03/2026", "04/03/2026", "20 năm", 1, "Toàn bộ điện tử",
    )  # fmt: skip
