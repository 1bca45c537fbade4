"""Bytes and certificates as the interfaces write them."""

import base64
import binascii

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

SHA256_BYTES = 32


def base64_of(value: bytes | x509.Certificate) -> str:
    content = value.public_bytes(Encoding.DER) if isinstance(value, x509.Certificate) else value
    return base64.b64encode(content).decode("ascii")


def digest_in(text: object) -> bytes:
    """The SHA-256 digest in a base64 text; empty when it is none."""
    try:
        content = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except (binascii.Error, ValueError):
        return b""
    return content if len(content) == SHA256_BYTES else b""


def text_in(text: object) -> str:
    """The UTF-8 text in a base64 text, for showing."""
    try:
        return base64.b64decode(text, validate=True).decode("utf-8") if isinstance(text, str) else ""
    except (binascii.Error, ValueError):
        return ""
