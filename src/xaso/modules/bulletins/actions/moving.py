"""A bulletin moves from state to state by compare-and-set, in every verb alike."""

from __future__ import annotations

from typing import Any

from xaso.kit.errors import Refused
from xaso.modules.bulletins.models import Bulletin
from xaso.modules.bulletins.rules import states

MOVED_ON = "Bản tin “{title}” đang ở tình trạng “{label}” nên không làm được việc này. Hãy tải lại trang."


def tried_move(bulletin: Bulletin, verb: str, **values: Any) -> bool:
    """True when the bulletin was where the verb starts from, and now is where it leads to."""
    sources, target = states.MOVES[verb]
    values["state"] = target
    if not Bulletin.objects.filter(pk=bulletin.pk, state__in=sources).update(**values):
        return False
    for name, value in values.items():
        setattr(bulletin, name, value)
    return True


def move(bulletin: Bulletin, verb: str, **values: Any) -> Bulletin:
    """Raises Refused when somebody else was first, with what the bulletin is now."""
    if not tried_move(bulletin, verb, **values):
        now = Bulletin.objects.values_list("state", flat=True).get(pk=bulletin.pk)
        raise Refused(MOVED_ON.format(title=bulletin.title, label=states.LABELS[now]))
    return bulletin


def locked(bulletin: Bulletin) -> Bulletin:
    """The row as it is now, held until the action ends: sending and cancelling take turns."""
    rows = Bulletin.objects.select_for_update(of=("self",)).select_related("unit__parent", "picture__blob")
    return rows.get(pk=bulletin.pk)
