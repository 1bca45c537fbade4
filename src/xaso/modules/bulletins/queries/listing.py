"""Bulletins by who looks at them. Lists are keyset pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from xaso.core.access import Actor, visible
from xaso.core.access.queries import under
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.kit.pages import Page, cut, newest, number_in, oldest
from xaso.kit.sure import sure
from xaso.modules.bulletins.models import Area, Bulletin, Relay, Sending
from xaso.modules.bulletins.rules import states
from xaso.modules.bulletins.rules.content import EMERGENCY, WEB, above

PAGE = 20
GONE = "Không tìm thấy bản tin này, hoặc bạn không được xem. Hãy mở lại danh sách bản tin."
NOT_PUBLIC = "Bản tin này không còn đăng hoặc chưa tới giờ đăng. Hãy xem các tin khác của xã."
NEVER_BEGAN = "Hệ thống chưa gửi được qua kênh này. Hãy bấm “Gửi lại”; nếu vẫn lỗi, hãy báo người quản trị."
LATE_RECEIPTS = timedelta(days=4)
COUNT_AGAIN = timedelta(minutes=4)
LONG_AFTER = timedelta(minutes=30)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)
HEAVY = ("text", "speech", "post", "zalo_values", "writers")


def _page_by_publication(
    rows: QuerySet[Bulletin], after: str, size: int, until: datetime | None = None
) -> Page[Bulletin]:
    """By when they went out: what was written long ago and waited for its day is news on that day."""
    place = _place(after)
    if place is not None:
        at, pk = place
        rows = rows.filter(Q(published_at__lt=at) | Q(published_at=at, pk__lt=pk), published_at__lte=at)
    if until is not None:
        rows = rows.filter(published_at__lte=until)
    return cut(list(rows.order_by("-published_at", "-pk")[: size + 1]), size, _place_of)


def _place_of(row: Bulletin) -> str:
    return f"{(sure(row.published_at) - EPOCH) // TICK}~{row.pk}"


def _place(after: str) -> tuple[datetime, int] | None:
    """Where a page ended; None for what somebody made up."""
    moment, pk = (number_in(one) for one in after.partition("~")[::2])
    if not (moment and pk):
        return None
    try:
        return EPOCH + moment * TICK, pk
    except OverflowError:
        return None


def bulletin(key: UUID | str) -> Bulletin:
    """For other modules and the worker, who ask no permission. Raises Missing."""
    rows = Bulletin.objects.select_related("unit__parent", "picture__blob", "replaces")
    found = rows.filter(uuid=key).first()
    if found is None:
        raise Missing(GONE)
    return found


def bulletin_for(by: Actor, key: UUID, permission: str = "bulletins.view") -> Bulletin:
    """One the actor has the permission on. Raises Missing."""
    rows = Bulletin.objects.select_related("unit__parent", "picture__blob", "replaces")
    found = visible(by, permission, rows).filter(uuid=key).first()
    if found is None:
        raise Missing(GONE)
    return found


def of_origin(origin: str) -> list[Bulletin]:
    """Bulletins made of one warning, newest first: `origin` is what `send_emergency` was given."""
    return list(Bulletin.objects.filter(origin=origin).select_related("unit").order_by("-pk")) if origin else []


def of_recording(recording: str) -> list[Bulletin]:
    """Those that play this recording and are not over."""
    rows = Bulletin.objects.filter(recording=recording).exclude(state__in=states.OVER)
    return list(rows.select_related("unit__parent", "picture__blob"))


def listed(by: Actor, state: str = "", after: str = "", size: int = PAGE, series: str = "") -> Page[Bulletin]:
    """Newest first, of one state or all, of one series or all."""
    rows = visible(by, "bulletins.view", Bulletin.objects.select_related("unit").defer(*HEAVY))
    if state in states.LABELS:
        rows = rows.filter(state=state)
    return newest(rows.filter(series=series) if series else rows, after, size)


def waiting_for(by: Actor) -> QuerySet[Bulletin]:
    """What waits for this leader: handed in by others, of the commune and of its villages."""
    rows = visible(by, "bulletins.approve", Bulletin.objects.filter(state=states.SUBMITTED))
    rows = rows.exclude(author_id=by.account_id) if by.account_id is not None else rows
    return rows.select_related("unit").defer(*HEAVY)


def to_approve(by: Actor, size: int = PAGE) -> list[Bulletin]:
    """The first of them, the oldest first."""
    return list(waiting_for(by).order_by("pk")[:size]) if by.may("bulletins.approve") else []


def count_to_approve(by: Actor) -> int:
    return waiting_for(by).count() if by.may("bulletins.approve") else 0


def approvals(by: Actor, after: str = "", size: int = PAGE) -> Page[Bulletin]:
    """All of them, the oldest first."""
    return oldest(waiting_for(by), after, size)


def to_review(by: Actor, size: int = PAGE) -> list[Bulletin]:
    """Emergencies that went out and that no leader has judged yet, the oldest first."""
    rows = Bulletin.objects.filter(klass=EMERGENCY, reviewed_at=None, decided_at__isnull=False)
    shown = visible(by, "bulletins.view", rows)
    return list(shown.select_related("unit").defer(*HEAVY).order_by("pk")[:size])


def sent_back(by: Actor, size: int = PAGE) -> list[Bulletin]:
    """What this person wrote and a leader refused."""
    rows = Bulletin.objects.filter(state=states.REFUSED, author_id=by.account_id)
    return list(visible(by, "bulletins.view", rows).select_related("unit").defer(*HEAVY).order_by("-pk")[:size])


def sendings_of(found: Bulletin) -> list[Sending]:
    return list(found.sendings.order_by("id"))


def due(limit: int = 100) -> list[Bulletin]:
    """Scheduled ones whose time has come."""
    rows = Bulletin.objects.filter(state=states.SCHEDULED, starts_at__lte=clock.now())
    return list(rows.select_related("unit").order_by("starts_at", "pk")[:limit])


def running(limit: int = 500) -> list[Bulletin]:
    rows = Bulletin.objects.filter(state=states.RUNNING).select_related("unit__parent")
    return list(rows.order_by("pk")[:limit])


def to_count(limit: int = 100) -> list[Bulletin]:
    """Those that went out in the last days and whose list of names is older than some minutes."""
    now = clock.now()
    out = states.OUT | {states.CANCELLED}
    rows = Bulletin.objects.filter(state__in=out, published_at__gte=now - LATE_RECEIPTS)
    rows = rows.filter(Q(reach_at=None) | Q(reach_at__lt=now - COUNT_AGAIN))
    return list(rows.select_related("unit__parent").order_by("-pk")[:limit])


def never_begun(limit: int = 200) -> list[Sending]:
    """Channels of a running bulletin that still wait long after it began."""
    began = clock.now() - LONG_AFTER
    rows = Sending.objects.filter(
        state=states.WAITING, bulletin__state=states.RUNNING, bulletin__published_at__lt=began
    )
    return list(rows.select_related("bulletin__unit").order_by("id")[:limit])


def relays_of(by: Actor, after: str = "", size: int = PAGE) -> Page[Relay]:
    """Bulletins of upper levels at this officer's communes, newest first."""
    rows = visible(by, "bulletins.view", Relay.objects.select_related("bulletin__unit", "unit"))
    return newest(rows, after, size)


