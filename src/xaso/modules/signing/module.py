"""What signing offers to the faces."""

from xaso.kit.module import Job, MenuItem, Module
from xaso.modules.signing.jobs import ask_again, give_up, warn_of_ends
from xaso.modules.signing.screens import desk
from xaso.modules.signing.screens.laying import signing_panel

SIGNABLE = ("panel:dossiers.Dossier", "panel:reports.Report", "panel:packs.Pack")

MODULE = Module(
    "signing",
    "Ký số",
    menu=(
        MenuItem("desk", "Ký số", "desk-signing:index", "signing.use", "sign", 30),
        MenuItem("desk", "Sổ chữ ký số", "desk-signing:register", "signing.view_register", "key", 81),
    ),
    slots={"desk.work": (desk.work_part,), **dict.fromkeys(SIGNABLE, (signing_panel,))},
    jobs=(
        Job("signing.ask_again", "*/5 * * * * *", ask_again),
        Job("signing.give_up", "* * * * *", give_up),
        Job("signing.warn_of_ends", "10 7 * * *", warn_of_ends),
    ),
)
