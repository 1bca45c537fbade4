"""Every page opens for those who may, stays small in statements, and its forms do what they say."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from xaso.modules.targets import actions
from xaso.modules.targets.actions import ConclusionGiven, LineGiven, TaskGiven
from xaso.modules.targets.models import BudgetLine, Conclusion, Plan, Target, Task
from xaso.modules.targets.tests.conftest import PACK

BUDGET = 40


def at(name, *keys):
    return reverse(f"desk-targets:{name}", args=keys)


@pytest.fixture
def task(mai, plan, an, post_of, numbered):
    given = TaskGiven("Mở lớp tập huấn", responsible=post_of(an), due_on=date(2025, 1, 5), targets=[numbered(9)])
    return actions.add_task(mai, plan, given=given)


@pytest.fixture
def line(mai, plan):
    return actions.add_budget_line(mai, plan, given=LineGiven("Thiết bị", "Ngân sách xã", 90_000_000))


@pytest.fixture
def conclusion(mai, ngu_kien):
    given = ConclusionGiven("Giao ban tháng 1", date(2025, 1, 8), "03/TB-UBND")
    return actions.record_conclusion(mai, ngu_kien, given=given, tasks=[TaskGiven("Sửa loa", due_on=date(2025, 1, 31))])


def test_every_page_opens_and_asks_little(
    browser_of, mai, plan, task, line, conclusion, numbered, declared, django_assert_max_num_queries
):
    declared("online_share", "2024", ">", 46)
    declared("online_share", "2023", "=", 25)
    pages = [
        at("index"), at("new_plan"), at("national"), at("heads") + "?nam=2024", at("plan", plan.uuid),
        at("target", numbered(5).uuid), at("tasks"), at("tasks") + "?cua=mine&loc=late", at("task", task.uuid),
        at("tasks_of_plan", plan.uuid), at("new_task", plan.uuid), at("conclusions"), at("new_conclusion"),
        at("conclusion", conclusion.uuid), at("budget", plan.uuid), at("line", line.uuid),
    ]  # fmt: skip
    browser = browser_of(mai)
    for page in pages:
        with django_assert_max_num_queries(BUDGET):
            answer = browser.get(page)
        assert answer.status_code == 200, page
        assert len(answer.content) < 100_000, page


def test_more_rows_cost_no_more_statements(browser_of, mai, plan, ngu_kien):
    browser = browser_of(mai)

    def statements():
        with CaptureQueriesContext(connection) as asked:
            browser.get(at("tasks"))
        return len(asked)

    browser.get(at("tasks"))
    few = statements()
    given = ConclusionGiven("Họp", date(2025, 1, 8), "04/TB-UBND")
    actions.record_conclusion(mai, ngu_kien, given=given, tasks=[TaskGiven(f"Việc {n}") for n in range(12)])
    assert statements() == few


def test_the_plan_shows_number_result_and_share(browser_of, mai, plan, declared):
    declared("work_records_online_share", "2024", "=", 30)
    page = browser_of(mai).get(at("plan", plan.uuid)).content.decode()
    row = re.search(r"<tr[^>]*>(?:(?!</tr>).)*Hồ sơ công việc(?:(?!</tr>).)*</tr>", page, re.S).group()
    assert "ít nhất 40 %" in row
    assert "30 %" in row
    assert "75 %" in row
    assert "Không đạt" in row
    assert "is-bad" in row
    assert "Còn thiếu" in page


def test_two_years_make_a_trend(browser_of, mai, numbered, declared):
    browser, address = browser_of(mai), at("target", numbered(5).uuid)
    declared("online_share", "2024", ">", 46)
    assert "Kết quả và mục tiêu theo năm" not in browser.get(address).content.decode()
    declared("online_share", "2023", "=", 25)
    page = browser.get(address)
    assert "Kết quả và mục tiêu theo năm" in page.content.decode()
    assert browser.get(page.context["figure_url"]).status_code == 200


def test_a_plan_is_made_from_the_pack(browser_of, mai, ngu_kien):
    form = {"title": "Kế hoạch 2025", "first_year": 2025, "last_year": 2025, "pack": PACK}
    answer = browser_of(mai).post(at("new_plan"), form)
    made = Plan.objects.get(unit=ngu_kien)
    assert answer.url == at("plan", made.uuid)
    assert made.targets.get(number=7).value == 60


def test_nothing_typed_is_lost(browser_of, mai):
    form = {"title": "Kế hoạch gõ dở", "first_year": 2025, "last_year": 2024, "pack": PACK}
    page = browser_of(mai).post(at("new_plan"), form).content.decode()
    assert "Kế hoạch gõ dở" in page
    assert "Năm bắt đầu và năm kết thúc chưa đúng" in page


def test_numbers_are_filled_the_vietnamese_way(browser_of, mai, draft):
    browser_of(mai).post(at("fill_values", draft.uuid), {f"v{number}": "98,6" for number in range(1, 16)})
    assert {one.value for one in draft.targets.all()} == {Decimal("98.6")}


def test_the_leader_approves_on_the_page(browser_of, mai, hoa, draft):
    form = {"document_number": "12/KH-UBND", "document_on": "05/01/2024"}
    assert browser_of(mai).post(at("approve", draft.uuid), form).status_code == 403
    answer = browser_of(hoa).post(at("approve", draft.uuid), form)
    draft.refresh_from_db()
    assert (answer.status_code, draft.state, draft.document) == (302, "approved", "12/KH-UBND, ngày 05/01/2024")


def test_a_target_is_added_from_the_national_list(browser_of, mai, draft):
    browser = browser_of(mai)
    page = browser.get(at("new_target", draft.uuid) + "?tu=qd749-hscv-xa-2025").content.decode()
    assert 'value="60"' in page
    assert "QĐ 749/QĐ-TTg ngày 03/06/2020" in page
    form = {
        "text": "Thôn có nhóm Zalo", "figure": "villages_with_channel_share", "direction": "higher", "comparator": ">=",
        "value": "1.412", "measure_unit": "thôn", "deadline_kind": "within_year", "due_on": "01/06/2024",
        "priority": "normal", "milestone_2030": "100", "supporting": "Đoàn Thanh niên\nHội Phụ nữ",
    }  # fmt: skip
    answer = browser.post(at("new_target", draft.uuid), form)
    made = Target.objects.get(text="Thôn có nhóm Zalo")
    assert answer.url == at("target", made.uuid)
    assert (made.value, made.due_on, made.milestones) == (1412, date(2024, 12, 31), {"2030": "100"})
    assert made.supporting == ["Đoàn Thanh niên", "Hội Phụ nữ"]


def test_replacing_shows_the_whole_chain(browser_of, hoa, numbered):
    old = numbered(5)
    form = {
        "text": old.text, "figure": old.figure, "direction": "higher", "comparator": ">=", "value": "50",
        "measure_unit": "%", "deadline_kind": "within_year", "due_on": "31/12/2024", "priority": "normal",
        "reason": "Tỉnh giao lại", "document": "99/QĐ-UBND",
    }  # fmt: skip
    browser = browser_of(hoa)
    answer = browser.post(at("replace", old.uuid), form)
    page = browser.get(answer.url).content.decode()
    assert "ít nhất 40 %" in page
    assert "đã thay: Tỉnh giao lại (99/QĐ-UBND)" in page
    assert "Chỉ tiêu này đã được thay" in browser.get(at("target", old.uuid)).content.decode()


def test_progress_by_the_person_of_the_task(browser_of, an, task):
    browser = browser_of(an)
    form = {"text": "Đã mời giảng viên", "percent": "40", "on": "09/01/2025"}
    browser.post(at("report", task.uuid), form)
    page = browser.get(at("task", task.uuid)).content.decode()
    assert "Đã mời giảng viên" in page
    assert "quá hạn 5 ngày" in page
    browser.post(at("finish", task.uuid), {"xong-text": "Tập huấn 24 người"})
    task.refresh_from_db()
    assert task.state == "done"


def test_buttons_follow_rights(browser_of, minh, hoa, task):
    assert "Huỷ nhiệm vụ" in browser_of(hoa).get(at("task", task.uuid)).content.decode()
    seen = browser_of(minh).get(at("task", task.uuid)).content.decode()
    assert "Huỷ nhiệm vụ" not in seen
    assert "Ghi tiến độ" not in seen


def test_a_meeting_is_recorded_with_its_lines(browser_of, mai, an, post_of):
    lines = {"viec-TOTAL_FORMS": 4, "viec-INITIAL_FORMS": 0, "viec-0-text": "Sửa loa thôn 3",
             "viec-0-responsible": str(post_of(an).uuid), "viec-0-due_on": "31/01/2025"}  # fmt: skip
    form = {"meeting": "Giao ban", "held_on": "08/01/2025", "document_number": "03/TB-UBND", **lines}
    browser = browser_of(mai)
    more = browser.post(at("new_conclusion"), form | {"them-dong": "1"}).content.decode()
    assert "Sửa loa thôn 3" in more
    assert "Việc 8" in more
    assert not Conclusion.objects.exists()
    browser.post(at("new_conclusion"), form)
    made = Task.objects.get(conclusion__meeting="Giao ban")
    assert (made.text, made.owner_person_id, made.due_on) == ("Sửa loa thôn 3", an.person_id, date(2025, 1, 31))


def test_spending_too_much_asks_for_a_reason_and_keeps_what_was_typed(browser_of, mai, line):
    browser = browser_of(mai)
    form = {"text": "Mua máy", "amount": "95.000.000", "spent_on": "05/12/2024", "document": "PC 15"}
    page = browser.post(at("line", line.uuid), form).content.decode()
    assert "vượt kế hoạch 5.000.000 đồng" in page
    assert "95.000.000" in page
    browser.post(at("line", line.uuid), form | {"over_reason": "Giá tăng"})
    assert BudgetLine.objects.get(pk=line.pk).over == 5_000_000
    assert "vượt kế hoạch" in browser.get(at("line", line.uuid)).content.decode()


def test_another_unit_sees_nothing(browser_of, oanh, tam, plan, task, line, conclusion, numbered):
    for actor in (oanh, tam):
        browser = browser_of(actor)
        for name, key in [
            ("plan", plan), ("task", task), ("line", line), ("conclusion", conclusion), ("target", numbered(1)),
        ]:  # fmt: skip
            assert browser.get(at(name, key.uuid)).status_code == 404
        assert "Mở lớp tập huấn" not in browser.get(at("tasks")).content.decode()


def test_the_province_reads_and_changes_nothing(browser_of, son, plan):
    browser = browser_of(son)
    page = browser.get(at("plan", plan.uuid)).content.decode()
    assert "Thêm chỉ tiêu" not in page
    assert browser.get(at("new_target", plan.uuid)).status_code == 403


def test_the_cockpit_shows_the_year_and_what_is_late(browser_of, hoa, plan, task, declared):
    declared("online_share", "2024", "=", 46)
    page = browser_of(hoa).get(reverse("cockpit:home")).content.decode()
    assert "15 chỉ tiêu: 1 vượt, 0 đạt, 0 không đạt" in page
    assert "NV.2024.001" in page
    assert "Xem đủ nhiệm vụ quá hạn" in page
    assert "is-bad" in page


def test_the_desk_shows_my_tasks(browser_of, an, minh, task):
    assert "Nhiệm vụ của tôi" in browser_of(an).get(reverse("desk:home")).content.decode()
    assert "Nhiệm vụ của tôi" not in browser_of(minh).get(reverse("desk:home")).content.decode()


def test_the_second_page_of_tasks_goes_on_after_the_first(browser_of, mai, plan, ngu_kien):
    tasks = [TaskGiven(f"Việc {number}") for number in range(30)]
    given = ConclusionGiven("Họp dài", date(2025, 1, 8), "04/TB-UBND")
    actions.record_conclusion(mai, ngu_kien, given=given, tasks=tasks)
    browser = browser_of(mai)
    first = browser.get(at("tasks"))
    second = browser.get(at("tasks") + first.context["next"])
    seen = [one.pk for one in [*first.context["tasks"], *second.context["tasks"]]]
    assert len(seen) == len(set(seen)) == 45
