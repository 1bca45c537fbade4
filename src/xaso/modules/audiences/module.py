"""What audiences offers to the faces."""

from xaso.kit.module import MenuItem, Module
from xaso.modules.audiences.definitions import topics

MODULE = Module(
    "audiences",
    "Người nhận tin",
    menu=(
        MenuItem("desk", "Người nhận tin", "desk-audiences:listed", "audiences.view", "people", 65),
        MenuItem("portal", "Nhận tin của xã", "portal-audiences:own", "audiences.choose", "bell", 45),
    ),
    content=(topics,),
)
