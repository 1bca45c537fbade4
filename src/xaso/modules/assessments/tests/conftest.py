from datetime import date
from decimal import Decimal

import pytest

from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.assessments.tests.staging import content_in
from xaso.modules.figures.models import Declared


@pytest.fixture(autouse=True)
def _small_set(settings, tmp_path):
    settings.CONTENT_DIRS = [content_in(tmp_path, settings.CONTENT_DIRS[0])]


@pytest.fixture
def villages(ngu_kien):
    """Four villages of Ngũ Kiên."""
    return [
        Unit.objects.create(
            code=f"T{n}", name=f"Thôn {n}", kind="village", parent=ngu_kien, path=f"{ngu_kien.path}T{n}.",
            valid_from=date(2020, 1, 1),
        )
        for n in range(4)
    ]  # fmt: skip


@pytest.fixture
def declared(ngu_kien, mai):
    """`declared("t_teams", 3)`: Ngũ Kiên stands for this number since the end of 2024, with a document."""

    def say(key: str, number: int) -> Declared:
        return Declared.objects.create(
            unit=ngu_kien, unit_path=ngu_kien.path, key=key, as_of=date(2024, 12, 31), number=Decimal(number),
            source="Sổ theo dõi", document_number="12/QĐ-UBND", document_title="Quyết định lập tổ",
            state=Declared.State.APPROVED, entered_by_name=mai.name, entered_at=clock.now(),
        )  # fmt: skip

    return say
