"""Issuing, printing and reprinting papers.

Issuing is cheap: the number and the words, one upsert and one insert, inside the action that gives the paper out.
The sheet itself is made later, outside every transaction, when somebody first wants to see it.
"""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import F

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.files import actions as files
from xaso.core.files.stores import store
from xaso.core.numbering.actions import next_value
from xaso.core.units.models import Unit
from xaso.kit import clock, subject
from xaso.kit.errors import Refused
from xaso.modules.papers.definitions import PaperEdition
from xaso.modules.papers.editions import edition, edition_named
from xaso.modules.papers.filling import BadFilling, filled
from xaso.modules.papers.models import PrintedPaper
from xaso.modules.papers.queries import SHEET, signed_sheet
from xaso.modules.papers.rendering import render_pdf
from xaso.modules.papers.rules import number_of

LOST = "Không đọc được bản in lưu của {paper}. Hãy báo người quản trị khôi phục từ bản sao lưu."
CHANGED = "Bản in lưu của {paper} không còn khớp dấu kiểm tra ban đầu nên không được đưa ra. Hãy báo người quản trị."


def issue_paper(
    by: Actor, subject_ref: str, /, *, unit: Unit, code: str, on: date, data: dict[str, Any],
    owner_person_id: int | None = None,
) -> PrintedPaper:  # fmt: skip
    """Give the thing behind `subject_ref` a numbered paper in the form in force `on` that day.

    `agency_name`, `place`, `issued_at` and `number` are filled in when `data` does not say them.
    """
    return give_out_paper(
        by, unit, subject_ref=subject_ref, code=code, on=on, data=data, owner_person_id=owner_person_id
    )


@action("papers.issue", "Lập giấy")
def give_out_paper(
    by: Actor, unit: Unit, /, *, subject_ref: str, code: str, on: date, data: dict[str, Any],
    owner_person_id: int | None = None,
) -> PrintedPaper:  # fmt: skip
    """The same with the unit as the thing, so that it can also be asked for by itself."""
    form = edition(code, on)
    serial = next_value(f"papers.{code}", unit.path, f"{on:%Y}")
    number = number_of(serial, form.symbol)
    now = clock.now()
    given = {"agency_name": unit.full_name, "place": unit.name, "issued_at": now, "number": number} | data
    return PrintedPaper.objects.create(
        subject=subject_ref,
        unit=unit,
        unit_path=unit.path,
        owner_person_id=owner_person_id,
        code=code,
        template_version=form.version,
        template_digest=form.digest(),
        title=form.title,
        year=on.year,
        serial=serial,
        number=number,
        data=_words(form, given),
        issued_at=now,
        issued_by=by.name,
    )


def _words(form: PaperEdition, data: dict[str, Any]) -> dict[str, Any]:
    try:
        return filled(form, data)
    except BadFilling as wrong:
        raise Refused(str(wrong)) from wrong


def sheet_of(by: Actor, paper: PrintedPaper, /) -> bytes:
    """The PDF. The first asker has it made, outside a transaction; everyone after gets the very same bytes.

    Raises Refused when the kept file no longer has the hash of the first print.
    """
    if not paper.sha256:
        form = edition_named(paper.code, paper.template_version)
        sheet = files.receive_bytes(render_pdf(form.folder, paper.data), name=paper.file_name)
        paper = keep_sheet(by, paper, sheet=sheet, template_digest=form.digest())
    try:
        with store().open(paper.sha256) as kept:
            content = kept.read()
    except FileNotFoundError as lost:
        raise Refused(LOST.format(paper=paper)) from lost
    if hashlib.sha256(content).hexdigest() != paper.sha256:
        raise Refused(CHANGED.format(paper=paper))
    return content


def newest_sheet_of(by: Actor, paper: PrintedPaper, /) -> bytes:
    """The sheet as it was signed last, or as it was first printed."""
    signed = signed_sheet(paper)
    if signed is None:
        return sheet_of(by, paper)
    with store().open(signed.blob_id) as kept:
        return kept.read()


@action("papers.view", "Xem và in giấy")
def keep_sheet(by: Actor, paper: PrintedPaper, /, *, sheet: files.Received, template_digest: str) -> PrintedPaper:
    """Keep the first print and its hash. Who comes second must have made the same sheet."""
    digest = sheet.saved.sha256
    first = PrintedPaper.objects.filter(pk=paper.pk, sha256="").update(
        sha256=digest, template_digest=template_digest, printed_at=clock.now(), printed_by=by.name
    )
    paper.refresh_from_db()
    if first:
        paper.file = files.attach(
            by, sheet, subject=subject.ref(paper), unit_path=paper.unit_path, kind=SHEET,
            owner_person_id=paper.owner_person_id,
        )  # fmt: skip
        paper.save(update_fields=["file"])
    elif paper.sha256 != digest:
        raise Refused(CHANGED.format(paper=paper))
    return paper


@action("papers.reprint", "In lại giấy")
def reprint_paper(by: Actor, paper: PrintedPaper, /, *, copies: int = 1) -> PrintedPaper:
    """The same paper with the same number, marked “Bản in lại” with its turn and moment."""
    if copies < 1:
        raise Refused("Số bản in lại phải từ 1 trở lên.")
    original = paper.reprint_of or paper
    # The row lock of this update is what gives two clerks two different turns.
    PrintedPaper.objects.filter(pk=original.pk).update(reprints_made=F("reprints_made") + 1)
    original.refresh_from_db(fields=["reprints_made"])
    now = clock.now()
    form = edition_named(original.code, original.template_version)
    return PrintedPaper.objects.create(
        subject=original.subject,
        unit_id=original.unit_id,
        unit_path=original.unit_path,
        owner_person_id=original.owner_person_id,
        code=original.code,
        template_version=original.template_version,
        template_digest=form.digest(),
        title=original.title,
        year=original.year,
        serial=original.serial,
        number=original.number,
        data=_words(form, original.data | {"reprint_no": original.reprints_made, "reprint_at": now}),
        issued_at=now,
        issued_by=by.name,
        reprint_of=original,
        reprint_no=original.reprints_made,
        copies=copies,
    )


def hand_over_papers(subjects: Sequence[str], unit_path: str) -> int:
    """Another unit may read and reprint these papers from now on; who issued them and their numbers stay."""
    return PrintedPaper.objects.filter(subject__in=subjects).update(unit_path=unit_path)
