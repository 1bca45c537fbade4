"""The schematic map: where the squares lie, and what the page says when nobody knows where they lie."""

from datetime import datetime

import pytest
import time_machine

from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.declared import ContentError
from xaso.kit.fold import fold
from xaso.modules.overview.definitions import layouts
from xaso.modules.overview.tests.factories import officer

Q3 = "period=2024-Q3"


def test_the_map_has_a_square_for_every_commune(watcher):
    drawn = watcher.get(f"/cockpit/overview/map/on_time_share/?{Q3}").context["map"]
    assert len(drawn.areas) == 9
    assert sum(len(area.squares) for area in drawn.areas) == 136
    assert sum(count for _, _, _, count in drawn.classes) == 136


@pytest.fixture
def phu_tho(whole):
    """The province of today: 148 communes and wards straight under it, and no layout."""
    with time_machine.travel(datetime(2026, 11, 20, 9, 0, tzinfo=clock.VIETNAM), tick=False):
        yield Unit.objects.get(code="25", kind="province")


def test_a_province_without_a_layout_says_that_places_are_not_geographic(phu_tho, browser_of):
    answer = browser_of(officer("son", phu_tho)).get("/cockpit/overview/map/on_time_share/?period=2026-Q3")
    drawn, page = answer.context["map"], answer.content.decode()
    assert [(area.name, len(area.squares)) for area in drawn.areas] == [("Phường (15)", 15), ("Xã (133)", 133)]
    for area in drawn.areas:
        names = [fold(square.name) for square in area.squares]
        assert names == sorted(names)
    assert len({square.url for area in drawn.areas for square in area.squares}) == 148
    assert "vị trí các ô không phải vị trí địa lý" in page
    assert "map--plain" in page
    assert len(answer.content) < 100_000


def test_vinh_phuc_stands_where_it_lies(watcher):
    page = watcher.get(f"/cockpit/overview/map/on_time_share/?{Q3}").content.decode()
    assert "vùng đặt gần đúng hướng thật" in page
    assert "map--plain" not in page


LAYOUT = """
province: "25"
areas:
  - {name: "Vùng thử", communes: ["04792", "04795", "04831"], column: 1, row: 1, wide: 3, high: 1}
"""


@pytest.fixture
def content(tmp_path, settings):
    """A folder of content of one's own, read anew."""
    (tmp_path / "map").mkdir()
    settings.CONTENT_DIRS = [*settings.CONTENT_DIRS, tmp_path]
    layouts.cache_clear()
    yield tmp_path / "map"
    layouts.cache_clear()


def test_a_layout_in_content_replaces_the_alphabet(phu_tho, browser_of, content):
    (content / "phu-tho.yaml").write_text(LAYOUT, encoding="utf-8")
    answer = browser_of(officer("son", phu_tho)).get("/cockpit/overview/map/on_time_share/?period=2026-Q3")
    drawn = answer.context["map"]
    assert [(area.name, len(area.squares)) for area in drawn.areas] == [("Vùng thử", 3), ("Chưa xếp vùng", 145)]
    assert "vùng đặt gần đúng hướng thật" in answer.content.decode()


CROWDED = """
province: "26"
areas:
  - {{code: "243", column: 1, row: {row}, wide: 3, high: 1}}
"""


@pytest.mark.parametrize("row", [1, 7])
@pytest.mark.parametrize("has_stray", [False, True])
def test_no_two_boxes_stand_on_one_place(watcher, content, row, has_stray):
    """Districts that find no room share a box, also with a commune that stands straight under the province."""
    if has_stray:
        stray = Unit.objects.communes().filter(path__startswith="26.").first()
        Unit.objects.filter(pk=stray.pk).update(parent=Unit.objects.get(path="26."))
    (content / "chat.yaml").write_text(CROWDED.format(row=row), encoding="utf-8")
    drawn = watcher.get(f"/cockpit/overview/map/on_time_share/?{Q3}").context["map"]
    places = [(area.column, area.row) for area in drawn.areas]
    assert len(places) == len(set(places)) == (4 if row == 7 else 9 + has_stray)
    assert ("Chưa xếp vùng" in [area.name for area in drawn.areas]) == (row == 7 or has_stray)
    assert sum(len(area.squares) for area in drawn.areas) == 136


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ('{name: "Vùng thử", column: 1, row: 1, wide: 3, high: 1}', "mỗi vùng có"),
        ('{code: "243", communes: ["1"], name: "A", column: 1, row: 1, wide: 3, high: 1}', "mỗi vùng có"),
        ('{name: "A", communes: ["04792", "04792"], column: 1, row: 1, wide: 3, high: 1}', "đứng ở hai vùng"),
    ],
)
def test_a_wrong_layout_is_named(content, wrong, says):
    (content / "sai.yaml").write_text(f'province: "25"\nareas:\n  - {wrong}\n', encoding="utf-8")
    with pytest.raises(ContentError, match=r"map/sai\.yaml") as told:
        layouts()
    assert says in str(told.value)
