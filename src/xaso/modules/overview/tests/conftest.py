"""Vĩnh Phúc in October 2024, its communes filled but for the silent ones, and who looks at it."""

from datetime import date, datetime

import pytest
import time_machine

from xaso.core.measures.periods import period_of
from xaso.kit import clock
from xaso.modules.overview.tests.factories import communes, fill, officer, vinh_phuc

OCTOBER = datetime(2024, 10, 15, 9, 0, tzinfo=clock.VIETNAM)


@pytest.fixture
def october():
    with time_machine.travel(OCTOBER, tick=False):
        yield


@pytest.fixture
def whole(db, october):
    """The province with its communes filled; (province, communes, silent ones)."""
    province = vinh_phuc()
    units = communes(province, date(2024, 9, 30))
    return province, units, fill(units, period_of("2024-Q3"))


@pytest.fixture
def watcher(whole, browser_of):
    return browser_of(officer("son", whole[0]))
