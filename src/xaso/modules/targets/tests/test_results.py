"""What became of targets, with real figures behind them."""

from datetime import date
from decimal import Decimal

import pytest

from xaso.core.access import SYSTEM
from xaso.core.units.models import Unit
from xaso.kit.errors import Refused
from xaso.modules.figures import queries as figures
from xaso.modules.targets.actions import (
    PlanGiven,
    TargetGiven,
    add_target,
    approve_plan,
    confirm_result,
    drop_target,
    make_plan,
    replace_target,
)
from xaso.modules.targets.definitions import national, packs
from xaso.modules.targets.models import Target
from xaso.modules.targets.queries import (
    chain_of,
    counts_of,
    heads_of,
    lacking,
    result_now,
    results,
    summary,
    targets_of,
    timeline,
)
from xaso.modules.targets.rules import Result
from xaso.modules.targets.tests.conftest import DECISION

EXCEEDED = {3: "98.2", 4: "99", 12: "86", 15: "61.5"}


def declare_all(plan, declared, more=None):
    told = {target.number: target.value for target in plan.targets.all()} | (more or {})
    for target in plan.targets.all():
        declared(target.figure, "2024", "=", told[target.number])


def test_the_year_of_the_article(plan, declared, ngu_kien):
    declare_all(plan, declared, {number: Decimal(value) for number, value in EXCEEDED.items()})
    assert summary(ngu_kien, 2024) == "4/15 vượt, 11/15 đạt, 0 không đạt"
    found = {one.target.number: one.result for one in results(ngu_kien, 2024)}
    assert {number for number, result in found.items() if result == Result.EXCEEDED} == set(EXCEEDED)


def test_already_in_december_before_the_last_day(plan, declared, ngu_kien):
    declare_all(plan, declared, {number: Decimal(value) for number, value in EXCEEDED.items()})
    assert summary(ngu_kien, 2024, date(2024, 12, 20)) == "4/15 vượt, 11/15 đạt, 0 không đạt"
    assert not any(one.is_final for one in results(ngu_kien, 2024, date(2024, 12, 20)))


def test_one_number_less_is_a_target_missed(plan, declared, ngu_kien):
    short = {number: Decimal(value) for number, value in EXCEEDED.items()} | {7: Decimal("39.9")}
    declare_all(plan, declared, short)
    assert summary(ngu_kien, 2024) == "4/15 vượt, 10/15 đạt, 1/15 không đạt"
    assert "1/15 chưa đến hạn" in summary(ngu_kien, 2024, date(2024, 12, 20))


def test_a_draft_promises_nothing(draft, ngu_kien):
    assert targets_of(ngu_kien, 2024) == []
    assert summary(ngu_kien, 2024) == "Chưa có chỉ tiêu được duyệt"


def test_missing_is_never_zero(plan, ngu_kien):
    assert summary(ngu_kien, 2024) == "0 vượt, 0 đạt, 0 không đạt, 15/15 chưa có số liệu"


@pytest.mark.parametrize(
    ("comparator", "number", "target", "result"),
    [
        (">", 98, 98, Result.EXCEEDED),
        (">", 98, 100, Result.FAILED),
        ("=", 100, 100, Result.MET),
        (">", 46, 50, Result.TO_CONFIRM),
        ("~<", 60, 60, Result.FAILED),
    ],
)
def test_how_it_was_said_decides(plan, hoa, declared, wanted, comparator, number, target, result):
    given = wanted(value=Decimal(target), figure="digitised_share", source_document="12/QĐ-UBND")
    made = add_target(hoa, plan, given=given)
    declared("digitised_share", "2024", comparator, number)
    assert result_now(made).result == result


def test_percent_of_plan(numbered, declared):
    declared("work_records_online_share", "2024", "=", 30)
    now = result_now(numbered(7))
    assert (now.percent, now.actual, now.wanted) == (Decimal("75.00"), "30 %", "ít nhất 40 %")


