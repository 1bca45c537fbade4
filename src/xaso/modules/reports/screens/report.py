"""One report: read, write, hand in, send back, sign, take away, note that it was sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from xaso.core.access import SYSTEM, require
from xaso.core.forms import refusals_on
from xaso.core.measures.periods import period_of
from xaso.core.screens import Answer, declare, screen, told, warned
from xaso.kit import clock
from xaso.kit.errors import Missing, Refused
from xaso.kit.module import slot
from xaso.modules.reports import rules
from xaso.modules.reports.actions import signing, writing
from xaso.modules.reports.definitions import ReportKind, report_kinds
from xaso.modules.reports.forms import ReturnForm, SentForm, TextForm
from xaso.modules.reports.models import Report
from xaso.modules.reports.printed import Printed, read
from xaso.modules.reports.queries import reports as queries
from xaso.modules.reports.queries.numbers import numbers_of

FORMS = {"pdf": "PDF, để xem và in", "docx": "Word, để chép tiếp", "xlsx": "Excel, để tính"}
SIGNED = "PDF có chữ ký số"
TONES = {rules.WRITING: "info", rules.WAITING: "warn", rules.SIGNED: "good", rules.SENT: "done"}


@screen("reports/desk/show.html", permission="reports.view")
def show(request: HttpRequest, key: UUID) -> Answer:
    report = queries.report(request.actor, key)
    return _page(request, report)


def _page(request: HttpRequest, report: Report, **more: Any) -> dict[str, Any]:
    """What the page of a report shows. Numbers are live until they are signed."""
    kind, period, may = report_kinds().get(report.kind), period_of(report.period_key), request.actor.may
    sheet = _sheet(report)
    return {
        "report": report,
        "name": f"{kind.short}, {period.label}" if kind else report.title,
        "to_verify": kind.source if kind and kind.to_verify else "",
        "period": period,
        "tone": TONES[report.state],
        "sheet": sheet,
        "missing": [row.label for table in sheet.tables for row in table.rows if row.first.text == rules.MISSING],
        "is_early": not report.is_signed and clock.today() < period.until,
        "files": _files(report),
        "panels": [found for part in slot("panel:reports.Report") if (found := part(request, report))],
        "restated": queries.restated(report),
        "fault": queries.seal_fault(report),
        "may_write": report.state == rules.WRITING and may("reports.write", on=report),
        "may_submit": report.state == rules.WRITING and may("reports.submit", on=report),
        "may_sign": report.state == rules.WAITING and may("reports.sign", on=report),
        "may_return": report.state == rules.WAITING and may("reports.return", on=report),
        "may_send": report.state == rules.SIGNED and may("reports.mark_sent", on=report),
        "return_form": ReturnForm(),
        "sent_form": SentForm(initial={"to": "; ".join(sheet.addressees), "on": clock.today()}),
    } | more


def _sheet(report: Report) -> Printed:
    """As signed; also of a kind that is asked for no longer."""
    if report.printed:
        return read(report.printed)
    kind = queries.kind_named(report.kind)
    period, _ = queries.period_for(kind, report.period_key)
    return signing.sheet_of(report, kind, period, numbers_of(kind, report.unit, period))


def _files(report: Report) -> list[dict[str, Any]]:
    if not report.has_files:
        return []
    made = [
        {
            "name": getattr(report, form).name,
            "url": reverse("desk-reports:download", args=[report.uuid, form]),
            "size": getattr(report, form).size,
            "note": title,
        }
        for form, title in FORMS.items()
    ]
    signed = queries.signed_pdf(report)
    if signed is None:
        return made
    return [{"name": signed.name, "url": signed.get_absolute_url(), "size": signed.size, "note": SIGNED}, *made]


@screen("reports/desk/write.html", permission="reports.write")
def write(request: HttpRequest, key: UUID) -> Answer:
    """The text. When somebody else saved meanwhile, what was typed stays in the boxes, beside what is kept."""
    report = queries.report(request.actor, key)
    require(request.actor, "reports.write", report)
    kind = queries.kind_named(report.kind)
    initial = report.texts | {"revision": report.revision}
    form = TextForm(request.POST or None, initial=initial, sections=kind.sections)
    others: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            try:
                writing.write_report(request.actor, report, texts=form.texts, revision=form.cleaned_data["revision"])
                told(request, "Đã lưu nội dung báo cáo.")
                return redirect("desk-reports:show", key=key)
            except writing.WrittenMeanwhile as meanwhile:
                others = _others(report, kind)
                form = TextForm(form.texts | {"revision": report.revision}, sections=kind.sections)
                form.add_error(None, meanwhile.message)
    return {"report": report, "kind": kind, "form": form, "others": others, "period": period_of(report.period_key)}


def _others(report: Report, kind: ReportKind) -> list[dict[str, str]]:
    report.refresh_from_db(fields=["texts", "revision"])
    return [{"title": section.title, "text": report.texts.get(section.key, "")} for section in kind.sections]


@require_POST
@declare("reports.submit")
def submit(request: HttpRequest, key: UUID) -> HttpResponseBase:
    writing.submit_report(request.actor, queries.report(request.actor, key))
    told(request, "Đã trình ký. Lãnh đạo thấy báo cáo trên bàn làm việc.")
    return redirect("desk-reports:show", key=key)


@screen("reports/desk/show.html", permission="reports.return")
def send_back(request: HttpRequest, key: UUID) -> Answer:
    report = queries.report(request.actor, key)
    form = ReturnForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            writing.return_report(request.actor, report, reason=form.cleaned_data["reason"])
            told(request, "Đã trả lại báo cáo cho người viết.")
            return redirect("desk-reports:show", key=key)
    return _page(request, report, return_form=form)


@require_POST
@declare("reports.sign")
def sign(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Sign, then make the files at once; if that fails the worker makes them."""
    signed = signing.sign_report(request.actor, queries.report(request.actor, key))
    try:
        signing.make_files(SYSTEM, signed)
    except Refused as refusal:
        warned(request, f"Đã ký, nhưng chưa lập được tệp: {refusal.message}")
    else:
        told(request, f"Đã ký báo cáo số {signed.number}. Số liệu đã được niêm phong.")
    return redirect("desk-reports:show", key=key)


