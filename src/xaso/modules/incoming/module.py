"""What incoming documents offer to the faces."""

from xaso.kit.module import Job, MenuItem, Module
from xaso.modules.incoming.definitions import desk as furnished
from xaso.modules.incoming.jobs import hand_over_after_mergers, remind_people
from xaso.modules.incoming.queries.finding import FEED
from xaso.modules.incoming.screens import books, desk

MODULE = Module(
    "incoming",
    "Văn bản đến",
    menu=(
        MenuItem("desk", "Chờ đăng ký", "desk-incoming:waiting", "incoming.register", "inbox", 22),
        MenuItem("desk", "Chờ bút phê", "desk-incoming:to_remark", "incoming.remark", "edit", 22),
        MenuItem("desk", "Văn bản của tôi", "desk-incoming:mine", "incoming.take", "person", 23),
        MenuItem("desk", "Văn bản đến", "desk-incoming:listed", "incoming.view", "mail", 24),
        MenuItem("desk", "Văn bản chưa xong", "desk-incoming:backlog", "incoming.book", "clock", 62),
        MenuItem("desk", "Sổ văn bản đến", "desk-incoming:book", "incoming.book", "book", 63),
    ),
    jobs=(
        Job("incoming.hand_over", "15 0 * * *", hand_over_after_mergers),
        Job("incoming.remind", "*/15 6-21 * * *", remind_people),
    ),
    slots={"search.feed": (FEED,), "desk.work": (desk.work_part,), "cockpit.tiles": (books.cockpit_part,)},
    content=(furnished,),
)
