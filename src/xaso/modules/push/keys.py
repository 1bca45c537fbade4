"""The key that signs our notices: from the environment, or made at first use and kept beside the data."""

from __future__ import annotations

import base64
import os
import secrets
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@cache
def _private(kept: str) -> ec.EllipticCurvePrivateKey:
    found = load_pem_private_key(kept.encode("ascii"), None)
    if not isinstance(found, ec.EllipticCurvePrivateKey):
        raise ImproperlyConfigured("XASO_PUSH_KEY phải là khoá riêng P-256 dạng PEM.")
    return found


def private_pem() -> str:
    return settings.PUSH_KEY or _kept(Path(settings.DATA_DIR) / "push-key")


def _kept(place: Path) -> str:
    """Written aside and linked: of two processes that start at once, the second finds the first one's key whole."""
    if not place.exists():
        made = ec.generate_private_key(ec.SECP256R1())
        pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        aside = place.with_name(f"push-key-{secrets.token_hex(8)}")
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            target.write(pem)
        try:
            os.link(aside, place)
        except FileExistsError:
            pass  # somebody else was first: that key counts
        finally:
            aside.unlink()
    return place.read_text(encoding="ascii")


def public_pem() -> str:
    public = _private(private_pem()).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def public_key() -> str:
    """As browsers want it: the point, base64 without padding."""
    point = _private(private_pem()).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode("ascii")


def contact() -> str:
    """Whom a push service may write to about our notices."""
    return settings.PUSH_CONTACT or f"quan-tri@{urlsplit(settings.PUBLIC_URL).hostname}"
