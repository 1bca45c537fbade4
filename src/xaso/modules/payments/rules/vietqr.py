"""The VietQR string: EMVCo merchant-presented mode with the NAPAS account template. Pure.

Names are cut to what banks show and lose their marks: the lengths count characters of an ASCII payload.
"""

import re
from binascii import crc_hqx

from xaso.kit.fold import fold

NAPAS = "A000000727"
TO_ACCOUNT = "QRIBFTTA"
TO_CARD = "QRIBFTTC"
CARD_PREFIX = "9704"
DONG = "704"
MAX_AMOUNT = 9_999_999_999_999


def vietqr(bin: str, account: str, amount: int, reference: str, name: str = "", city: str = "") -> str:  # noqa: A002
    """A dynamic code for one amount and one reference. Raises ValueError when a bank would refuse it."""
    if not re.fullmatch(r"\d{6}", bin):
        raise ValueError(f"a bank number has six digits, not {bin!r}")
    if not re.fullmatch(r"[A-Za-z0-9]{1,19}", account):
        raise ValueError(f"an account has 1 to 19 letters and digits, not {account!r}")
    if not 0 < amount <= MAX_AMOUNT:
        raise ValueError(f"an amount has 1 to 13 digits, not {amount}")
    if not re.fullmatch(r"[A-Z0-9 ]{1,25}", reference):
        raise ValueError(f"a reference is A-Z, 0-9 and spaces, at most 25, not {reference!r}")
    card = account.startswith(CARD_PREFIX) and len(account) in {16, 19}
    receiver = _tlv("00", bin) + _tlv("01", account)
    merchant = _tlv("00", NAPAS) + _tlv("01", receiver) + _tlv("02", TO_CARD if card else TO_ACCOUNT)
    body = (
        _tlv("00", "01")
        + _tlv("01", "12")
        + _tlv("38", merchant)
        + _tlv("53", DONG)
        + _tlv("54", str(amount))
        + _tlv("58", "VN")
        + _tlv("59", plain(name, 25))
        + _tlv("60", plain(city, 15))
        + _tlv("62", _tlv("01", reference) + _tlv("08", reference))
        + "6304"
    )
    return body + crc(body)


def crc(text: str) -> str:
    """CRC-16/CCITT-FALSE of everything up to and including `6304`: four upper-case digits, zeros kept."""
    return f"{crc_hqx(text.encode('ascii'), 0xFFFF):04X}"


def plain(text: str, length: int) -> str:
    """A-Z, 0-9 and single spaces, cut to the length."""
    kept = re.sub(r"[^A-Z0-9 ]+", " ", fold(text).upper())
    return re.sub(" +", " ", kept).strip()[:length].strip()


def read_tlv(text: str) -> dict[str, str]:
    """id → value of one level. Raises ValueError when lengths do not add up."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        key, length = text[at : at + 2], text[at + 2 : at + 4]
        if not (key.isdecimal() and length.isdecimal() and len(length) == 2):
            raise ValueError(f"no field starts at position {at}")
        value = text[at + 4 : at + 4 + int(length)]
        if len(value) != int(length):
            raise ValueError(f"field {key} is cut short")
        found[key] = value
        at += 4 + int(length)
    return found


def read_vietqr(text: str) -> dict[str, str]:
    """The top level of a whole code, after its checksum proved right. Raises ValueError."""
    if crc(text[:-4]) != text[-4:]:
        raise ValueError("the checksum does not match")
    return read_tlv(text)


def _tlv(key: str, value: str) -> str:
    return f"{key}{len(value):02d}{value}" if value else ""
