"""A device's secret and the digest kept of it: PBKDF2-SHA512 in the form Mosquitto's password file reads (`$7$…`).

The secret is 192 random bits that nobody chose, so no dictionary reaches it and few rounds are enough: a broker has to
check 1,239 of them when it comes back after a power cut.
"""

import base64
import binascii
import hashlib
import hmac
import secrets

ROUNDS = 101
LONGEST = 200


def new_secret() -> str:
    return secrets.token_urlsafe(24)


def digest(secret: str) -> str:
    salt = secrets.token_bytes(12)
    return f"$7${ROUNDS}${_text(salt)}${_text(_derive(secret, salt, ROUNDS))}"


def matches(secret: str, kept: str) -> bool:
    """Whether the secret belongs to the digest, in constant time. A digest in another form matches nothing."""
    parts = kept.split("$")
    if len(parts) != 5 or parts[1] != "7" or not parts[2].isdecimal() or not 0 < len(secret) <= LONGEST:
        return False
    rounds = int(parts[2])
    if not 1 <= rounds <= 1_000_000:
        return False
    try:
        salt, wanted = base64.b64decode(parts[3], validate=True), base64.b64decode(parts[4], validate=True)
    except binascii.Error:
        return False
    return hmac.compare_digest(_derive(secret, salt, rounds), wanted)


def _derive(secret: str, salt: bytes, rounds: int) -> bytes:
    return hashlib.pbkdf2_hmac("sha512", secret.encode(), salt, rounds)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
