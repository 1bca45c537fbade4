"""Making a plan and giving it force."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.files.actions import attach
from xaso.core.files.queries import files_of
from xaso.core.files.receiving import Received
from xaso.core.marks.watching import touch
from xaso.core.units.models import Unit
from xaso.kit import clock, subject
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.targets.actions.given import Paper, PlanGiven
from xaso.modules.targets.actions.numbers import task_codes
from xaso.modules.targets.definitions import Pack, PackTarget, packs
from xaso.modules.targets.models import Plan, Progress, Target, Task, last_day

PLAN_FILE = "ke-hoach"
APPROVED_ALREADY = "Kế hoạch này đã được duyệt. Hãy tải lại trang để xem."


@action("targets.make_plan", "Lập kế hoạch")
def make_plan(by: Actor, unit: Unit, /, *, given: PlanGiven, file: Received | None = None) -> Plan:
    """A draft. With a pack it begins with the pack's targets and their first tasks."""
    pack = _pack(given)
    if pack is not None and _exists(unit, given):
        raise Refused("Đơn vị đã có kế hoạch từ gói này cho giai đoạn đó. Hãy mở kế hoạch ấy để sửa.")
    plan = _row(by, unit, given)
    if pack is not None:
        _take_over(by, plan, pack, given)
    if file is not None:
        attach(by, file, subject=subject.ref(plan), unit_path=plan.unit_path, kind=PLAN_FILE)
    note(pack=given.pack, years=plan.years)
    return plan


def _pack(given: PlanGiven) -> Pack | None:
    if not tidy(given.title):
        raise Refused("Hãy ghi tên kế hoạch.")
    if not 2000 <= given.first_year <= given.last_year <= 2100:
        raise Refused("Năm bắt đầu và năm kết thúc chưa đúng. Ghi ví dụ 2024 và 2024, hoặc 2021 và 2025.")
    if not given.pack:
        return None
    if given.pack not in packs():
        raise Refused("Không có gói chỉ tiêu này. Hãy chọn lại trong danh sách.")
    return packs()[given.pack]


def _exists(unit: Unit, given: PlanGiven) -> bool:
    years = {"first_year": given.first_year, "last_year": given.last_year}
    return Plan.objects.filter(unit=unit, pack=given.pack, **years).exists()


def _row(by: Actor, unit: Unit, given: PlanGiven) -> Plan:
    return Plan.objects.create(
        unit=unit,
        unit_path=unit.path,
        title=tidy(given.title),
        first_year=given.first_year,
        last_year=given.last_year,
        document_number=tidy(given.paper.number),
        document_on=given.paper.on,
        issuer=tidy(given.paper.issuer),
        pack=given.pack,
        made_at=clock.now(),
        made_by_name=by.name,
    )


def _take_over(by: Actor, plan: Plan, pack: Pack, given: PlanGiven) -> None:
    """Targets and first tasks of the pack: five statements, however many there are."""
    targets = [_target(by, plan, one, given.values.get(one.number)) for one in pack.targets]
    targets = Target.objects.bulk_create(targets)
    pairs = [(target, task) for target, one in zip(targets, pack.targets, strict=True) for task in one.tasks]
    codes = task_codes(plan.unit_path, plan.last_year, len(pairs))
    rows = [
        Task(
            plan=plan, unit_id=plan.unit_id, unit_path=plan.unit_path, code=code, text=task.text, product=task.product,
            due_on=target.due_on, made_at=clock.now(), source_document=plan.document,
        )
        for code, (target, task) in zip(codes, pairs, strict=True)
    ]  # fmt: skip
    tasks = Task.objects.bulk_create(rows)
    for task in tasks:
        touch(task)
    links = Task.targets.through
    links.objects.bulk_create(
        [links(task_id=task.pk, target_id=target.pk) for task, (target, _) in zip(tasks, pairs, strict=True)]
    )


