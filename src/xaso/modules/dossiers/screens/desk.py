"""The officer's desk: today's work, the list, a dossier's page, and every verb on it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import path, reverse

from xaso.core.screens import Answer, screen
from xaso.kit.fold import tidy
from xaso.modules.dossiers import queries
from xaso.modules.dossiers.models import Dossier
from xaso.modules.dossiers.screens import book, counter, deciding, standing_in
from xaso.modules.dossiers.screens.showing import named
from xaso.ui.forms import DayField

app_name = "dossiers"


def work_part(request: HttpRequest) -> dict[str, Any] | None:
    """Today's work for the desk's first page: by deadline, with counts by colour. Not for whoever sees only his own."""
    if all(scope == "own" for scope, _ in request.actor.scopes_of("dossiers.view")):
        return None
    page = queries.waiting_for(request.actor, request.GET.get("after", ""))
    counts = queries.counts_of(request.actor)
    return {
        "template": "dossiers/parts/work.html",
        "page": page,
        "rows": named(page.rows),
        "tiles": tiles(counts),
        "apologies": counted(counts["apology"]) if counts["apology"] else "",
        "may_receive": request.actor.may("dossiers.receive"),
        "questions": queries.consultations_for(request.actor)
        if request.actor.may("dossiers.answer_consultation")
        else [],
    }


WORK = {
    "late": "Quá hạn",
    "today": "Hẹn trả hôm nay",
    "apology": "Cần xin lỗi, hẹn lại",
    "new": "Mới nộp, chờ tiếp nhận",
    "answered": "Đã bổ sung, chờ xem",
    "waiting": "Chờ người dân bổ sung",
    "ready": "Sẵn sàng trả kết quả",
}
TONES = {"late": "bad", "today": "warn", "new": "info", "answered": "info", "waiting": "neutral", "ready": "good"}


def tiles(counts: dict[str, int]) -> list[dict[str, str]]:
    """Counts by kind of work, each opening its list."""
    listed_at = reverse("desk-dossiers:listed")
    return [
        {"label": WORK[name], "figure": counted(counts[name]), "tone": tone, "url": f"{listed_at}?work={name}"}
        for name, tone in TONES.items()
    ]


def counted(number: int) -> str:
    """Nothing is counted beyond the cap."""
    return "hơn 1.000" if number > queries.CAP else f"{number:,}".replace(",", ".")


class FilterForm(forms.Form):
    state = forms.ChoiceField(label="Tình trạng", required=False, choices=[("", "Tất cả"), *Dossier.State.choices])
    channel = forms.ChoiceField(label="Hình thức", required=False, choices=[("", "Tất cả"), *Dossier.Channel.choices])
    received_from = DayField(label="Nhận từ ngày", required=False)
    received_to = DayField(label="Đến ngày", required=False)
    work = forms.ChoiceField(label="Việc", required=False, choices=[("", "Tất cả"), *WORK.items()])


@screen("dossiers/desk/listed.html", permission="desk.use", partials=("rows",))
def listed(request: HttpRequest) -> Answer:
    """Search and filter. Newest first, twenty a page, never an exact count of a million."""
    form = FilterForm(request.GET)
    form.is_valid()
    values = form.cleaned_data
    text = tidy(request.GET.get("q", ""))[:100]
    filters = {
        "state": int(values["state"]) if values.get("state") else None,
        "channel": values.get("channel"),
        "received_from": values.get("received_from"),
        "received_to": values.get("received_to"),
        "work": values.get("work"),
    }
    page = queries.listed(request.actor, filters, text, request.GET.get("after", ""))
    return {
        "form": form,
        "q": text,
        "page": page,
        "rows": named(page.rows),
        "keep": _without(request, "after"),
        "filtered": any(filters.values()),
        "may_receive": request.actor.may("dossiers.receive"),
    }


def _without(request: HttpRequest, name: str) -> str:
    kept = request.GET.copy()
    kept.pop(name, None)
    return kept.urlencode()


urlpatterns = [
    path("", listed, name="listed"),
    *counter.urlpatterns,
    *deciding.urlpatterns,
    *book.urlpatterns,
    *standing_in.urlpatterns,
]
