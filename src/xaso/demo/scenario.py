"""`content/demo/scenario.yaml`, read and checked."""

from __future__ import annotations

from dataclasses import dataclass

from xaso.demo.content import demo_content, demo_file
from xaso.kit.errors import ContentFault

SCENARIO = "scenario.yaml"


@dataclass(frozen=True, slots=True)
class YearPlan:
    """What one commune's year looks like; shares in percent."""

    year: int
    dossiers: int
    online: float
    self: float
    on_time: float
    digitised: float


@dataclass(frozen=True, slots=True)
class CommunePlan:
    code: str
    slug: str
    years: tuple[YearPlan, ...]
    source: str
    open_now: int = 0


@dataclass(frozen=True, slots=True)
class Mix:
    code: str
    weight: int
    counter_only: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    password: str
    seed: int
    communes: tuple[CommunePlan, ...]
    mix: tuple[Mix, ...]
    officers: dict[str, str]
    names: dict[str, list[str]]

    @property
    def shown(self) -> CommunePlan:
        """The commune whose officers the start names, with dossiers in every state."""
        return next(one for one in self.communes if one.open_now)


def read_scenario() -> Scenario:
    """Raises ContentFault naming the file."""
    raw = demo_content(SCENARIO)
    try:
        communes = tuple(
            CommunePlan(**{**one, "years": tuple(YearPlan(**year) for year in one["years"])}) for one in raw["communes"]
        )
        return Scenario(**{**raw, "communes": communes, "mix": tuple(Mix(**one) for one in raw["mix"])})
    except (KeyError, TypeError) as fault:
        raise ContentFault(f"{demo_file(SCENARIO)}: thiếu hoặc thừa mục: {fault}.") from fault
