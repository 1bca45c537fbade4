"""Verbs of outgoing documents that other modules use; the rest is in the files beside."""

from xaso.modules.outgoing.actions.drafting import begin_draft, upload_draft
from xaso.modules.outgoing.actions.issuing import add_recipient, record_follow

__all__ = ["add_recipient", "begin_draft", "record_follow", "upload_draft"]
