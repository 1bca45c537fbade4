"""How often public pages of bulletins are opened: added up in this process, written down now and then.

A warning that a whole province opens at once must not make everybody wait for one row. Nothing is kept about who.
"""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from xaso.kit import clock
from xaso.modules.bulletins.models import Bulletin

EVERY = timedelta(seconds=30)
_turn = threading.Lock()
_opened: Counter[UUID] = Counter()
_state: dict[str, datetime] = {}


def opened(bulletin: Bulletin) -> None:
    """One more opening. No action and no audit entry: it is a count, and a crash loses half a minute of it."""
    now = clock.now()
    with _turn:
        _opened[bulletin.uuid] += 1
        if abs(now - _state.get("at", now - EVERY)) < EVERY:
            return
        _state["at"] = now
        gathered = dict(_opened)
        _opened.clear()
    for key, count in sorted(gathered.items()):
        Bulletin.objects.filter(uuid=key).update(openings=F("openings") + count)
