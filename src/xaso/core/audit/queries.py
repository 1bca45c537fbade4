"""Questions about the record of actions."""

from xaso.core.access import Actor, visible
from xaso.core.audit.models import Entry

PAGE = 50


def entries(
    by: Actor, *, person: str = "", verb: str = "", subject: str = "", after: str = ""
) -> tuple[list[Entry], str]:
    """What happened in the units this actor may look into, newest first; and the key of the next page."""
    rows = visible(by, "audit.view", Entry.objects.all())
    if person:
        rows = rows.filter(actor_name__icontains=person)
    if verb:
        rows = rows.filter(verb=verb)
    if subject:
        rows = rows.filter(subject=subject)
    if after.isdigit():
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else ""
