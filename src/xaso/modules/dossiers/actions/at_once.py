"""Procedures whose result is given while the resident waits: every step is still on record, with who approved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from xaso.core.access import Actor
from xaso.core.accounts.models import Account
from xaso.core.accounts.queries import actor_of
from xaso.core.actions import action, note
from xaso.core.deadlines import actions as deadlines
from xaso.core.outbox.actions import announce
from xaso.kit import clock, subject
from xaso.kit.errors import Refused
from xaso.modules.dossiers import rules
from xaso.modules.dossiers.actions.moving import end_stint, move, need_apology, need_ours
from xaso.modules.dossiers.actions.processing import show_result
from xaso.modules.dossiers.events import DossierTold
from xaso.modules.dossiers.models import Dossier, Result, Step
from xaso.modules.procedures.queries import version

NOT_IMMEDIATE = "Thủ tục này không thuộc loại trả kết quả ngay. Hãy chuyển xử lý theo các bước."
NO_APPROVER = "Hãy chọn lãnh đạo đã ký kết quả trước khi trả."
NOT_A_LEADER = "{name} không có quyền ký hồ sơ của đơn vị này. Hãy chọn lãnh đạo khác."


@action("dossiers.complete_at_once", "Trả kết quả ngay")
def complete_at_once(
    by: Actor, dossier: Dossier, /, *, approver: Account | None = None, handed_to: str = "", handed_how: str = ""
) -> Dossier:
    """2 or 4 → 10 in one go: forward, each remaining step, the signature of `approver`, the hand-over."""
    need_ours(dossier)
    pinned = version(dossier.version_id)
    if not pinned.definition.immediate:
        raise Refused(NOT_IMMEDIATE)
    # The sheet itself is handed over the counter, so no file is asked for.
    if sentence := rules.may_return(dossier.payment_state, True, pinned.definition.result.kind):
        raise Refused(sentence)
    turns = _remaining(dossier, pinned)
    signs = any(turn.kind == "sign" for turn in turns)
    if signs:
        _check_approver(dossier, approver)
    now = clock.now()
    need_apology(dossier, now)
    if dossier.state == rules.State.ACCEPTED:
        move(dossier, "forward")
    _finish(by, dossier, turns, approver, now)
    _hand_over(by, dossier, approver if signs else None, handed_to, handed_how, now)
    note(number=dossier.number, approved_by=approver if signs else None, steps=[turn.key for turn in turns])
    return dossier


def _remaining(dossier: Dossier, pinned: Any) -> list[rules.StepLike]:
    """Steps from the present one up to the return."""
    steps = list(rules.steps_of(pinned.definition.steps))
    if dossier.state not in {rules.State.ACCEPTED, rules.State.PROCESSING}:
        label = rules.LABELS[rules.State(dossier.state)]
        raise Refused(f"Hồ sơ đang ở trạng thái “{label}” nên không trả kết quả ngay được.")
    position = [step.key for step in steps].index(dossier.step_key)
    return [step for step in steps[position:] if step.kind != "return"]


def _check_approver(dossier: Dossier, approver: Account | None) -> None:
    if approver is None:
        raise Refused(NO_APPROVER)
    if not actor_of(approver.pk).may("dossiers.sign_result", on=dossier):
        raise Refused(NOT_A_LEADER.format(name=approver.person.full_name))


def _finish(by: Actor, dossier: Dossier, turns: list[rules.StepLike], approver: Account | None, now: datetime) -> None:
    clock_row = deadlines.stop(deadlines.clock_of(subject.ref(dossier)), now, "finished")
    move(
        dossier,
        "finish",
        finished_at=now,
        step_key="return",
        step_role="reception",
        assignee=None,
        needs_apology=False,
        on_time_legal=clock_row.verdict_legal,
        on_time_shown=clock_row.verdict_shown,
        on_time_766=clock_row.verdict_766,
    )
    end_stint(dossier, by, now, "done")
    # The first of them was open and has just been closed; a signature belongs to the one who signed.
    if turns[0].kind == "sign":
        Step.objects.filter(dossier=dossier, key=turns[0].key, finished_at=now).update(**_signer(approver))
    Step.objects.bulk_create([_done(by, dossier, turn, approver, now) for turn in turns[1:]])
    show_result(dossier)


def _signer(approver: Account | None) -> dict[str, Any]:
    return {"who": approver.person.full_name, "account_id": approver.pk} if approver else {}


def _done(by: Actor, dossier: Dossier, turn: rules.StepLike, approver: Account | None, now: datetime) -> Step:
    signer = _signer(approver) if turn.kind == "sign" else {}
    who = {"who": by.name, "account_id": by.account_id} | signer
    return Step(
        dossier=dossier, key=turn.key, label=turn.label, kind=turn.kind, role=turn.role, started_at=now,
        finished_at=now, outcome="done", **who,
    )  # fmt: skip


def _hand_over(
    by: Actor, dossier: Dossier, approver: Account | None, handed_to: str, handed_how: str, now: datetime
) -> None:
    move(
        dossier, "return_result", returned_at=now, delivery_state=Dossier.Delivery.DELIVERED, step_key="", step_role=""
    )
    decided = {"decided_by": approver.person.full_name, "decided_at": now} if approver else {}
    handed = {"handed_to": handed_to or dossier.applicant_name, "handed_how": handed_how, "handed_at": now}
    Result.objects.update_or_create(dossier=dossier, defaults=decided | handed)
    Step.objects.create(
        dossier=dossier, key="return", label="Trả kết quả", kind="return", role="reception", started_at=now,
        finished_at=now, outcome="done", who=by.name, account_id=by.account_id, note=handed_how,
    )  # fmt: skip
    announce(DossierTold(dossier_id=dossier.pk, template="dossiers.returned"))
