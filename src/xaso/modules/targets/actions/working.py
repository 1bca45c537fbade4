"""Tasks: given to people, told of, ended. A state moves along the table in `rules` by compare-and-set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xaso.core.access import Actor
from xaso.core.accounts.models import Post
from xaso.core.actions import action, entry_for, note
from xaso.core.files.actions import attach
from xaso.core.files.receiving import Received
from xaso.core.marks.watching import touch
from xaso.core.units.queries import unit_at
from xaso.kit import clock, subject
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.notifications.actions import notify
from xaso.modules.targets.actions.given import TaskGiven
from xaso.modules.targets.actions.numbers import task_codes
from xaso.modules.targets.models import Conclusion, Plan, Progress, Target, Task
from xaso.modules.targets.rules import STATE_LABELS, TaskState, may_move

EVIDENCE = "minh-chung"
CHANGED = "Nhiệm vụ này vừa được người khác cập nhật. Hãy tải lại trang rồi ghi lại."
NOT_A_POST = "Chỉ giao được cho người đang giữ chức danh ở đơn vị này."
DECIDED_LATER = "Ngày cập nhật không được ở tương lai."


@dataclass(frozen=True, slots=True)
class Told:
    """What a person says of a task."""

    text: str
    percent: int
    on: date | None = None
    evidence: Received | None = None


@action("targets.add_task", "Thêm nhiệm vụ")
def add_task(by: Actor, plan: Plan, /, *, given: TaskGiven) -> Task:
    return store_tasks(by, [given], plan=plan)[0]


def store_tasks(
    by: Actor, given: Sequence[TaskGiven], *, plan: Plan | None = None, conclusion: Conclusion | None = None
) -> list[Task]:
    """Rows for new tasks, with their links. Inside the caller's action."""
    home: Any = plan or conclusion
    for one in given:
        _check(home.unit_path, one)
    year = plan.last_year if plan else home.held_on.year
    codes = task_codes(home.unit_path, year, len(given))
    rows = [_row(plan, conclusion, code, one) for code, one in zip(codes, given, strict=True)]
    tasks = Task.objects.bulk_create(rows)
    for task, one in zip(tasks, given, strict=True):
        touch(task)
        if one.targets:
            task.targets.set(one.targets)
        if one.people:
            task.people.set(one.people)
        _tell_responsible(by, task)
    return tasks


def _check(unit_path: str, given: TaskGiven) -> None:
    if not tidy(given.text):
        raise Refused("Hãy ghi nội dung nhiệm vụ.")
    if any(target.unit_path != unit_path for target in given.targets):
        raise Refused("Nhiệm vụ chỉ gắn được với chỉ tiêu của cùng đơn vị.")
    if given.parent is not None and (given.parent.unit_path != unit_path or given.parent.parent_id):
        raise Refused("Việc con phải thuộc một nhiệm vụ của đơn vị, và chỉ chia một cấp.")
    if given.starts_on and given.due_on and given.starts_on > given.due_on:
        raise Refused("Ngày bắt đầu phải trước hạn hoàn thành.")
    _check_posts(unit_path, given.responsible, given.people)


def _check_posts(unit_path: str, responsible: Post | None, people: Sequence[Post]) -> None:
    if any(post.unit_path != unit_path for post in (responsible, *people) if post):
        raise Refused(NOT_A_POST)


def _row(plan: Plan | None, conclusion: Conclusion | None, code: str, given: TaskGiven) -> Task:
    home: Any = plan or conclusion
    return Task(
        plan=plan,
        conclusion=conclusion,
        parent=given.parent,
        unit_id=home.unit_id,
        unit_path=home.unit_path,
        code=code,
        text=tidy(given.text)[:500],
        product=tidy(given.product)[:300],
        source_document=tidy(given.source_document)[:300],
        lead=tidy(given.lead),
        supporting=[name for one in given.supporting if (name := tidy(one))],
        responsible=given.responsible,
        owner_person_id=given.responsible.account.person_id if given.responsible else None,
        is_condition=given.is_condition,
        starts_on=given.starts_on,
        due_on=given.due_on,
        made_at=clock.now(),
    )


@action("targets.link_task", "Gắn nhiệm vụ với chỉ tiêu")
def link_task(by: Actor, task: Task, /, *, targets: Sequence[Target], is_condition: bool = False) -> Task:
    if any(target.unit_path != task.unit_path for target in targets):
        raise Refused("Nhiệm vụ chỉ gắn được với chỉ tiêu của cùng đơn vị.")
    task.targets.set(targets)
    Task.objects.filter(pk=task.pk).update(is_condition=is_condition)
    note(targets=[str(target.uuid) for target in targets])
    task.refresh_from_db()
    return task


@action("targets.assign", "Giao nhiệm vụ")
def assign(
    by: Actor, task: Task, /, *, responsible: Post, people: Sequence[Post] = (), due_on: date | None = None
) -> Task:
    """Whoever answers for it, those who help, and the day. A new last day is warned of anew."""
    _check_posts(task.unit_path, responsible, people)
    if not task.is_owed:
        raise Refused(f"Nhiệm vụ {task.state_label.lower()}, không cần giao nữa.")
    changed: dict[str, Any] = {"responsible": responsible, "owner_person_id": responsible.account.person_id}
    if due_on and due_on != task.due_on:
        changed |= {"due_on": due_on, "near_told_at": None, "late_told_at": None}
    note(due_before=str(task.due_on or ""), to=responsible.account.person.full_name)
    Task.objects.filter(pk=task.pk).update(**changed)
    task.people.set([post for post in people if post != responsible])
    task.refresh_from_db()
    _tell_responsible(by, task)
    return task


