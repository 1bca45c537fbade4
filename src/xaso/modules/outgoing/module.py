"""What outgoing documents offer to the faces."""

from xaso.kit.module import Job, MenuItem, Module
from xaso.modules.outgoing.jobs import hand_over_after_mergers
from xaso.modules.outgoing.queries.searching import FEED
from xaso.modules.outgoing.screens import desk

MODULE = Module(
    "outgoing",
    "Văn bản đi",
    menu=(
        MenuItem("desk", "Văn bản đi", "desk-outgoing:index", "outgoing.view", "send", 31),
        MenuItem("portal", "Văn bản công khai", "portal-outgoing:listed", "public", "file", 60),
    ),
    jobs=(Job("outgoing.hand_over_after_mergers", "15 1 * * *", hand_over_after_mergers),),
    slots={"desk.work": (desk.work_part,), "search.feed": (FEED,)},
)
