"""Verbs of the book of contacts and of consent."""

from xaso.modules.audiences.actions.book import (
    Entry,
    add_contact,
    amend_contact,
    join,
    mark_phone,
    merge_contacts,
    remove_contact,
)
from xaso.modules.audiences.actions.consent import choose, give_consent, hear_number, withdraw_consent
from xaso.modules.audiences.actions.importing import apply_import, preview_import, undo_import
from xaso.modules.audiences.actions.linking import ZaloShare, link_zalo, unlink_zalo
from xaso.modules.audiences.actions.refusing import take_refusal_list

__all__ = [
    "Entry",
    "ZaloShare",
    "add_contact",
    "amend_contact",
    "apply_import",
    "choose",
    "give_consent",
    "hear_number",
    "join",
    "link_zalo",
    "mark_phone",
    "merge_contacts",
    "preview_import",
    "remove_contact",
    "take_refusal_list",
    "undo_import",
    "unlink_zalo",
    "withdraw_consent",
]
