"""Drawn areas: what lies inside, what is no shape, and which villages an alert reaches by them."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xaso.core.units.models import Unit
from xaso.modules.alerts.actions import take_in
from xaso.modules.alerts.models import Alert
from xaso.modules.alerts.rules import cap
from xaso.modules.alerts.rules.shapes import Circle, Polygon, circle_of, distance_km, polygon_of
from xaso.modules.alerts.tests import samples
from xaso.modules.speakers.models import Device

SQUARE = "21.20,105.40 21.20,105.60 21.40,105.60 21.40,105.40 21.20,105.40"
BAY = "0,0 0,10 10,10 10,6 4,6 4,4 10,4 10,0 0,0"
degrees = st.floats(-80, 80, allow_nan=False)
angles = st.lists(st.integers(0, 3599), min_size=3, max_size=40, unique=True).map(sorted)


@pytest.mark.parametrize(
    ("point", "is_in"),
    [((1, 5), True), ((7, 5), False), ((7, 2), True), ((7, 8), True), ((11, 2), False), ((0, 5), True), ((4, 5), True),
     ((10, 0), True), ((-0.001, 5), False), ((5, 10.001), False)],
)  # fmt: skip
def test_a_polygon_with_a_bay_and_its_border(point, is_in):
    shape = polygon_of(BAY)
    assert isinstance(shape, Polygon)
    assert shape.holds(point) is is_in


@settings(max_examples=300, deadline=None)
@given(
    degrees, degrees, angles, st.floats(0.05, 5), st.floats(0, 1), st.integers(0, 39),
    st.booleans(),
)  # fmt: skip
def test_a_star_holds_exactly_what_lies_before_its_border(lat, lon, turns, radius, share, side, is_reversed):
    """On the way from the centre to the middle of a side, everything before it is inside and what follows is not."""
    around = [
        (lat + radius * math.cos(math.radians(t / 10)), lon + radius * math.sin(math.radians(t / 10))) for t in turns
    ]
    gaps = [(b - a) % 3600 for a, b in zip(turns, [*turns[1:], turns[0]], strict=True)]
    if max(gaps) >= 1750:  # the centre must lie well inside
        return
    side %= len(around)
    one, other = around[side], around[(side + 1) % len(around)]
    middle = ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
    shape = Polygon(tuple(reversed(around)) if is_reversed else tuple(around))
    for reach, is_in in ((0.98 * share, True), (1.02 + share, False)):
        point = (lat + (middle[0] - lat) * reach, lon + (middle[1] - lon) * reach)
        assert shape.holds(point) is is_in


@settings(max_examples=200, deadline=None)
@given(degrees, degrees, st.floats(0.1, 400), st.floats(0, 2 * math.pi))
def test_a_circle_holds_what_is_nearer_than_its_radius(lat, lon, km, towards):
    for share in (0.9, 1.1):
        step = km * share / 6371.0088
        there = math.asin(math.sin(math.radians(lat)) * math.cos(step)
                          + math.cos(math.radians(lat)) * math.sin(step) * math.cos(towards))  # fmt: skip
        east = math.atan2(
            math.sin(towards) * math.sin(step) * math.cos(math.radians(lat)),
            math.cos(step) - math.sin(math.radians(lat)) * math.sin(there),
        )
        point = (math.degrees(there), lon + math.degrees(east))
        assert Circle((lat, lon), km).holds(point) is (share < 1)


def test_a_known_distance():
    """Hà Nội to Việt Trì, about 60 kilometres."""
    assert 55 < distance_km((21.0278, 105.8342), (21.3227, 105.4020)) < 62


@pytest.mark.parametrize(
    "text",
    ["", "1,1", "1,1 2,2 1,1", "1,1 2,2 3,3 4,4", "1,1 1,1 1,1 1,1", "1,1 1,2 2,2 91,1 1,1", "1,1 1,2 2,2 1,181 1,1",
     "1;1 1;2 2;2 1;1", "a,b c,d e,f a,b", "1,1,1 1,2 2,2 1,1,1", "1e9,1 1,2 2,2 1e9,1", "nan,1 1,2 2,2 nan,1",
     "1,1 " * 5000],
)  # fmt: skip
def test_what_is_no_polygon(text):
    assert polygon_of(text) is None


@pytest.mark.parametrize("text", ["", "1,1", "1,1 x", "1,1 -5", "1,1 1e9", "95,1 5", "1,1 5 6", "1 1,5", "1,1 nan"])
def test_what_is_no_circle(text):
    assert circle_of(text) is None


# Which villages they reach


@pytest.fixture
def villages(ngu_kien, village):
    """The first inside SQUARE, the second far to the south, the third nobody knows where."""
    made = [village]
    for number, name in ((2, "Thôn Hạ"), (3, "Thôn Chưa Rõ")):
        made.append(
            Unit.objects.create(
                code=f"091570{number}", name=name, kind="village", parent=ngu_kien, valid_from=village.valid_from,
                path=f"{ngu_kien.path}091570{number}.",
            )
        )  # fmt: skip
    for number, (unit, lat, lon) in enumerate(
        [(made[0], 21.30, 105.50), (made[1], 20.9, 105.50), (made[2], None, None)]
    ):
        Device.objects.create(
            unit=unit, unit_path=unit.path, commune_code=ngu_kien.code, serial=f"LOA-V{number}", name="Loa",
            latitude=lat, longitude=lon, state_since=village.valid_from,
        )  # fmt: skip
    return made


def taken(truc, unit, *areas):
    drawn = samples.info(areas=tuple(areas))
    return take_in(truc, unit, source=samples.xml(infos=(drawn,)))


@pytest.mark.django_db
@pytest.mark.parametrize("shape", [{"polygons": (SQUARE,)}, {"circles": ("21.31,105.51 5",)}])
def test_a_drawn_area_reaches_the_villages_whose_point_lies_inside(truc, ngu_kien, villages, browser_of, shape):
    alert = taken(truc, ngu_kien, cap.Area("Vùng ven sông", **shape))
    assert alert.unit_paths == [villages[0].path]
    page = browser_of(truc).get(alert.get_absolute_url()).content.decode()
    assert "Chưa biết có nằm trong vùng vẽ trên bản đồ hay không: Thôn Chưa Rõ" in page
    assert "Thôn Hạ (" not in page


@pytest.mark.django_db
def test_a_speaker_at_the_commune_s_own_house_is_pointed_out_where_no_village_stands_for_it(truc, ngu_kien, villages):
    Device.objects.all().update(latitude=21.0, longitude=105.5)
    Device.objects.create(
        unit=ngu_kien, unit_path=ngu_kien.path, commune_code=ngu_kien.code, serial="LOA-TS", name="Trụ sở",
        latitude=21.30, longitude=105.50, state_since=ngu_kien.valid_from,
    )  # fmt: skip
    alert = taken(truc, ngu_kien, cap.Area("Vùng ven sông", polygons=(SQUARE,)))
    assert alert.unit_paths == []
    assert alert.state == Alert.State.WAITING, "the area is not elsewhere: a person chooses"
    assert any("loa đặt tại trụ sở" in one for one in alert.remarks)


@pytest.mark.django_db
def test_codes_and_drawn_areas_add_up(truc, ngu_kien, villages):
    south = cap.Area("Thôn Hạ", geocodes=(("VN-DVHC", villages[1].code),))
    alert = taken(truc, ngu_kien, cap.Area("Vùng ven sông", polygons=(SQUARE,)), south)
    assert alert.unit_paths == [villages[0].path, villages[1].path]
    whole = cap.Area("Cả xã", geocodes=(("VN-DVHC", ngu_kien.code),), polygons=(SQUARE,))
    other = take_in(truc, ngu_kien, source=samples.xml("VN-2", infos=(samples.info(areas=(whole,)),)))
    assert other.unit_paths == [ngu_kien.path]
    assert not any("Chưa biết" in one for one in other.remarks)


@pytest.mark.django_db
def test_an_area_elsewhere_and_one_that_cannot_be_read(truc, ngu_kien, villages):
    far = "10.0,106.0 10.0,106.5 10.5,106.5 10.0,106.0"
    alert = taken(truc, ngu_kien, cap.Area("Phía nam", polygons=(far,)))
    assert alert.unit_paths == []
    assert any("cần người chọn nơi phát" in one for one in alert.remarks)  # one village could still lie there
    Device.objects.filter(unit=villages[2]).update(latitude=21.0, longitude=105.5)
    placed = take_in(truc, ngu_kien, source=samples.xml("VN-3", infos=(samples.info(
        areas=(cap.Area("Phía nam", polygons=(far,)),)),)))  # fmt: skip
    assert placed.remarks == ["Cảnh báo không thuộc địa bàn Xã Ngũ Kiên."]
    broken = take_in(truc, ngu_kien, source=samples.xml("VN-4", infos=(samples.info(
        areas=(cap.Area("Vùng hỏng", polygons=("1,2 3,4 5,6 7,8",), circles=("95,105 5",)),)),)))  # fmt: skip
    assert any("2 vùng vẽ trên bản đồ không đọc được" in one for one in broken.remarks)
    assert broken.unit_paths == []
