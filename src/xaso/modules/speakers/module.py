"""What speakers offers to the faces."""

from xaso.kit.module import Job, MenuItem, Module, Service
from xaso.modules.speakers import jobs
from xaso.modules.speakers.configured import broker_is_wanted, link_is_wanted
from xaso.modules.speakers.definitions import declared
from xaso.modules.speakers.screens.board import work_part

MODULE = Module(
    "speakers",
    "Loa truyền thanh",
    menu=(
        MenuItem("desk", "Phát loa thôn", "desk-speakers:notice", "speakers.village_notice", "speaker", 57),
        MenuItem("desk", "Loa truyền thanh", "desk-speakers:index", "speakers.view", "speaker", 58),
    ),
    slots={"desk.work": (work_part,)},
    jobs=(
        Job("speakers.every_minute", "* * * * *", jobs.every_minute),
        Job("speakers.every_quarter", "*/15 * * * *", jobs.every_quarter),
        Job("speakers.forget", "20 3 * * *", jobs.forget),
        Job("speakers.hand_over", "50 0 * * *", jobs.hand_over_after_mergers),
    ),
    content=(declared,),
    services=(
        Service("Máy chủ tin của loa", "xaso.modules.speakers.broker.service:run", broker_is_wanted),
        Service("Đường nối loa", "xaso.modules.speakers.link.service:run", link_is_wanted),
    ),
)
