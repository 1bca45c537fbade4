"""Who may do what when, and what is said when not. Through the actions."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from xaso.core.measures.periods import period_of
from xaso.core.outbox.actions import deliver_all
from xaso.kit import clock
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.assessments import actions, queries
from xaso.modules.assessments.actions.rounds import Plan
from xaso.modules.assessments.models import Assessment, Decline, Exclusion, Item, Round, Standing
from xaso.modules.assessments.rules import State
from xaso.modules.assessments.tests.staging import (
    appraised,
    assessment_of,
    fresh,
    item,
    opened,
    self_scored,
    submitted,
)
from xaso.modules.notifications.models import Message
from xaso.modules.packs import queries as packs
from xaso.modules.packs.actions import lock_period, unlock_period

pytestmark = pytest.mark.django_db
JANUARY = datetime(2025, 1, 6, 9, tzinfo=clock.VIETNAM)


@pytest.fixture(autouse=True)
def january():
    with time_machine.travel(JANUARY, tick=False) as now:
        yield now


@pytest.fixture
def found(son, province, ngu_kien, lien_chau) -> Assessment:
    return assessment_of(opened(son, province), ngu_kien)


def test_a_round_gives_every_commune_its_components(found, ngu_kien, lien_chau):
    assert set(Assessment.objects.values_list("unit", flat=True)) == {ngu_kien.pk, lien_chau.pk}
    assert list(found.items.values_list("code", "max")) == [("1.1", 40), ("1.2", 20), ("2.1", 40)]
    assert {one.self_points for one in found.items.all()} == {None}


def test_a_unit_left_out_is_named_with_its_reason(son, province, ngu_kien, lien_chau):
    opened(son, province, excluded={lien_chau.pk: "Đặc thù"})
    assert Assessment.objects.get().unit == ngu_kien
    assert Exclusion.objects.get().reason == "Đặc thù"


def test_a_unit_is_not_left_out_without_a_reason(son, province, ngu_kien, lien_chau):
    with pytest.raises(Refused, match="lý do không xếp hạng"):
        opened(son, province, excluded={lien_chau.pk: " "})
    assert not Round.objects.exists()


def test_a_year_has_one_round_of_a_set(found, son, province):
    with pytest.raises(Refused, match="đã được mở"):
        opened(son, province)


def test_dates_out_of_order_are_refused(found, son, province):
    days = (date(2025, 3, 1), date(2025, 2, 1), date(2025, 4, 1))
    plan = Plan(2025, found.round.set_uuid, "Năm 2025", *days)
    with pytest.raises(Refused, match="theo thứ tự"):
        actions.open_round(son, province, plan=plan)


def test_computed_points_are_taken_where_nothing_was_typed(found, mai, villages, declared):
    declared("t_teams", 3)
    actions.self_score_item(mai, item(found, "1.2"), points=Decimal(5), note="")
    actions.take_computed(mai, fresh(found))
    points = dict(found.items.values_list("code", "self_points"))
    assert points == {"1.1": 30, "1.2": 5, "2.1": None}
    assert fresh(found).self_total == 35


def test_the_end_asks_for_what_is_owed(found, mai):
    with pytest.raises(Refused, match="Thông tin chung còn thiếu: số cán bộ"):
        actions.finish_self_score(mai, found)
    with pytest.raises(Refused, match=r"1\.1 thiếu giải trình hoặc minh chứng"):
        self_scored(mai, found, note="")
    actions.add_proof(mai, item(found, "1.1"), title="Quyết định", number="12/QĐ-UBND")
    with pytest.raises(Refused, match=r"Chưa xong tự chấm: 1\.2"):
        actions.finish_self_score(mai, fresh(found))


def test_a_changed_self_score_is_a_draft_again(found, mai):
    self_scored(mai, found)
    actions.self_score_item(mai, item(found, "1.1"), points=Decimal(31), note="Thêm một thôn")
    assert fresh(found).state == State.DRAFT
    assert fresh(found).self_total == 91


def test_who_scored_does_not_sign(found, mai, hoa, ngu_kien):
    self_scored(mai, found)
    Assessment.objects.update(self_scored_by=hoa.account_id)
    with pytest.raises(Refused, match="tự chấm điểm không được tự ký nộp"):
        actions.submit(hoa, fresh(found))
    with pytest.raises(Forbidden):
        actions.submit(mai, fresh(found))


def test_another_units_people_see_and_do_nothing(found, oanh, browser_of):
    with pytest.raises(Forbidden):
        actions.self_score_item(oanh, item(found, "1.1"), points=Decimal(1), note="")
    browser = browser_of(oanh)
    assert browser.get(f"/desk/assessments/{found.uuid}/").status_code == 404
    assert browser.get(f"/desk/assessments/items/{item(found, '1.1').uuid}/").status_code == 404


def test_submitting_seals_a_pack(found, villages, mai, hoa):
    submitted(mai, hoa, found)
    pack = packs.pack_about(f"assessments.Assessment:{found.pk}")
    lines = {line.key: line for line in packs.contents(pack).lines}
    assert lines["item.1.1"].number == 30
    assert lines["figure.t_villages"].measures == ("units.villages",)
    assert (pack.kind, pack.period_key, pack.signed_by) == ("assessment", "2024", hoa.account_id)


def test_after_submission_the_unit_cannot_write(found, mai, hoa, binh):
    submitted(mai, hoa, found)
    for state in (State.SUBMITTED, State.APPRAISING):
        with pytest.raises(Refused, match="Bài đánh giá đang ở trạng thái"):
            actions.self_score_item(mai, item(found, "1.1"), points=Decimal(1), note="")
        with pytest.raises(Refused, match="Bài đánh giá đang ở trạng thái"):
            actions.add_proof(mai, item(found, "1.1"), title="Thêm")
        if state == State.SUBMITTED:
            actions.start_review(binh, fresh(found))


def test_a_locked_period_stops_the_unit(found, mai, hoa, ngu_kien):
    lock = lock_period(hoa, ngu_kien, period=period_of("2024"), reason="Đã chốt số liệu năm")
    with pytest.raises(Refused, match="Kỳ số liệu này đã khoá"):
        actions.self_score_item(mai, item(found, "1.1"), points=Decimal(1), note="")
    unlock_period(hoa, lock, reason="Bổ sung")
    actions.self_score_item(mai, item(found, "1.1"), points=Decimal(1), note="")


def test_after_the_last_day_nothing_is_scored(found, mai, january):
    january.shift(timedelta(days=15))
    with pytest.raises(Refused, match="đã hết ngày 20/01/2025"):
        actions.take_computed(mai, fresh(found))


def test_a_decline_can_be_undone_and_blocks_the_end(found, mai, hoa, binh):
    submitted(mai, hoa, found)
    actions.start_review(binh, fresh(found))
    actions.agree_items(binh, fresh(found), codes=["1.1", "1.2", "2.1"])
    decline = actions.decline_item(binh, item(found, "1.1"), reason="Thiếu quyết định")
    with pytest.raises(Refused, match="đã ở trạng thái không chấp nhận"):
        actions.decline_item(binh, item(found, "1.1"), reason="Lần nữa")
    with pytest.raises(Refused, match=r"Còn thành phần không chấp nhận: 1\.1"):
        actions.finish_review(binh, fresh(found))
    actions.undo_decline(binh, fresh(decline))
    assert actions.finish_review(binh, fresh(found)).state == State.APPRAISED


def test_a_declined_component_is_judged_anew(found, mai, hoa, binh):
    submitted(mai, hoa, found)
    actions.start_review(binh, fresh(found))
    actions.agree_items(binh, fresh(found), codes=["1.1", "1.2", "2.1"])
    actions.decline_item(binh, item(found, "1.1"), reason="Thiếu quyết định")
    actions.return_to_unit(binh, fresh(found), reason="Bổ sung quyết định")
    actions.self_score_item(mai, item(found, "1.1"), points=Decimal(20), note="Hai thôn")
    with pytest.raises(Refused, match="không nằm trong"):
        actions.self_score_item(mai, item(found, "1.2"), points=Decimal(1), note="")
    actions.submit(hoa, fresh(found))
    assert fresh(found).state == State.RESUBMITTED
    assert Decline.objects.get().answered_at is not None
    points = dict(found.items.values_list("code", "appraised_points"))
    assert points == {"1.1": None, "1.2": 20, "2.1": 40}
    deliver_all()
    told = Message.objects.filter(template="assessments.returned", channel="inapp").first()
    assert "Bổ sung quyết định (không chấp nhận: 1.1)" in told.body


def test_another_score_needs_a_reason(found, mai, hoa, binh, cuong):
    submitted(mai, hoa, found)
    actions.start_review(binh, fresh(found))
    with pytest.raises(Refused, match=r"khác điểm tự chấm \(30\)"):
        actions.score_item(binh, item(found, "1.1"), points=Decimal(20), note="")
    with pytest.raises(Refused, match=r"Chưa chấm thẩm định: 1\.1, 1\.2, 2\.1"):
        actions.finish_review(binh, fresh(found))
    actions.score_item(binh, item(found, "1.1"), points=Decimal(20), note="Hai thôn")
    actions.agree_items(binh, fresh(found), codes=["1.1", "1.2", "2.1"])
    actions.finish_review(binh, fresh(found))
    with pytest.raises(Refused, match=r"khác điểm thẩm định \(20\)"):
        actions.adjust_item(cuong, item(found, "1.1"), points=Decimal(25), note="")
    actions.adjust_item(cuong, item(found, "1.1"), points=Decimal(25), note="Thêm một thôn")
    approved = actions.approve(cuong, fresh(found))
    assert (approved.self_total, approved.appraised_total, approved.final_total) == (90, 80, 85)


def test_who_appraised_does_not_approve(found, mai, hoa, binh, cuong):
    submitted(mai, hoa, found)
    appraised(binh, found)
    Assessment.objects.update(appraised_by=cuong.account_id)
    with pytest.raises(Refused, match="thẩm định không được tự duyệt"):
        actions.approve(cuong, fresh(found))
    with pytest.raises(Forbidden):
        actions.approve(binh, fresh(found))


def test_the_council_may_ask_for_another_review(found, mai, hoa, binh, cuong):
    submitted(mai, hoa, found)
    appraised(binh, found)
    actions.adjust_item(cuong, item(found, "1.1"), points=Decimal(10), note="x")
    actions.reopen_review(cuong, fresh(found), reason="Xem lại nhóm 1")
    assert fresh(found).state == State.APPRAISING
    assert item(found, "1.1").final_points is None


@pytest.mark.parametrize("is_final", [False, True])
def test_a_final_rejection_ends_the_matter(found, mai, hoa, binh, cuong, is_final):
    submitted(mai, hoa, found)
    appraised(binh, found)
    actions.reject(cuong, fresh(found), reason="Số liệu không tin được", is_final=is_final)
    if is_final:
        with pytest.raises(Refused, match="hội đồng từ chối"):
            actions.self_score_item(mai, item(found, "1.1"), points=Decimal(1), note="x")
    else:
        actions.self_score_item(mai, item(found, "1.1"), points=Decimal(1), note="Tính lại")
        actions.submit(hoa, fresh(found))
        assert fresh(found).state == State.RESUBMITTED


def approved_unit(found: Assessment, mai, hoa, binh, cuong) -> Assessment:
    submitted(mai, hoa, found)
    appraised(binh, found)
    return actions.approve(cuong, fresh(found))


def test_nothing_is_published_before_the_council_approved(found, son):
    with pytest.raises(Refused, match="chưa duyệt"):
        actions.publish_round(son, found.round)


def test_publication_ranks_and_names_who_is_missing(found, mai, hoa, binh, cuong, son, lien_chau):
    approved_unit(found, mai, hoa, binh, cuong)
    cycle = actions.publish_round(son, fresh(found.round))
    assert cycle.appeal_until == date(2025, 1, 16)
    total = Standing.objects.get(group_code="")
    assert (total.points, total.max, total.rank, total.of, total.previous_rank) == (90, 100, 1, 1, None)
    assert dict(Standing.objects.exclude(group_code="").values_list("group_code", "points")) == {"1": 50, "2": 40}
    assert [one.unit for one in queries.without_result(cycle)] == [lien_chau]
    with pytest.raises(Refused, match="chưa duyệt"):
        actions.publish_round(son, fresh(found.round))
    with pytest.raises(Refused, match="đã công bố"):
        actions.take_computed(mai, assessment_of(cycle, found.unit))


def test_last_years_rank_stands_beside(found, mai, hoa, binh, cuong, son, province, ngu_kien, january):
    approved_unit(found, mai, hoa, binh, cuong)
    actions.publish_round(son, fresh(found.round))
    january.shift(timedelta(days=365))
    second = assessment_of(opened(son, province, year=2025), ngu_kien)
    approved_unit(second, mai, hoa, binh, cuong)
    actions.publish_round(son, fresh(second.round))
    assert Standing.objects.get(round=second.round, group_code="").previous_rank == 1
    assert Standing.objects.get(round=second.round, group_code="2").change == "giữ nguyên"


def test_an_appeal_that_is_not_upheld_changes_nothing(found, mai, hoa, binh, cuong, son):
    approved_unit(found, mai, hoa, binh, cuong)
    actions.publish_round(son, fresh(found.round))
    with pytest.raises(Refused, match="ít nhất một thành phần"):
        actions.appeal(hoa, assessment_of(found.round, found.unit), codes=["9.9"], reason="x")
    made = actions.appeal(hoa, assessment_of(found.round, found.unit), codes=["1.1"], reason="Đủ bốn thôn")
    with pytest.raises(Refused, match="ghi điểm mới"):
        actions.answer_appeal(cuong, fresh(made), is_upheld=True, answer="Đúng")
    with pytest.raises(Refused, match=r"2\.1 không nằm trong khiếu nại"):
        actions.answer_appeal(cuong, fresh(made), is_upheld=True, answer="Đúng", points={"2.1": Decimal(1)})
    actions.answer_appeal(cuong, fresh(made), is_upheld=False, answer="Hồ sơ chưa đủ")
    assert fresh(found).final_total == 90
    assert fresh(found).state == State.PUBLISHED


def test_locking_waits_for_the_last_day_and_the_last_answer(found, mai, hoa, binh, cuong, son, january):
    approved_unit(found, mai, hoa, binh, cuong)
    actions.publish_round(son, fresh(found.round))
    made = actions.appeal(hoa, assessment_of(found.round, found.unit), codes=["1.1"], reason="Đủ bốn thôn")
    january.shift(timedelta(days=11))
    with pytest.raises(Refused, match="Còn khiếu nại"):
        actions.lock_round(son, fresh(found.round))
    actions.answer_appeal(cuong, fresh(made), is_upheld=False, answer="Hồ sơ chưa đủ")
    actions.lock_round(son, fresh(found.round))
    assert fresh(found).state == State.LOCKED
    with pytest.raises(Refused, match="lý do"):
        actions.unlock_round(son, fresh(found.round), reason="")


def test_of_two_who_act_at_once_one_is_told(found, mai, hoa, binh):
    submitted(mai, hoa, found)
    seen = assessment_of(found.round, found.unit)
    actions.start_review(binh, assessment_of(found.round, found.unit))
    with pytest.raises(Refused, match="vừa được người khác xử lý"):
        actions.start_review(binh, seen)
    assert Item.objects.filter(assessment=found, appraised_points=None).count() == 3
