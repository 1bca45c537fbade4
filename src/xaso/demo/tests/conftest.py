"""The province of December 2024 with the procedures of the mix, and the year the demonstration lives in."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from xaso.core.access import SYSTEM
from xaso.core.units.models import Unit
from xaso.demo import office
from xaso.demo.bulk import shared_sheet
from xaso.demo.people import make_officers, make_residents
from xaso.demo.play import Stage
from xaso.demo.scenario import read_scenario
from xaso.modules.procedures.actions import load_procedures

LONG_AGO, THE_END = date(2022, 1, 1), date(2025, 6, 30)
PRESENT = datetime(2024, 12, 18, 3, 0, tzinfo=UTC)
COMMUNES = [("08740", "Trưng Nhị", "ward"), ("09148", "Ngũ Kiên", "commune"), ("09064", "Liên Châu", "commune"),
            ("08881", "Hướng Đạo", "commune")]  # fmt: skip


@pytest.fixture
def demo_time(settings, tmp_path):
    """The demonstration's clock, whatever today is."""
    settings.DEMO_SHIFT = timedelta(seconds=round((datetime.now(UTC) - PRESENT).total_seconds()))
    settings.DATA_DIR = tmp_path


@pytest.fixture
def scenario():
    """With few dossiers in every commune."""
    whole = read_scenario()
    wanted = {code for code, _, _ in COMMUNES}
    return replace(whole, communes=tuple(
        replace(one, years=tuple(replace(year, dossiers=24) for year in one.years), open_now=min(one.open_now, 4))
        for one in whole.communes if one.code in wanted
    ))  # fmt: skip


@pytest.fixture
def small_province(db, demo_time, scenario):
    """Four communes and the procedures of the mix, loaded as the real loader does."""
    top = Unit.objects.create(
        code="26",
        name="Vĩnh Phúc",
        kind="province",
        path="26.",
        valid_from=LONG_AGO,
        valid_to=THE_END,
        agency_code="H62",
    )
    load_procedures(SYSTEM)
    return {
        code: Unit.objects.create(
            code=code, name=name, kind=kind, parent=top, path=f"26.{code}.", valid_from=LONG_AGO, valid_to=THE_END,
            agency_code=f"H62.{code}",
        )
        for code, name, kind in COMMUNES
    }  # fmt: skip


@pytest.fixture
def stage(small_province, scenario):
    """A commune with officers and residents, nothing played."""
    rng, unit = Random(5), small_province["09148"]
    officers = make_officers(scenario, unit, "ngu-kien", rng)
    office.forget()
    return Stage(unit, officers, make_residents(scenario, unit, rng, 6, shown=True), shared_sheet(), rng, scenario)
