"""What alerts offers to the faces."""

from xaso.kit.module import Job, MenuItem, Module
from xaso.modules.alerts import definitions, jobs
from xaso.modules.alerts.screens import desk

MODULE = Module(
    "alerts",
    "Cảnh báo khẩn cấp",
    menu=(MenuItem("desk", "Cảnh báo khẩn cấp", "desk-alerts:listed", "alerts.view", "warning", 45),),
    slots={"desk.work": (desk.work_part,)},
    jobs=(Job("alerts.ask_feeds", "* * * * *", jobs.ask_feeds),),
    content=(definitions.alerts,),
)
