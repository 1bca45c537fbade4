"""What dossiers offer to the faces."""

from xaso.kit.module import Job, MenuItem, Module
from xaso.modules.dossiers.finding import FEED
from xaso.modules.dossiers.jobs import hand_over_after_mergers
from xaso.modules.dossiers.screens import cockpit, desk, portal

MODULE = Module(
    "dossiers",
    "Hồ sơ một cửa",
    menu=(
        MenuItem("portal", "Hồ sơ của tôi", "portal-dossiers:mine", "dossiers.submit", "folder", 20),
        MenuItem("portal", "Tra cứu", "portal-dossiers:look_up", "public", "search", 30),
        MenuItem("desk", "Tiếp nhận tại quầy", "desk-dossiers:choose", "dossiers.receive", "plus", 10),
        MenuItem("desk", "Hồ sơ", "desk-dossiers:listed", "dossiers.view", "folder", 20),
        MenuItem("desk", "Làm thay", "desk-dossiers:stand_in", "dossiers.substitute", "people", 65),
        MenuItem("desk", "Sổ theo dõi", "desk-dossiers:book", "dossiers.book", "file", 60),
        MenuItem("cockpit", "Số liệu một cửa", "cockpit-dossiers:figures", "dossiers.book", "chart", 10),
    ),
    jobs=(Job("dossiers.hand_over", "5 0 * * *", hand_over_after_mergers),),
    slots={
        "portal.home": (portal.home_part,),
        "portal.inbox": (portal.inbox_part,),
        "desk.work": (desk.work_part,),
        "cockpit.tiles": (cockpit.tiles,),
        "search.feed": (FEED,),
    },
)
