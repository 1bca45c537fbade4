"""The published result, for everybody: ranking by kind of unit and by group, with last year's rank."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import path

from xaso.core.access import PUBLIC
from xaso.core.screens import Answer, screen
from xaso.modules.assessments import queries

TITLE = "Xếp hạng chuyển đổi số"


@screen("assessments/portal/listed.html", permission=PUBLIC)
def listed(request: HttpRequest) -> Answer:
    del request
    return {"rounds": queries.published_rounds(), "title": TITLE}


@screen("assessments/portal/result.html", permission=PUBLIC)
def result(request: HttpRequest, key: UUID) -> Answer:
    found = queries.published_round(key)
    kinds, groups = queries.kinds_ranked(found), queries.groups_ranked(found)
    kind = request.GET.get("kind", "") if request.GET.get("kind") in kinds else (kinds[0] if kinds else "")
    group = request.GET.get("group", "") if request.GET.get("group") in dict(groups) else ""
    page = queries.standings(found, kind, group=group, after=request.GET.get("sau", ""))
    tabs = [
        {"label": queries.kind_title(one).capitalize(), "url": "?" + urlencode({"kind": one, "group": group}),
         "current": one == kind}
        for one in kinds
    ]  # fmt: skip
    return {
        "round": found,
        "tabs": tabs,
        "kind": kind,
        "group": group,
        "groups": groups,
        "rows": page.rows,
        "next": "?" + urlencode({"kind": kind, "group": group, "sau": page.after}) if page.after else "",
        "exclusions": queries.exclusions_of(found),
        "without": queries.without_result(found),
    }


urlpatterns = [path("", listed, name="listed"), path("<uuid:key>/", result, name="result")]