def _tell_responsible(by: Actor, task: Task) -> None:
    if task.responsible is None or task.owner_person_id == by.person_id:
        return
    due = f"{task.due_on:%d/%m/%Y}" if task.due_on else "chưa ghi hạn"
    values = {"code": task.code, "task": task.text, "due": due, "unit": unit_at(task.unit_path).full_name}
    notify(
        by, task.responsible.account.person, "targets.task_given", subject=subject.ref(task), unit_path=task.unit_path,
        values=values, link=f"/desk/targets/nhiem-vu/{task.uuid}/",
        key=f"targets.given:{task.pk}:{task.responsible_id}:{task.due_on}",
    )  # fmt: skip


@action("targets.report_progress", "Cập nhật tiến độ")
def report_progress(
    by: Actor, task: Task, /, *, text: str, percent: int, on: date | None = None, evidence: Received | None = None
) -> Progress:
    """What was done, by the people of the task. A paused task goes on; what is kept up stays kept up."""
    if not 0 <= percent <= 100:
        raise Refused("Tiến độ là một số từ 0 đến 100.")
    then = TaskState.KEEP_UP if task.state == TaskState.KEEP_UP else TaskState.DOING
    return _move(by, task, then, Told(text, percent, on, evidence))


@action("targets.finish", "Hoàn thành nhiệm vụ")
def finish(
    by: Actor, task: Task, /, *, text: str, on: date | None = None, evidence: Received | None = None
) -> Progress:
    """Done, with what came of it. Its parts must be done first."""
    if task.parts.exclude(state__in=[TaskState.DONE, TaskState.CANCELLED, TaskState.KEEP_UP]).exists():
        raise Refused("Còn việc con chưa xong. Hãy hoàn thành hoặc huỷ các việc con trước.")
    return _move(by, task, TaskState.DONE, Told(text, 100, on, evidence))


@action("targets.keep_up", "Chuyển sang tiếp tục duy trì")
def keep_up(by: Actor, task: Task, /, *, text: str) -> Progress:
    """Reached, and to be held: it is no longer owed by a day."""
    return _move(by, task, TaskState.KEEP_UP, Told(text, task.progress))


@action("targets.pause", "Tạm dừng nhiệm vụ")
def pause(by: Actor, task: Task, /, *, reason: str) -> Progress:
    return _move(by, task, TaskState.PAUSED, Told(reason, task.progress))


@action("targets.cancel", "Huỷ nhiệm vụ")
def cancel(by: Actor, task: Task, /, *, reason: str, document: str) -> Progress:
    """Given up, with the document that allows it. Open parts end with it."""
    if not tidy(reason) or not tidy(document):
        raise Refused("Hãy ghi lý do và số, ngày của văn bản cho phép huỷ nhiệm vụ.")
    done = _move(by, task, TaskState.CANCELLED, Told(f"{tidy(reason)} ({tidy(document)})", task.progress))
    for part in task.parts.exclude(state__in=[TaskState.DONE, TaskState.CANCELLED]):
        _move(by, part, TaskState.CANCELLED, Told(f"Huỷ cùng nhiệm vụ {task.code}", part.progress))
        touch(part)
        entry_for(part, with_task=task.code)
    return done


def _finished_on(task: Task, then: TaskState, day: date) -> date | None:
    """What is kept up was reached one day, and that day stays."""
    if then == TaskState.KEEP_UP:
        return task.finished_on or day
    return day if then == TaskState.DONE else None


def _move(by: Actor, task: Task, then: TaskState, told: Told) -> Progress:
    text, day = tidy(told.text), told.on or clock.today()
    if not text:
        raise Refused("Hãy ghi một câu về việc đã làm hoặc lý do.")
    if day > clock.today():
        raise Refused(DECIDED_LATER)
    if not may_move(task.state, then):
        now, wanted = task.state_label, STATE_LABELS[then]
        raise Refused(f"Nhiệm vụ đang ở trạng thái “{now}” nên không chuyển thành “{wanted}” được.")
    changed: dict[str, Any] = {
        "state": then,
        "progress": told.percent,
        "finished_on": _finished_on(task, then, day),
    }
    if then in {TaskState.PAUSED, TaskState.CANCELLED}:
        changed["state_reason"] = text[:500]
    if not Task.objects.filter(pk=task.pk, state=task.state, progress=task.progress).update(**changed):
        raise Refused(CHANGED)
    task.refresh_from_db()
    note(task=task.code, percent=told.percent, state=then.value)
    return _kept(by, task, Told(text, told.percent, day, told.evidence), then)


def _kept(by: Actor, task: Task, told: Told, then: TaskState) -> Progress:
    update = Progress.objects.create(
        task=task,
        unit_path=task.unit_path,
        on=told.on or clock.today(),
        text=told.text[:1000],
        percent=told.percent,
        state_after=then,
        at=clock.now(),
        by_name=by.name,
    )
    if told.evidence is not None:
        attach(by, told.evidence, subject=subject.ref(update), unit_path=task.unit_path, kind=EVIDENCE)
    return update
