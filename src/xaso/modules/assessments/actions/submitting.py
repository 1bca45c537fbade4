"""The leader signs: what was scored is sealed with its figures and proofs, and goes to the province."""

from __future__ import annotations

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.kit import clock, subject
from xaso.kit.errors import Refused
from xaso.modules.assessments.actions.moving import move, need_other_person, need_state, totals_of
from xaso.modules.assessments.actions.scoring import general_fault, need_editable, need_no_faults, refresh
from xaso.modules.assessments.models import Assessment, Decline, Item, Proof
from xaso.modules.assessments.queries.computing import computed, figure_lines, period_in
from xaso.modules.assessments.rules import State
from xaso.modules.packs.actions import Evidence, Line, seal_pack

KIND = "assessment"


@action("assessments.submit", "Nộp bài đánh giá")
def submit(by: Actor, assessment: Assessment, /) -> Assessment:
    """First time or again after a return. The pack sealed here is what the province reviews."""
    need_editable(assessment)
    need_state(assessment, State.SELF_SCORED, State.RETURNED, State.REJECTED)
    need_other_person(by, assessment.self_scored_by, done="tự chấm điểm", now="ký nộp")
    items = refresh(assessment)
    if sentence := general_fault(assessment):
        raise Refused(sentence)
    need_no_faults(items)
    to = State.SUBMITTED if assessment.state == State.SELF_SCORED else State.RESUBMITTED
    move(
        by,
        assessment,
        to,
        submitted_by=by.account_id,
        submitted_at=clock.now(),
        self_total=totals_of(items)["self_total"],
    )
    _answer_declines(items)
    _seal(by, assessment, items)
    return assessment


def _answer_declines(items: list[Item]) -> None:
    """A declined component is judged anew."""
    declined = [one for one in items if one.open_declines]
    Decline.objects.filter(item__in=declined, undone_at=None, answered_at=None).update(answered_at=clock.now())
    Item.objects.filter(pk__in=[one.pk for one in declined]).update(appraised_points=None, appraised_note="")


def _seal(by: Actor, assessment: Assessment, items: list[Item]) -> None:
    lines = [_line(one) for one in items if one.is_scored]
    lines += figure_lines(computed(assessment.round, assessment.unit))
    seal_pack(
        by,
        assessment.unit,
        kind=KIND,
        period=period_in(assessment.round),
        subject=subject.ref(assessment),
        lines=lines,
        documents=[_evidence(item, proof) for item in items for proof in item.shown_proofs],
    )


def _line(item: Item) -> Line:
    said = "theo điểm máy tính" if item.self_points == item.computed else "đơn vị tự chấm"
    return Line(
        key=f"item.{item.code}",
        label=f"{item.code} {item.label}",
        unit="điểm",
        number=item.self_points,
        origin="declared",
        source=said,
        document=item.self_note,
    )


def _evidence(item: Item, proof: Proof) -> Evidence:
    issued_on = str(proof.issued_on) if proof.issued_on else ""
    return Evidence(proof.number, proof.title, issued_on, proof.file.blob_id if proof.file else "", f"item.{item.code}")
