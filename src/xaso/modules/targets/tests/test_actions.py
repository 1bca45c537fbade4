"""Plans, tasks, conclusions and money, through their verbs and by the people who may."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine

from xaso.core.access import SYSTEM
from xaso.core.audit.models import Entry
from xaso.core.files.queries import files_of
from xaso.core.files.receiving import receive_bytes
from xaso.core.measures import queries as measures
from xaso.core.measures.periods import period_of
from xaso.kit import subject
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.figures import queries as figures
from xaso.modules.notifications.models import Message
from xaso.modules.targets import actions
from xaso.modules.targets.actions import (
    ConclusionGiven,
    LineGiven,
    Paper,
    PlanGiven,
    SpendingGiven,
    TaskGiven,
)
from xaso.modules.targets.jobs import remind_people
from xaso.modules.targets.models import BudgetLine, Plan, Target, Task
from xaso.modules.targets.queries import costs, lacking, overdue_tasks, spent_in, tasks_seen
from xaso.modules.targets.queries.checking import faults
from xaso.modules.targets.tests.conftest import DECISION, GIVEN, PACK

VALUES = {number: Decimal(value) for number, value in GIVEN.items()}
PDF = b"%PDF-1.4\n%%EOF\n"


def test_a_plan_from_the_pack_has_targets_and_first_tasks(draft):
    assert (draft.state, draft.targets.count(), draft.tasks.count()) == (Plan.State.DRAFT, 15, 15)
    known = draft.targets.get(number=7)
    assert (known.value, known.to_verify, known.milestones) == (40, True, {"2025": "60"})
    own = draft.targets.get(number=3)
    assert (own.value, own.to_verify) == (GIVEN[3], False)
    assert [task.targets.count() for task in draft.tasks.all()] == [1] * 15
    assert draft.tasks.order_by("id").first().code == "NV.2024.001"


def test_the_same_pack_twice_is_refused(draft, mai, ngu_kien):
    with pytest.raises(Refused, match="đã có kế hoạch"):
        actions.make_plan(mai, ngu_kien, given=PlanGiven("Lần nữa", 2024, 2024, pack=PACK))


def test_another_unit_may_not(oanh, tam, ngu_kien, draft):
    for actor in (oanh, tam):
        with pytest.raises(Forbidden):
            actions.make_plan(actor, ngu_kien, given=PlanGiven("Không được", 2024, 2024))
    with pytest.raises(Forbidden):
        actions.add_task(oanh, draft, given=TaskGiven("Không được"))


def test_whoever_prepares_does_not_approve(mai, draft):
    with pytest.raises(Forbidden):
        actions.approve_plan(mai, draft, paper=DECISION)


def test_a_number_nobody_gave_stops_the_approval(mai, hoa, ngu_kien):
    bare = actions.make_plan(mai, ngu_kien, given=PlanGiven("Chưa điền", 2024, 2024, pack=PACK))
    assert bare.targets.get(number=3).value is None
    with pytest.raises(Refused, match="Chỉ tiêu số 3, 4, 5"):
        actions.approve_plan(hoa, bare, paper=DECISION)
    actions.fill_values(mai, bare, values=VALUES)
    assert actions.approve_plan(hoa, bare, paper=DECISION).approved_by_name == "Vũ Thị Hoa"
    with pytest.raises(Refused, match="đã được duyệt"):
        actions.approve_plan(hoa, bare, paper=DECISION)


def test_a_draft_may_go_and_what_has_force_may_not(draft, mai, oanh, hoa, ngu_kien):
    with pytest.raises(Forbidden):
        actions.discard_plan(oanh, draft)
    actions.discard_plan(mai, draft)
    assert not Plan.objects.exists()
    assert not Task.objects.exists()
    again = actions.make_plan(mai, ngu_kien, given=PlanGiven("Lại", 2024, 2024, pack=PACK, values=VALUES))
    actions.approve_plan(hoa, again, paper=DECISION)
    with pytest.raises(Refused, match="bản nháp"):
        actions.discard_plan(mai, again)


def test_a_draft_with_work_in_it_stays(draft, mai):
    actions.report_progress(mai, draft.tasks.first(), text="Đã làm", percent=10)
    with pytest.raises(Refused, match="tiến độ"):
        actions.discard_plan(mai, draft)


def test_a_plan_needs_its_document(hoa, draft):
    with pytest.raises(Refused, match="số và ngày"):
        actions.approve_plan(hoa, draft, paper=Paper())


def test_the_plans_file_stays_with_it(hoa, draft):
    made = actions.approve_plan(hoa, draft, paper=DECISION, file=receive_bytes(PDF, name="ke-hoach.pdf"))
    assert [one.name for one in files_of(subject.ref(made))] == ["ke-hoach.pdf"]


def test_a_promise_is_never_overwritten(plan, numbered, hoa, mai, wanted):
    target = numbered(5)
    with pytest.raises(Refused, match="Thay bằng chỉ tiêu khác"):
        actions.amend_target(mai, target, given=wanted(value=Decimal(10)))
    with pytest.raises(Refused):
        actions.fill_values(mai, plan, values={5: Decimal(10)})
    with pytest.raises(Forbidden):
        actions.replace_target(mai, target, given=wanted(value=Decimal(10)), reason="x", document="y")
    with pytest.raises(Refused, match="văn bản"):
        actions.replace_target(hoa, target, given=wanted(value=Decimal(50)), reason="Giao lại", document=" ")
    new = actions.replace_target(hoa, target, given=wanted(value=Decimal(50)), reason="Giao lại", document="9/QĐ")
    target.refresh_from_db()
    assert (target.state, target.value, new.value, new.number) == (Target.State.REPLACED, 40, 50, 5)
    assert list(new.tasks.all()) == list(target.tasks.all()) != []
    with pytest.raises(Refused, match="vừa được người khác"):
        actions.replace_target(hoa, target, given=wanted(value=Decimal(60)), reason="Lần nữa", document="9/QĐ")
    entry = Entry.objects.filter(verb="targets.replace_target", outcome="done").latest("id")
    assert (entry.details["value_before"], entry.details["value"]) == ("40", "50")


def test_adding_to_an_approved_plan_is_the_leaders_and_needs_a_document(plan, mai, hoa, wanted):
    with pytest.raises(Forbidden):
        actions.add_target(mai, plan, given=wanted(source_document="1/QĐ"))
    with pytest.raises(Refused, match="văn bản"):
        actions.add_target(hoa, plan, given=wanted())
    assert actions.add_target(hoa, plan, given=wanted(source_document="1/QĐ")).number == 16


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"text": " "}, "nội dung"),
        ({"due_on": date(2026, 12, 31)}, "giai đoạn"),
        ({"figure": "no_such_figure"}, "số liệu"),
        ({"comparator": "~"}, "cách so"),
        ({"kind": "units_meeting"}, "mức mỗi đơn vị"),
    ],
)
def test_a_target_that_makes_no_sense(draft, mai, wanted, change, sentence):
    with pytest.raises(Refused, match=sentence):
        actions.add_target(mai, draft, given=wanted(**change))


@pytest.fixture
def task(mai, plan, an, post_of):
    given = TaskGiven("Mở lớp tập huấn", responsible=post_of(an), due_on=date(2025, 1, 20), product="Danh sách")
    return actions.add_task(mai, plan, given=given)


def test_the_person_of_a_task_tells_of_it_and_others_do_not(task, an, minh, oanh):
    told = actions.report_progress(an, task, text="Đã mời giảng viên", percent=40)
    task.refresh_from_db()
    assert (task.state, task.progress, told.by_name) == ("doing", 40, "Phạm Thị An")
    for other in (minh, oanh):
        with pytest.raises(Forbidden):
            actions.report_progress(other, task, text="Không phải việc của tôi", percent=50)


def test_who_helps_may_tell_too(task, mai, an, minh, post_of):
    actions.assign(mai, task, responsible=post_of(an), people=[post_of(minh)])
    assert actions.report_progress(minh, task, text="In tài liệu", percent=20).percent == 20
    assert list(tasks_seen(minh, whose="mine")) == [task]


def test_evidence_stays_with_what_was_told(task, an):
    told = actions.report_progress(an, task, text="Xong", percent=90, evidence=receive_bytes(PDF, name="anh.pdf"))
    assert [one.name for one in files_of(subject.ref(told))] == ["anh.pdf"]


def test_the_way_of_a_task(task, an, hoa, mai):
    actions.pause(mai, task, reason="Chờ kinh phí")
    assert task.state_label == "Tạm dừng"
    actions.report_progress(an, task, text="Có kinh phí", percent=60)
    actions.finish(an, task, text="Đã tập huấn 24 người")
    assert (task.state, task.progress, task.finished_on) == ("done", 100, date(2025, 1, 10))
    with pytest.raises(Refused, match="không chuyển"):
        actions.cancel(hoa, task, reason="Thôi", document="1/QĐ")
    actions.keep_up(an, task, text="Mỗi quý một buổi")
    assert task.state_label == "Tiếp tục duy trì"
    assert task.updates.count() == 5 - 1


@pytest.mark.parametrize(("text", "percent", "on"), [(" ", 10, None), ("x", 101, None), ("x", 5, date(2025, 2, 1))])
def test_what_cannot_be_told(task, an, text, percent, on):
    with pytest.raises(Refused):
        actions.report_progress(an, task, text=text, percent=percent, on=on)


def test_two_at_once_one_is_told_to_look_again(task, an):
    stale = Task.objects.get(pk=task.pk)
    actions.report_progress(an, task, text="Trước", percent=40)
    with pytest.raises(Refused, match="vừa được người khác"):
        actions.report_progress(an, stale, text="Sau", percent=10)


def test_parts_first(task, mai, an, hoa, plan, post_of):
    part = actions.add_task(mai, plan, given=TaskGiven("Thuê hội trường", parent=task, responsible=post_of(an)))
    with pytest.raises(Refused, match="việc con"):
        actions.finish(an, task, text="Xong")
    with pytest.raises(Refused, match="một cấp"):
        actions.add_task(mai, plan, given=TaskGiven("Cháu", parent=part))
    for reason, document in (("Thôi", ""), (" ", "1/QĐ")):
        with pytest.raises(Refused, match="văn bản"):
            actions.cancel(hoa, task, reason=reason, document=document)
    actions.cancel(hoa, task, reason="Thôi", document="1/QĐ")
    part.refresh_from_db()
    assert part.state == "cancelled"


def test_tasks_and_money_are_figures_of_the_unit(task, an, mai, line, ngu_kien):
    year = period_of("2025")
    assert measures.totals(["targets.tasks_due", "targets.tasks_on_time"], ngu_kien.path, year) == {
        "targets.tasks_due": 1,
        "targets.tasks_on_time": 0,
    }
    actions.finish(an, task, text="Xong trước hạn")
    assert figures.value("plan_tasks_on_time_share", ngu_kien, year).number == 100
    actions.keep_up(an, task, text="Giữ hằng quý")
    assert figures.value("plan_tasks_on_time_share", ngu_kien, year).number == 100
    actions.record_spending(mai, line, given=spending(2_000_000))
    assert measures.totals(["targets.spent"], ngu_kien.path, period_of("2024")) == {"targets.spent": 2_000_000}


def test_nobody_of_another_unit_gets_work(task, mai, plan, oanh, post_of):
    with pytest.raises(Refused, match="chức danh"):
        actions.assign(mai, task, responsible=post_of(oanh))
    with pytest.raises(Refused, match="chức danh"):
        actions.add_task(mai, plan, given=TaskGiven("Việc", responsible=post_of(oanh)))


def test_a_task_that_serves_nothing_is_listed_until_it_is_a_condition(task, mai, plan):
    assert [one for one in lacking(plan) if task.code in one.name]
    actions.link_task(mai, task, targets=[], is_condition=True)
    assert not [one for one in lacking(plan) if task.code in one.name]


def test_people_are_told_once_when_near_and_once_when_late(task, an):
    assert remind_people() == 0
    with time_machine.travel("2025-01-15T09:00:00+07:00", tick=False):
        assert (remind_people(), remind_people()) == (1, 0)
    with time_machine.travel("2025-01-21T09:00:00+07:00", tick=False):
        assert (remind_people(), remind_people()) == (1, 0)
        assert list(overdue_tasks(task.unit_path).filter(pk=task.pk)) == [task]
    mine = Message.objects.filter(person_id=an.person_id).order_by("id").values_list("template", flat=True)
    assert list(mine) == ["targets.task_given", "targets.task_near", "targets.task_late"]


def test_a_new_last_day_is_warned_of_anew(task, mai, an, post_of):
    with time_machine.travel("2025-01-21T09:00:00+07:00", tick=False):
        remind_people()
        actions.assign(mai, task, responsible=post_of(an), due_on=date(2025, 1, 25))
        assert remind_people() == 1


CONCLUSION = ConclusionGiven("Giao ban tháng 1", date(2025, 1, 8), "03/TB-UBND", chair="Vũ Thị Hoa")


def test_what_a_meeting_concluded_becomes_tasks(mai, ngu_kien, an, post_of):
    tasks = [TaskGiven("Sửa loa thôn 3", responsible=post_of(an), due_on=date(2025, 1, 31)), TaskGiven("Lập danh sách")]
    made = actions.record_conclusion(mai, ngu_kien, given=CONCLUSION, tasks=tasks)
    assert [(one.text, one.plan) for one in made.tasks.order_by("id")] == [
        ("Sửa loa thôn 3", None),
        ("Lập danh sách", None),
    ]
    with pytest.raises(Refused, match="đã được ghi"):
        actions.record_conclusion(mai, ngu_kien, given=CONCLUSION, tasks=tasks)


def test_a_conclusion_without_work_is_none(mai, ngu_kien):
    with pytest.raises(Refused, match="ít nhất một việc"):
        actions.record_conclusion(mai, ngu_kien, given=CONCLUSION, tasks=[])


@pytest.fixture
def line(mai, plan):
    given = LineGiven("Thiết bị, bảo trì phần mềm, sửa loa", "Ngân sách xã", 90_000_000, "12/QĐ-UBND")
    return actions.add_budget_line(mai, plan, given=given)


def spending(amount, **more):
    return SpendingGiven(amount, date(2024, 11, 5), "Mua máy quét", "PC 15", **more)


def test_money_never_exceeds_in_silence(line, mai, ngu_kien):
    actions.record_spending(mai, line, given=spending(60_000_000))
    with pytest.raises(Refused, match=r"vượt kế hoạch 10\.000\.000 đồng"):
        actions.record_spending(mai, line, given=spending(40_000_000))
    assert BudgetLine.objects.get(pk=line.pk).spent == 60_000_000
    made = actions.record_spending(mai, line, given=spending(40_000_000, over_reason="Giá tăng, xã duyệt bổ sung"))
    assert made.over_reason
    found = costs(ngu_kien, 2024)
    assert (found.planned, found.spent, found.left, found.over) == (90_000_000, 100_000_000, -10_000_000, 10_000_000)
    assert found.by_source == [("Ngân sách xã", 90_000_000, 100_000_000)]
    assert spent_in("26.", date(2024, 1, 1), date(2025, 1, 1)) == 100_000_000
    assert spent_in("26.", date(2025, 1, 1), date(2026, 1, 1)) == 0


def test_spent_is_the_sum_of_what_was_spent(line, mai):
    for amount in (1, 2_500_000, 17):
        actions.record_spending(mai, line, given=spending(amount))
    line.refresh_from_db()
    assert line.spent == sum(line.spendings.values_list("amount", flat=True)) == 2_500_018
    assert not list(faults())
    BudgetLine.objects.filter(pk=line.pk).update(spent=5)
    assert [sentence for sentence in faults() if "Thiết bị" in sentence and "2500018" in sentence]


@pytest.mark.parametrize("wrong", [{"amount": 0}, {"document": " "}, {"spent_on": date(2025, 3, 1)}])
def test_spending_needs_a_paper(line, mai, wrong):
    given = {"amount": 5, "spent_on": date(2024, 1, 5), "text": "x", "document": "PC 1"} | wrong
    with pytest.raises(Refused):
        actions.record_spending(mai, line, given=SpendingGiven(**given))


def test_the_head_is_named_from_the_unit(numbered, mai, hoa, oanh, post_of):
    assert actions.name_head(mai, numbered(1), post=post_of(hoa)).head == post_of(hoa)
    with pytest.raises(Refused, match="chức danh"):
        actions.name_head(mai, numbered(1), post=post_of(oanh))


def test_a_task_without_a_person_is_nobodys_to_be_told(plan):
    assert actions.remind(SYSTEM, None, today=date(2025, 1, 10)) == 0
    assert plan.tasks.count() == 15
