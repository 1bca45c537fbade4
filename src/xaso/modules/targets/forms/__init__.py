"""Input of the pages. Checks shape only; what is allowed is asked of the actions."""

from xaso.modules.targets.forms.fields import MoneyField, NumberField
from xaso.modules.targets.forms.promises import (
    ApproveForm,
    CloseForm,
    ConfirmForm,
    HeadForm,
    PlanForm,
    TargetForm,
    ValuesForm,
)
from xaso.modules.targets.forms.work import (
    AssignForm,
    CancelForm,
    ConclusionForm,
    ConclusionTaskForm,
    FilterForm,
    LineForm,
    LinkForm,
    ProgressForm,
    ReasonForm,
    SpendingForm,
    TaskForm,
)

__all__ = [
    "ApproveForm",
    "AssignForm",
    "CancelForm",
    "CloseForm",
    "ConclusionForm",
    "ConclusionTaskForm",
    "ConfirmForm",
    "FilterForm",
    "HeadForm",
    "LineForm",
    "LinkForm",
    "MoneyField",
    "NumberField",
    "PlanForm",
    "ProgressForm",
    "ReasonForm",
    "SpendingForm",
    "TargetForm",
    "TaskForm",
    "ValuesForm",
]
