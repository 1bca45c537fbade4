"""Rows as machines get them."""

from datetime import UTC
from typing import Any

from xaso.modules.dossiers import rules
from xaso.modules.dossiers.models import Dossier, Party, Step, SubmittedPaper, Supplement
from xaso.modules.dossiers.screens.shapes import (
    ApplicantOut,
    BulkMade,
    DossierMade,
    DossierPage,
    DossierRow,
    DossierWhole,
    FileOut,
    PaperOut,
    PartyOut,
    StepOut,
    SupplementOut,
)
from xaso.modules.procedures.queries import version

_STATES = {int(state): label for state, label in rules.LABELS.items()}


def row_of(dossier: Dossier) -> dict[str, Any]:
    """What every shape of a dossier begins with."""
    pinned = version(dossier.version_id)
    return {
        "uuid": dossier.uuid,
        "number": dossier.number,
        "procedure": pinned.code,
        "procedure_name": pinned.name,
        "unit": dossier.unit_path.rstrip(".").rpartition(".")[2],
        "state": dossier.state,
        "state_name": _STATES[dossier.state],
        "payment_state": dossier.payment_state,
        "delivery_state": dossier.delivery_state,
        "channel": dossier.channel,
        "filing": dossier.filing,
        "applicant_name": dossier.applicant_name,
        "step": dossier.step_key,
        "step_role": dossier.step_role,
        "submitted_at": dossier.submitted_at,
        "accepted_at": dossier.accepted_at,
        "due_at": dossier.due_at and dossier.due_at.astimezone(UTC),
        "finished_at": dossier.finished_at,
        "returned_at": dossier.returned_at,
        "on_time": dossier.on_time_legal,
    }


def row(dossier: Dossier) -> DossierRow:
    return DossierRow(**row_of(dossier))


def made(dossier: Dossier) -> DossierMade:
    return DossierMade(**row_of(dossier), secret=dossier.secret)


def made_many(dossiers: list[Dossier]) -> BulkMade:
    return BulkMade(items=[made(dossier) for dossier in dossiers])


def page(rows: list[Dossier], following: str) -> DossierPage:
    items = [DossierRow(**row_of(one), assignee=_assignee(one)) for one in rows]
    return DossierPage(items=items, next=following)


def _assignee(dossier: Dossier) -> str:
    return dossier.assignee.person.full_name if dossier.assignee else ""


def whole(dossier: Dossier, parts: dict[str, Any]) -> DossierWhole:
    """`parts` is what `queries.whole` found."""
    return DossierWhole(
        **row_of(dossier),
        assignee=_assignee(dossier),
        case=dossier.case_key,
        content=dossier.content,
        result_by=dossier.result_by,
        applicant=_applicant(dossier),
        answers=dossier.answers,
        parties=[_party(one) for one in parts["parties"]],
        papers=[_paper(one) for one in parts["papers"]],
        steps=[step(one) for one in parts["steps"]],
        supplements=[_supplement(one) for one in parts["supplements"]],
    )


def _applicant(dossier: Dossier) -> ApplicantOut:
    return ApplicantOut(
        full_name=dossier.applicant_name,
        personal_id=dossier.applicant_id,
        birth_on=dossier.applicant_birth_on,
        sex=dossier.applicant_sex,
        phone=dossier.applicant_phone,
        email=dossier.applicant_email,
        address=dossier.applicant_address,
    )


def _party(party: Party) -> PartyOut:
    return PartyOut(
        role=party.role,
        full_name=party.full_name,
        personal_id=party.personal_id,
        phone=party.phone,
        basis=party.basis,
        consent_at=party.consent_at,
    )


def _paper(paper: SubmittedPaper) -> PaperOut:
    return PaperOut(
        key=paper.key,
        name=paper.name,
        is_required=paper.is_required,
        is_handed_in=paper.is_handed_in,
        originals=paper.originals,
        copies=paper.copies,
        from_data=paper.from_data,
        note=paper.note,
        file=file(paper.file) if paper.file_id else None,
    )


def file(stored: Any) -> FileOut:
    return FileOut(
        uuid=stored.uuid,
        name=stored.name,
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.blob_id,
        pages=stored.pages,
        url=stored.get_absolute_url(),
    )


def step(one: Step) -> StepOut:
    return StepOut(
        key=one.key,
        label=one.label,
        kind=one.kind,
        role=one.role,
        who=one.who,
        started_at=one.started_at,
        due_at=one.due_at,
        finished_at=one.finished_at,
        outcome=one.outcome,
        note=one.note,
    )


def _supplement(one: Supplement) -> SupplementOut:
    return SupplementOut(
        items=one.items,
        reason=one.reason,
        asked_at=one.asked_at,
        asked_by=one.asked_by,
        answer_by_on=one.answer_by_on,
        answered_at=one.answered_at,
        answer=one.answer,
    )