@screen("reports/desk/show.html", permission="reports.mark_sent")
def mark_sent(request: HttpRequest, key: UUID) -> Answer:
    report = queries.report(request.actor, key)
    form = SentForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            writing.mark_report_sent(request.actor, report, **form.cleaned_data)
            told(request, "Đã ghi báo cáo đã gửi.")
            return redirect("desk-reports:show", key=key)
    return _page(request, report, sent_form=form)


@declare("reports.view")
def download(request: HttpRequest, key: UUID, form: str) -> HttpResponseBase:
    """A signed file as it was made; who may read the report may read it."""
    report = queries.report(request.actor, key)
    if form not in FORMS or not report.has_files:
        raise Missing("Báo cáo này chưa có tệp. Tệp được lập khi ký; hãy tải lại trang sau ít phút.")
    stored = getattr(report, form)
    headers = {
        "Content-Disposition": f'attachment; filename="{stored.name}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(signing.content_of(report, form), content_type=stored.media_type, headers=headers)


urlpatterns = [
    path("<uuid:key>/", show, name="show"),
    path("<uuid:key>/write/", write, name="write"),
    path("<uuid:key>/submit/", submit, name="submit"),
    path("<uuid:key>/return/", send_back, name="send_back"),
    path("<uuid:key>/sign/", sign, name="sign"),
    path("<uuid:key>/sent/", mark_sent, name="mark_sent"),
    path("<uuid:key>/file/<slug:form>/", download, name="download"),
]
