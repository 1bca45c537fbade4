"""What may be done about trust: anchors, evidence, answers about revocation, proofs for everybody."""

from xaso.modules.trust.actions.anchors import add_anchor, withdraw_anchor
from xaso.modules.trust.actions.proving import publish_proof, withdraw_proof
from xaso.modules.trust.actions.revocation import ask_authorities, note_sources, record_answer
from xaso.modules.trust.actions.verifying import record_verification, rejudge_unsure, verify_file

__all__ = [
    "add_anchor", "ask_authorities", "note_sources", "publish_proof", "record_answer", "record_verification",
    "rejudge_unsure", "verify_file", "withdraw_anchor", "withdraw_proof",
]  # fmt: skip
