"""Questions about reports: one, a page of them, what changed after the signature."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from xaso.core.access import Actor, visible
from xaso.core.files.models import StoredFile
from xaso.core.files.queries import files_of
from xaso.core.measures.periods import Period, find_period
from xaso.core.units import queries as units
from xaso.core.units.models import Unit
from xaso.kit import clock, subject
from xaso.kit.errors import Missing, Refused
from xaso.kit.pages import Page, newest
from xaso.modules.packs import queries as packs
from xaso.modules.reports.definitions import Due, ReportKind, report_kinds
from xaso.modules.reports.models import Report
from xaso.modules.reports.rules import Restated

PAGE = 20
PDF_KIND = "report.pdf"
GONE = "Không tìm thấy báo cáo này, hoặc bạn không được xem. Hãy mở lại danh sách báo cáo và chọn lại."
NO_KIND = "Không có loại báo cáo “{code}”. Hãy chọn trong lịch báo cáo."
NO_PERIOD = "Báo cáo “{title}” không lập cho kỳ này. Hãy chọn kỳ trong lịch báo cáo."
NO_UNIT = "Tài khoản của bạn không thuộc xã, phường nào nên không có lịch báo cáo. Hãy xem danh sách báo cáo."
BESIDE = ("unit", "pack__unit", "paper", "docx__blob", "xlsx__blob", "pdf__blob")


def report(by: Actor, key: UUID) -> Report:
    """One report the actor may see. Raises Missing."""
    found = visible(by, "reports.view", Report.objects.select_related(*BESIDE)).filter(uuid=key).first()
    if found is None:
        raise Missing(GONE)
    return found


def listed(by: Actor, filters: Mapping[str, str], after: str = "", size: int = PAGE) -> Page[Report]:
    """Newest first."""
    rows = visible(by, "reports.view", Report.objects.select_related("unit"))
    return newest(rows.filter(**{name: value for name, value in filters.items() if value}), after, size)


def kind_named(code: str) -> ReportKind:
    """Raises Missing."""
    found = report_kinds().get(code)
    if found is None:
        raise Missing(NO_KIND.format(code=code))
    return found


def pack_kind(code: str) -> str:
    """Under which name the numbers of a report are sealed."""
    return f"report.{code}"


def pack_titles() -> dict[str, str]:
    """What the packs of reports are called: {kind of pack: short title of the report}."""
    return {pack_kind(code): kind.short for code, kind in report_kinds().items()}


def period_for(kind: ReportKind, key: str) -> tuple[Period, Due]:
    """The period and the line of the content that asks for it. Raises Refused."""
    period = find_period(key)
    due = kind.due_for(key) if period else None
    if period is None or due is None or not kind.is_owed_for(period.last):
        raise Refused(NO_PERIOD.format(title=kind.short))
    return period, due


def unit_of(by: Actor) -> Unit:
    """The commune this officer works in. Raises Missing."""
    if by.unit_id is None:
        raise Missing(NO_UNIT)
    unit = units.unit(by.unit_id)
    if unit.kind not in Unit.COMMUNE_KINDS:
        raise Missing(NO_UNIT)
    return unit


def restated(report: Report) -> list[Restated]:
    """What says something else now than what was signed, oldest first."""
    if report.pack is None:
        return []
    rows = packs.restatements(report.pack)
    return [Restated(row.label, row.was, row.now, clock.local(row.noticed_at).date()) for row in rows]


def seal_fault(report: Report) -> str:
    """Empty, or the sentence that names what is wrong with the sealed numbers."""
    return packs.check(report.pack) if report.pack else ""


def signed_report(key: str) -> Report:
    """For the worker, who asks no permission."""
    return Report.objects.select_related(*BESIDE).get(uuid=key)


def signed_pdf(report: Report) -> StoredFile | None:
    """The report's PDF with the newest electronic signature on it; the one made at signing stays as it was."""
    found = [one for one in files_of(subject.ref(report)) if one.kind == PDF_KIND and one.pk != report.pdf_id]
    return found[-1] if found else None
