from xaso.kit.module import MenuItem, Module
from xaso.modules.notifications.definitions import texts
from xaso.modules.notifications.screens import portal

MODULE = Module(
    "notifications",
    "Thông báo",
    menu=(
        MenuItem("portal", "Thông báo", "portal-notifications:inbox", "notifications.view", icon="bell", order=40),
        MenuItem(
            "desk", "Tin chưa gửi được", "desk-notifications:failures", "notifications.manage", icon="mail", order=90
        ),
    ),
    slots={"portal.inbox": (portal.inbox_part,)},
    content=(texts,),
)
