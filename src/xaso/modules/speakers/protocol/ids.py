"""Ids: ULIDs for commands, and ids of log rows that follow from what they are about."""

import hashlib
import secrets

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid(milliseconds: int) -> str:
    """A new id; ids of later milliseconds sort later."""
    return _letters((milliseconds & ((1 << 48) - 1)) << 80 | secrets.randbits(80))


def row_id(serial: str, item: str, due_ms: int, sequence: int) -> str:
    """The id of a log row: a device that has lost its memory says the same again, and it is counted once."""
    about = f"{serial}\n{item}\n{due_ms}\n{sequence}".encode()
    return _letters(int.from_bytes(hashlib.sha256(about).digest()[:16], "big"))


def _letters(number: int) -> str:
    return "".join(_LETTERS[number >> shift & 31] for shift in range(125, -1, -5))
