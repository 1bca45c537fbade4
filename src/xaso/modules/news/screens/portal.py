"""What residents read: the news of a commune, one article, its pictures, and the feeds."""

from __future__ import annotations

import functools
import re
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.views.decorators.http import require_safe

from xaso.core.access import PUBLIC, SYSTEM
from xaso.core.files import queries as files
from xaso.core.files.stores import store
from xaso.core.screens import Answer, declare, screen
from xaso.core.units.models import Unit
from xaso.core.units.queries import unit as unit_with
from xaso.core.units.queries import unit_by_code
from xaso.kit import clock, subject
from xaso.kit.errors import Missing
from xaso.modules.news import queries
from xaso.modules.news.actions.counting import count_views, opened
from xaso.modules.news.actions.writing import PICTURE
from xaso.modules.news.models import Article
from xaso.modules.news.rules import markup
from xaso.modules.news.screens.keeping import Page, kept

Category = Article.Category
NO_PART = "Không có mục này. Hãy xem các bài mới của xã."
ROBOTS = re.compile(r"bot|crawl|spider|slurp|preview|facebookexternalhit", re.IGNORECASE)
IN_A_FEED = 20
AGE_OF_A_PICTURE = 365 * 24 * 3600


def _stamp(code: str, **rest: object) -> str:
    del rest
    return queries.stamp(_unit(code).path)


def _unit(code: str) -> Unit:
    if not code.isalnum():
        raise Missing("Không có đơn vị này. Hãy chọn xã trong danh sách.")
    return unit_by_code(code, clock.today())


@kept(queries.stamp)
@screen("news/portal/index.html", permission=PUBLIC)
def index(request: HttpRequest) -> Answer:
    """Whose news there are. With one commune there is nothing to choose."""
    del request
    counted = queries.units_with_news()
    if len(counted) == 1:
        return redirect("portal-news:listed", code=counted[0][0].code)
    return {"units": counted, "rows": queries.page(queries.current(), size=6).rows}


@kept(_stamp)
@screen("news/portal/listed.html", permission=PUBLIC)
def listed(request: HttpRequest, code: str) -> Answer:
    unit = _unit(code)
    after = request.GET.get("sau", "")
    rows = queries.of_unit(unit.path)
    pinned = [] if after else list(rows.filter(is_pinned=True).only(*queries.LISTED).order_by("-published_at")[:3])
    return _list(unit, rows.filter(is_pinned=False), after) | {
        "pinned": pinned,
        "months": [] if after else queries.months(unit.path),
    }


@kept(_stamp)
@screen("news/portal/listed.html", permission=PUBLIC)
def in_category(request: HttpRequest, code: str, category: str) -> Answer:
    unit = _unit(code)
    if category not in Category.values:
        raise Missing(NO_PART)
    rows = queries.of_unit(unit.path).filter(category=category)
    return _list(unit, rows, request.GET.get("sau", "")) | {"category": category, "part": Category(category).label}


@kept(_stamp)
@screen("news/portal/listed.html", permission=PUBLIC)
def in_month(request: HttpRequest, code: str, month: str) -> Answer:
    unit = _unit(code)
    first = _month(month)
    rows = queries.in_month(queries.of_unit(unit.path), first)
    return _list(unit, rows, request.GET.get("sau", "")) | {"part": f"Tháng {first:%m/%Y}"}


def _month(text: str) -> date:
    try:
        return datetime.strptime(f"{text}-01", "%Y-%m-%d").replace(tzinfo=clock.VIETNAM).date()
    except ValueError as error:
        raise Missing(NO_PART) from error


def _list(unit: Unit, rows: QuerySet[Article], after: str) -> dict[str, Any]:
    found = queries.page(rows, after)
    home = reverse("portal-news:listed", args=[unit.code])
    return {
        "unit": unit,
        "rows": found.rows,
        "next": "?" + urlencode({"sau": found.after}) if found.after else "",
        "home": home,
        "categories": Category.choices,
        "feeds": {"rss": f"{home}rss.xml", "atom": f"{home}atom.xml"},
    }


def _counted(view: Page) -> Page:
    """Every opening counts, also of a page that came from memory or was not sent anew."""

    @functools.wraps(view)
    def run(request: HttpRequest, key: UUID) -> HttpResponseBase:
        answer = view(request, key=key)
        reader = request.headers.get("User-Agent", "")
        if request.method == "GET" and answer.status_code in {200, 304} and not ROBOTS.search(reader):
            gathered = opened(key)
            if gathered:
                count_views(SYSTEM, None, gathered=gathered)
        return answer

    return run


