"""Verbs of incoming documents."""

from xaso.modules.incoming.actions.arriving import add_files, arrive, refuse
from xaso.modules.incoming.actions.recalling import accept_recall, ask_recall, refuse_recall
from xaso.modules.incoming.actions.registering import (
    Registration,
    Stub,
    amend,
    register,
    register_secret,
    show,
    take_in,
)
from xaso.modules.incoming.actions.remarking import Remark, give_back, reassign, remark, remark_many
from xaso.modules.incoming.actions.timing import Due
from xaso.modules.incoming.actions.working import acknowledge, contribute, draft_answer, finish, reopen, take

__all__ = [
    "Due", "Registration", "Remark", "Stub", "accept_recall", "acknowledge", "add_files", "amend", "arrive",
    "ask_recall", "contribute", "draft_answer", "finish", "give_back", "reassign", "refuse", "refuse_recall",
    "register", "register_secret", "remark", "remark_many", "reopen", "show", "take", "take_in",
]  # fmt: skip
