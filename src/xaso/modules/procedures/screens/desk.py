"""Officers read the catalogue; its keepers settle what the source left open."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import path

from xaso.core.screens import Answer, screen, told, warned
from xaso.kit.errors import Missing
from xaso.modules.procedures import queries
from xaso.modules.procedures.actions import SettledCase, SettledFee, set_visibility, settle_review
from xaso.modules.procedures.forms import SettleForm, VisibilityForm
from xaso.modules.procedures.models import Procedure
from xaso.modules.procedures.rules import wording
from xaso.modules.procedures.rules.cases import REASONS
from xaso.modules.procedures.screens.showing import laid_out


@screen("procedures/desk/index.html", permission="procedures.view")
def index(request: HttpRequest) -> Answer:
    asked = {key: request.GET.get(key, "").strip()[:200] for key in ("q", "field")}
    raw = request.GET.get("page", "1")
    page = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 6 else 1
    found = queries.search(asked["q"], "", asked["field"], page, hidden=True, size=50)
    kept = {key: value for key, value in asked.items() if value}
    return {
        "asked": asked,
        "fields": queries.fields(),
        "found": found,
        "prev": "?" + urlencode(kept | {"page": found.page - 1}) if found.page > 1 else "",
        "next": "?" + urlencode(kept | {"page": found.page + 1}) if found.page < found.pages else "",
        "waiting": queries.needing_review().count() if request.actor.may("procedures.settle") else 0,
    }


@screen("procedures/desk/detail.html", permission="procedures.view")
def detail(request: HttpRequest, code: str) -> Answer:
    entry = queries.entry(code)
    row = next((v for v in entry.versions if v.is_current), None)
    if row is None:
        raise Missing("Thủ tục này chưa có phiên bản nào.")
    view = queries.version(row.id)
    versions = entry.versions
    return laid_out(view) | {
        "entry": entry,
        "blocked": queries.why_not_receivable(code),
        "reasons": [REASONS[reason] for reason in entry.review_reasons],
        "versions": [_version_line(v, _before(versions, n)) for n, v in enumerate(versions)],
        "may_settle": entry.needs_review and request.actor.may("procedures.settle"),
        "may_hide": request.actor.may("procedures.hide"),
        "form": VisibilityForm(initial={"visible": entry.is_hidden}),
    }


def _before(versions: tuple[queries.VersionRow, ...], number: int) -> queries.VersionRow | None:
    return versions[number + 1] if number + 1 < len(versions) else None


def _version_line(row: queries.VersionRow, before: queries.VersionRow | None) -> dict[str, Any]:
    return {"row": row, "source": wording.SOURCES[row.source], "before": before}


@screen("procedures/desk/detail.html", permission="procedures.hide")
def visibility(request: HttpRequest, code: str) -> Answer:
    form = VisibilityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        visible = form.cleaned_data["visible"]
        set_visibility(request.actor, queries.by_code(code), visible=visible, reason=form.cleaned_data["reason"])
        told(request, "Thủ tục đã hiện lại." if visible else "Đã ẩn thủ tục. Hồ sơ đang xử lý vẫn tiếp tục.")
    elif request.method == "POST":
        warned(request, "Chưa thay đổi gì: hãy ghi lý do.")
    return redirect("desk-procedures:detail", code=code)


@screen("procedures/desk/review.html", permission="procedures.settle")
def review(request: HttpRequest) -> Answer:
    del request
    rows = [
        {"code": row.code, "name": row.name, "field": row.field, "reasons": [REASONS[r] for r in row.review_reasons]}
        for row in queries.needing_review()
    ]
    return {"rows": rows, "run": queries.last_import()}


@screen("procedures/desk/settle.html", permission="procedures.settle")
def settle(request: HttpRequest, code: str) -> Answer:
    procedure = queries.by_code(code)
    form = SettleForm(request.POST or None, initial=_known(procedure))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        fee = None
        if data["fee_status"]:
            fee = SettledFee(data["fee_status"], data["fee_amount"], data["fee_basis"])
        cases = [SettledCase(*case) for case in data["cases"]]
        settle_review(request.actor, procedure, cases=cases, fee=fee, reason=data["reason"])
        told(request, f"Đã xác nhận thủ tục {code}. Từ giờ có thể tiếp nhận hồ sơ.")
        return redirect("desk-procedures:review")
    facts = [
        {"channel": wording.CHANNELS.get(f["channel"], ""), "amount": f["amount"], "unit": f["unit"]}
        for f in procedure.review_facts
    ]
    reasons = [REASONS[reason] for reason in procedure.review_reasons]
    return {"procedure": procedure, "form": form, "facts": facts, "reasons": reasons}


def _known(procedure: Procedure) -> dict[str, Any]:
    """The labels of the cases, and the numbers the source gave when it gave only one."""
    view = queries.version(next(v.id for v in queries.entry(procedure.code).versions if v.is_current))
    known: dict[str, Any] = {}
    amounts = {fact["amount"] for fact in procedure.review_facts if fact["amount"]}
    for number, case in enumerate(view.definition.cases[:4]):
        known[f"label_{number}"] = case.label
        if case.limit:
            known |= {f"amount_{number}": case.limit.amount, f"unit_{number}": case.limit.unit}
        elif len(amounts) == 1:
            known[f"amount_{number}"] = next(iter(amounts))
    return known


@screen("procedures/desk/compare.html", permission="procedures.view")
def compare(request: HttpRequest, code: str, old: UUID, new: UUID) -> Answer:
    del request
    before, after = queries.version_by_uuid(old), queries.version_by_uuid(new)
    if before.code != code or after.code != code:
        raise Missing("Hai phiên bản không cùng một thủ tục.")
    changes = [(where, _said(was), _said(now)) for where, was, now in queries.changes(before, after)]
    return {"entry": queries.entry(code), "before": before, "after": after, "changes": changes}


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_said(one)}" for key, one in value.items())[:500]
    if isinstance(value, list):
        return "; ".join(_said(one) for one in value)[:500]
    return str(value)[:500]


def work_part(request: HttpRequest) -> dict[str, Any] | None:
    """For keepers of the catalogue: how many procedures wait."""
    if not request.actor.may("procedures.settle"):
        return None
    waiting = queries.needing_review().count()
    return {"template": "procedures/parts/work.html", "waiting": waiting} if waiting else None


urlpatterns = [
    path("", index, name="index"),
    path("can-xem-lai/", review, name="review"),
    path("<str:code>/", detail, name="detail"),
    path("<str:code>/an-hien/", visibility, name="visibility"),
    path("<str:code>/xac-nhan/", settle, name="settle"),
    path("<str:code>/so-sanh/<uuid:old>/<uuid:new>/", compare, name="compare"),
]