def _target(by: Actor, plan: Plan, one: PackTarget, given: Decimal | None) -> Target:
    """A number the unit wrote is the unit's; one of the pack keeps the pack's doubt."""
    return Target(
        plan=plan,
        unit_path=plan.unit_path,
        number=one.number,
        text=one.text,
        figure=one.figure,
        direction=one.direction,
        comparator=one.comparator,
        value=given if given is not None else one.values.get(plan.last_year),
        measure_unit=one.unit,
        due_on=last_day(plan.last_year),
        deadline_kind=Target.DeadlineKind.WITHIN_YEAR
        if plan.first_year == plan.last_year
        else Target.DeadlineKind.BY_YEAR,
        field=one.field,
        source_document=one.source,
        to_verify=one.to_verify and given is None,
        milestones={str(year): f"{value.normalize():f}" for year, value in one.values.items() if year > plan.last_year},
        made_at=clock.now(),
        made_by_name=by.name,
    )


@action("targets.discard_plan", "Bỏ bản nháp kế hoạch")
def discard_plan(by: Actor, plan: Plan, /) -> None:
    """A draft made by mistake goes, with what the pack put into it. Where work has begun it stays."""
    if not Plan.objects.select_for_update().filter(pk=plan.pk, state=Plan.State.DRAFT).exists():
        raise Refused("Chỉ bỏ được bản nháp. Kế hoạch đã duyệt thì thay hoặc thôi từng chỉ tiêu bằng văn bản.")
    tasks = list(plan.tasks.all())
    if plan.budget.exists() or Progress.objects.filter(task__plan=plan).exists() or files_of(subject.ref(plan)):
        raise Refused("Bản nháp đã có tệp, tiến độ hoặc kinh phí nên không bỏ được.")
    if any(task.conclusion_id for task in tasks) or plan.targets.exclude(replaces=None, replaced_by=None).exists():
        raise Refused("Bản nháp đã gắn với kết luận cuộc họp hoặc với chỉ tiêu khác nên không bỏ được.")
    note(title=plan.title, targets=plan.targets.count())
    for task in tasks:
        touch(task)
    plan.tasks.exclude(parent=None).delete()
    plan.tasks.all().delete()
    plan.targets.all().delete()
    plan.delete()


@action("targets.approve_plan", "Duyệt kế hoạch")
def approve_plan(by: Actor, plan: Plan, /, *, paper: Paper, file: Received | None = None) -> Plan:
    """From now on its targets are promises: they can be replaced or dropped with a document, no longer changed."""
    number, issued_on = tidy(paper.number) or plan.document_number, paper.on or plan.document_on
    if not number or issued_on is None:
        raise Refused("Hãy ghi số và ngày của văn bản ban hành kế hoạch.")
    _refuse_unready(plan)
    moved = Plan.objects.filter(pk=plan.pk, state=Plan.State.DRAFT).update(
        state=Plan.State.APPROVED,
        document_number=number,
        document_on=issued_on,
        issuer=tidy(paper.issuer) or plan.issuer,
        approved_at=clock.now(),
        approved_by_name=by.name,
    )
    if not moved:
        raise Refused(APPROVED_ALREADY)
    plan.refresh_from_db()
    if file is not None:
        attach(by, file, subject=subject.ref(plan), unit_path=plan.unit_path, kind=PLAN_FILE)
    note(document=plan.document)
    return plan


def _refuse_unready(plan: Plan) -> None:
    targets = plan.targets.filter(state=Target.State.ACTIVE)
    if not targets.exists():
        raise Refused("Kế hoạch chưa có chỉ tiêu nào. Hãy thêm chỉ tiêu rồi duyệt.")
    empty = targets.filter(value=None).exclude(direction=Target.Direction.YES_NO).order_by("number")
    if numbers := list(empty.values_list("number", flat=True)):
        which = ", ".join(map(str, numbers))
        raise Refused(f"Chỉ tiêu số {which} chưa ghi con số phải đạt. Hãy điền rồi duyệt.")


def period_fits(plan: Plan, due_on: date) -> bool:
    return plan.first_year <= due_on.year <= plan.last_year
