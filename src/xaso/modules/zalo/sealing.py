"""Tokens at rest are sealed (Fernet): a stolen copy of the database opens no official account.

The key is XASO_ZALO_KEY (urlsafe base64, 32 bytes), or derived from the secret key, which lies beside the data.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class Unreadable(ValueError):
    """The seal was made with another key."""


def seal(secret: str) -> str:
    return _box().encrypt(secret.encode()).decode()


def opened(sealed: str) -> str:
    """Raises Unreadable when the key has changed since."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable("sealed with another key") from error


def _box() -> Fernet:
    if settings.ZALO_KEY:
        return Fernet(settings.ZALO_KEY)
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"zalo tokens:{settings.SECRET_KEY}".encode()).digest()))
