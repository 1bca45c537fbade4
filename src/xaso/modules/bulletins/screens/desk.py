"""Every page of this module on the desk, and what it shows on first pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import path, reverse

from xaso.core.screens import Answer, screen
from xaso.modules.bulletins.queries import listing, months
from xaso.modules.bulletins.rules import states
from xaso.modules.bulletins.screens import deciding, emergency, relays, reporting, writing

SHOWN = 5
TABS = {
    "": "Tất cả", states.DRAFT: "Nháp", states.SUBMITTED: "Chờ duyệt", states.REFUSED: "Bị trả lại",
    states.SCHEDULED: "Đã lên lịch", states.RUNNING: "Đang phát", states.DONE: "Đã phát", states.FAILED: "Lỗi",
    states.CANCELLED: "Đã huỷ",
}  # fmt: skip


@screen("bulletins/desk/index.html", permission="bulletins.view")
def index(request: HttpRequest) -> Answer:
    """By state, newest first; emergencies nobody has judged stand above until somebody does."""
    by = request.actor
    state = request.GET.get("trang-thai", "")
    state = state if state in TABS else ""
    series = request.GET.get("loat", "")[:80]
    page = listing.listed(by, state, request.GET.get("after", ""), series=series)
    return {
        "rows": page.rows,
        "after": page.after,
        "series": series,
        "keep": urlencode({"trang-thai": state, "loat": series}),
        "tabs": [
            {"label": label, "url": f"?trang-thai={key}" if key else "?", "current": key == state}
            for key, label in TABS.items()
        ],
        "to_review": listing.to_review(by, SHOWN),
        "may_write": by.may("bulletins.write"),
        "may_alarm": by.may("bulletins.send_emergency"),
    }


@screen("bulletins/desk/approvals.html", permission="bulletins.approve")
def approvals(request: HttpRequest) -> Answer:
    """One list of everything that waits for this leader; a click opens what it will be on every channel."""
    page = listing.approvals(request.actor, request.GET.get("after", ""))
    return {"rows": page.rows, "after": page.after, "count": listing.count_to_approve(request.actor)}


def work_part(request: HttpRequest) -> dict[str, Any] | None:
    """On the first page of the desk: what waits for my approval, emergencies to review, what came back to me."""
    by = request.actor
    if not by.may("bulletins.view"):
        return None
    approve = listing.to_approve(by, SHOWN)
    review = listing.to_review(by, SHOWN) if by.may("bulletins.review") else []
    returned = listing.sent_back(by, SHOWN) if by.may("bulletins.write") else []
    if not approve and not review and not returned:
        return None
    return {
        "template": "bulletins/parts/work.html",
        "approve": approve,
        "count": listing.count_to_approve(by) if len(approve) == SHOWN else len(approve),
        "all": reverse("desk-bulletins:approvals"),
        "review": review,
        "returned": returned,
        "url": reverse("desk-bulletins:index"),
    }


def alarm_part(request: HttpRequest) -> dict[str, Any] | None:
    """On the first page of whoever is on duty: no menu to look through when it is urgent."""
    if not request.actor.may("bulletins.send_emergency"):
        return None
    return {"template": "bulletins/parts/alarm.html", "url": reverse("desk-bulletins:emergency")}


def tiles(request: HttpRequest) -> dict[str, Any] | None:
    """On the leader's first page: what waits for approval, broadcasts of this month, emergencies still to be judged."""
    by = request.actor
    if not by.may("bulletins.view") or not by.unit_path:
        return None
    figures = months.of_unit(by.unit_path)
    review, waiting = listing.to_review(by, SHOWN), listing.count_to_approve(by)
    if not figures.bulletins and not review and not waiting:
        return None
    return {
        "template": "bulletins/parts/tiles.html",
        "figures": figures,
        "review": review,
        "waiting": waiting,
        "url": reverse("desk-bulletins:index"),
        "all": reverse("desk-bulletins:approvals"),
    }


urlpatterns = [
    path("", index, name="index"),
    path("cho-duyet/", approvals, name="approvals"),
    *writing.urlpatterns,
    *emergency.urlpatterns,
    *relays.urlpatterns,
    *reporting.urlpatterns,
    *deciding.urlpatterns,
]