def relay_for(by: Actor, key: UUID) -> Relay:
    """Raises Missing."""
    rows = Relay.objects.select_related("bulletin__unit", "unit")
    found = visible(by, "bulletins.view", rows).filter(uuid=key).first()
    if found is None:
        raise Missing("Không tìm thấy tin cấp trên này. Hãy mở lại danh sách.")
    return found


def relays_due(limit: int = 200) -> list[Relay]:
    """Where the commune chose no time: they play when the upper level wanted them."""
    rows = Relay.objects.filter(state=Relay.State.WAITING, starts_at__lte=clock.now())
    return list(rows.select_related("bulletin", "unit").order_by("starts_at", "pk")[:limit])


def _shown() -> QuerySet[Bulletin]:
    """What residents may see."""
    seen = states.OUT | {states.CANCELLED, states.FAILED}
    return Bulletin.objects.filter(state__in=seen, published_at__isnull=False)


def published_one(key: UUID) -> Bulletin:
    """Raises Missing."""
    found = _shown().select_related("unit__parent", "replaces").filter(uuid=key).first()
    if found is None:
        raise Missing(NOT_PUBLIC)
    return found


def inbox(
    person_paths: Iterable[str], topics_out: Collection[str] = (), after: str = "", size: int = PAGE,
    until: datetime | None = None,
) -> Page[Bulletin]:  # fmt: skip
    """Bulletins for somebody who lives at these places, newest first; found by place, so that one row serves them all.

    `topics_out`: topics this person does not want; an emergency is shown all the same. `until`: none that went out
    later.
    """
    places = {path for one in person_paths for path in above(one)}
    if not places:
        return Page()
    here = Area.objects.filter(path__in=places).values("bulletin_id")
    rows = _shown().exclude(state=states.CANCELLED).filter(pk__in=here)
    rows = rows.filter(Q(klass=EMERGENCY) | ~Q(topic__in=list(topics_out))) if topics_out else rows
    return _page_by_publication(rows.select_related("unit").defer(*HEAVY[1:]), after, size, until)


def published(unit_path: str = "", after: str = "", size: int = PAGE) -> Page[Bulletin]:
    """What the public list shows: bulletins with a page of their own."""
    rows = _shown().exclude(state=states.CANCELLED).filter(sendings__channel=WEB)
    rows = rows.filter(under(unit_path)) if unit_path else rows
    return _page_by_publication(rows.select_related("unit").defer(*HEAVY[1:]), after, size)
