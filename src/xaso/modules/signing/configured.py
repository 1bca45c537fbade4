"""What the operator has set for signing, read from the environment each time: a change needs no new release."""

import os

from xaso.modules.signing.rules import B_B, B_LT, LEVELS


def tsa_url() -> str:
    """The RFC 3161 time-stamp server; empty when there is none."""
    return os.environ.get("XASO_TSA_URL", "").strip()


def level() -> str:
    """What to reach for: long-term proofs where time can be stamped, unless the operator says otherwise."""
    if not tsa_url():
        return B_B
    asked = os.environ.get("XASO_SIGN_LEVEL", B_LT).strip().upper()
    return asked if asked in LEVELS else B_LT


def pkcs11_library() -> str:
    return os.environ.get("XASO_SIGN_PKCS11_LIBRARY", "").strip()


def pkcs11_label() -> str:
    """The token's label; empty takes the only token there is."""
    return os.environ.get("XASO_SIGN_PKCS11_LABEL", "").strip()


def pkcs11_pin_file() -> str:
    """A file with the PIN, readable by the server only. Empty: the person types it each time."""
    return os.environ.get("XASO_SIGN_PKCS11_PIN_FILE", "").strip()
