"""Verbs of the yearly assessment, by who does them."""

from xaso.modules.assessments.actions.appealing import answer_appeal, appeal
from xaso.modules.assessments.actions.deciding import adjust_item, approve, reject, reopen_review
from xaso.modules.assessments.actions.publishing import lock_round, publish_round, unlock_round
from xaso.modules.assessments.actions.reviewing import (
    agree_items,
    decline_item,
    finish_review,
    return_to_unit,
    score_item,
    start_review,
    undo_decline,
)
from xaso.modules.assessments.actions.rounds import open_round
from xaso.modules.assessments.actions.scoring import (
    add_proof,
    describe_unit,
    finish_self_score,
    remove_proof,
    self_score_item,
    take_computed,
)
from xaso.modules.assessments.actions.submitting import submit
from xaso.modules.assessments.actions.telling import tell

__all__ = [
    "add_proof", "adjust_item", "agree_items", "answer_appeal", "appeal", "approve", "decline_item", "describe_unit",
    "finish_review", "finish_self_score", "lock_round", "open_round", "publish_round", "reject", "remove_proof",
    "reopen_review", "return_to_unit", "score_item", "self_score_item", "start_review", "submit", "take_computed",
    "tell", "undo_decline", "unlock_round",
]  # fmt: skip
