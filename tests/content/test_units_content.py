"""The map: every unit has a parent of its time, every old commune has a way to a new one. Reads the CSV files alone."""

import csv
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest

CONTENT = Path(__file__).resolve().parents[2] / "content"
COMMUNES = {"commune", "ward", "township"}
KINDS = COMMUNES | {"province", "district", "city", "town", "village", "quarter", "agency"}
ONE_DAY = timedelta(days=1)


def rows(name: str) -> list[dict[str, str]]:
    with (CONTENT / name).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


VINH_PHUC, PHU_THO, VILLAGES = rows("units/vinh-phuc.csv"), rows("units/phu-tho.csv"), rows("demo/villages.csv")
UNITS = VINH_PHUC + PHU_THO + VILLAGES
SUCCESSIONS = rows("units/successions.csv")


def lived(row: dict[str, str], day: date) -> bool:
    return date.fromisoformat(row["valid_from"]) <= day and (
        not row["valid_to"] or day <= date.fromisoformat(row["valid_to"])
    )


def on(table: list[dict[str, str]], day: date) -> dict[str, dict[str, str]]:
    """Units of one day by code; a code twice on one day is a mistake."""
    living = [row for row in table if lived(row, day)]
    assert [code for code, times in Counter(row["code"] for row in living).items() if times > 1] == []
    return {row["code"]: row for row in living}


def boundaries() -> list[date]:
    starts = {date.fromisoformat(row["valid_from"]) for row in UNITS}
    return sorted(starts | {start - ONE_DAY for start in starts if start > min(starts)})


def successors(code: str, day: date) -> set[str]:
    """Codes living today that one unit of that day became."""
    found, step = set(), [(code, day)]
    links = defaultdict(list)
    for link in SUCCESSIONS:
        links[link["from_code"]].append((date.fromisoformat(link["effective_on"]), link["to_code"]))
    while step:
        now, since = step.pop()
        later = [(when, to) for when, to in links[now] if when > since]
        if not later:
            found.add(now)
        first = min((when for when, _ in later), default=None)
        step += [(to, when) for when, to in later if when == first]
    return found


@pytest.mark.parametrize("day", boundaries(), ids=str)
def test_codes_are_unique_and_parents_exist_on_every_boundary(day: date) -> None:
    living = on(UNITS, day)
    for row in living.values():
        if row["kind"] == "province":
            assert row["parent_code"] == ""
        else:
            assert row["parent_code"] in living, row


def test_rows_are_well_formed() -> None:
    assert len({(row["code"], row["valid_from"]) for row in UNITS}) == len(UNITS)
    for row in UNITS:
        assert row["kind"] in KINDS
        assert row["name"] == row["name"].strip() != ""
        assert not row["name"].lower().startswith(("xã ", "phường ", "thị trấn ", "huyện ", "tỉnh "))
        assert row["source"]
        assert not row["valid_to"] or date.fromisoformat(row["valid_from"]) <= date.fromisoformat(row["valid_to"])


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        (date(2023, 1, 1), {"commune": 105, "township": 16, "ward": 15}),
        (date(2024, 12, 31), {"commune": 102, "township": 18, "ward": 16}),
        (date(2025, 1, 1), {"commune": 88, "township": 18, "ward": 15}),
        (date(2025, 6, 30), {"commune": 88, "township": 18, "ward": 15}),
    ],
)
def test_vinh_phuc_on_a_day(day: date, kinds: dict[str, int]) -> None:
    living = on(VINH_PHUC, day)
    assert Counter(row["kind"] for row in living.values() if row["kind"] in COMMUNES) == kinds
    districts = [row for row in living.values() if row["kind"] in {"district", "city"}]
    assert len(districts) == 9
    assert {row["parent_code"] for row in living.values() if row["kind"] in COMMUNES} == {
        row["code"] for row in districts
    }


