"""What is known of a figure, and from where."""

from datetime import date
from decimal import Decimal

import pytest

from xaso.core.measures.periods import period_of
from xaso.core.units.models import Unit
from xaso.kit.errors import Missing
from xaso.modules.figures import queries as figures

LONG_AGO = date(2015, 1, 1)


@pytest.fixture
def villages(ngu_kien):
    for number in range(14):
        Unit.objects.create(
            code=f"V{number}", name=f"Thôn {number}", kind="village", parent=ngu_kien,
            path=f"{ngu_kien.path}V{number}.", valid_from=LONG_AGO,
        )  # fmt: skip


@pytest.fixture(autouse=True)
def _own(own_content):
    """Counts of statements and keys are those of our own catalogue."""


def now(key, unit, period="2024", **more):
    return figures.value(key, unit, period_of(period), **more)


def test_unknown_is_missing_and_never_zero(own_content, ngu_kien):
    found = now("t_people", ngu_kien)
    assert (found.origin, found.number, figures.shown(found)) == ("missing", None, "chưa có số liệu")
    assert now("dossiers_received", ngu_kien).is_missing
    assert now("on_time_share", ngu_kien).is_missing
    with pytest.raises(Missing, match="Không có số liệu tên"):
        now("no_such", ngu_kien)


def test_villages_are_counted(villages, ngu_kien, lien_chau):
    found = now("villages", ngu_kien)
    assert (found.number, found.origin, found.is_verified, found.as_of) == (14, "computed", True, date(2024, 12, 31))
    assert now("villages", lien_chau).is_missing


def test_fourteen_of_fourteen_is_computed_from_one_typed_number(state, villages, ngu_kien):
    state("t_teams", "2024", number=Decimal(14))
    found = now("t_team_share", ngu_kien)
    assert (found.number, found.numerator, found.denominator) == (100, 14, 14)
    assert (found.origin, found.is_verified, found.rests_on_declared) == ("computed", True, True)
    assert [one.key for one in found.sources] == ["t_teams", "villages"]


def test_both_origins_stand_side_by_side_with_the_gap(state, villages, ngu_kien):
    state("t_teams", "2024", number=Decimal(7))
    state("t_team_share", "2024", number=Decimal(98), comparator=">", source="Báo Vĩnh Phúc")
    found = now("t_team_share", ngu_kien)
    assert (found.number, found.gap) == (50, -48)
    [other] = found.others
    assert (figures.shown(other), other.is_verified, other.source) == ("hơn 98 %", False, "Báo Vĩnh Phúc")


def test_a_declared_share_without_parts_is_not_verified(state, ngu_kien):
    state("t_online", "2024", number=Decimal(46), comparator=">")
    found = now("t_online", ngu_kien)
    assert (found.origin, found.is_verified, figures.shown(found)) == ("declared", False, "hơn 46 %")


def test_a_declared_share_with_parts_is_verified_and_exact(state, ngu_kien):
    state("t_pair", "2024", numerator=Decimal(27), denominator=Decimal(27))
    state("t_online", "2024", numerator=Decimal(1), denominator=Decimal(3))
    assert figures.shown(now("t_pair", ngu_kien)) == "27/27"
    assert now("t_online", ngu_kien).number == Decimal(100) / 3
    assert now("t_online", ngu_kien).is_verified


def test_nothing_to_count_is_not_applicable(state, villages, ngu_kien):
    state("t_pair", "2024", numerator=Decimal(0), denominator=Decimal(0))
    found = now("t_pair", ngu_kien)
    assert found.is_not_applicable
    assert figures.shown(found) == "không áp dụng"


def test_a_sum_is_of_all_its_parts(state, ngu_kien):
    state("t_firms", "2024", number=Decimal(7956), comparator="~<")
    assert now("t_signatures", ngu_kien).is_missing
    state("t_persons", "2024", number=Decimal(3294))
    found = now("t_signatures", ngu_kien)
    assert (found.number, found.comparator, figures.shown_with_unit(found)) == (11250, "~<", "gần 11.250 chữ ký")


