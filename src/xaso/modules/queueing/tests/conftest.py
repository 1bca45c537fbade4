import pytest

from xaso.modules.queueing.actions import manage_counter, open_counter
from xaso.modules.queueing.models import Counter

CIVIL, LAND = "Hộ tịch", "Đất đai"


@pytest.fixture
def make_counter(quan, minh, ngu_kien):
    """`make_counter(2, "Đất đai")`: set up by the administrator, opened by the reception officer."""

    def make(number: int, *fields: str, is_open: bool = True) -> Counter:
        fresh = Counter(unit=ngu_kien, unit_path=ngu_kien.path)
        made = manage_counter(quan, fresh, number=number, label=fields[0] if fields else "Mọi việc", fields=fields)
        return open_counter(minh, made) if is_open else made

    return make


@pytest.fixture
def counter(make_counter):
    return make_counter(1, CIVIL, LAND)
