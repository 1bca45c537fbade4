"""What push offers to the faces."""

from xaso.kit.module import Job, MenuItem, Module
from xaso.modules.push.jobs import send_waiting
from xaso.modules.push.screens.inboxes import bulletins_part

MODULE = Module(
    "push",
    "Ứng dụng người dân",
    menu=(MenuItem("portal", "Hộp thư", "portal-push:inbox", "push.view", "inbox", 10),),
    slots={"portal.inbox": (bulletins_part,)},
    jobs=(Job("push.send", "* * * * *", send_waiting),),
)
