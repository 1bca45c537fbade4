"""Work by the clock: look whether signed figures still say what they said."""

from xaso.core.access import SYSTEM
from xaso.modules.packs.actions import note_restatements
from xaso.modules.packs.queries import changes, latest_packs

AT_ONCE = 300


def notice_changes() -> None:
    """Every pack in force, some hundred at a time: a few statements for each period among them."""
    ids = list(latest_packs().values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        packs = {one.pk: one for one in latest_packs().filter(pk__in=ids[start : start + AT_ONCE])}
        for pk in changes(list(packs.values())):
            note_restatements(SYSTEM, packs[pk])
