"""The one way a dossier changes state: compare and set, and a stint on its timeline."""

from datetime import datetime
from typing import Any

from django.db.models import F

from xaso.core.access import Actor
from xaso.kit.errors import Refused
from xaso.modules.dossiers import rules
from xaso.modules.dossiers.models import Dossier, Step

CHANGED = "Hồ sơ vừa được người khác xử lý nên không còn ở bước này. Hãy tải lại trang để xem tình trạng mới."

NOT_OURS = (
    "Hồ sơ này do hệ thống khác xử lý; ở đây chỉ theo dõi. Hãy xử lý trên hệ thống đó, tình trạng mới sẽ tự về đây."
)


def need_ours(dossier: Dossier) -> None:
    """Raises Refused when another system decides about this dossier."""
    if dossier.is_mirror:
        raise Refused(NOT_OURS)


def need_apology(dossier: Dossier, at: datetime) -> None:
    """Raises Refused when the work is late and the resident was never told sorry."""
    if rules.owes_apology(at, dossier.due_at, dossier.apologised_at):
        raise Refused(rules.APOLOGISE_FIRST)


def move(dossier: Dossier, verb: str, **fields: Any) -> Dossier:
    """Change the state by a verb of the table of moves, with other fields in the same statement.

    Raises Refused when the dossier is no longer where the verb starts from: of two officers one is told to look again.
    """
    need_ours(dossier)
    sources, target = rules.MOVES[verb]
    if dossier.state not in sources:
        raise Refused(_not_from(dossier, target))
    return change(dossier, state=int(target), **fields)


def change(dossier: Dossier, **fields: Any) -> Dossier:
    """Set fields if the dossier is ours and still in the state and step this caller saw."""
    need_ours(dossier)
    seen = {"pk": dossier.pk, "state": dossier.state, "step_key": dossier.step_key}
    if not Dossier.objects.filter(**seen).update(**fields):
        raise Refused(CHANGED)
    for name, value in fields.items():
        setattr(dossier, name, value)
    return dossier


def _not_from(dossier: Dossier, target: rules.State) -> str:
    now = rules.LABELS[rules.State(dossier.state)]
    return f"Hồ sơ đang ở trạng thái “{now}” nên chưa thể chuyển sang “{rules.LABELS[target]}”."


def begin(dossier: Dossier, step: rules.StepLike, at: datetime, due_at: datetime | None = None) -> Step:
    """An open stint, not yet stored."""
    return Step(
        dossier=dossier, key=step.key, label=step.label, kind=step.kind, role=step.role, started_at=at, due_at=due_at
    )


def happened(dossier: Dossier, by: Actor, kind: str, label: str, at: datetime, note: str = "") -> Step:
    """A stint that is over the moment it happens, not yet stored."""
    return Step(
        dossier=dossier,
        key=kind,
        label=label,
        kind=kind,
        account_id=by.account_id,
        who=by.name,
        started_at=at,
        finished_at=at,
        outcome="done",
        note=note[:1000],
    )


def end_stint(dossier: Dossier, by: Actor, at: datetime, outcome: str, note: str = "") -> None:
    """Close the open stint, if there is one."""
    Step.objects.filter(dossier=dossier, finished_at=None).update(
        finished_at=at, outcome=outcome, note=note[:1000], who=by.name, account_id=by.account_id
    )


def count_supplement(dossier: Dossier) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(supplements_asked=F("supplements_asked") + 1)
    dossier.supplements_asked += 1
