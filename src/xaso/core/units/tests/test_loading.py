"""Units come from files. A wrong file is named with its line; a second reading changes nothing."""

from datetime import date

import pytest

from xaso.core.units.actions import load_units
from xaso.core.units.models import Succession, Unit
from xaso.core.units.queries import current_owner, predecessors
from xaso.kit.errors import ContentFault

pytestmark = pytest.mark.django_db
HEAD = "code,name,kind,parent_code,valid_from,valid_to,agency_code,agency_code_mark"
UNITS = [
    HEAD,
    "09157,Ngũ Kiên,commune,252,2020-01-01,2025-06-30,H62.28.15,to_verify",
    "09055,Liên Châu,commune,252,2020-01-01,2025-06-30,H62.27.11,to_verify",
    "26,Vĩnh Phúc,province,,2020-01-01,2025-06-30,H62,verified",
    "252,Vĩnh Tường,district,26,2020-01-01,2025-06-30,H62.28,to_verify",
    "25,Phú Thọ,province,,2025-07-01,,H44,to_verify",
    "08900,Vĩnh An,commune,25,2025-07-01,,H44.217,to_verify",
]
LINKS = [
    "from_code,to_code,kind,effective_on,source,mark",
    "09157,08900,merge,2025-07-01,Nghị quyết thử,verified",
    "09055,08900,merge,2025-07-01,Nghị quyết thử,verified",
]


@pytest.fixture
def content(tmp_path, settings):
    settings.CONTENT_DIRS = [tmp_path]
    (tmp_path / "units").mkdir()

    def write(units=(), links=()):
        (tmp_path / "units" / "thu.csv").write_text("\n".join(units or UNITS) + "\n", encoding="utf-8")
        (tmp_path / "units" / "successions.csv").write_text("\n".join(links or LINKS) + "\n", encoding="utf-8")
        return tmp_path / "units"

    return write


def changed(lines, number, old, new):
    return [line.replace(old, new) if at == number else line for at, line in enumerate(lines, start=1)]


def test_units_are_read_in_any_order_with_their_path(content):
    content()
    assert load_units(demo=False) == {"units": 6, "successions": 2}
    commune = Unit.objects.get(code="09157")
    assert (commune.path, commune.parent.name) == ("26.252.09157.", "Vĩnh Tường")
    assert current_owner(commune, date(2025, 7, 1)).name == "Vĩnh An"
    assert {unit.name for unit in predecessors(Unit.objects.get(code="08900"))} == {"Ngũ Kiên", "Liên Châu"}


def test_a_second_reading_writes_nothing(content, django_assert_max_num_queries):
    content()
    load_units(demo=False)
    rows = list(Unit.objects.order_by("pk").values()) + list(Succession.objects.order_by("pk").values())
    assert load_units(demo=False) == {"units": 0, "successions": 0}
    assert list(Unit.objects.order_by("pk").values()) + list(Succession.objects.order_by("pk").values()) == rows


def test_a_changed_line_changes_its_unit_alone(content):
    content()
    load_units(demo=False)
    content(changed(UNITS, 2, "Ngũ Kiên", "Ngũ Kiên (mới)"))
    assert load_units(demo=False) == {"units": 1, "successions": 0}
    assert Unit.objects.count() == 6


@pytest.mark.parametrize(
    ("number", "old", "new", "says"),
    [
        (1, ",valid_from", ",from", "dòng 1: thiếu cột valid_from"),
        (3, "commune", "hamlet", "dòng 3: loại đơn vị 'hamlet'"),
        (3, "2020-01-01", "1/1/2020", "dòng 3: ngày '1/1/2020' chưa đúng"),
        (3, "2020-01-01", "2020-02-30", "dòng 3: ngày '2020-02-30' chưa đúng"),
        (4, "2020-01-01", "", "dòng 4: thiếu ngày hiệu lực"),
        (3, "2025-06-30", "2019-01-01", "dòng 3: ngày kết thúc đứng trước"),
        (3, ",252,", ",999,", "dòng 3: không có đơn vị cấp trên mã 999"),
        (3, "09055,", ",", "dòng 3: đơn vị phải có mã và tên"),
        (3, ",H62.27.11,to_verify", "", "dòng 3: số ô không khớp"),
        (3, "to_verify", "to_verify,thừa", "dòng 3: số ô không khớp"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_kept(content, number, old, new, says):
    content(changed(UNITS, number, old, new))
    with pytest.raises(ContentFault, match=r"^thu\.csv, ") as fault:
        load_units(demo=False)
    assert says in str(fault.value)
    assert not Unit.objects.exists()


@pytest.mark.parametrize(
    ("number", "old", "new", "says"),
    [
        (1, "effective_on", "on", "dòng 1: thiếu cột effective_on"),
        (2, "2025-07-01", "hôm nay", "dòng 2: ngày 'hôm nay' chưa đúng"),
        (2, "merge", "eaten", "dòng 2: kiểu kế thừa 'eaten'"),
        (3, "08900", "00000", "dòng 3: không có đơn vị 09055 hoặc 00000"),
        (3, "2025-07-01", "2019-07-01", "dòng 3: không có đơn vị"),
    ],
)
def test_a_wrong_succession_is_named_and_nothing_is_kept(content, number, old, new, says):
    content(links=changed(LINKS, number, old, new))
    with pytest.raises(ContentFault, match=r"^successions\.csv, ") as fault:
        load_units(demo=False)
    assert says in str(fault.value)
    assert not Unit.objects.exists()


def test_a_file_from_an_old_spreadsheet_is_told_so(content):
    folder = content()
    (folder / "thu.csv").write_bytes("\n".join(UNITS).encode("utf-16"))
    with pytest.raises(ContentFault, match="UTF-8"):
        load_units(demo=False)
