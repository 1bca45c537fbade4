"""How work files are found: by number, title and heading."""

from django.urls import reverse

from xaso.core.search.feeds import Feed, Item
from xaso.modules.workfiles.models import WorkFile

PERMISSION = "workfiles.view"


def item_of(one: WorkFile) -> Item:
    return Item(
        one,
        PERMISSION,
        one.unit_path,
        title=str(one),
        line=f"Hồ sơ công việc, {one.heading_title}",
        url=reverse("desk-workfiles:show", args=[one.uuid]),
        moment=one.opened_at,
    )


FEED = Feed("workfiles.WorkFile", "Hồ sơ công việc", WorkFile.objects.all, item_of, (PERMISSION,))
