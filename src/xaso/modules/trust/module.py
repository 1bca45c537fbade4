"""What trust offers to the faces."""

from xaso.kit.module import Job, MenuItem, Module
from xaso.modules.trust.definitions import wanted_anchors
from xaso.modules.trust.jobs import look_again, refresh_revocation
from xaso.modules.trust.screens import desk

MODULE = Module(
    "trust",
    "Tin cậy",
    menu=(
        MenuItem("desk", "Chữ ký số đã kiểm tra", "desk-trust:listed", "trust.view", "check-circle", 55),
        MenuItem("desk", "Chứng thư tin cậy", "desk-trust:anchors", "trust.add_anchor", "lock", 82),
        MenuItem("portal", "Kiểm tra văn bản", "trust:verify", "public", "check-circle", 40),
    ),
    jobs=(
        Job("trust.refresh_revocation", "7,37 * * * *", refresh_revocation),
        Job("trust.look_again", "15 3 * * *", look_again),
    ),
    content=(wanted_anchors,),
    slots={
        "panel:dossiers.Dossier": (desk.signatures_panel,),
        "panel:incoming.Document": (desk.signatures_panel,),
    },
)
