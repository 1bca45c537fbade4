"""The reference a payer's bank carries: short, upper-case, with a check character, found again in mangled text. Pure.

`XS`, ten characters of a 32-letter alphabet without I, L, O, U (people read it aloud and type it), one check character
by the hybrid system of ISO 7064 with 32 and 33, which catches every single wrong character.
"""

import re

from xaso.kit.fold import fold

PREFIX = "XS"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BODY = 10
SERIALS = len(ALPHABET) ** BODY
_MISREAD = str.maketrans("OIL", "011")
_CANDIDATE = re.compile(rf"(?={PREFIX}([0-9A-Z]{{{BODY + 1}}}))")


def reference_for(serial: int) -> str:
    """The reference of a serial in 0..32^10-1."""
    if not 0 <= serial < SERIALS:
        raise ValueError(f"a serial lies in 0..{SERIALS - 1}")
    body = ""
    for _ in range(BODY):
        serial, digit = divmod(serial, len(ALPHABET))
        body = ALPHABET[digit] + body
    return f"{PREFIX}{body}{_check(body)}"


def find_references(text: str) -> tuple[str, ...]:
    """Every rightly checked reference in a bank's text, whatever it did with case, marks and spaces."""
    packed = re.sub(r"[^A-Z0-9]", "", fold(text).upper())
    found: dict[str, None] = {}
    for match in _CANDIDATE.finditer(packed):
        typed = match[1].translate(_MISREAD)
        if set(typed) <= set(ALPHABET) and _check(typed[:BODY]) == typed[BODY]:
            found[PREFIX + typed] = None
    return tuple(found)


def find_reference(text: str) -> str | None:
    """The first of them, or None."""
    return next(iter(find_references(text)), None)


def _check(body: str) -> str:
    size = len(ALPHABET)
    product = size
    for character in body:
        total = (product + ALPHABET.index(character)) % size or size
        product = total * 2 % (size + 1)
    return ALPHABET[(1 - product) % size]
