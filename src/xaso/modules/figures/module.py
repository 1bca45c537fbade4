"""What figures offers to the faces."""

from xaso.kit.module import MenuItem, Module
from xaso.modules.figures.queries import catalogue, orphans
from xaso.modules.figures.screens import desk

MODULE = Module(
    "figures",
    "Số liệu",
    menu=(MenuItem("desk", "Số liệu khai báo", "desk-figures:index", "figures.view", "chart", 60),),
    slots={"desk.work": (desk.work_part,)},
    content=(catalogue,),
    checks=(orphans,),
)
