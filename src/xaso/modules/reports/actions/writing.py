"""Writing a report: begin, write, hand in for signature, send back, note that it was sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import plain, tidy
from xaso.modules.reports import rules
from xaso.modules.reports.definitions import ReportKind
from xaso.modules.reports.models import Report
from xaso.modules.reports.queries.calendar import due_on
from xaso.modules.reports.queries.reports import kind_named, period_for

State = Report.State
MOVED = "Báo cáo vừa được người khác chuyển bước. Hãy tải lại trang để xem tình trạng mới."
NOT_WRITING = "Báo cáo không còn ở bước viết nên không sửa được. Muốn sửa, lãnh đạo trả lại báo cáo trước."
WRITTEN_MEANWHILE = (
    "Người khác vừa lưu báo cáo này. Nội dung bạn gõ còn trong các ô bên dưới; "
    "hãy so với bản mới ở cuối trang, sửa lại rồi bấm lưu lần nữa."
)
TOO_LONG = "Phần “{title}” dài quá {most} ký tự. Hãy rút gọn, hoặc đưa phần chi tiết vào phụ lục."
NOT_BEGUN = "Kỳ {period} chưa bắt đầu nên chưa lập báo cáo được. Kỳ bắt đầu ngày {day:%d/%m/%Y}."


class WrittenMeanwhile(Refused):
    """Somebody else saved in between: the page shows both, so that nothing typed is lost."""


@action("reports.begin", "Bắt đầu viết báo cáo")
def begin_report(by: Actor, unit: Unit, /, *, kind: str, period: str) -> Report:
    """The unit's report of that kind and period. Begun already, it is the same one."""
    declared = kind_named(kind)
    asked, due = period_for(declared, period)
    if asked.since > clock.today():
        raise Refused(NOT_BEGUN.format(period=asked.label, day=asked.since))
    fresh = {
        "unit_path": unit.path,
        "title": f"{declared.title} {asked.label}"[:300],
        "due_on": due_on(declared, due, asked, unit.path),
        "begun_at": clock.now(),
        "begun_by": by.name[:120],
    }
    return Report.objects.get_or_create(unit=unit, kind=kind, period_key=period, defaults=fresh)[0]


@action("reports.write", "Viết báo cáo")
def write_report(by: Actor, report: Report, /, *, texts: Mapping[str, str], revision: int) -> Report:
    """Keep the text. `revision` is that of the page it was typed on."""
    del by
    if report.state != State.WRITING:
        raise Refused(NOT_WRITING)
    kept = _checked(kind_named(report.kind), texts)
    found = Report.objects.filter(pk=report.pk, state=State.WRITING, revision=revision)
    if not found.update(texts=kept, revision=revision + 1):
        raise WrittenMeanwhile(WRITTEN_MEANWHILE)
    report.texts, report.revision = kept, revision + 1
    note(revision=report.revision)
    return report


def _checked(kind: ReportKind, texts: Mapping[str, str]) -> dict[str, str]:
    kept = {section.key: plain(texts.get(section.key, "")).strip() for section in kind.sections}
    for section in kind.sections:
        if len(kept[section.key]) > rules.LONGEST_TEXT:
            raise Refused(TOO_LONG.format(title=section.title, most=f"{rules.LONGEST_TEXT:,}".replace(",", ".")))
    return kept


@action("reports.submit", "Trình ký báo cáo")
def submit_report(by: Actor, report: Report, /) -> Report:
    """Hand the text in for signature. The required parts must be written."""
    required = [(section.key, section.title) for section in kind_named(report.kind).sections if section.required]
    if lacking := rules.missing_sections(required, report.texts):
        raise Refused(f"Báo cáo còn thiếu: {'; '.join(lacking)}. Hãy viết đủ rồi trình ký.")
    return move(report, State.WAITING, submitted_at=clock.now(), submitted_by=by.name[:120], return_reason="")


@action("reports.return", "Trả lại báo cáo")
def return_report(by: Actor, report: Report, /, *, reason: str) -> Report:
    """Back to the writer, with the reason."""
    if not tidy(reason):
        raise Refused("Hãy ghi lý do trả lại để người viết biết cần sửa gì.")
    return move(
        report,
        State.WRITING,
        returned_at=clock.now(),
        returned_by=by.name[:120],
        return_reason=plain(reason).strip()[:1000],
    )


@action("reports.mark_sent", "Ghi báo cáo đã gửi")
def mark_report_sent(by: Actor, report: Report, /, *, to: str, on: date) -> Report:
    """Note to whom and when the signed report went out."""
    if not tidy(to):
        raise Refused("Hãy ghi nơi nhận báo cáo, ví dụ: Sở Khoa học và Công nghệ.")
    if on > clock.today():
        raise Refused(f"Ngày gửi {on:%d/%m/%Y} chưa đến. Hãy ghi ngày đã gửi thật.")
    if report.signed_at and on < clock.local(report.signed_at).date():
        raise Refused(f"Báo cáo ký ngày {clock.local(report.signed_at):%d/%m/%Y} nên không thể gửi trước ngày đó.")
    return move(report, State.SENT, sent_to=tidy(to)[:300], sent_on=on, sent_by=by.name[:120])


def move(report: Report, to: str, **values: Any) -> Report:
    """To the next state, if the report is still where this caller saw it. Inside an action."""
    may_move(report, to)
    if not Report.objects.filter(pk=report.pk, state=report.state, revision=report.revision).update(state=to, **values):
        raise Refused(MOVED)
    report.refresh_from_db()
    return report


def may_move(report: Report, to: str) -> None:
    """Raises Refused when the step does not follow from where the report is."""
    if not rules.may_move(report.state, to):
        raise Refused(
            f"Báo cáo đang ở bước “{report.get_state_display()}” nên không làm việc này được. Hãy tải lại trang."
        )
