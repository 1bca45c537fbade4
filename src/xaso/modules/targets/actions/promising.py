"""Targets: added, corrected while the plan is a draft, later only replaced or dropped with a document."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Max

from xaso.core.access import Actor, require
from xaso.core.accounts.models import Post
from xaso.core.actions import action, note
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.figures import queries as figures
from xaso.modules.targets.actions.given import TargetGiven
from xaso.modules.targets.actions.plans import period_fits
from xaso.modules.targets.models import COMPARATORS, Plan, Target, plain_number

CHANGED = "Chỉ tiêu này vừa được người khác thay đổi. Hãy tải lại trang rồi xem lại."
NO_PAPER = "Hãy ghi lý do và số, ngày của văn bản cho phép."
NOT_A_HEAD = "Người chịu trách nhiệm phải đang giữ một chức danh ở đơn vị này."


@action("targets.add_target", "Thêm chỉ tiêu")
def add_target(by: Actor, plan: Plan, /, *, given: TargetGiven) -> Target:
    """To a draft by whoever prepares it; to an approved plan only by whoever may approve, with a document."""
    _check(plan, given)
    if not plan.is_draft:
        require(by, "targets.approve_plan", plan)
        if not tidy(given.source_document):
            raise Refused("Kế hoạch đã duyệt. Hãy ghi văn bản giao thêm chỉ tiêu này.")
    highest = plan.targets.aggregate(top=Max("number"))["top"] or 0
    target = Target(plan=plan, unit_path=plan.unit_path, number=highest + 1, **_columns(given), **_made(by))
    target.save(force_insert=True)
    return target


@action("targets.amend_target", "Sửa chỉ tiêu trong bản nháp")
def amend_target(by: Actor, target: Target, /, *, given: TargetGiven) -> Target:
    """Only while its plan is a draft: what nobody has approved is not yet a promise."""
    if not target.plan.is_draft:
        raise Refused("Kế hoạch đã duyệt nên không sửa được chỉ tiêu. Hãy dùng “Thay bằng chỉ tiêu khác”.")
    _check(target.plan, given)
    note(value_before=plain_number(target.value), value=plain_number(given.value))
    Target.objects.filter(pk=target.pk, state=Target.State.ACTIVE).update(**_columns(given))
    target.refresh_from_db()
    return target


@action("targets.fill_values", "Điền con số của chỉ tiêu")
def fill_values(by: Actor, plan: Plan, /, *, values: Mapping[int, Decimal | None]) -> Plan:
    """The numbers of a draft, by the targets' numbers. One that was not typed anew keeps its mark to verify."""
    if not plan.is_draft:
        raise Refused("Kế hoạch đã duyệt nên không sửa được con số. Hãy thay từng chỉ tiêu bằng chỉ tiêu khác.")
    targets = [target for target in plan.targets.filter(state=Target.State.ACTIVE) if target.number in values]
    changed = [target for target in targets if target.value != values[target.number]]
    note(**{f"target {one.number}": f"{plain_number(one.value)} → {values[one.number]}" for one in changed})
    for target in changed:
        target.value, target.to_verify = values[target.number], False
    Target.objects.bulk_update(changed, ["value", "to_verify"])
    return plan


@action("targets.replace_target", "Thay chỉ tiêu")
def replace_target(
    by: Actor, target: Target, /, *, given: TargetGiven, reason: str, document: str, plan: Plan | None = None
) -> Target:
    """A new promise in the place of an old one, in its plan or in a later one. The old one stays to be read."""
    home = plan or target.plan
    if home.unit_path != target.unit_path:
        raise Refused("Chỉ tiêu mới phải thuộc kế hoạch của cùng đơn vị.")
    _check(home, given)
    _close(by, target, Target.State.REPLACED, reason, document)
    number = target.number if home == target.plan else (home.targets.aggregate(top=Max("number"))["top"] or 0) + 1
    columns = _columns(given)
    if given.head is None:
        columns["head_id"] = target.head_id
    new = Target(plan=home, unit_path=home.unit_path, number=number, replaces=target, **columns, **_made(by))
    new.save(force_insert=True)
    new.tasks.set(target.tasks.all())
    note(replaced=str(target.uuid), value_before=plain_number(target.value), value=plain_number(new.value))
    return new


