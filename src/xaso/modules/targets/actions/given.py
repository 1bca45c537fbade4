"""What a person hands to the verbs of this module, in one piece each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from xaso.core.accounts.models import Post
from xaso.modules.targets.models import Target, Task


@dataclass(frozen=True, slots=True)
class Paper:
    """The document something rests on."""

    number: str = ""
    on: date | None = None
    issuer: str = ""

    def __str__(self) -> str:
        parts = [self.number, f"ngày {self.on:%d/%m/%Y}" if self.on else "", self.issuer]
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class PlanGiven:
    """`pack` takes the targets of a pack; `values` are the numbers the unit was given, by the pack's number."""

    title: str
    first_year: int
    last_year: int
    paper: Paper = Paper()
    pack: str = ""
    values: Mapping[int, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TargetGiven:
    """A target as it was decided. `milestones` are years and what is wanted by then."""

    text: str
    due_on: date
    value: Decimal | None = None
    figure: str = ""
    direction: str = Target.Direction.HIGHER
    comparator: str = ">="
    measure_unit: str = "%"
    deadline_kind: str = Target.DeadlineKind.WITHIN_YEAR
    milestones: Mapping[str, str] = field(default_factory=dict)
    kind: str = Target.Kind.FIGURE
    each_comparator: str = ""
    each_value: Decimal | None = None
    lead: str = ""
    supporting: Sequence[str] = ()
    head: Post | None = None
    field: str = ""
    priority: str = Target.Priority.NORMAL
    source_document: str = ""
    source_article: str = ""
    to_verify: bool = False


@dataclass(frozen=True, slots=True)
class TaskGiven:
    """Work to be done. Without a target it must be marked as a condition before the plan is whole."""

    text: str
    product: str = ""
    targets: Sequence[Target] = ()
    is_condition: bool = False
    parent: Task | None = None
    responsible: Post | None = None
    people: Sequence[Post] = ()
    lead: str = ""
    supporting: Sequence[str] = ()
    starts_on: date | None = None
    due_on: date | None = None
    source_document: str = ""


@dataclass(frozen=True, slots=True)
class ConclusionGiven:
    meeting: str
    held_on: date
    document_number: str
    document_on: date | None = None
    chair: str = ""


@dataclass(frozen=True, slots=True)
class LineGiven:
    """Money planned. `planned` is whole đồng."""

    name: str
    source: str
    planned: int
    document: str = ""
    task: Task | None = None


@dataclass(frozen=True, slots=True)
class SpendingGiven:
    """Money spent. More than the line holds needs `over_reason`: nothing exceeds in silence."""

    amount: int
    spent_on: date
    text: str
    document: str
    over_reason: str = ""
