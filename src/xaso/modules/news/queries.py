"""What residents may read, and what officers have in hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from xaso.core.access import Actor, visible
from xaso.core.access.queries import under
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.kit.pages import Page, cut, number_in
from xaso.modules.news.models import Article, ArticleVersion

SIZE = 12
GONE = "Không có bài này. Có thể đường dẫn đã cũ; hãy xem các bài mới của xã."
LISTED = (
    "id", "uuid", "unit_id", "category", "title", "lead", "picture", "picture_alt", "published_at", "is_pinned",
)  # fmt: skip


def current() -> QuerySet[Article]:
    """Published by now and still valid."""
    now = clock.now()
    valid = Q(valid_until=None) | Q(valid_until__gte=clock.local(now).date())
    return Article.objects.filter(valid, state=Article.State.PUBLISHED, published_at__lte=now)


def of_unit(unit_path: str) -> QuerySet[Article]:
    """Of the unit itself and its villages."""
    return current().filter(under(unit_path))


def page(rows: QuerySet[Article], after: str = "", size: int = SIZE) -> Page[Article]:
    """Newest first; `after` is where the page before ended."""
    if (place := _place(after)) is not None:
        moment, pk = place
        rows = rows.filter(Q(published_at__lt=moment) | Q(published_at=moment, pk__lt=pk), published_at__lte=moment)
    found = list(rows.only(*LISTED).order_by("-published_at", "-pk")[: size + 1])
    return cut(found, size, lambda row: f"{row.published_at:%Y%m%d%H%M%S%f}-{row.pk}")


def _place(after: str) -> tuple[datetime, int] | None:
    """Where a page continues; None for an address that somebody made up."""
    moment, _, pk = after.partition("-")
    if not (len(moment) == 20 and moment.isascii() and moment.isdecimal() and number_in(pk)):
        return None
    try:
        return datetime.strptime(f"{moment}+0000", "%Y%m%d%H%M%S%f%z"), int(pk)
    except ValueError:
        return None


def article(uuid: UUID) -> Article:
    """What the address of an article opens: published by now, or withdrawn. Raises Missing."""
    found = Article.objects.filter(uuid=uuid, published_at__lte=clock.now()).first()
    if found is None or found.state not in {Article.State.PUBLISHED, Article.State.WITHDRAWN}:
        raise Missing(GONE)
    return found


def article_stamp(key: UUID) -> str:
    """Changes whenever the article's page could look different."""
    found = article(key)
    return f"{found.changed_at}|{clock.today()}"


def by_purpose(purpose: str) -> Article | None:
    """The article made of a bulletin, if there is one."""
    return Article.objects.filter(purpose=purpose).first()


def months(unit_path: str) -> list[Any]:
    """Months with articles, the latest first."""
    by_month = of_unit(unit_path).annotate(month=TruncMonth("published_at", tzinfo=clock.VIETNAM)).order_by()
    return list(by_month.values("month").annotate(count=Count("pk")).order_by("-month")[:60])


def in_month(rows: QuerySet[Article], first: date) -> QuerySet[Article]:
    begin = datetime(first.year, first.month, 1, tzinfo=clock.VIETNAM)
    end = (begin + timedelta(days=32)).replace(day=1)
    return rows.filter(published_at__gte=begin, published_at__lt=end)


def stamp(unit_path: str = "") -> str:
    """Changes whenever a list of the unit could look different: a change, a moment that came, a new day."""
    rows = Article.objects.filter(under(unit_path)) if unit_path else Article.objects.all()
    seen = rows.aggregate(
        changed=Max("changed_at"), came=Max("published_at", filter=Q(state="published", published_at__lte=clock.now()))
    )
    return f"{seen['changed']}|{seen['came']}|{clock.today()}"


def corrections(found: Article) -> list[ArticleVersion]:
    """What was corrected and why, the latest first; nothing for an article that says what it always said."""
    rows = found.versions.filter(state=ArticleVersion.State.PUBLISHED, number__gt=1)
    return list(rows.order_by("-number")) if found.version > 1 else []


def units_with_news() -> list[tuple[Unit, int]]:
    """Units that have something to read, with how much, by name."""
    rows = dict(current().order_by().values_list("unit").annotate(count=Count("pk")))
    return [(one, rows[one.pk]) for one in Unit.objects.filter(pk__in=rows).order_by("name", "pk")]


def in_hand(by: Actor, state: str) -> QuerySet[Article]:
    """For the officers' list. Proposed corrections wait with the articles that were handed in."""
    rows = visible(by, "news.view", Article.objects.all())
    if state == Article.State.SUBMITTED:
        proposed = Q(state="published", versions__state="proposed")
        return rows.filter(Q(state=state) | proposed).distinct()
    return rows.filter(state=state)


def one(by: Actor, uuid: UUID, permission: str = "news.view") -> Article:
    """For the officers' pages. Raises Missing."""
    found = visible(by, permission, Article.objects.select_related("unit")).filter(uuid=uuid).first()
    if found is None:
        raise Missing("Không có bài này trong đơn vị của bạn. Hãy quay lại danh sách.")
    return found


def waiting(by: Actor) -> int:
    """How many articles and corrections wait for a second pair of eyes."""
    return in_hand(by, Article.State.SUBMITTED).filter(under(by.unit_path)).count() if by.unit_path else 0


def views(found: Article) -> dict[str, int]:
    """How often it was opened: altogether and in the last thirty days."""
    since = clock.today() - timedelta(days=30)
    seen = found.views.aggregate(all=Sum("count"), recent=Sum("count", filter=Q(day__gt=since)))
    return {"all": seen["all"] or 0, "recent": seen["recent"] or 0}