def test_a_leader_settles_what_the_number_leaves_open(numbered, hoa, mai, declared):
    target = numbered(5)
    declared("online_share", "2024", ">", 25)
    assert result_now(target).result == Result.TO_CONFIRM
    with pytest.raises(Refused):
        confirm_result(hoa, target, result="met", reason=" ")
    said = confirm_result(hoa, target, result="met", reason="Sổ một cửa ghi 41,2 %")
    now = result_now(target)
    assert (now.result, now.is_confirmed, said.by_name) == (Result.MET, True, "Vũ Thị Hoa")
    declared("online_share", "2024", "=", 20)
    now = result_now(target)
    assert (now.result, now.has_moved) == (Result.FAILED, True)


def test_nobody_overrules_a_clear_number(numbered, hoa, declared):
    declared("work_records_online_share", "2024", "=", 30)
    with pytest.raises(Refused, match="không đạt"):
        confirm_result(hoa, numbered(7), result="met", reason="Cố gắng")
    with pytest.raises(Refused, match="chưa có số liệu"):
        confirm_result(hoa, numbered(8), result="met", reason="Cố gắng")


def test_yes_or_no_may_be_a_persons_word(plan, hoa, declared, wanted):
    given = wanted(text="Có phòng họp trực tuyến", direction="yes_no", figure="video_room", source_document="1/QĐ")
    made = add_target(hoa, plan, given=given)
    assert result_now(made).result == Result.NO_FIGURE
    confirm_result(hoa, made, result="met", reason="Đã kiểm tra tại chỗ")
    assert result_now(made).result == Result.MET
    declared("video_room", "2024", "=", 0)
    assert result_now(made).result == Result.FAILED


def test_dropped_with_a_document(plan, numbered, hoa, ngu_kien):
    with pytest.raises(Refused):
        drop_target(hoa, numbered(13), reason="Không còn hộ kinh doanh", document="")
    drop_target(hoa, numbered(13), reason="Không còn hộ kinh doanh", document="88/QĐ-UBND ngày 01/11/2024")
    assert summary(ngu_kien, 2024).endswith("14/15 chưa có số liệu, 1/15 không thực hiện, điều chỉnh")


@pytest.fixture
def provincial(province):
    given = PlanGiven("Kế hoạch chuyển đổi số 2022–2025", 2022, 2025)
    later = PlanGiven("Chỉ tiêu chuyển đổi số năm 2024", 2024, 2024)
    return make_plan(SYSTEM, province, given=given), make_plan(SYSTEM, province, given=later)


def rank(value, year):
    return TargetGiven(
        "Xếp hạng chuyển đổi số cấp tỉnh", date(year, 12, 31), Decimal(value), "national_rank", "lower", "<=", "hạng",
        "by_year", source_document="KH 2022",
    )  # fmt: skip


def test_top_15_became_top_10_and_both_stay(provincial, province, declared):
    """S3-32, S0-17: the promise of 2022 for 2025 was replaced in 2024 by a harder one."""
    plan, later = provincial
    first = add_target(SYSTEM, plan, given=rank(15, 2025))
    approve_plan(SYSTEM, plan, paper=DECISION)
    new = replace_target(
        SYSTEM, first, given=rank(10, 2024), reason="Tỉnh nâng mục tiêu", document="KH 2024", plan=later
    )
    approve_plan(SYSTEM, later, paper=DECISION)
    first.refresh_from_db()
    assert (first.state, first.value, first.due_on.year) == (Target.State.REPLACED, 15, 2025)
    assert [(one.value, one.year) for one in chain_of(first)] == [(15, 2025), (10, 2024)]
    assert [one.pk for one in targets_of(province, 2024)] == [new.pk]
    assert targets_of(province, 2025) == []
    declared("national_rank", "2024", "=", 9, unit=province)
    assert (result_now(new).result, result_now(new).percent) == (Result.EXCEEDED, None)
    kinds = [(one.year, one.kind, one.words) for one in timeline(new)]
    assert kinds == [
        (2024, "actual", "9"),
        (2024, "target", "không quá 10 hạng"),
        (2025, "target", "không quá 15 hạng"),
    ]


