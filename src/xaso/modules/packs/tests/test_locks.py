"""A locked period stays as it is until somebody opens it and says why, or its last day has passed."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from xaso.core.measures.periods import period_of
from xaso.kit import clock
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.figures.actions import Given, approve_figure, declare_figure, withdraw_figure
from xaso.modules.packs import queries
from xaso.modules.packs.actions import lock_period, unlock_period
from xaso.modules.packs.tests.making import Q1

pytestmark = pytest.mark.django_db
APRIL = datetime(2024, 4, 15, 9, tzinfo=clock.VIETNAM)


@pytest.fixture(autouse=True)
def april():
    with time_machine.travel(APRIL, tick=False) as now:
        yield now


def test_a_lock_holds_its_period_and_what_lies_inside(hoa, ngu_kien, lien_chau):
    lock_period(hoa, ngu_kien, period=Q1, reason="Đã gửi báo cáo quý I")
    assert queries.is_locked(ngu_kien, Q1)
    assert queries.is_locked(ngu_kien, period_of("2024-02"))
    assert not queries.is_locked(ngu_kien, period_of("2024"))
    assert not queries.is_locked(ngu_kien, period_of("2024-Q2"))
    assert not queries.is_locked(lien_chau, Q1)


def test_the_lock_of_the_province_holds_every_commune(son, province, ngu_kien, lien_chau):
    lock_period(son, province, period=Q1, reason="Hết hạn báo cáo")
    assert queries.is_locked(ngu_kien, Q1)
    assert queries.is_locked(lien_chau, Q1)


def test_a_lock_opens_after_its_last_day(hoa, ngu_kien, april):
    lock_period(hoa, ngu_kien, period=Q1, reason="Chờ kiểm tra", until=date(2024, 4, 20))
    april.shift(timedelta(days=5))
    assert queries.is_locked(ngu_kien, Q1)
    april.shift(timedelta(days=1))
    assert not queries.is_locked(ngu_kien, Q1)
    again = lock_period(hoa, ngu_kien, period=Q1, reason="Khoá tiếp")
    assert queries.lock_on(ngu_kien, Q1) == again


def test_opening_needs_a_reason_and_happens_once(hoa, ngu_kien):
    lock = lock_period(hoa, ngu_kien, period=Q1, reason="Đã gửi báo cáo")
    with pytest.raises(Refused, match="lý do"):
        unlock_period(hoa, lock, reason=" ")
    unlock_period(hoa, lock, reason="Sửa số thôn theo biên bản")
    assert not queries.is_locked(ngu_kien, Q1)
    with pytest.raises(Refused, match="trước đó"):
        unlock_period(hoa, lock, reason="Lần nữa")


def test_what_cannot_be_locked_is_said(hoa, ngu_kien):
    with pytest.raises(Refused, match="lý do"):
        lock_period(hoa, ngu_kien, period=Q1, reason="")
    with pytest.raises(Refused, match="đã qua"):
        lock_period(hoa, ngu_kien, period=Q1, reason="x", until=date(2024, 4, 1))
    lock_period(hoa, ngu_kien, period=Q1, reason="Đã gửi báo cáo")
    with pytest.raises(Refused, match="đã khoá từ 15/04/2024: Đã gửi báo cáo"):
        lock_period(hoa, ngu_kien, period=Q1, reason="Lần nữa")


def test_only_who_may(mai, tam, hoa, ngu_kien, lien_chau):
    for by, unit in ((mai, ngu_kien), (tam, lien_chau), (hoa, lien_chau)):
        with pytest.raises(Forbidden):
            lock_period(by, unit, period=Q1, reason="x")


def test_the_pages(hoa, ngu_kien, browser_of, django_assert_max_num_queries):
    browser = browser_of(hoa)
    answer = browser.post("/desk/packs/locks/", {"period": "2024-Q1", "reason": "Đã gửi báo cáo"})
    assert answer.status_code == 302
    lock = queries.lock_on(ngu_kien, Q1)
    with django_assert_max_num_queries(12):
        assert "đang khoá" in browser.get("/desk/packs/locks/").content.decode()
    again = browser.post("/desk/packs/locks/", {"period": "2024-Q1", "reason": ""})
    assert "Lý do" in again.content.decode()
    assert again.status_code == 200
    browser.post(f"/desk/packs/locks/{lock.uuid}/", {"reason": "Sửa số thôn"})
    assert not queries.is_locked(ngu_kien, Q1)


def test_figures_of_a_locked_period_stay(hoa, mai, ngu_kien):
    """Declared figures live in a lower module; the lock holds them all the same."""
    given = Given(number=Decimal(12), source="Sổ theo dõi")
    month = period_of("2024-02")
    waiting = declare_figure(mai, ngu_kien, key="households", period=month, given=given)
    lock = lock_period(hoa, ngu_kien, period=Q1, reason="Đã gửi báo cáo quý I")
    with pytest.raises(Refused, match="Số liệu quý 1 năm 2024 của Xã Ngũ Kiên đã khoá: Đã gửi báo cáo quý I"):
        declare_figure(mai, ngu_kien, key="households", period=month, given=given)
    with pytest.raises(Refused, match="đã khoá"):
        approve_figure(hoa, waiting)
    with pytest.raises(Refused, match="đã khoá"):
        withdraw_figure(mai, waiting, reason="Nhầm")
    declare_figure(mai, ngu_kien, key="households", period=period_of("2024-04"), given=given)
    unlock_period(hoa, lock, reason="Sửa số hộ")
    approve_figure(hoa, waiting)
