"""What packs offer to the faces."""

from xaso.kit.module import Job, MenuItem, Module
from xaso.modules.figures.actions import guards
from xaso.modules.packs.jobs import notice_changes
from xaso.modules.packs.queries import broken_packs, lock_sentence
from xaso.modules.packs.screens import desk

# Figures are a lower module and know no locks; they ask whoever has something against a change.
guards.add("packs.locked_period", lock_sentence)

MODULE = Module(
    "packs",
    "Gói số liệu đã ký",
    menu=(
        MenuItem("desk", desk.TITLE, "desk-packs:listed", "packs.view", "lock", 66),
        MenuItem("desk", "Khoá kỳ số liệu", "desk-packs:locks", "packs.lock_period", "calendar", 67),
    ),
    jobs=(Job("packs.notice_changes", "20 2 * * *", notice_changes),),
    checks=(broken_packs,),
)