def test_vinh_phuc_ends_and_phu_tho_begins() -> None:
    assert on(VINH_PHUC, date(2025, 7, 1)) == {}
    assert on(PHU_THO, date(2025, 6, 30)) == {}
    living = on(PHU_THO, date(2025, 7, 1))
    assert Counter(row["kind"] for row in living.values()) == {"province": 1, "commune": 133, "ward": 15}
    assert {row["parent_code"] for row in PHU_THO if row["kind"] in COMMUNES} == {"25"}


def test_both_ends_of_every_succession_lived_at_the_time() -> None:
    seen = set()
    for link in SUCCESSIONS:
        day = date.fromisoformat(link["effective_on"])
        before, after = on(UNITS, day - ONE_DAY), on(UNITS, day)
        assert link["from_code"] in before, link
        assert link["to_code"] in after, link
        assert before[link["from_code"]] != after[link["to_code"]], link
        assert link["kind"] in {"merge", "split", "rename", "transfer"}
        assert link["mark"] in {"verified", "to_verify"}
        assert link["source"]
        seen.add((link["from_code"], link["to_code"], link["effective_on"]))
    assert len(seen) == len(SUCCESSIONS)


def test_every_commune_that_ends_has_a_succession_on_the_next_day() -> None:
    told = {(link["from_code"], date.fromisoformat(link["effective_on"])) for link in SUCCESSIONS}
    for row in VINH_PHUC:
        if row["kind"] in COMMUNES:
            assert (row["code"], date.fromisoformat(row["valid_to"]) + ONE_DAY) in told, row


def test_all_136_communes_lead_to_one_of_36_new_ones() -> None:
    start = date(2022, 1, 1)
    old = [row["code"] for row in on(VINH_PHUC, start).values() if row["kind"] in COMMUNES]
    today = on(PHU_THO, date(2026, 11, 1))
    became = {code: successors(code, start) for code in old}
    assert len(became) == 136
    assert all(len(found) == 1 for found in became.values())
    new = set().union(*became.values())
    assert len(new) == 36
    assert Counter(today[code]["kind"] for code in new) == {"commune": 32, "ward": 4}


@pytest.mark.parametrize(
    ("home", "new"),
    [
        ("Liên Châu", "Liên Châu"),
        ("Trưng Nhị", "Phúc Yên"),
        ("Hướng Đạo", "Tam Dương"),
        ("Ngũ Kiên", "Vĩnh Phú"),
        ("Thiện Kế", "Bình Xuyên"),
        ("Tam Sơn", "Tam Sơn"),
        ("Đình Chu", "Sơn Đông"),
        ("Như Thụy", "Tam Sơn"),
        ("Vân Hội", "Hội Thịnh"),
    ],
)
def test_the_communes_of_the_articles_and_some_that_vanished(home: str, new: str) -> None:
    start = date(2022, 1, 1)
    [code] = [row["code"] for row in on(VINH_PHUC, start).values() if row["name"] == home and row["kind"] in COMMUNES]
    today = on(PHU_THO, date(2026, 11, 1))
    assert [today[found]["name"] for found in successors(code, start)] == [new]


def test_agency_codes_are_unique_on_a_day_and_marked() -> None:
    for day in boundaries():
        living = on(VINH_PHUC + PHU_THO, day).values()
        assert len({row["agency_code"] for row in living}) == len(living)
    assert {row["agency_code_mark"] for row in VINH_PHUC + PHU_THO} == {"to_verify"}


def test_villages_follow_the_articles_and_say_they_are_made_up() -> None:
    counts = Counter(row["home_commune"] for row in on(VILLAGES, date(2024, 6, 1)).values())
    assert counts == {"Liên Châu": 14, "Trưng Nhị": 8, "Hướng Đạo": 14, "Ngũ Kiên": 9, "Thiện Kế": 12, "Tam Sơn": 10}
    assert len(on(VILLAGES, date(2026, 11, 1))) == sum(counts.values())
    assert {row["mark"] for row in VILLAGES} == {"made_up"}
