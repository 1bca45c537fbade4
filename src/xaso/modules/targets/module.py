"""What targets offers to the faces."""

from xaso.kit.module import Job, MenuItem, Module
from xaso.modules.targets.definitions import check_declared
from xaso.modules.targets.jobs import remind_people
from xaso.modules.targets.queries.checking import faults
from xaso.modules.targets.screens import desk

MODULE = Module(
    "targets",
    "Chỉ tiêu, nhiệm vụ",
    menu=(
        MenuItem("desk", "Chỉ tiêu", "desk-targets:index", "targets.view", "flag", 30),
        MenuItem("desk", "Nhiệm vụ", "desk-targets:tasks", "targets.view", "list", 31),
        MenuItem("cockpit", "Chỉ tiêu", "desk-targets:heads", "targets.view", "flag", 20),
    ),
    jobs=(Job("targets.remind", "10 7 * * *", remind_people),),
    slots={"desk.work": (desk.work_part,), "cockpit.tiles": (desk.tiles,)},
    content=(check_declared,),
    checks=(faults,),
)
