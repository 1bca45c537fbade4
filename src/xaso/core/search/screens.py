"""The search page of the desk."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from xaso.core.access import Actor
from xaso.core.audit import actions as audit
from xaso.core.screens import Answer, screen
from xaso.core.search import queries, rules
from xaso.core.search.feeds import kinds
from xaso.kit.fold import tidy

OTHERS = "Khác"


@screen("search/find.html", permission="desk.use")
def find(request: HttpRequest) -> Answer:
    """Everything with the words, by kind of thing, newest first. Who saw what is put on record."""
    words = tidy(request.GET.get("q", ""))[: rules.LONGEST_QUESTION]
    known = kinds(request.actor)
    kind = request.GET.get("loai", "")
    kind = kind if kind in known else ""
    page = queries.find(request.actor, words, request.GET.get("after", ""), kind=kind)
    if page.rows:
        _put_on_record(request.actor, page, request.path)
    kept = urlencode({"q": words, **({"loai": kind} if kind else {})})
    return {
        "words": words,
        "kind": kind,
        "tabs": _tabs(words, kind, known) if words and (page.rows or kind) else [],
        "groups": _groups(page, known),
        "is_short": bool(words) and not rules.is_enough(page.asked),
        "first": f"?{kept}" if request.GET.get("after") else "",
        "next": f"?{kept}&after={page.after}" if page.after else "",
    }


def _tabs(words: str, kind: str, known: dict[str, str]) -> list[dict[str, Any]]:
    tabs = [{"label": "Tất cả", "url": f"?{urlencode({'q': words})}", "current": not kind}]
    for model, title in known.items():
        tabs.append({"label": title, "url": f"?{urlencode({'q': words, 'loai': model})}", "current": kind == model})
    return tabs


def _groups(page: queries.Page, known: dict[str, str]) -> list[dict[str, Any]]:
    """Rows under their kind; the kind of the first row first."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in page.rows:
        shown = {
            "url": row.url,
            "moment": row.moment,
            "title": rules.highlighted(row.title, page.asked),
            "line": rules.highlighted(row.line, page.asked),
        }
        groups.setdefault(known.get(row.model, OTHERS), []).append(shown)
    return [{"title": title, "rows": rows} for title, rows in groups.items()]


def _put_on_record(by: Actor, page: queries.Page, path: str) -> None:
    """One entry that names what was shown; the words are not kept, for the record never forgets."""
    details = {"reason": path, "shown": [row.subject for row in page.rows]}
    unit = f"units.Unit:{by.unit_id}" if by.unit_id else ""
    audit.write([audit.Draft(by, "read", subject=unit, unit_path=by.unit_path, details=details)])
