"""A Monday morning in March 2024, for everything that counts working days."""

import pytest
import time_machine

from xaso.modules.incoming.tests.factories import MONDAY


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller
