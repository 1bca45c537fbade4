"""What the resident gets on paper and as a message after each turn. Runs after the commit, as the system."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from xaso.core.access import Actor
from xaso.core.accounts.models import Person
from xaso.core.actions import action
from xaso.core.search.actions import index_many
from xaso.kit import clock, subject
from xaso.kit.sure import sure
from xaso.modules.dossiers import rules
from xaso.modules.dossiers.finding import item_of
from xaso.modules.dossiers.models import Apology, Dossier, Supplement
from xaso.modules.notifications.actions import notify
from xaso.modules.papers.actions import issue_paper
from xaso.modules.papers.queries import has_edition, latest_of
from xaso.modules.payments.queries import charges_of
from xaso.modules.procedures.queries import version

UNITS = {"hour": "giờ", "workday": "ngày làm việc", "day": "ngày", "month": "tháng"}


@action("dossiers.tell", "Lập giấy và báo tin")
def tell(by: Actor, dossier: Dossier, /, *, template: str, paper: str = "", note: str = "") -> Dossier:
    """Issue the form, if any, and tell the applicant."""
    if paper := _form_on_that_day(dossier, paper):
        issue_paper(
            by,
            subject.ref(dossier),
            unit=dossier.unit,
            code=paper,
            on=clock.today(),
            data=_words(dossier, paper, note),
            owner_person_id=dossier.owner_person_id,
        )
    person = dossier.owner_person or Person(full_name=dossier.applicant_name, phone=dossier.applicant_phone,
                                            email=dossier.applicant_email)  # fmt: skip
    notify(
        by,
        person,
        template,
        subject=subject.ref(dossier),
        unit_path=dossier.unit_path,
        values=_values(dossier, note),
        key=f"{template}:{dossier.pk}:{dossier.state}:{dossier.supplements_asked}:{dossier.due_at}",
    )
    index_many([item_of(dossier)])  # after the commit that changed it, so that no counter waits for the index
    return dossier


def _form_on_that_day(dossier: Dossier, paper: str) -> str:
    """Before TT 03/2025 there was no notice of stopping: a refusal to decide took Mẫu 03, a withdrawal no form.
    A slip already printed at the counter is not issued again."""
    if paper == "mau-01" and latest_of(subject.ref(dossier), paper):
        return ""
    if paper != "mau-05" or has_edition(paper, clock.today()):
        return paper
    return "mau-03" if dossier.state == rules.State.STOPPED else ""


def _values(dossier: Dossier, note: str) -> dict[str, str]:
    return {
        "number": dossier.number or "chưa cấp",
        "procedure": version(dossier.version_id).name,
        "unit": dossier.unit.full_name,
        "due": _vn(dossier.due_at),
        "note": note,
        "address": f"{settings.PUBLIC_URL}/portal/dossiers/{dossier.uuid}/",
    }


def _vn(moment: datetime | None) -> str:
    return f"{clock.local(moment):%H:%M ngày %d/%m/%Y}" if moment else "chưa xác định"


def blanks_of(dossier: Dossier, paper: str) -> dict[str, Any]:
    """The blanks of a form that needs no remark."""
    return _words(dossier, paper, "")


def _words(dossier: Dossier, paper: str, note: str) -> dict[str, Any]:
    """The blanks of a form, each form with its own."""
    data: dict[str, Any] = {
        "department_name": "Bộ phận Tiếp nhận và Trả kết quả",
        "lookup_address": f"{settings.PUBLIC_URL}/tra-cuu/",
        "dossier_number": dossier.number or "",
        "procedure_name": version(dossier.version_id).name,
        "applicant_name": dossier.applicant_name,
        "applicant_id": dossier.applicant_id,
        "applicant_address": dossier.applicant_address,
        "applicant_phone": dossier.applicant_phone,
        "applicant_email": dossier.applicant_email,
    }
    return data | _OF_PAPER[paper](dossier, note)


def _slip(dossier: Dossier, note: str) -> dict[str, Any]:
    del note
    pinned = version(dossier.version_id)
    limit = sure(pinned.limit(pinned.case(dossier.case_key), dossier.channel))
    text = "trong ngày làm việc" if limit.unit == "same_day" else f"{limit.amount} {UNITS[limit.unit]}"
    receiver = dossier.steps.filter(key="receive").first()
    papers = dossier.papers.filter(is_handed_in=True).select_related("file").order_by("pk")
    return {
        "lookup_secret": dossier.secret,
        "papers": [
            {
                "name": paper.name,
                "originals": paper.originals,
                "copies": paper.copies,
                "electronic": 1 if paper.file else 0,
                "note": paper.note,
            }
            for paper in papers
        ],
        "sets": 1,
        "duration": text,
        "received_at": dossier.accepted_at,
        "due_at": dossier.due_at,
        "result_channel": dossier.get_result_by_display(),
        "officer_name": receiver.who if receiver else "",
        "fees": [
            {"name": line["label"], "amount": line["amount"], "status": charge.get_state_display()}
            for charge in charges_of(subject.ref(dossier))
            for line in charge.lines
        ],
    }


def _supplement(dossier: Dossier, note: str) -> dict[str, Any]:
    asked = sure(Supplement.objects.filter(dossier=dossier).order_by("-pk").first())
    return {
        "missing": [{"name": item} for item in asked.items],
        "reason": asked.reason or note,
        "supplement_by": asked.answer_by_on,
        "officer_name": asked.asked_by,
    }


def _refusal(dossier: Dossier, note: str) -> dict[str, Any]:
    step = dossier.steps.filter(key__in=["decline", "stop"]).first()
    return {"reason": note, "officer_name": step.who if step else ""}


def _apology(dossier: Dossier, note: str) -> dict[str, Any]:
    last = sure(Apology.objects.filter(dossier=dossier).order_by("-pk").first())
    return {
        "received_at": dossier.accepted_at,
        "original_due_at": last.due_before_at,
        "reason": last.reason or note,
        "new_due_at": last.due_after_at,
        "extension_no": Apology.objects.filter(dossier=dossier).count(),
        "signer_name": last.by,
    }


def _stopped(dossier: Dossier, note: str) -> dict[str, Any]:
    return {
        "dossier_number": dossier.number or "chưa cấp mã",
        "requested_by": dossier.applicant_name if dossier.state == rules.State.WITHDRAWN else dossier.unit.full_name,
        "requested_at": dossier.finished_at,
        "received_at": dossier.accepted_at,
        "stopped_at": dossier.finished_at,
        "reason": note,
    }


def control_sheet(dossier: Dossier) -> dict[str, Any]:
    """The blanks of Mẫu 06, from the timeline and never typed."""
    giver, rows = "Người nộp", []
    for step in dossier.steps.order_by("started_at", "pk"):
        receiver = step.who or step.label
        rows.append(
            {
                "giver": giver,
                "receiver": f"{step.label} – {receiver}" if step.who else step.label,
                "at": step.started_at,
                "due_at": step.due_at,
                "verdict": _verdict(step.finished_at, step.due_at),
                "note": step.note[:120],
            }
        )
        giver = receiver
    return {
        "handling_agency": dossier.unit.full_name,
        "received_at": dossier.accepted_at,
        "due_at": dossier.due_at,
        "steps": rows,
    }


def _verdict(finished: datetime | None, due: datetime | None) -> str:
    if finished is None or due is None:
        return ""
    return "Đúng hạn" if finished <= due else "Quá hạn"


def _control(dossier: Dossier, note: str) -> dict[str, Any]:
    del note
    return control_sheet(dossier)


_OF_PAPER = {
    "mau-01": _slip,
    "mau-02": _supplement,
    "mau-03": _refusal,
    "mau-04": _apology,
    "mau-05": _stopped,
    "mau-06": _control,
}


@action("dossiers.print_control", "In phiếu kiểm soát quá trình")
def print_control_sheet(by: Actor, dossier: Dossier, /) -> Any:
    """Mẫu 06 as it stands now."""
    data = _words(dossier, "mau-06", "")
    wanted = {key: value for key, value in data.items() if not key.startswith("applicant_")}
    return issue_paper(
        by, subject.ref(dossier), unit=dossier.unit, code="mau-06", on=clock.today(), data=wanted,
        owner_person_id=None,
    )  # fmt: skip
