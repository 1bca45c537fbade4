"""The sets in force, a commune's score under one, what would raise it, and what changed between versions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path, reverse

from xaso.core.screens import Answer, declare, screen
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.modules.indicators import queries
from xaso.modules.indicators.queries import SetScore, SetView
from xaso.modules.indicators.screens import sheets
from xaso.modules.indicators.screens.showing import Place, item_row, picker, place_of

MISSING_SHOWN = 12
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PASSED = {
    "passed": ("Đạt", "good"),
    "failed": ("Chưa đạt", "bad"),
    "missing": ("Chưa đủ số liệu để kết luận", "neutral"),
    "not_applicable": ("Không áp dụng", "info"),
}


@screen("indicators/desk/index.html", permission="indicators.view")
def index(request: HttpRequest) -> Answer:
    place, chosen = _chosen(request)
    sets = queries.sets_on(place.period.last)
    rows = [{"set": one, "url": _url(one, place), "score": _score(one, place)} for one in sets]
    return chosen | {"rows": rows}


def _score(of: SetView, place: Place) -> dict[str, Any] | None:
    """None for a province: sets are for communes."""
    return _told(queries.score(of, place.unit, place.period)) if queries.is_commune(place.unit) else None


@screen("indicators/desk/set.html", permission="indicators.view")
def one_set(request: HttpRequest, code: str) -> Answer:
    place, chosen = _chosen(request)
    of = queries.set_named(code, place.period.last)
    page: dict[str, Any] = {
        "set": of,
        "crumbs": [{"label": "Bộ chỉ số", "url": reverse("desk-indicators:index") + place.query}, {"label": of.title}],
        "versions_url": reverse("desk-indicators:versions", args=[code]),
    }
    if not chosen["is_commune"]:
        return chosen | page
    score = queries.score(of, place.unit, place.period)
    group = next((one for one in score.groups if one.code == request.GET.get("nhom")), score.groups[0])
    return (
        chosen
        | page
        | {
            "score": _told(score),
            "groups": [_group_row(one, place, group.code) for one in score.groups],
            "group": group,
            "rows": [item_row(one, place.query) for one in group.items],
            "missing": [item_row(one, place.query) for one in score.missing()[:MISSING_SHOWN]],
            "missing_more": max(0, len(score.missing()) - MISSING_SHOWN),
            "download": reverse("desk-indicators:download", args=[code]) + place.query,
        }
        | _levers(of, place)
    )


def _levers(of: SetView, place: Place) -> dict[str, Any]:
    """Only a year that still runs can be changed."""
    runs = place.period.since <= clock.today() <= place.period.last
    levers = queries.best_actions(of, place.unit, place.period) if runs and of.max else []
    return {
        "runs": runs and bool(of.max),
        "levers": [{"lever": one, "add": queries.said(one.add), "gain": queries.said(one.gain)} for one in levers],
        "levers_gain": queries.said(sum(one.gain for one in levers)),
        "levers_cost": sum(one.cost for one in levers),
    }


def _chosen(request: HttpRequest) -> tuple[Place, dict[str, Any]]:
    place = place_of(request)
    home = queries.unit_for(request.actor, "", place.period.last)
    return place, picker(place, home)


def _url(of: SetView, place: Place) -> str:
    return reverse("desk-indicators:set", args=[of.code]) + place.query


def _told(score: SetScore) -> dict[str, Any]:
    """The total in words: so many points of those that can be counted, and how many are open."""
    word, tone = PASSED[score.passed] if score.passed else ("", "")
    return {
        "points": queries.said(score.points),
        "counted": queries.said(score.counted_max),
        "max": queries.said(score.max),
        "share": None if score.share is None else score.share * 100,
        "missing": len(score.missing()),
        "missing_max": queries.said(score.missing_max),
        "has_points": bool(score.max),
        "is_counted": bool(score.counted_max),
        "level": score.level,
        "level_label": score.level_label,
        "word": word,
        "tone": tone,
    }


def _group_row(group: queries.GroupScore, place: Place, current: str) -> dict[str, Any]:
    return {
        "group": group,
        "points": queries.said(group.points) if group.counted_max else "–",
        "counted": queries.said(group.counted_max),
        "max": queries.said(group.max),
        "share": None if group.share is None else group.share * 100,
        "missing": sum(one.state == "missing" for one in group.items),
        "current": group.code == current,
        "url": f"{place.query}&nhom={group.code}#nhom",
    }


@declare("indicators.view")
def download(request: HttpRequest, code: str) -> HttpResponseBase:
    """The whole score as CSV, or as XLSX with ?dang=xlsx."""
    place = place_of(request)
    of = queries.set_named(code, place.period.last)
    score = queries.score(of, place.unit, place.period)
    notes = sheets.notes_of(of, score, place.unit, place.period.label)
    name = f"{code}-{place.unit.code}-{place.period.key}"
    if request.GET.get("dang") == "xlsx":
        response = HttpResponse(sheets.as_xlsx(score, notes), content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
        return response
    response = HttpResponse(sheets.as_csv(score, notes), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@screen("indicators/desk/versions.html", permission="indicators.view")
def versions(request: HttpRequest, code: str) -> Answer:
    del request
    found = queries.versions_of(code)
    after = [None, *found]
    return {
        "title": found[0].title,
        "code": code,
        "rows": [{"set": one, "next": newer} for newer, one in zip(after, found, strict=False)],
        "crumbs": [{"label": "Bộ chỉ số", "url": reverse("desk-indicators:index")}, {"label": "Các phiên bản"}],
    }


@screen("indicators/desk/compare.html", permission="indicators.view")
def compare(request: HttpRequest, code: str, old: UUID, new: UUID) -> Answer:
    del request
    before, after = queries.set_version(old), queries.set_version(new)
    if {before.code, after.code} != {code}:
        raise Missing("Hai phiên bản không cùng một bộ chỉ số.")
    back = reverse("desk-indicators:versions", args=[code])
    return {
        "before": before,
        "after": after,
        "changes": queries.changes(before, after),
        "crumbs": [{"label": "Các phiên bản", "url": back}, {"label": "So sánh"}],
    }


urlpatterns = [
    path("", index, name="index"),
    path("<slug:code>/", one_set, name="set"),
    path("<slug:code>/tai/", download, name="download"),
    path("<slug:code>/phien-ban/", versions, name="versions"),
    path("<slug:code>/so-sanh/<uuid:old>/<uuid:new>/", compare, name="compare"),
]
