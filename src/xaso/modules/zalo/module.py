"""What zalo offers to the faces."""

from collections.abc import Iterator

from xaso.kit.module import Job, MenuItem, Module
from xaso.modules.zalo import carrying, jobs, queries
from xaso.modules.zalo.definitions import zalo
from xaso.modules.zalo.screens.desk import work_part


def chains_that_broke() -> Iterator[str]:
    """For `xaso verify`."""
    for account in queries.broken():
        yield f"Zalo OA {account} ({account.unit}): {account.error} Một người phải cấp quyền lại ở trang Zalo."


MODULE = Module(
    "zalo",
    "Zalo OA",
    menu=(MenuItem("desk", "Zalo OA", "desk-zalo:account", "zalo.view", "chat", 61),),
    slots={"desk.work": (work_part,)},
    jobs=(
        Job("zalo.refresh_soon", "*/20 * * * *", jobs.refresh_soon),
        Job("zalo.send_waiting", "* * * * *", carrying.send_waiting),
        Job("zalo.forget_notices", "40 3 * * *", jobs.forget_notices),
    ),
    content=(zalo,),
    checks=(chains_that_broke,),
)
