"""Questions about pages and groups, and about what was drafted for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from xaso.core.access import Actor, visible
from xaso.core.access.queries import under
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit import pages as pages_by_key
from xaso.kit.errors import Missing
from xaso.kit.fold import fold
from xaso.modules.social import configured
from xaso.modules.social.models import Page, Post

AT_ONCE = 200
PAGE = 50
CHECK_EVERY = timedelta(days=90)
NO_PAGE = "Không tìm thấy kênh này, hoặc kênh không thuộc đơn vị của bạn. Hãy mở lại danh bạ kênh."
NO_POST = "Không tìm thấy bài này, hoặc bài không thuộc đơn vị của bạn. Hãy mở lại danh sách bài."

# What others ask


def pages_of(unit: Unit | str, kind: str = "") -> list[Page]:
    """Open pages of exactly this unit, the oldest first."""
    path = unit if isinstance(unit, str) else unit.path
    rows = Page.objects.select_related("unit").filter(unit_path=path, closed_on=None, is_active=True)
    return list((rows.filter(kind=kind) if kind else rows).order_by("id"))


def facebook_page(unit: Unit | str) -> Page | None:
    """Where this unit posts: its first Facebook page, one that is connected before others."""
    found = pages_of(unit, Page.Kind.FACEBOOK)
    return next((one for one in found if is_connected(one)), next(iter(found), None))


def is_connected(page: Page) -> bool:
    """Whether XãSố may post there itself. Without it people copy the draft by hand."""
    try:
        return page.kind == Page.Kind.FACEBOOK and configured.access(page.page_key) is not None
    except configured.NotSet:
        return False


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How the posts of one purpose stand; each counts once. `published` includes those posted by hand."""

    drafted: int = 0
    waiting: int = 0
    on_facebook: int = 0
    published: int = 0
    failed: int = 0
    cancelled: int = 0

    @property
    def total(self) -> int:
        return self.drafted + self.waiting + self.on_facebook + self.published + self.failed + self.cancelled


def outcomes(purpose: str) -> Outcomes:
    done = Q(state="by_hand") | Q(state="on_facebook", facebook_as="published")
    found = Post.objects.filter(purpose=purpose).aggregate(
        drafted=Count("pk", filter=Q(state="drafted")),
        waiting=Count("pk", filter=Q(state="waiting")),
        on_facebook=Count("pk", filter=Q(state="on_facebook") & ~Q(facebook_as="published")),
        published=Count("pk", filter=done),
        failed=Count("pk", filter=Q(state="failed")),
        cancelled=Count("pk", filter=Q(state="cancelled")),
    )
    return Outcomes(**found)


def rows(purpose: str, state: str = "", after: str = "") -> pages_by_key.Page[Post]:
    """Row by row, oldest first."""
    found = Post.objects.select_related("page").filter(purpose=purpose)
    if state:
        found = found.filter(state=state)
    return pages_by_key.oldest(found, after, PAGE)


# The pages


def pages(by: Actor, words: str = "", kind: str = "", show: str = "") -> QuerySet[Page]:
    """The register; ordered by whoever pages. `show`: unchecked, closed, or what is open."""
    found = visible(by, "social.view", Page.objects.select_related("unit"))
    if kind in Page.Kind.values:
        found = found.filter(kind=kind)
    if words:
        found = found.filter(folded__contains=fold(words))
    if show == "closed":
        return found.exclude(closed_on=None)
    found = found.filter(closed_on=None)
    if show == "unchecked":
        return found.filter(Q(checked_on=None) | Q(checked_on__lt=clock.today() - CHECK_EVERY))
    return found.filter(is_active=False) if show == "silent" else found


def page_for(by: Actor, key: UUID, permission: str = "social.view") -> Page:
    found = visible(by, permission, Page.objects.select_related("unit")).filter(uuid=key).first()
    if found is None:
        raise Missing(NO_PAGE)
    return found


def counts(by: Actor) -> dict[str, int]:
    """Kind → how many open pages and groups."""
    rows = visible(by, "social.view", Page.objects.filter(closed_on=None, is_active=True)).order_by()
    return dict(rows.values_list("kind").annotate(count=Count("pk")))


def villages_without(path: str) -> list[Unit]:
    """Villages under a unit that have no page or group of their own."""
    with_one = Page.objects.filter(under(path), closed_on=None, is_active=True).values("unit_path")
    here = Unit.objects.on(clock.today()).under(path).filter(kind__in=[Unit.Kind.VILLAGE, Unit.Kind.QUARTER])
    return list(here.exclude(path__in=with_one).order_by("path")[:AT_ONCE])


def units_seen(by: Actor) -> list[Unit]:
    """Where this person may write a page down: the own unit and, where the role reaches that far, its villages."""
    if not by.unit_path:
        return []
    scopes = {scope for scope, _ in by.scopes_of("social.add_page")}
    here = Unit.objects.on(clock.today()).filter(path__gte=by.unit_path, path__lt=by.unit_path[:-1] + "/")
    found = here if "tree" in scopes or "all" in scopes else here.filter(path=by.unit_path)
    return list(found.order_by("path")[:AT_ONCE])


def may_post_to(by: Actor) -> list[Page]:
    """Facebook pages this person may draft for."""
    rows = Page.objects.filter(kind=Page.Kind.FACEBOOK, closed_on=None).select_related("unit")
    return list(visible(by, "social.draft", rows).order_by("unit_path", "id")[:AT_ONCE])


def posts(by: Actor, state: str = "", page: Page | None = None) -> QuerySet[Post]:
    """Ordered by whoever pages."""
    found = visible(by, "social.view", Post.objects.select_related("page"))
    if state in Post.State.values:
        found = found.filter(state=state)
    return found.filter(page=page) if page else found


def post_for(by: Actor, key: UUID, permission: str = "social.view") -> Post:
    found = visible(by, permission, Post.objects.select_related("unit", "page", "picture__blob")).filter(uuid=key)
    post = found.first()
    if post is None:
        raise Missing(NO_POST)
    return post


# The worker's


def post_with(key: str) -> Post | None:
    return Post.objects.select_related("unit", "page", "picture__blob").filter(uuid=key).first()


def waiting(now: datetime) -> list[Post]:
    due = Post.objects.select_related("unit", "page", "picture__blob").filter(state="waiting", retry_at__lte=now)
    return list(due.order_by("retry_at", "id")[:AT_ONCE])


def due_at_facebook(now: datetime) -> list[Post]:
    """Scheduled posts whose time has come: Facebook should have published them."""
    rows = Post.objects.select_related("page").filter(state="on_facebook", facebook_as="scheduled", publish_at__lte=now)
    return list(rows.order_by("publish_at", "id")[:AT_ONCE])


def post_at_facebook(facebook_id: str) -> Post | None:
    return Post.objects.select_related("page").filter(facebook_id=facebook_id).first() if facebook_id else None


def zalo_page_of(unit_path: str) -> Page | None:
    """The register's entry for a unit's Zalo OA."""
    return Page.objects.filter(unit_path=unit_path, kind=Page.Kind.ZALO_OA, closed_on=None).order_by("id").first()
