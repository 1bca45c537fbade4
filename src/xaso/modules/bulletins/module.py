"""What bulletins offer to the faces."""

from xaso.kit.module import Job, MenuItem, Module
from xaso.modules.bulletins import jobs
from xaso.modules.bulletins.definitions import starters
from xaso.modules.bulletins.queries.searching import FEED
from xaso.modules.bulletins.screens import desk

MODULE = Module(
    "bulletins",
    "Bản tin",
    menu=(
        MenuItem("desk", "Bản tin", "desk-bulletins:index", "bulletins.view", "speaker", 40),
        MenuItem("desk", "Gửi tin khẩn cấp", "desk-bulletins:emergency", "bulletins.send_emergency", "warning", 41),
        MenuItem("desk", "Tin cấp trên", "desk-bulletins:relays", "bulletins.order_relay", "down", 42),
        MenuItem("portal", "Bản tin loa", "portal-bulletins:listed", "public", "speaker", 55),
    ),
    slots={
        "desk.work": (desk.alarm_part, desk.work_part),
        "cockpit.tiles": (desk.tiles,),
        "search.feed": (FEED,),
    },
    jobs=(
        Job("bulletins.begin", "* * * * *", jobs.begin_due),
        Job("bulletins.look", "* * * * *", jobs.look_at_running),
        Job("bulletins.count_missed", "*/5 * * * *", jobs.count_missed),
        Job("bulletins.relays", "* * * * *", jobs.order_due_relays),
        Job("bulletins.never_begun", "*/10 * * * *", jobs.call_stale),
    ),
    content=(starters,),
)