def test_a_stock_is_the_latest_of_its_year(state, ngu_kien):
    state("t_people", "2024", number=Decimal(8000), as_of=date(2024, 3, 31))
    state("t_people", "2024", number=Decimal(8100), as_of=date(2024, 9, 30))
    assert now("t_people", ngu_kien, "2024").number == 8100
    assert (now("t_people", ngu_kien, "2024-Q2").number, now("t_people", ngu_kien, "2024-Q2").as_of) == (
        8000,
        date(2024, 3, 31),
    )
    assert now("t_people", ngu_kien, "2024-02").is_missing
    assert now("t_people", ngu_kien, "2025-Q1").is_missing


def test_a_flow_is_of_its_period_or_of_all_its_months(state, ngu_kien):
    for month in (1, 2):
        state("t_spent", f"2024-{month:02d}", number=Decimal(10))
    assert now("t_spent", ngu_kien, "2024-Q1").is_missing
    state("t_spent", "2024-03", number=Decimal(5), comparator="~<")
    found = now("t_spent", ngu_kien, "2024-Q1")
    assert (found.number, found.comparator, found.origin) == (25, "~<", "declared")
    state("t_spent", "2024-Q1", number=Decimal(30))
    assert now("t_spent", ngu_kien, "2024-Q1").number == 30
    assert now("t_spent", ngu_kien, "2024").is_missing


def test_a_share_over_a_period_is_not_added_up(state, ngu_kien):
    for month in (1, 2, 3):
        state("t_online", f"2024-{month:02d}", number=Decimal(50))
    assert now("t_online", ngu_kien, "2024-Q1").as_of == date(2024, 3, 31)


def test_only_what_is_approved_counts(state, ngu_kien):
    state("t_people", "2024", number=Decimal(8000), approve=False)
    assert now("t_people", ngu_kien).is_missing


def test_part_of_the_people_is_another_figure(state, ngu_kien):
    state("t_online", "2024", number=Decimal(100), sub_population="cán bộ và công an phường")
    assert now("t_online", ngu_kien).is_missing
    assert now("t_online", ngu_kien, sub_population="cán bộ và công an phường").number == 100


def test_words(state, ngu_kien):
    state("t_trend", "2024", text="up")
    state("t_head", "2024", text="head")
    state("t_cameras", "2024", number=Decimal(1))
    state("t_since", "2024", text="2022-10-04")
    said = [figures.shown(now(key, ngu_kien)) for key in ("t_trend", "t_head", "t_cameras", "t_since")]
    assert said == ["tăng", "Chủ tịch", "có", "04/10/2022"]


def test_a_province_is_everything_under_it(villages, lien_chau, province):
    Unit.objects.create(
        code="X", name="X", kind="village", parent=lien_chau, path=f"{lien_chau.path}X.", valid_from=LONG_AGO
    )
    assert now("villages", province).number == 15


def test_as_many_statements_for_one_as_for_a_hundred(
    state, villages, province, district, ngu_kien, django_assert_max_num_queries
):
    state("t_teams", "2024", number=Decimal(14))
    more = [
        Unit.objects.create(
            code=f"C{n}", name=f"Xã {n}", kind="commune", parent=district, path=f"{district.path}C{n}.",
            valid_from=LONG_AGO,
        )
        for n in range(400)
    ]  # fmt: skip
    keys = [key for key, kind in figures.catalogue().items() if "commune" in kind.levels]
    figures.values(keys, [ngu_kien], period_of("2024"))
    with django_assert_max_num_queries(14):
        found = figures.values(keys, [ngu_kien, *more, province], period_of("2024"))
    assert len(found) == len(keys) * 402
    assert found["t_team_share", ngu_kien.path].number == 100
    assert found["villages", province.path].number == 14
    assert found["t_people", more[0].path].is_missing


def test_what_content_no_longer_has_is_told(state, own_content, settings, ngu_kien):
    state("t_people", "2024", number=Decimal(1))
    assert not list(figures.orphans())
    (own_content / "figures" / "test.yaml").unlink()
    settings.CONTENT_DIRS = [own_content, own_content]
    [sentence] = figures.orphans()
    assert "t_people" in sentence
