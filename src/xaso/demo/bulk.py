"""(Being written.)"""

from xaso.demo.scenario import Scenario


def fill(count: int, scenario: Scenario) -> None:
    raise NotImplementedError
