"""Vĩnh Phúc with its 136 communes, and 24 months of cells as dossiers would have left them."""

from random import Random

from xaso.core.access import Actor
from xaso.core.accounts.tests.cast import _officer
from xaso.core.measures.models import Cell
from xaso.core.measures.periods import Period, months_on
from xaso.core.units.actions import load_units
from xaso.core.units.models import Unit
from xaso.modules.figures.models import Declared
from xaso.modules.targets.models import Plan, Target

SHARES = {
    "dossiers.judged_legal": 0.9, "dossiers.done": 0.92, "dossiers.on_time_legal": 0.86, "dossiers.online": 0.6,
    "dossiers.self": 0.35, "dossiers.assisted": 0.25, "dossiers.paper": 0.4, "dossiers.digitised": 0.7,
    "dossiers.e_result": 0.5, "dossiers.charged": 0.3,
}  # fmt: skip
SILENT_EVERY = 17
MONTHS = 24


def vinh_phuc() -> Unit:
    """The province of the shipped content, with communes as they were in 2024."""
    load_units(demo=False)
    return Unit.objects.get(code="26", kind="province")


def communes(province: Unit, day) -> list[Unit]:
    return list(Unit.objects.on(day).under(province.path).communes().order_by("path"))


def fill(units: list[Unit], last: Period, seed: int = 7) -> list[Unit]:
    """Cells for every unit but each 17th, which stay silent and are returned."""
    random, cells = Random(seed), []
    silent = units[::SILENT_EVERY]
    for number, unit in enumerate(units):
        if unit in silent:
            continue
        size = random.choice([4, 20, 60, 90, 140])
        good = 1 + random.uniform(-0.12, 0.1) if number != 5 else 0.1
        for step in range(MONTHS):
            first = months_on(last.last.year, last.last.month, -step)
            month, received = first.year * 100 + first.month, max(0, int(random.gauss(size, size / 5)))
            counted = {key: min(received, round(received * share * good)) for key, share in SHARES.items()}
            counted |= {"dossiers.received": received, "dossiers.paper": received - counted["dossiers.online"]}
            counted["dossiers.on_time_legal"] = min(counted["dossiers.on_time_legal"], counted["dossiers.judged_legal"])
            cells += [Cell(measure=k, unit_path=unit.path, month=month, value=v) for k, v in counted.items() if v]
    Cell.objects.bulk_create(cells, batch_size=500)
    return silent


def declared(unit: Unit, key: str, number, by: Actor, **more) -> Declared:
    """An approved declaration of a stock."""
    values = {
        "unit": unit, "unit_path": unit.path, "key": key, "number": number, "as_of": more.pop("as_of"),
        "source": "Báo cáo của xã", "state": "approved", "entered_by_name": by.name, "entered_at": more.pop("at"),
    }  # fmt: skip
    return Declared.objects.create(**values, **more)


def promised(unit: Unit, figure: str, value, at, year: int = 2024) -> Target:
    plan = Plan.objects.create(
        unit=unit, unit_path=unit.path, title="Kế hoạch chuyển đổi số", first_year=year, last_year=year,
        state="approved", made_at=at, made_by_name="Người lập",
    )  # fmt: skip
    return Target.objects.create(
        plan=plan, unit_path=unit.path, number=1, text="Hồ sơ đúng hạn", figure=figure, value=value,
        measure_unit="%", due_on=f"{year}-12-31", made_at=at, made_by_name="Người lập",
    )  # fmt: skip


def officer(key: str, unit: Unit) -> Actor:
    return _officer(key, unit)
