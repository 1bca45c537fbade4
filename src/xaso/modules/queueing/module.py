"""What queueing offers to the faces."""

from xaso.kit.module import MenuItem, Module
from xaso.modules.queueing.screens import desk

MODULE = Module(
    "queueing",
    "Số thứ tự",
    menu=(
        MenuItem("desk", "Gọi số", "desk-queueing:index", "queueing.call", "speaker", 12),
        MenuItem("desk", "Lấy số", "desk-queueing:issue", "queueing.issue", "ticket", 13),
        MenuItem("desk", "Thời gian chờ", "desk-queueing:report", "queueing.view", "clock", 61),
        MenuItem("desk", "Quầy giao dịch", "desk-queueing:counters", "queueing.manage", "settings", 81),
    ),
    slots={"desk.work": (desk.work_part,)},
)