def test_rank_ten_exactly_is_met_and_eleven_is_not(provincial, province, declared):
    _, later = provincial
    made = add_target(SYSTEM, later, given=rank(10, 2024))
    declared("national_rank", "2024", "=", 10, unit=province)
    assert result_now(made).result == Result.MET
    declared("national_rank", "2024", "=", 11, unit=province)
    assert result_now(made).result == Result.FAILED


def test_40_percent_and_then_60_on_one_line(provincial, province, declared):
    """S0-21, S4-10: two promises of the same figure, neither in the other's place."""
    plan, later = provincial

    def share(value, year, comparator):
        return TargetGiven(
            "Hồ sơ công việc cấp xã xử lý trên mạng", date(year, 12, 31), Decimal(value),
            "work_records_communes_rate", "higher", comparator, "%", "by_year",
        )  # fmt: skip

    sixty = add_target(SYSTEM, plan, given=share(60, 2025, ">="))
    forty = add_target(SYSTEM, later, given=share(40, 2024, "="))
    for one in provincial:
        approve_plan(SYSTEM, one, paper=DECISION)
    declared("work_records_communes_rate", "2024", "=", 45, unit=province)
    line = [(one.year, one.kind, one.words) for one in timeline(sixty)]
    assert line == [(2024, "actual", "45 %"), (2024, "target", "40 %"), (2025, "target", "ít nhất 60 %")]
    assert result_now(forty).result == Result.EXCEEDED
    assert result_now(sixty).result == Result.NO_FIGURE  # 2025 has no number yet; 2024's is not taken for it


def test_a_number_of_communes_that_meet_something(provincial, province, ngu_kien, lien_chau, declared):
    _, later = provincial
    given = TargetGiven(
        "Xã có ít nhất 40 % hồ sơ trực tuyến", date(2024, 12, 31), Decimal(2), "online_share", measure_unit="xã",
        kind="units_meeting", each_comparator=">=", each_value=Decimal(40),
    )  # fmt: skip
    made = add_target(SYSTEM, later, given=given)
    assert result_now(made).result == Result.NO_FIGURE
    declared("online_share", "2024", ">", 46)
    now = result_now(made)
    assert (now.value.comparator, now.value.number, now.result) == (">=", 1, Result.TO_CONFIRM)
    declared("online_share", "2024", "=", 40, unit=lien_chau)
    assert (result_now(made).value.comparator, result_now(made).result) == ("=", Result.MET)


def test_many_units_cost_no_more_statements(plan, ngu_kien, lien_chau, declared, django_assert_max_num_queries):
    declare_all(plan, declared)
    units = [ngu_kien, lien_chau, *Unit.objects.filter(kind="district")]
    with django_assert_max_num_queries(12):
        found = counts_of(units, 2024)
    assert found[ngu_kien.path].total == 15
    assert found[lien_chau.path].total == 0


def test_what_is_missing_is_listed(draft):
    found = lacking(draft)
    targets = [one for one in found if one.kind == "target"]
    assert len(targets) == 15
    assert all("chưa có người chịu trách nhiệm" in one.lacks for one in targets)
    assert not any("chưa có nhiệm vụ nào" in one.lacks for one in targets)
    assert not any("chưa có nguồn số liệu" in one.lacks for one in targets)


def test_heads_answer_for_their_targets(plan, numbered, hoa, post_of, ngu_kien):
    Target.objects.filter(pk=numbered(1).pk).update(head=post_of(hoa))
    rows = heads_of(ngu_kien, 2024)
    assert [(post.pk if post else None, len(found)) for post, found, _ in rows] == [(post_of(hoa).pk, 1), (None, 14)]


def test_the_pack_and_the_national_targets_name_known_figures():
    keys = {one.figure for pack in packs().values() for one in pack.targets}
    keys |= {one.figure for document in national() for one in document.targets if one.figure}
    assert keys <= set(figures.catalogue())


def test_the_default_pack():
    pack = packs()["commune-15"]
    assert [one.number for one in pack.targets] == list(range(1, 16))
    work_records = pack.targets[6]
    assert work_records.values == {2024: 40, 2025: 60}
    assert pack.to_verify
