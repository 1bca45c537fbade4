"""Questions about plans, targets, tasks and money. Public."""

from xaso.modules.targets.queries.judging import (
    TargetResult,
    child_units,
    counts_of,
    result_now,
    results,
    results_for,
    summary,
    targets_along,
    targets_of,
)
from xaso.modules.targets.queries.lacking import Lack, lacking
from xaso.modules.targets.queries.listing import (
    conclusions_seen,
    heads_of,
    overdue_tasks,
    plans_of,
    plans_seen,
    posts_to_choose,
    tasks_seen,
)
from xaso.modules.targets.queries.money import Costs, costs, spent_in
from xaso.modules.targets.queries.showing import comparator_words, number_words, wanted_words
from xaso.modules.targets.queries.timeline import Moment, chain_of, timeline
from xaso.modules.targets.rules import Counts, Result, TaskState

__all__ = [
    "Costs",
    "Counts",
    "Lack",
    "Moment",
    "Result",
    "TargetResult",
    "TaskState",
    "chain_of",
    "child_units",
    "comparator_words",
    "conclusions_seen",
    "costs",
    "counts_of",
    "heads_of",
    "lacking",
    "number_words",
    "overdue_tasks",
    "plans_of",
    "plans_seen",
    "posts_to_choose",
    "result_now",
    "results",
    "results_for",
    "spent_in",
    "summary",
    "targets_along",
    "targets_of",
    "tasks_seen",
    "timeline",
    "wanted_words",
]
