"""Sign the first quarter, then change a January dossier: the pack stays to the byte, the change stands beside it."""

from datetime import datetime

import pytest
import time_machine

from xaso.kit import clock
from xaso.modules.dossiers.actions import processing
from xaso.modules.dossiers.models import Dossier
from xaso.modules.dossiers.tests import factories
from xaso.modules.packs import queries
from xaso.modules.packs.jobs import notice_changes
from xaso.modules.packs.models import Pack, Restatement
from xaso.modules.packs.tests.making import Q1, line, sealed, tamper

pytestmark = pytest.mark.django_db
CONTENT = """
title: Thử nghiệm
figures:
  t_received: {label: Hồ sơ tiếp nhận, unit: hồ sơ, type: count, kind: flow, measure: dossiers.received}
  t_done: {label: Hồ sơ đã giải quyết, unit: hồ sơ, type: count, kind: flow, measure: dossiers.done}
  t_done_share: {label: Tỷ lệ đã giải quyết, type: percent, numerator: t_done, denominator: t_received}
"""
KEYS = ["t_received", "t_done", "t_done_share"]


@pytest.fixture(autouse=True)
def _figures(settings, tmp_path):
    """The real content, but with these figures only."""
    for part in settings.CONTENT_DIRS[0].iterdir():
        if part.name != "figures":
            (tmp_path / part.name).symlink_to(part)
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "test.yaml").write_text(CONTENT, encoding="utf-8")
    settings.CONTENT_DIRS = [tmp_path]


def on(month: int, day: int) -> time_machine.travel:
    return time_machine.travel(datetime(2024, month, day, 9, tzinfo=clock.VIETNAM), tick=False)


@pytest.fixture
def dossiers(catalogue, minh, an, thu, ngu_kien):
    """Two of January, none decided yet."""
    with on(1, 10):
        return [factories.received(minh, ngu_kien) for _ in range(2)]


@pytest.fixture
def pack(dossiers, hoa, ngu_kien) -> Pack:
    with on(4, 5):
        return sealed(hoa, ngu_kien, [*queries.lines_of(ngu_kien, Q1, KEYS), line("points", 71, label="Điểm")])


def finish(dossier: Dossier, *officers) -> None:
    """Late by now, so with an apology first. Through the real actions, to state 9."""
    people = {grant.role: officer for officer in officers for grant in officer.grants}
    due = datetime(2024, 4, 12, 9, tzinfo=clock.VIETNAM)
    processing.apologise(people["handler"], dossier, reason="Hồ sơ bị sót", new_due=due)
    processing.attach_result(people["handler"], dossier, upload=factories.uploaded(people["handler"]).uuid, number="1")
    while dossier.state == Dossier.State.PROCESSING:
        step = processing.sign_result if dossier.step_role == "leader" else processing.finish_step
        step(people[dossier.step_role], dossier)


def test_the_pack_shows_the_rows_it_stood_on(pack, dossiers):
    received, done, share, points = queries.contents(pack).lines
    ids = tuple(sorted(one.pk for one in dossiers))
    assert received.rows[0].ids == ids
    assert (done.number, done.rows[0].ids) == (0, ())
    assert [rows.measure for rows in share.rows] == ["dossiers.done", "dossiers.received"]
    assert points.rows == ()


def test_a_later_change_stands_beside_the_pack(pack, dossiers, minh, an, thu, hoa, van):
    body, sha256 = pack.body, pack.sha256
    assert queries.restatements(pack) == []
    with on(4, 8):
        finish(dossiers[0], minh, an, thu, hoa, van)
        seen = queries.restatements(Pack.objects.get())
        notice_changes()
    with on(4, 9):
        notice_changes()

    kept = Pack.objects.get()
    assert (kept.body, kept.sha256) == (body, sha256)
    assert queries.check(kept) == ""
    rows = {row.line_key: row for row in Restatement.objects.all()}
    assert set(rows) == {"t_done", "t_done_share"}
    assert Restatement.objects.count() == len(seen) == 2
    assert (rows["t_done"].was, rows["t_done"].now) == ("0 hồ sơ", "1 hồ sơ")
    assert (rows["t_done_share"].was, rows["t_done_share"].now) == ("0 % (0/2)", "50 % (1/2)")
    assert rows["t_done"].cause == "Dữ liệu gốc thay đổi sau khi ký: thêm 1 dòng, bớt 0 dòng."
    assert clock.local(rows["t_done"].noticed_at).day == 8
    assert list(queries.broken_packs()) == []


def test_a_second_change_is_a_second_line(pack, dossiers, minh, an, thu, hoa, van):
    with on(4, 8):
        finish(dossiers[0], minh, an, thu, hoa, van)
        notice_changes()
        finish(dossiers[1], minh, an, thu, hoa, van)
        notice_changes()
    found = Restatement.objects.filter(line_key="t_done").order_by("position")
    assert [(row.was, row.now) for row in found] == [("0 hồ sơ", "1 hồ sơ"), ("0 hồ sơ", "2 hồ sơ")]


def test_a_replaced_pack_is_no_longer_compared(pack, dossiers, minh, an, thu, hoa, van, ngu_kien):
    with on(4, 8):
        finish(dossiers[0], minh, an, thu, hoa, van)
        sealed(hoa, ngu_kien, queries.lines_of(ngu_kien, Q1, KEYS))
        notice_changes()
    assert not Restatement.objects.exists()


def test_what_changes_in_another_period_changes_nothing(pack, catalogue, minh, ngu_kien):
    with on(4, 8):
        factories.received(minh, ngu_kien)
        notice_changes()
    assert not Restatement.objects.exists()


def test_a_tampered_pack_is_not_compared_but_named(pack, dossiers, minh, an, thu, hoa, van):
    tamper(pack, '"number":"2"', '"number":"3"')
    with on(4, 8):
        finish(dossiers[0], minh, an, thu, hoa, van)
        notice_changes()
    assert not Restatement.objects.exists()
    [sentence] = queries.broken_packs()
    assert "2024-Q1" in sentence


def test_the_page_tells_at_once(
    pack, dossiers, minh, an, thu, hoa, van, mai, browser_of, django_assert_max_num_queries
):
    with on(4, 8):
        finish(dossiers[0], minh, an, thu, hoa, van)
        browser = browser_of(mai)
        with django_assert_max_num_queries(25):
            page = browser.get(f"/desk/packs/{pack.uuid}/").content.decode()
        assert "Nguyên vẹn" in page
        assert "50 % (1/2)" in page
        assert "thêm 1 dòng" in page
        listed = browser.get("/desk/packs/?kind=report&period=2024-Q1").content.decode()
        assert str(pack.uuid) in listed
        raw = browser.get(f"/desk/packs/{pack.uuid}/json/")
    assert raw.content == pack.body.encode()


def test_another_unit_does_not_see_it(pack, oanh, browser_of):
    assert browser_of(oanh).get(f"/desk/packs/{pack.uuid}/").status_code == 404
