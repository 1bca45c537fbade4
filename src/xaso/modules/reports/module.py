"""What reports offers to the faces."""

from xaso.kit.module import Job, MenuItem, Module
from xaso.modules.reports.jobs import remind_of_deadlines, remove_old_exports, take_up_exports
from xaso.modules.reports.queries.checking import checked_kinds
from xaso.modules.reports.queries.reports import pack_titles
from xaso.modules.reports.screens import desk

MODULE = Module(
    "reports",
    "Báo cáo",
    menu=(
        MenuItem("desk", "Báo cáo", "desk-reports:calendar", "reports.view", "calendar", 45),
        MenuItem("desk", "Xuất danh sách", "desk-reports:exports", "reports.export", "download", 46),
    ),
    slots={"desk.work": (desk.work_part,), "packs.kinds": (pack_titles,)},
    jobs=(
        Job("reports.remind", "30 7 * * *", remind_of_deadlines),
        Job("reports.exports", "*/5 * * * *", take_up_exports),
        Job("reports.old_exports", "20 2 * * *", remove_old_exports),
    ),
    content=(checked_kinds,),
)