@action("targets.drop_target", "Không thực hiện chỉ tiêu")
def drop_target(by: Actor, target: Target, /, *, reason: str, document: str) -> Target:
    """Given up by a decision. It stays in the list as what it is."""
    _close(by, target, Target.State.DROPPED, reason, document)
    target.refresh_from_db()
    return target


@action("targets.name_head", "Giao người đứng đầu chịu trách nhiệm")
def name_head(by: Actor, target: Target, /, *, post: Post) -> Target:
    """Who answers for it in the yearly rating."""
    if post.unit_path != target.unit_path or not Post.objects.on(clock.today()).filter(pk=post.pk).exists():
        raise Refused(NOT_A_HEAD)
    note(head_before=target.head_id, head=post.pk)
    Target.objects.filter(pk=target.pk).update(head=post)
    target.refresh_from_db()
    return target


def _close(by: Actor, target: Target, state: str, reason: str, document: str) -> None:
    if not tidy(reason) or not tidy(document):
        raise Refused(NO_PAPER)
    closed: dict[str, Any] = {
        "closed_reason": tidy(reason)[:500],
        "closed_document": tidy(document)[:300],
        "closed_at": clock.now(),
        "closed_by_name": by.name,
    }
    if not Target.objects.filter(pk=target.pk, state=Target.State.ACTIVE).update(state=state, **closed):
        raise Refused(CHANGED)


def _check(plan: Plan, given: TargetGiven) -> None:
    if not tidy(given.text):
        raise Refused("Hãy ghi nội dung chỉ tiêu.")
    if not period_fits(plan, given.due_on):
        raise Refused(f"Hạn của chỉ tiêu phải nằm trong giai đoạn của kế hoạch ({plan.years}).")
    if given.value is None and given.direction != Target.Direction.YES_NO and not plan.is_draft:
        raise Refused("Hãy ghi con số phải đạt.")
    if given.comparator not in dict(COMPARATORS):
        raise Refused("Hãy chọn cách so: ít nhất, đúng bằng, trên, không quá hoặc dưới.")
    if given.figure and given.figure not in figures.catalogue():
        raise Refused("Không có số liệu này trong danh mục. Hãy chọn lại nguồn số liệu.")
    if given.head is not None and given.head.unit_path != plan.unit_path:
        raise Refused(NOT_A_HEAD)
    if given.kind == Target.Kind.UNITS_MEETING and (not given.figure or given.each_value is None):
        raise Refused("Chỉ tiêu đếm đơn vị đạt cần số liệu của từng đơn vị và mức mỗi đơn vị phải đạt.")


def _columns(given: TargetGiven) -> dict[str, Any]:
    is_yes_no = given.direction == Target.Direction.YES_NO
    return {
        "text": tidy(given.text)[:500],
        "kind": given.kind,
        "figure": given.figure,
        "each_comparator": given.each_comparator or (">=" if given.kind == Target.Kind.UNITS_MEETING else ""),
        "each_value": given.each_value,
        "direction": given.direction,
        "comparator": "=" if is_yes_no else given.comparator,
        "value": None if is_yes_no else given.value,
        "measure_unit": "" if is_yes_no else tidy(given.measure_unit),
        "deadline_kind": given.deadline_kind,
        "due_on": given.due_on,
        "milestones": dict(given.milestones),
        "lead": tidy(given.lead),
        "supporting": [name for one in given.supporting if (name := tidy(one))],
        "head_id": given.head.pk if given.head else None,
        "field": tidy(given.field),
        "priority": given.priority,
        "source_document": tidy(given.source_document),
        "source_article": tidy(given.source_article),
        "to_verify": given.to_verify,
    }


def _made(by: Actor) -> dict[str, Any]:
    return {"made_at": clock.now(), "made_by_name": by.name}
