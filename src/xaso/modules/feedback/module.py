"""What feedback offers to the faces."""

from xaso.kit.module import Job, MenuItem, Module
from xaso.modules.feedback.definitions import desk as furnished
from xaso.modules.feedback.jobs import end_what_waited, hand_over_after_mergers, remind_officers
from xaso.modules.feedback.queries.finding import FEED
from xaso.modules.feedback.screens import desk, leader, portal

MODULE = Module(
    "feedback",
    "Phản ánh, kiến nghị",
    menu=(
        MenuItem("portal", "Phản ánh", "portal-feedback:home", "public", "chat", 30),
        MenuItem("desk", "Phản ánh chờ phân loại", "desk-feedback:inbox", "feedback.triage", "inbox", 26),
        MenuItem("desk", "Phản ánh của tôi", "desk-feedback:mine", "feedback.take", "person", 27),
        MenuItem("desk", "Phản ánh, kiến nghị", "desk-feedback:listed", "feedback.view", "chat", 28),
        MenuItem("desk", "Phản ánh quá hạn", "desk-feedback:overdue", "feedback.book", "clock", 64),
    ),
    jobs=(
        Job("feedback.hand_over", "20 0 * * *", hand_over_after_mergers),
        Job("feedback.remind", "*/15 6-21 * * *", remind_officers),
        Job("feedback.end_waits", "40 0 * * *", end_what_waited),
    ),
    slots={
        "search.feed": (FEED,),
        "desk.work": (desk.work_part,),
        "cockpit.tiles": (leader.cockpit_part,),
        "portal.home": (portal.home_part,),
        "portal.inbox": (portal.inbox_part,),
    },
    content=(furnished,),
)
