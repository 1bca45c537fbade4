"""A provincial number beside the signed packs it should be the sum of."""

from datetime import datetime

import pytest
import time_machine

from xaso.core.access import Actor, Grant
from xaso.core.measures.models import Cell
from xaso.core.measures.periods import period_of
from xaso.kit import clock
from xaso.modules.overview import queries
from xaso.modules.packs.tests.making import line, sealed, tamper
from xaso.modules.reports.queries.reports import pack_kind

HALF = period_of("2024-H1")
KIND = pack_kind("khcn-cds")


@pytest.fixture
def july():
    with time_machine.travel(datetime(2024, 7, 20, 9, 0, tzinfo=clock.VIETNAM), tick=False):
        yield


def signed(unit, number):
    by = Actor(kind="person", account_id=1, name="Lãnh đạo", grants=(Grant("leader", unit.pk, unit.path),))
    given = line("received", number, figure="dossiers_received", label="Hồ sơ tiếp nhận")
    return sealed(by, unit, [given], kind=KIND, period=HALF, subject=f"test.Report:{unit.pk}")


def test_the_number_of_today_stands_beside_the_sum_with_the_gap(july, ngu_kien, lien_chau, province, son, browser_of):
    signed(ngu_kien, 30)
    signed(lien_chau, 12)
    for unit, count in ((ngu_kien, 35), (lien_chau, 12)):
        Cell.objects.create(measure="dossiers.received", unit_path=unit.path, month=202403, value=count)
    page = browser_of(son).get("/cockpit/overview/behind/dossiers_received/?period=2024-H1")
    found = page.context["signed"]
    assert (found.line.number, found.gap) == (42, 5)
    text = page.content.decode()
    assert "42 hồ sơ" in text
    assert "47 hồ sơ" in text
    assert "2 gói đã cộng" in text


def test_the_refused_and_the_silent_are_named(july, ngu_kien, lien_chau, province, son, browser_of):
    tamper(signed(ngu_kien, 30), '"number":"30"', '"number":"3000"')
    text = browser_of(son).get("/cockpit/overview/?period=2024-H1").content.decode()
    assert "không còn như lúc ký" in text
    assert "chưa ký: <b>1</b>" in text
    assert str(lien_chau) in text


def test_a_month_owes_no_report(july, province):
    assert queries.who_signed(province, period_of("2024-05")) is None
    assert queries.who_signed(province, HALF) is not None
