"""Verbs of signing. Nothing here talks to a token, a remote service or a time-stamp server: see `performing`."""

from xaso.modules.signing.actions.asking import ask_to_sign, sign_asked, take_back
from xaso.modules.signing.actions.importing import apply_import, preview_import
from xaso.modules.signing.actions.register import (
    add_certificate,
    alarm,
    give_picture,
    set_certificate_state,
)
from xaso.modules.signing.actions.requests import (
    cancel_request,
    give,
    hurry,
    lose,
    postpone,
    record_prepared,
    record_value,
    record_waiting,
    request_signature,
    tell_of_loss,
)

__all__ = [
    "add_certificate",
    "alarm",
    "apply_import",
    "ask_to_sign",
    "cancel_request",
    "give",
    "give_picture",
    "hurry",
    "lose",
    "postpone",
    "preview_import",
    "record_prepared",
    "record_value",
    "record_waiting",
    "request_signature",
    "set_certificate_state",
    "sign_asked",
    "take_back",
    "tell_of_loss",
]  # fmt: skip
