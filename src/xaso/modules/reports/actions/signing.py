"""Signing a report: its numbers are taken and sealed, and its three files are made once from what was sealed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from xaso.core.access import SYSTEM, Actor
from xaso.core.accounts.models import Post
from xaso.core.actions import action
from xaso.core.files import actions as files
from xaso.core.files.stores import store
from xaso.core.measures.periods import Period
from xaso.core.outbox.actions import announce
from xaso.core.units.models import Unit
from xaso.kit import clock, subject
from xaso.kit.errors import Refused
from xaso.kit.sure import sure
from xaso.modules.packs.actions import seal_pack
from xaso.modules.papers import actions as papers
from xaso.modules.reports.actions.writing import may_move, move
from xaso.modules.reports.definitions import ReportKind
from xaso.modules.reports.events import ReportSigned
from xaso.modules.reports.models import Report
from xaso.modules.reports.printed import Part, Printed, on_paper, read
from xaso.modules.reports.queries.numbers import Numbers, numbers_of
from xaso.modules.reports.queries.reports import kind_named, pack_kind, period_for
from xaso.modules.reports.word import docx_of
from xaso.modules.reports.workbook import xlsx_of

PAPER = "bao-cao"
TEMPLATE = Path("reports") / "mau-bao-cao.docx"
NO_TEMPLATE = "Thiếu mẫu Word của báo cáo (reports/mau-bao-cao.docx trong thư mục nội dung). Hãy báo người quản trị."


@action("reports.sign", "Ký báo cáo")
def sign_report(by: Actor, report: Report, /) -> Report:
    """Take the numbers as they are at this moment, seal them, give the report its number. The files follow."""
    may_move(report, Report.State.SIGNED)
    kind = kind_named(report.kind)
    period, _ = period_for(kind, report.period_key)
    now = clock.now()
    numbers = numbers_of(kind, report.unit, period)
    sheet = replace(sheet_of(report, kind, period, numbers), **_signature(by, report.unit, now))
    blanks = {name: value for name, value in on_paper(sheet).items() if value != ""}
    paper = papers.issue_paper(
        by, subject.ref(report), unit=report.unit, code=PAPER, on=clock.local(now).date(), data=blanks
    )
    pack = seal_pack(
        by,
        report.unit,
        kind=pack_kind(report.kind),
        period=period,
        subject=subject.ref(report),
        lines=list(numbers.lines),
        documents=[],
    )
    signed = move(
        report,
        Report.State.SIGNED,
        signed_at=now,
        signed_by=by.name[:120],
        number=paper.number,
        printed=replace(sheet, number=paper.number).as_json(),
        pack=pack,
        paper=paper,
    )
    announce(ReportSigned(str(signed.uuid)))
    return signed


def sheet_of(report: Report, kind: ReportKind, period: Period, numbers: Numbers) -> Printed:
    """What the report would say if it were signed now."""
    unit = report.unit
    parts = tuple(Part(section.title, report.texts.get(section.key, "")) for section in kind.sections)
    return Printed(
        agency=f"Ủy ban nhân dân {unit.get_kind_display()} {unit.name}",
        place=unit.name,
        number="",
        signed_at="",
        subject=kind.title,
        period=f"({period.label[:1].upper()}{period.label[1:]})",
        as_of=str(min(period.last, clock.today())),
        addressees=kind.recipients,
        recipients=("Như trên", "TT. Đảng ủy, TT. HĐND", "Lãnh đạo UBND"),
        opening="",
        parts=parts,
        tables=numbers.tables,
        authority="TM. Ủy ban nhân dân",
        signer_title="Chủ tịch",
        signer="",
    )


def _signature(by: Actor, unit: Unit, now: datetime) -> dict[str, Any]:
    """A deputy signs for the head: "KT. CHỦ TỊCH" over "PHÓ CHỦ TỊCH"."""
    held = Post.objects.on(clock.today()).filter(account_id=by.account_id, unit=unit).exclude(title="").first()
    title = held.title if held else "Chủ tịch"
    deputy = title.lower().startswith("phó")
    return {
        "signed_at": clock.local(now).replace(tzinfo=None).isoformat(timespec="minutes"),
        "authority": "TM. Ủy ban nhân dân" + ("\nKT. Chủ tịch" if deputy else ""),
        "signer_title": title,
        "signer": by.name,
    }


def make_files(by: Actor, report: Report) -> Report:
    """The three files of a signed report. Outside every action: setting a page takes a moment. Made once."""
    if report.has_files:
        return report
    sheet = read(sure(report.printed))
    pdf = papers.sheet_of(SYSTEM, sure(report.paper))
    name = f"{report.kind}-{report.unit.code}-{report.period_key}"
    made = {
        "docx": files.receive_bytes(docx_of(sheet, template_file()), name=f"{name}.docx"),
        "xlsx": files.receive_bytes(xlsx_of(sheet), name=f"{name}.xlsx"),
        "pdf": files.receive_bytes(pdf, name=f"{name}.pdf"),
    }
    return keep_files(by, report, made=made)


@action("reports.keep_files", "Lưu tệp của báo cáo đã ký")
def keep_files(by: Actor, report: Report, /, *, made: dict[str, files.Received]) -> Report:
    """Of two who made them at once the first keeps them; both made the same bytes."""
    Report.objects.select_for_update(no_key=True).only("pk").get(pk=report.pk)
    report.refresh_from_db()
    if report.has_files:
        return report
    place = files.Place(subject.ref(report), report.unit_path)
    kept = files.attach_many(by, [files.Attachment(made[form], place, f"report.{form}") for form in sorted(made)])
    for form, stored in zip(sorted(made), kept, strict=True):
        setattr(report, form, stored)
    report.save(update_fields=sorted(made))
    return report


def template_file() -> Path:
    """The Word template of the last content folder that has one."""
    found = [folder / TEMPLATE for folder in settings.CONTENT_DIRS if (folder / TEMPLATE).is_file()]
    if not found:
        raise Refused(NO_TEMPLATE)
    return found[-1]


def content_of(report: Report, form: str) -> bytes:
    """A signed file, byte for byte as it was made. Raises Refused when the store lost it."""
    stored = getattr(report, form)
    try:
        with store().open(stored.blob_id) as kept:
            return kept.read()
    except FileNotFoundError as lost:
        raise Refused(f"Không đọc được tệp {stored.name}. Hãy báo người quản trị khôi phục từ bản sao lưu.") from lost
