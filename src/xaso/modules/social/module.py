"""What social offers to the faces."""

from xaso.kit.module import Job, MenuItem, Module
from xaso.modules.social import jobs
from xaso.modules.social.definitions import facebook

MODULE = Module(
    "social",
    "Mạng xã hội",
    menu=(
        MenuItem("desk", "Trang, nhóm của xã", "desk-social:pages", "social.view", "globe", 62),
        MenuItem("desk", "Bài đăng Facebook", "desk-social:posts", "social.draft", "edit", 63),
    ),
    jobs=(
        Job("social.carry_waiting", "* * * * *", jobs.carry_waiting),
        Job("social.look_at_scheduled", "*/5 * * * *", jobs.look_at_scheduled),
        Job("social.forget_notices", "45 3 * * *", jobs.forget_notices),
    ),
    content=(facebook,),
)
