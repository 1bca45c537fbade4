"""What a meeting concluded, what money was spent, what a leader says of a result."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.files.actions import attach
from xaso.core.files.receiving import Received
from xaso.core.units.models import Unit
from xaso.kit import clock, subject
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.figures import queries as figures
from xaso.modules.targets.actions.given import ConclusionGiven, LineGiven, SpendingGiven, TaskGiven
from xaso.modules.targets.actions.working import store_tasks
from xaso.modules.targets.models import BudgetLine, Conclusion, Confirmation, Plan, Spending, Target
from xaso.modules.targets.queries import result_now
from xaso.modules.targets.rules import Result, may_confirm, overspent

CONCLUSION_FILE = "ket-luan"


@action("targets.record_conclusion", "Ghi kết luận cuộc họp")
def record_conclusion(
    by: Actor,
    unit: Unit,
    /,
    *,
    given: ConclusionGiven,
    tasks: Sequence[TaskGiven],
    plan: Plan | None = None,
    file: Received | None = None,
) -> Conclusion:
    """Each thing concluded becomes a task. A conclusion with nothing to do is minutes, not a conclusion."""
    if not tidy(given.meeting) or not tidy(given.document_number):
        raise Refused("Hãy ghi tên cuộc họp và số thông báo kết luận.")
    if given.held_on > clock.today():
        raise Refused("Cuộc họp chưa diễn ra nên chưa có kết luận.")
    if not tasks:
        raise Refused("Hãy ghi ít nhất một việc cuộc họp giao.")
    if Conclusion.objects.filter(
        unit=unit, document_number=tidy(given.document_number), held_on=given.held_on
    ).exists():
        raise Refused("Kết luận này đã được ghi. Hãy mở danh sách kết luận để xem.")
    if plan is not None and plan.unit_path != unit.path:
        raise Refused("Kế hoạch phải thuộc cùng đơn vị.")
    conclusion = Conclusion.objects.create(
        unit=unit,
        unit_path=unit.path,
        meeting=tidy(given.meeting)[:300],
        held_on=given.held_on,
        chair=tidy(given.chair),
        document_number=tidy(given.document_number),
        document_on=given.document_on,
        recorded_at=clock.now(),
        recorded_by_name=by.name,
    )
    store_tasks(by, tasks, plan=plan, conclusion=conclusion)
    if file is not None:
        attach(by, file, subject=subject.ref(conclusion), unit_path=unit.path, kind=CONCLUSION_FILE)
    note(tasks=len(tasks))
    return conclusion


@action("targets.add_budget_line", "Thêm khoản kinh phí")
def add_budget_line(by: Actor, plan: Plan, /, *, given: LineGiven) -> BudgetLine:
    if not tidy(given.name) or not tidy(given.source):
        raise Refused("Hãy ghi tên khoản và nguồn tiền.")
    if given.planned < 0:
        raise Refused("Số tiền kế hoạch không được âm.")
    if given.task is not None and given.task.unit_path != plan.unit_path:
        raise Refused("Nhiệm vụ phải thuộc cùng đơn vị.")
    return BudgetLine.objects.create(
        plan=plan,
        task=given.task,
        unit_path=plan.unit_path,
        name=tidy(given.name)[:200],
        source=tidy(given.source)[:120],
        document=tidy(given.document)[:300],
        planned=given.planned,
        made_at=clock.now(),
    )


@action("targets.record_spending", "Ghi khoản chi")
def record_spending(by: Actor, line: BudgetLine, /, *, given: SpendingGiven) -> Spending:
    """Never more than planned in silence: what exceeds the line is refused until somebody says why."""
    if given.amount <= 0:
        raise Refused("Số tiền chi phải lớn hơn 0.")
    if not tidy(given.document) or not tidy(given.text):
        raise Refused("Hãy ghi nội dung chi và chứng từ.")
    if given.spent_on > clock.today():
        raise Refused("Ngày chi không được ở tương lai.")
    seen = BudgetLine.objects.values_list("planned", "spent").get(pk=line.pk)
    over = overspent(*seen, given.amount)
    if over and not tidy(given.over_reason):
        words = figures.show_number(Decimal(over))
        raise Refused(f"Khoản này sẽ vượt kế hoạch {words} đồng. Hãy ghi lý do vượt, hoặc sửa số tiền.")
    if not BudgetLine.objects.filter(pk=line.pk, spent=seen[1]).update(spent=seen[1] + given.amount):
        raise Refused("Khoản kinh phí này vừa có khoản chi khác. Hãy tải lại trang rồi ghi lại.")
    line.refresh_from_db()
    note(over=over, spent=line.spent)
    return Spending.objects.create(
        line=line,
        unit_path=line.unit_path,
        amount=given.amount,
        spent_on=given.spent_on,
        text=tidy(given.text)[:300],
        document=tidy(given.document)[:300],
        over_reason=tidy(given.over_reason)[:300] if over else "",
        at=clock.now(),
        by_name=by.name,
    )


@action("targets.confirm_result", "Xác nhận kết quả chỉ tiêu")
def confirm_result(by: Actor, target: Target, /, *, result: str, reason: str, document: str = "") -> Confirmation:
    """A leader's word where the figure does not decide. A clear figure is never overruled."""
    if not tidy(reason):
        raise Refused("Hãy ghi lý do xác nhận.")
    if result not in set(Result):
        raise Refused("Hãy chọn một kết quả: vượt, đạt hoặc không đạt.")
    now = result_now(target)
    if sentence := may_confirm(now.by_figure, Result(result), target.direction == Target.Direction.YES_NO):
        raise Refused(sentence)
    note(result=result, actual=now.actual)
    return Confirmation.objects.create(
        target=target,
        result=result,
        reason=tidy(reason)[:500],
        document=tidy(document)[:300],
        actual=now.actual[:80],
        on=clock.today(),
        at=clock.now(),
        by_name=by.name,
    )
