"""All 118 rows of the five articles, with the comparator and value each article states."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import yaml
from django.conf import settings as django_settings

from xaso.core.access import SYSTEM
from xaso.core.measures.periods import period_of
from xaso.core.units.actions import load_units
from xaso.core.units.queries import unit_by_code
from xaso.demo import office
from xaso.demo.article_list import Articles, read_articles
from xaso.demo.articles import article_rows, declare_articles, said
from xaso.demo.paperwork import play_paperwork
from xaso.demo.play import play_province
from xaso.demo.scenario import read_scenario
from xaso.modules.figures import queries as figures
from xaso.modules.figures.models import Declared
from xaso.modules.figures.queries import Value
from xaso.modules.procedures.actions import load_procedures
from xaso.modules.targets import queries as targets
from xaso.modules.targets.models import Plan, Target

PRESENT = datetime(2024, 12, 18, 3, 0, tzinfo=UTC)
# id: (how, comparator, value[, numerator, denominator]) as the articles state it. Typed here and nowhere else.
EXPECTED = {
    "S0-01": ("computed", "=", 100, 14, 14),
    "S0-02": ("computed", "=", 100, 14, 14),
    "S0-03": ("declared", "=", 100),
    "S0-04": ("declared", "=", 100),
    "S0-05": ("declared", "=", 100),
    "S0-06": ("declared", "=", 100),
    "S0-07": ("computed", ">", 25),
    "S0-08": ("displayed", "=", "ngày một tăng"),
    "S0-09": ("displayed", "=", "phần lớn"),
    "S0-10": ("displayed", "=", "thường xuyên, qua loa truyền thanh và nhóm Zalo của thôn"),
    "S0-11": ("computed", "=", 100),
    "S0-12": ("declared", "=", 1),
    "S0-13": ("declared", ">", 134),
    "S0-14": ("declared", "=", 100),
    "S0-15": ("declared", "=", 100),
    "S0-16": ("declared", "=", 90),
    "S0-17": ("declared", "<=", 10),
    "S0-18": ("declared", "=", 100),
    "S0-19": ("declared", "=", 60),
    "S0-20": ("declared", "=", 50),
    "S0-21": ("declared", "=", 40),
    "S0-22": ("declared", ">", 20),
    "S0-23": ("declared", "=", 80),
    "S0-24": ("displayed", "=", "đã làm"),
    "S1-01": ("computed", "=", 100, 8, 8),
    "S1-02": ("computed", "=", 100, 8, 8),
    "S1-03": ("declared", "=", 100),
    "S1-04": ("declared", "=", 100),
    "S1-05": ("declared", "=", 100),
    "S1-06": ("declared", "=", 100),
    "S1-07": ("declared", "=", 100),
    "S1-08": ("computed", ">", 46),
    "S1-09": ("displayed", "=", "ngày càng tăng"),
    "S1-10": ("displayed", "=", "phần lớn"),
    "S1-11": ("displayed", "=", "nhiều người, bốn loại chi trả"),
    "S1-12": ("declared", "=", 100),
    "S1-13": ("declared", "=", 100),
    "S1-14": ("declared", "=", 0),
    "S1-15": ("computed", "=", 100),
    "S1-16": ("declared", "=", 1),
    "S1-17": ("declared", "=", 100),
    "S1-18": ("declared", "=", 1),
    "S1-19": ("declared", "=", 90),
    "S1-20": ("declared", "=", 136),
    "S1-21": ("declared", ">", 625200),
    "S1-22": ("computed", ">", 86),
    "S1-23": ("declared", ">", 14800),
    "S1-24": ("declared", "<=", 10),
    "S2-01": ("declared", "=", 60),
    "S2-02": ("displayed", "=", 1),
    "S2-03": ("displayed", "=", 1),
    "S2-04": ("displayed", "=", "ít nhất 1 trang, ít nhất 2 nhóm"),
    "S2-05": ("declared", "~<", 90),
    "S2-06": ("declared", "=", 100),
    "S2-07": ("declared", "=", 100),
    "S2-08": ("computed", "=", 100, 27, 27),
    "S2-09": ("computed", "=", 100, 27, 27),
    "S2-10": ("declared", "=", 100),
    "S2-11": ("computed", "=", 4, 4, 15),
    "S2-12": ("computed", "=", 11, 11, 15),
    "S2-13": ("declared", "=", 100),
    "S2-14": ("computed", "=", 100),
    "S2-15": ("computed", ">", 98),
    "S2-16": ("computed", "=", 99),
    "S2-17": ("declared", "=", 1),
    "S2-18": ("declared", "=", 1),
    "S2-19": ("displayed", "=", "rộng rãi, bốn nền tảng"),
    "S2-20": ("displayed", "=", "2021–2025"),
    "S2-21": ("displayed", "=", "Nhân lực số; Hoạt động xã hội số"),
    "S3-01": ("declared", "=", 1),
    "S3-02": ("declared", "=", 1),
    "S3-03": ("declared", "=", 1),
    "S3-04": ("declared", "=", 9),
    "S3-05": ("declared", "=", 11),
    "S3-06": ("declared", "=", 4),
    "S3-07": ("declared", "=", 1239),
    "S3-08": ("declared", "~<", 5000),
    "S3-09": ("declared", "=", 175),
    "S3-10": ("displayed", "=", "số 177, ngày 08/07/2022"),
    "S3-11": ("computed", "=", 100, 331, 331),
    "S3-12": ("declared", "=", 100),
    "S3-13": ("declared", "=", 100),
    "S3-14": ("declared", "=", 100),
    "S3-15": ("displayed", "=", "01/01/2022"),
    "S3-16": ("declared", "=", 744),
    "S3-17": ("declared", ">", 9000),
    "S3-18": ("declared", ">", 8),
    "S3-19": ("displayed", "=", "04/2022"),
    "S3-20": ("displayed", "=", "04/10/2022"),
    "S3-21": ("declared", "=", 1),
    "S3-22": ("declared", "=", 2),
    "S3-23": ("declared", "=", 9),
    "S3-24": ("declared", "=", 136),
    "S3-25": ("computed", "=", 11250),
    "S3-26": ("declared", "~<", 8000),
    "S3-27": ("declared", "=", 3294),
    "S3-28": ("declared", "=", 100),
    "S3-29": ("declared", "=", 55),
    "S3-30": ("declared", "=", 65),
    "S3-31": ("declared", "=", 100),
    "S3-32": ("declared", "<=", 15),
    "S3-33": ("displayed", "=", "đã làm"),
    "S3-34": ("declared", "=", 4),
    "S4-01": ("displayed", "=", "1 trong 4 xã"),
    "S4-02": ("declared", "=", 14),
    "S4-03": ("declared", "=", 100),
    "S4-04": ("computed", "=", 100),
    "S4-05": ("computed", ">", 1400),
    "S4-06": ("displayed", "=", "đã làm cả ba"),
    "S4-07": ("displayed", "=", "đã làm"),
    "S4-08": ("declared", ">=", 90),
    "S4-09": ("declared", ">=", 80),
    "S4-10": ("declared", ">=", 60),
    "S4-11": ("declared", "=", 100),
    "S4-12": ("declared", ">=", 97),
    "S4-13": ("declared", "=", 70),
    "S4-14": ("declared", ">=", 1),
    "S4-15": ("displayed", "=", "2021–2025"),
}
# Counted from played dossiers: they need the long load.
FROM_DOSSIERS = {"S0-07", "S0-11", "S1-08", "S1-15", "S2-14", "S2-15", "S2-16", "S4-04", "S4-05"}
FROM_RESULTS = {"S2-11", "S2-12"}
# indicators.md §1, note 8, and every share with a numerator.
NEVER_TYPED = {"S0-01", "S0-02", "S1-01", "S1-02", "S1-22", "S2-08", "S2-09", "S2-11", "S2-12", "S3-11", "S3-25",
               *FROM_DOSSIERS}  # fmt: skip
PLACES = {"S0-01": "09064", "S0-11": "08947", "S1-01": "08740", "S1-12": "08824", "S2-11": "09148", "S4-05": "08881",
          "S3-25": "26"}  # fmt: skip


@pytest.fixture
def province(db, settings, tmp_path):
    """The real units of the demonstration with their villages, on its present day."""
    settings.DEMO_SHIFT = timedelta(seconds=round((datetime.now(UTC) - PRESENT).total_seconds()))
    settings.DATA_DIR = tmp_path
    load_units(demo=True)
    office.forget()


@pytest.fixture
def told(province):
    """What the articles declare, without any dossier."""
    declare_articles()
    return {row["id"]: row for row in article_rows()}


def faults(rows, wanted) -> list[str]:
    found = []
    for key in wanted:
        row, (how, comparator, value, *parts) = rows[key], EXPECTED[key]
        got = (row["how"], row["comparator"], row["value"])
        if got != (how, comparator, value):
            found.append(f"{key}: {got}, exact {row['exact']}")
        if parts and [row["numerator"], row["denominator"]] != parts:
            found.append(f"{key}: {row['numerator']}/{row['denominator']}")
        if row["how"] == "declared" and not (row["source"] and row["supplier"]):
            found.append(f"{key}: no source")
        if row["how"] != "displayed" and not row["source"]:
            found.append(f"{key}: comes from nowhere")
    return found


def test_the_list_has_118_rows_each_once():
    rows = read_articles().rows
    assert len(rows) == len({row.id for row in rows}) == len(EXPECTED) == 118
    assert [row.id for row in rows] == sorted(EXPECTED)
    assert Counter(row.id[:2] for row in rows) == {"S0": 24, "S1": 24, "S2": 21, "S3": 34, "S4": 15}


def test_what_is_computed_is_typed_nowhere():
    content = read_articles()
    by_id = {row.id: row for row in content.rows}
    for key in NEVER_TYPED:
        assert by_id[key].value is None, key
        assert by_id[key].how in {"computed", "results"}, key
    for key in FROM_DOSSIERS:
        assert not by_id[key].counts, key
    file = next(folder for folder in django_settings.CONTENT_DIRS if (folder / "demo" / "articles.yaml").exists())
    raw = yaml.safe_load((file / "demo" / "articles.yaml").read_text(encoding="utf-8"))
    for row in raw["rows"]:
        if row["id"] in NEVER_TYPED:
            assert not {"value", "text", "cmp"} & row.keys(), row["id"]


@pytest.mark.parametrize("wrong", [
    {"how": "computed", "figure": "online_share", "value": 25},
    {"how": "declared", "figure": "online_share"},
    {"how": "displayed"},
    {"how": "declared", "figure": "online_share", "value": 25, "kind": "Q"},
    {"how": "target", "figure": "national_rank", "value": 10, "plan": "nowhere"},
])  # fmt: skip
def test_a_row_that_contradicts_itself_is_refused(wrong):
    content = read_articles().model_dump(mode="json")
    content["rows"] = [{"id": "S0-01", "place": "26", "period": "2024", "kind": "A", "label": "x"} | wrong]
    with pytest.raises(ValueError, match="S0-01"):
        Articles.model_validate(content)


@pytest.mark.parametrize(
    ("say", "exact", "words"),
    [
        (None, ("=", "98.6"), ("=", 98.6)),
        ({"cmp": ">", "to": 5}, ("=", "26.25"), (">", 25)),
        ({"cmp": ">", "to": 5}, ("=", "25"), ("=", 25)),
        ({"cmp": ">", "to": 1}, (">", "86"), (">", 86)),
        ({"cmp": ">", "to": 100}, ("=", "1412"), (">", 1400)),
        ({"cmp": "=", "to": 1}, ("=", "98.6"), ("=", 99)),
        ({"cmp": "~<", "to": 1000}, ("=", "7956"), ("~<", 8000)),
        ({"cmp": "~<", "to": 1000}, ("=", "8000"), ("=", 8000)),
    ],
)
def test_a_number_is_worded_as_the_article_rounds(say, exact, words):
    row = next(one for one in read_articles().rows if one.id == "S0-07")
    worded = row.model_copy(update={"say": say and type(row.say).model_validate(say)})
    comparator, number = exact
    value = Value("online_share", "percent", "26.", "2024", comparator=comparator, number=Decimal(number))
    found = said(worded, value)
    assert (found[0], float(found[1])) == words


def test_every_row_that_needs_no_dossier_is_as_the_article_says(told):
    wanted = set(EXPECTED) - FROM_DOSSIERS - FROM_RESULTS
    assert faults(told, sorted(wanted)) == []
    assert {told[key]["unit_code"] for key in PLACES} == set(PLACES.values())
    assert all(told[key]["unit_code"] == code for key, code in PLACES.items())


def test_what_no_row_holds_is_missing_and_never_zero(told):
    for key in FROM_DOSSIERS:
        assert (told[key]["how"], told[key]["value"]) == ("missing", None), key


def test_parts_add_up(told):
    assert [told[f"S3-{n}"]["value"] for n in range(21, 25)] == [1, 2, 9, 136]
    assert value_of("conference_points", "2022") == 148
    assert value_of("steering_documents", "2022") == 23
    assert told["S3-25"]["parts"] == {"signatures_enterprises": 7956, "signatures_individuals": 3294}
    assert told["S3-26"]["exact"] == 7956
    assert told["S3-25"]["value"] == 7956 + 3294


def value_of(key, period):
    return figures.value(key, unit_by_code("26", date(2022, 12, 1)), period_of(period)).number


def test_three_levels_of_one_thing_in_two_years(told):
    assert [told[f"S0-{n}"]["value"] for n in (19, 20, 21)] == [60, 50, 40]
    assert [told[f"S4-{n}"]["value"] for n in ("08", "09", "10")] == [90, 80, 60]
    assert [told[key]["level"] for key in ("S0-19", "S0-20", "S0-21")] == ["province", "district", "commune"]
    line = targets.timeline(Target.objects.get(source_article="S0-21"))
    assert [(one.year, one.amount) for one in line if one.kind == "target"] == [(2024, 40), (2025, 60)]


def test_top_15_became_top_10_and_stays_to_be_read(told):
    newer = Target.objects.get(source_article="S0-17")
    assert [(one.source_article, one.value) for one in targets.chain_of(newer)] == [("S3-32", 15), ("S0-17", 10)]
    assert told["S3-32"]["parts"]["state"] == "replaced"
    assert told["S3-32"]["parts"]["replaced_by"] == "S0-17"
    assert told["S1-24"]["value"] == told["S0-17"]["value"] == 10


def test_a_share_without_its_parts_is_not_verified(told):
    assert told["S0-01"]["is_verified"]
    for key in ("S0-03", "S0-06", "S1-07", "S2-13"):
        assert told[key]["is_verified"] is False, key


def test_a_guessed_denominator_says_so(told):
    row = told["S1-22"]
    assert row["comparator"] == ">"
    assert "suy ra" in row["source"]
    assert Declared.objects.get(key="eid_eligible", unit_path="26.").confidence == "low"


def test_who_declares_does_not_approve_and_a_second_load_changes_nothing(told):
    assert Declared.objects.exclude(state="approved").count() == 0
    for row in Declared.objects.all():
        assert row.entered_by_id != row.decided_by_id
    before = (Declared.objects.count(), Plan.objects.count(), Target.objects.count())
    declare_articles()
    assert (Declared.objects.count(), Plan.objects.count(), Target.objects.count()) == before


@pytest.mark.long
@pytest.mark.once
def test_what_the_demonstration_adds_leaves_every_row_as_it_is(told):
    play_paperwork(read_scenario())
    assert {row["id"]: row for row in article_rows()} == told


@pytest.mark.long
@pytest.mark.once
def test_all_118_rows_of_the_played_province(province):
    """Every dossier of the six communes through the real actions, and not one figure typed for them."""
    load_procedures(SYSTEM)
    play_province(read_scenario())
    declare_articles()
    rows = {row["id"]: row for row in article_rows()}
    assert list(rows) == sorted(EXPECTED)
    assert faults(rows, sorted(EXPECTED)) == []
    ngu_kien = unit_by_code("09148", date(2024, 12, 18))
    assert targets.summary(ngu_kien, 2024) == "4/15 vượt, 11/15 đạt, 0 không đạt"
    assert rows["S2-12"]["parts"]["failed"] == 0
    for key in FROM_DOSSIERS - {"S4-05"}:
        assert rows[key]["numerator"] <= rows[key]["denominator"], key
    assert rows["S4-05"]["exact"] == 1412
