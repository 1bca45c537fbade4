"""`content/demo/scenario.yaml`, read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml
from django.conf import settings

from xaso.kit.errors import ContentFault


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


def read_scenario() -> Scenario:
    """Raises ContentFault naming the file."""
    file = next((d / "demo" / "scenario.yaml" for d in reversed(settings.CONTENT_DIRS) if _is_there(d)), None)
    if file is None:
        raise ContentFault("Không có content/demo/scenario.yaml.")
    raw = yaml.safe_load(file.read_text(encoding="utf-8"))
    try:
        communes = tuple(
            CommunePlan(**{**one, "years": tuple(YearPlan(**year) for year in one["years"])}) for one in raw["communes"]
        )
        return Scenario(**{**raw, "communes": communes, "mix": tuple(Mix(**one) for one in raw["mix"])})
    except (KeyError, TypeError) as fault:
        raise ContentFault(f"{file}: thiếu hoặc thừa mục: {fault}.") from fault


def _is_there(folder: Path) -> bool:
    return (folder / "demo" / "scenario.yaml").exists()
