"""A Monday morning in March 2026, for everything that counts working days."""

import pytest
import time_machine

from xaso.modules.feedback.tests.factories import MONDAY


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller
