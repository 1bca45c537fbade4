"""A day in 2024, the product's sets, and numbers that mai declares and hoa approves."""

from decimal import Decimal

import pytest
import time_machine

from xaso.core.access import SYSTEM
from xaso.core.measures.periods import period_of
from xaso.modules.figures.actions import Given, approve_figure, declare_figure
from xaso.modules.indicators.actions import load_sets


@pytest.fixture(autouse=True)
def _autumn_2024():
    with time_machine.travel("2024-10-10T09:00:00+07:00", tick=False):
        yield


@pytest.fixture
def sets(db):
    """The product's own content, loaded."""
    load_sets(SYSTEM)


@pytest.fixture
def year():
    return period_of("2024")


@pytest.fixture
def state(mai, hoa, ngu_kien):
    """`state(households=1000, households_fibre=850)`: declared and approved for 2024."""

    def declare(unit=ngu_kien, by=mai, approver=hoa, **numbers):
        for key, given in numbers.items():
            said = (
                {"text": given}
                if isinstance(given, str)
                else {"number": Decimal(given)}
                if isinstance(given, int)
                else given
            )
            row = declare_figure(
                by, unit, key=key, period=period_of("2024"), given=Given(**said, source="Báo cáo của xã")
            )
            approve_figure(approver, row)

    return declare
