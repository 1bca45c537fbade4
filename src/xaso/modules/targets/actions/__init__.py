"""Verbs of plans, targets and tasks."""

from xaso.modules.targets.actions.deciding import (
    add_budget_line,
    confirm_result,
    record_conclusion,
    record_spending,
)
from xaso.modules.targets.actions.given import (
    ConclusionGiven,
    LineGiven,
    Paper,
    PlanGiven,
    SpendingGiven,
    TargetGiven,
    TaskGiven,
)
from xaso.modules.targets.actions.plans import approve_plan, discard_plan, make_plan
from xaso.modules.targets.actions.promising import (
    add_target,
    amend_target,
    drop_target,
    fill_values,
    name_head,
    replace_target,
)
from xaso.modules.targets.actions.reminding import remind
from xaso.modules.targets.actions.working import (
    add_task,
    assign,
    cancel,
    finish,
    keep_up,
    link_task,
    pause,
    report_progress,
)

__all__ = [
    "ConclusionGiven",
    "LineGiven",
    "Paper",
    "PlanGiven",
    "SpendingGiven",
    "TargetGiven",
    "TaskGiven",
    "add_budget_line",
    "add_target",
    "add_task",
    "amend_target",
    "approve_plan",
    "assign",
    "cancel",
    "confirm_result",
    "discard_plan",
    "drop_target",
    "fill_values",
    "finish",
    "keep_up",
    "link_task",
    "make_plan",
    "name_head",
    "pause",
    "record_conclusion",
    "record_spending",
    "remind",
    "replace_target",
    "report_progress",
]