@_counted
@kept(queries.article_stamp)
@screen("news/portal/article.html", permission=PUBLIC)
def article(request: HttpRequest, key: UUID) -> Answer:
    del request
    return shown(queries.article(key))


def shown(found: Article) -> dict[str, Any]:
    """An article as its page shows it, also to the officer who looks at a draft."""
    unit = unit_with(found.unit_id)
    home = settings.PUBLIC_URL.rstrip("/")
    files = found.picture.get("files", {}) if found.state != Article.State.WITHDRAWN else {}
    return {
        "article": found,
        "unit": unit,
        "blocks": markup.blocks(found.text),
        "corrections": queries.corrections(found),
        "is_over": found.valid_until is not None and found.valid_until < clock.today(),
        "is_withdrawn": found.state == Article.State.WITHDRAWN,
        "address": home + found.get_absolute_url(),
        "shared_picture": home + reverse("portal-news:picture", args=[files["large"]]) if files else "",
        "home": reverse("portal-news:listed", args=[unit.code]),
    }


@require_safe
@declare(PUBLIC)
def picture(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Never changes under its address, so it is fetched once. A draft's is for those who may see the draft."""
    stored = files.file(key)
    if stored.kind != PICTURE:
        raise Missing(queries.GONE)
    found: Article = subject.resolve(stored.subject)
    is_public = found.state == Article.State.PUBLISHED and str(key) in found.picture.get("files", {}).values()
    if not is_public and not request.actor.may("news.view", on=found):
        raise Missing(queries.GONE)
    answer = FileResponse(store().open(stored.blob_id), content_type="image/jpeg")
    answer.headers["Content-Length"] = str(stored.size)
    answer.headers["Cache-Control"] = (
        f"public, max-age={AGE_OF_A_PICTURE}, immutable" if is_public else "private, no-store"
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@kept(_stamp)
@require_safe
@declare(PUBLIC)
def rss(request: HttpRequest, code: str) -> HttpResponseBase:
    del request
    return _feed(_unit(code), Rss201rev2Feed, "rss.xml", "application/rss+xml; charset=utf-8")


@kept(_stamp)
@require_safe
@declare(PUBLIC)
def atom(request: HttpRequest, code: str) -> HttpResponseBase:
    del request
    return _feed(_unit(code), Atom1Feed, "atom.xml", "application/atom+xml; charset=utf-8")


def _feed(unit: Unit, kind: type[Rss201rev2Feed] | type[Atom1Feed], name: str, media_type: str) -> HttpResponse:
    home = settings.PUBLIC_URL.rstrip("/")
    address = home + reverse("portal-news:listed", args=[unit.code])
    feed = kind(
        title=f"Tin của {unit.get_kind_display()} {unit.name}",
        link=address,
        description=f"Tin tức, thông báo và tuyên truyền pháp luật của {unit.full_name}",
        language="vi",
        feed_url=address + name,
        author_name=unit.full_name,
    )
    for one in queries.page(queries.of_unit(unit.path), size=IN_A_FEED).rows:
        link = home + one.get_absolute_url()
        feed.add_item(
            title=one.title,
            link=link,
            description=one.lead or one.title,
            unique_id=link,
            unique_id_is_permalink=True,
            pubdate=one.published_at,
            updateddate=one.published_at,
            categories=[one.get_category_display()],
            author_name=unit.full_name,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=media_type)


def home_part(request: HttpRequest) -> dict[str, Any] | None:
    """The newest articles on the first page; nothing while there are none."""
    del request
    rows = queries.page(queries.current(), size=3).rows
    return {"template": "news/parts/home.html", "order": 40, "rows": rows} if rows else None


urlpatterns = [
    path("", index, name="index"),
    path("articles/<uuid:key>/", article, name="article"),
    path("pictures/<uuid:key>.jpg", picture, name="picture"),
    path("<str:code>/", listed, name="listed"),
    path("<str:code>/rss.xml", rss, name="rss"),
    path("<str:code>/atom.xml", atom, name="atom"),
    path("<str:code>/category/<str:category>/", in_category, name="in_category"),
    path("<str:code>/month/<str:month>/", in_month, name="in_month"),
]
