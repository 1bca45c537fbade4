"""From declared and counted figures to points, through the product's own sets."""

from datetime import date
from decimal import Decimal

import pytest

from xaso.core.access import SYSTEM
from xaso.kit.errors import Missing
from xaso.modules.indicators import queries
from xaso.modules.indicators.actions import load_sets

pytestmark = pytest.mark.django_db

DAY = date(2024, 12, 31)


def item(score, code):
    return next(one for one in score.items() if one.code == code)


def test_the_sets_of_a_day(sets):
    assert [one.code for one in queries.sets_on(DAY)] == ["dti-xa", "ntm-8", "qd-766"]
    assert [one.code for one in queries.sets_on(date(2026, 6, 1))] == ["dti-xa", "ntm-2026", "qd-766"]
    with pytest.raises(Missing):
        queries.set_named("ntm-2026", DAY)


def test_nothing_known_is_not_zero(sets, ngu_kien, year):
    score = queries.score(queries.set_named("dti-xa", DAY), ngu_kien, year)
    assert score.counted_max < 1000
    fibre = item(score, "3.5")
    assert (fibre.points, fibre.state, fibre.explanation) == (None, "missing", "Chưa có số liệu.")
    assert score.missing_max > 800
    assert score.missing()[0].max >= score.missing()[-1].max


def test_a_threshold_a_choice_and_a_split(sets, state, ngu_kien, year):
    state(households=1000, households_fibre=450, steering_head="head", lan=1, tslcd=0)
    score = queries.score(queries.set_named("dti-xa", DAY), ngu_kien, year)
    assert item(score, "3.5").points == Decimal("10.00")  # 45 % of 90 %, of 20 points
    assert item(score, "1.1").points == 20
    assert item(score, "3.2").points == 5
    assert item(score, "3.5").values[0].number == 450
    assert [one.key for one in item(score, "3.5").values] == [
        "households_fibre",
        "households",
        "households_fibre_share",
    ]


def test_a_share_declared_without_its_parts_counts(sets, state, ngu_kien, year):
    state(people_payment_account_share={"number": Decimal(40)})
    score = queries.score(queries.set_named("dti-xa", DAY), ngu_kien, year)
    assert item(score, "8.3").points == Decimal("7.50")  # 40 of 80 %, of 15 points
    assert "chưa có tử số" in item(score, "8.3").explanation


def test_one_figure_feeds_several_sets(sets, state, ngu_kien, year):
    state(officers_with_computer_share={"numerator": Decimal(20), "denominator": Decimal(20)})
    dti = queries.score(queries.set_named("dti-xa", DAY), ngu_kien, year)
    ntm = queries.score(queries.set_named("ntm-8", DAY), ngu_kien, year)
    assert item(dti, "3.1").points == 15
    assert item(ntm, "8.4").state == "missing"
    assert "20/20 = 100 %" in item(ntm, "8.4").explanation


def test_three_actions_with_cost_and_owner(sets, state, ngu_kien, year):
    state(households=1000, households_fibre=450, households_digital_address=500, smart_villages=0, lan=0, tslcd=0)
    found = queries.best_actions(queries.set_named("dti-xa", DAY), ngu_kien, year)
    assert [(one.figure, one.add, one.gain) for one in found[:1]] == [("households_fibre", 450, Decimal("10.00"))]
    assert [one.gain for one in found[1:]] == [Decimal("5.00")] * 2
    address = next(
        one
        for one in found + queries.best_actions(queries.set_named("dti-xa", DAY), ngu_kien, year, count=9)
        if one.figure == "households_digital_address"
    )
    assert (address.was, address.now, address.cost, address.owner) == ("500", "1.000", 2_500_000, "Phòng Kinh tế")
    lan = [
        one for one in queries.best_actions(queries.set_named("dti-xa", DAY), ngu_kien, year, 9) if one.figure == "lan"
    ]
    assert (lan[0].was, lan[0].now, lan[0].gain) == ("chưa có", "có", 5)


def test_many_units_cost_no_more_statements_than_one(sets, ngu_kien, lien_chau, year, django_assert_max_num_queries):
    of = queries.set_named("dti-xa", DAY)
    with django_assert_max_num_queries(12):
        found = queries.score_many(of, [ngu_kien, lien_chau], year)
    assert set(found) == {ngu_kien.path, lien_chau.path}


RELATIVE = """
code: so-sanh
title: So với xã tốt nhất
versions:
  - version: "1"
    valid_from: 2024-01-01
    max: 10
    levels: [{level: 1, from: 0, label: Khởi đầu}, {level: 2, from: 50, label: Hình thành}]
    groups:
      - code: "1"
        label: Nhóm
        max: 10
        components:
          - {code: "1.1", label: Buổi phát thanh, max: 10, formula: {type: RELATIVE, figure: broadcasts}}
"""


def test_relative_looks_at_the_other_communes(
    tmp_path, settings, state, ngu_kien, lien_chau, oanh, year, django_assert_max_num_queries
):
    (tmp_path / "indicators").mkdir()
    (tmp_path / "indicators" / "so-sanh.yaml").write_text(RELATIVE, encoding="utf-8")
    settings.CONTENT_DIRS = [*settings.CONTENT_DIRS, tmp_path]
    load_sets(SYSTEM)
    state(broadcasts=30)
    state(lien_chau, oanh, SYSTEM, broadcasts=40)
    of = queries.set_named("so-sanh", DAY)
    with django_assert_max_num_queries(6):
        score = queries.score(of, ngu_kien, year)
    assert (score.points, score.level, score.level_label) == (Decimal("7.50"), 2, "Hình thành")
    both = queries.score_many(of, [ngu_kien, lien_chau], year)
    assert [one.points for one in both.values()] == [Decimal("7.50"), 10]
