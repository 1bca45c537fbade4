"""Questions about the record of actions."""

from xaso.core.access import Actor, visible
from xaso.core.audit.models import Entry
from xaso.kit.pages import Page, newest

PAGE = 50


def entries(by: Actor, *, person: str = "", verb: str = "", subject: str = "", after: str = "") -> Page[Entry]:
    """What happened in the units this actor may look into, newest first."""
    rows = visible(by, "audit.view", Entry.objects.all())
    if person:
        rows = rows.filter(actor_name__icontains=person)
    if verb:
        rows = rows.filter(verb=verb)
    if subject:
        rows = rows.filter(subject=subject)
    return newest(rows, after, PAGE)
