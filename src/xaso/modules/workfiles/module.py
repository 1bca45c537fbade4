"""What workfiles offers to the faces."""

from xaso.kit.module import MenuItem, Module
from xaso.modules.workfiles.definitions import headings
from xaso.modules.workfiles.finding import FEED
from xaso.modules.workfiles.screens import desk

MODULE = Module(
    "workfiles",
    "Hồ sơ công việc",
    menu=(MenuItem("desk", "Hồ sơ công việc", "desk-workfiles:index", "workfiles.view", "folder", 37),),
    slots={"desk.work": (desk.work_part,), "search.feed": (FEED,)},
    content=(headings,),
)
