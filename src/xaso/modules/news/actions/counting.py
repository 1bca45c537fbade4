"""How often articles are opened: added up in this process, written down now and then. Nothing about who."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.news.models import Article, DailyViews

Views = tuple[str, date, int]
"""Which article, which day, how often."""
EVERY = timedelta(minutes=1)
_turn = threading.Lock()
_opened: Counter[tuple[UUID, date]] = Counter()
_state: dict[str, datetime] = {}


def opened(article: UUID) -> list[Views]:
    """One more reading. Once a minute it gives what was gathered and begins anew; a crash loses a minute of a count."""
    now = clock.now()
    with _turn:
        _opened[article, clock.local(now).date()] += 1
        if abs(now - _state.get("at", now - EVERY)) < EVERY:
            return []
        _state["at"] = now
        gathered = [(str(uuid), day, count) for (uuid, day), count in sorted(_opened.items())]
        _opened.clear()
        return gathered


@action("news.count_views", "Ghi số lượt xem")
def count_views(by: Actor, unit: Unit | None, /, *, gathered: list[Views]) -> None:
    del by, unit
    keys = {UUID(uuid) for uuid, _, _ in gathered}
    known = {str(uuid): pk for uuid, pk in Article.objects.filter(uuid__in=keys).values_list("uuid", "pk")}
    rows = [(known[uuid], day, count) for uuid, day, count in gathered if uuid in known]
    DailyViews.objects.bulk_create([DailyViews(article_id=pk, day=day) for pk, day, _ in rows], ignore_conflicts=True)
    for pk, day, count in rows:
        DailyViews.objects.filter(article_id=pk, day=day).update(count=F("count") + count)
