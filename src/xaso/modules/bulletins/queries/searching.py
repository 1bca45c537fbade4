"""A bulletin as it is found by the search of the whole desk."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from xaso.core.search.feeds import Feed, Item
from xaso.modules.bulletins.models import Bulletin

PERMISSION = "bulletins.view"


def item_of(bulletin: Bulletin) -> Item:
    return Item(
        bulletin,
        PERMISSION,
        bulletin.unit_path,
        bulletin.title,
        f"{bulletin.get_klass_display()} · {bulletin.get_state_display()} · {bulletin.author_name}".rstrip(" ·"),
        bulletin.get_absolute_url(),
        bulletin.published_at or bulletin.created_at,
        texts=[bulletin.text[:20_000], bulletin.series],
    )


def _rows() -> QuerySet[Any]:
    return Bulletin.objects.all()


FEED = Feed("bulletins.Bulletin", "Bản tin", _rows, item_of, (PERMISSION,))
