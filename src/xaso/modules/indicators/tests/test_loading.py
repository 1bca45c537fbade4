"""Content becomes versions: once, again without effect, and anew when a weight or a band is edited."""

from datetime import date

import pytest

from xaso.core.access import SYSTEM
from xaso.core.measures.periods import period_of
from xaso.kit.errors import Forbidden
from xaso.modules.indicators import queries
from xaso.modules.indicators.actions import load_sets
from xaso.modules.indicators.models import SetVersion
from xaso.modules.indicators.tests.test_definitions import GOOD, put

pytestmark = pytest.mark.django_db
TEXT = GOOD.replace("a: a, b: b, share: ab", "a: cnscd_teams, b: villages").replace(
    "figure: a, most: b", "figure: cnscd_teams"
)
TEXT = TEXT.replace("figure: n\n", "figure: broadcasts\n").replace("figure: x", "figure: lan")


@pytest.fixture
def folder(tmp_path, settings):
    (tmp_path / "indicators").mkdir()
    put(tmp_path, TEXT)
    (tmp_path / "figures").mkdir()
    settings.CONTENT_DIRS = [*settings.CONTENT_DIRS, tmp_path]
    return tmp_path


def test_the_product_s_content_loads_once(sets):
    count = SetVersion.objects.count()
    report = load_sets(SYSTEM)
    assert (report.new, report.changed, report.unchanged) == ([], [], count)
    assert SetVersion.objects.count() == count


def test_an_edited_band_is_a_new_version(folder, ngu_kien):
    load_sets(SYSTEM)
    old = queries.set_named("thu", date(2023, 5, 1))
    put(folder, TEXT.replace("below: 4, share: 0.5", "below: 4, share: 0.75"))
    assert load_sets(SYSTEM).changed == ["thu 1"]
    new = queries.set_named("thu", date(2023, 5, 1))
    assert (new.version, new.uuid == old.uuid, new.is_current) == ("1", False, True)
    kept = queries.set_version(old.uuid)
    assert (kept.checksum, kept.is_current) == (old.checksum, False)
    (change,) = queries.changes(old, new)
    assert (change.code, change.what) == ("1.2", "công thức")
    assert "share 0,5" in change.was
    assert "share 0,75" in change.now
    assert queries.score(kept, ngu_kien, period_of("2023")).max == 30


def test_each_day_has_its_version(folder):
    load_sets(SYSTEM)
    assert queries.set_named("thu", date(2023, 12, 31)).version == "1"
    assert queries.set_named("thu", date(2024, 1, 1)).version == "2"
    assert [one.version for one in queries.versions_of("thu")] == ["2", "1"]


def test_what_the_file_no_longer_says_is_superseded(folder):
    load_sets(SYSTEM)
    put(folder, TEXT.replace("2024-01-01", "2024-02-01").replace("2023-12-31", "2024-01-31"))
    load_sets(SYSTEM)
    assert queries.set_named("thu", date(2024, 1, 15)).version == "1"
    assert SetVersion.objects.filter(code="thu").count() == 4
    assert SetVersion.objects.filter(code="thu", superseded_at=None).count() == 2


def test_a_better_title_is_no_new_version(folder):
    load_sets(SYSTEM)
    put(folder, TEXT.replace("title: Bộ thử", "title: Bộ thử nghiệm"))
    assert load_sets(SYSTEM).changed == []
    assert queries.set_named("thu", date(2024, 1, 1)).title == "Bộ thử nghiệm"


def test_only_the_catalogue_s_keeper_loads(kien, mai):
    assert load_sets(kien).new
    with pytest.raises(Forbidden):
        load_sets(mai)


def test_sets_are_read_in_two_statements(sets, django_assert_num_queries):
    queries.sets_on(date(2024, 6, 1))
    with django_assert_num_queries(1):
        assert len(queries.sets_on(date(2024, 6, 1))) == 3


def test_a_version_altered_behind_our_back_is_named(sets):
    assert list(queries.altered()) == []
    row = SetVersion.objects.get(code="qd-766")
    row.definition["max"] = "101"
    row.save()
    (sentence,) = queries.altered()
    assert "qd-766 2022" in sentence
