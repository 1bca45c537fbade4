"""PDUs as bytes. What is sent by the thousand is packed here; binds are made and what arrives is read by smpplib."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from smpplib import consts, exceptions  # type: ignore[import-untyped,unused-ignore]
from smpplib.smpp import make_pdu, parse_pdu  # type: ignore[import-untyped,unused-ignore]

from xaso.modules.sms.rules.segments import GSM7, UCS2, encoding_of, octets, spelled, split

HEAD = struct.Struct(">LLLL")
LARGEST = 64 * 1024
SUBMIT, SUBMIT_RESP = 0x00000004, 0x80000004
DELIVER, DELIVER_RESP = 0x00000005, 0x80000005
ENQUIRE, ENQUIRE_RESP = 0x00000015, 0x80000015
UNBIND, UNBIND_RESP = 0x00000006, 0x80000006
BIND_RESP = 0x80000009
NACK = 0x80000000
OK, THROTTLED, QUEUE_FULL = 0x00, 0x58, 0x14
LATER = {0x08: "lỗi hệ thống của tổng đài", 0x45: "tổng đài không gửi được"}
BAD_NUMBER = {0x0B}
SAYS = {
    0x01: "độ dài tin sai", 0x0A: "tên người gửi không được đăng ký", 0x0B: "số nhận không đúng",
    0x0D: "không mở được kết nối", 0x0E: "sai mật khẩu", 0x0F: "sai tài khoản", 0x11: "tin bị huỷ",
    0x48: "số nhận không đúng dạng", 0x53: "sai loại nguồn gửi",
}  # fmt: skip
UDH, RECEIPT_FLAG = 0x40, 0x04
MESSAGE_PAYLOAD = 0x0424


class Malformed(Exception):
    """Bytes that are no PDU: the connection cannot be trusted any more."""


@dataclass(frozen=True, slots=True)
class Pdu:
    command: int
    status: int
    sequence: int
    body: bytes


def pdus(buffer: bytearray) -> Iterator[Pdu]:
    """Whole PDUs at the front of the buffer, which is shortened. Raises Malformed."""
    while len(buffer) >= 4:
        length = int.from_bytes(buffer[:4], "big")
        if not HEAD.size <= length <= LARGEST:
            raise Malformed(f"a PDU of {length} bytes")
        if len(buffer) < length:
            return
        _, command, status, sequence = HEAD.unpack_from(buffer)
        body = bytes(buffer[HEAD.size : length])
        del buffer[:length]
        yield Pdu(command, status, sequence, body)


def pack(command: int, sequence: int, body: bytes = b"", status: int = 0) -> bytes:
    return HEAD.pack(HEAD.size + len(body), command, status, sequence) + body


def bind(user: str, password: str, system_type: str, sequence: int) -> bytes:
    """bind_transceiver."""
    pdu = make_pdu(
        "bind_transceiver", system_id=user, password=password, system_type=system_type, interface_version=0x34,
        addr_ton=0, addr_npi=0, sequence=sequence,
    )  # fmt: skip
    pdu.sequence = sequence
    return pdu.generate()


def submit_bodies(sender: str, phone: str, text: str, *, ref: int, seconds: int, payload: bool) -> list[bytes]:
    """submit_sm of each part. `payload`: a long message stays whole and travels as message_payload."""
    encoding, parts = _parts(text)
    address = _address(sender) + b"\x01\x01" + phone.encode("ascii") + b"\0"
    before = b"\0" + address
    coding = 0 if encoding == GSM7 else 8
    if len(parts) > 1 and payload:
        data = b"".join(parts)
        tlv = struct.pack(">HH", MESSAGE_PAYLOAD, len(data)) + data
        return [before + _middle(0, seconds, coding) + b"\0" + tlv]
    bodies = []
    for number, data in enumerate(parts, start=1):
        head = bytes([5, 0, 3, ref & 0xFF, len(parts), number]) if len(parts) > 1 else b""
        flag = UDH if head else 0
        bodies.append(before + _middle(flag, seconds, coding) + bytes([len(head + data)]) + head + data)
    return bodies


@lru_cache(maxsize=8)
def _parts(text: str) -> tuple[str, tuple[bytes, ...]]:
    """Encoding and octets of each part; a notice has the same words for everybody."""
    encoding = encoding_of(text)
    return encoding, tuple(octets(part, encoding) for part in split(text))


def _address(sender: str) -> bytes:
    """Alphabetic sender 5/0, short code 3/0, number 1/1."""
    plain = sender.encode("ascii", "ignore")[:20]
    if plain.isdigit():
        return (b"\x03\x00" if len(plain) < 9 else b"\x01\x01") + plain + b"\0"
    return b"\x05\x00" + plain[:11] + b"\0"


def _middle(esm_class: int, seconds: int, coding: int) -> bytes:
    """esm_class … default message id. The validity is relative: an old notice does not come out of a drawer."""
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    validity = f"0000{min(days, 30):02d}{hour:02d}{minute:02d}{second:02d}000R".encode()
    return bytes([esm_class, 0, 0, 0]) + validity + b"\0" + bytes([1, 0, coding, 0])


@dataclass(frozen=True, slots=True)
class Delivered:
    """A deliver_sm: a receipt, or a message, or one piece of a message."""

    source: str
    destination: str
    text: str
    is_receipt: bool
    receipted_id: str = ""
    message_state: int | None = None
    piece: tuple[int, int, int] | None = field(default=None)


def delivered(pdu: Pdu) -> Delivered:
    """Raises Malformed."""
    raw = pack(pdu.command, pdu.sequence, pdu.body, pdu.status)
    try:
        found = parse_pdu(raw, client=None, need_sequence=False, allow_unknown_opt_params=True)
        text, piece = _words(found)
        return Delivered(
            source=_ascii(found.source_addr),
            destination=_ascii(found.destination_addr),
            text=text,
            is_receipt=bool(int(found.esm_class or 0) & RECEIPT_FLAG),
            receipted_id=_ascii(getattr(found, "receipted_message_id", b"")),
            message_state=getattr(found, "message_state", None),
            piece=piece,
        )
    except (exceptions.UnknownCommandError, struct.error, ValueError, TypeError, IndexError, KeyError,
            AttributeError) as error:  # fmt: skip
        raise Malformed(f"deliver_sm: {type(error).__name__}") from error


def _words(found: Any) -> tuple[str, tuple[int, int, int] | None]:
    data = bytes(found.short_message or b"") or bytes(getattr(found, "message_payload", None) or b"")
    piece = None
    if int(found.esm_class or 0) & UDH and data:
        head, data = data[1 : 1 + data[0]], data[1 + data[0] :]
        piece = _concatenated(head)
    coding = int(found.data_coding or 0)
    if coding == consts.SMPP_ENCODING_ISO10646:
        return spelled(data, UCS2), piece
    if coding in (1, 3):
        return data.decode("latin-1"), piece
    return spelled(data, GSM7), piece


def _concatenated(head: bytes) -> tuple[int, int, int] | None:
    """(reference, parts, number) of the header elements 00 and 08."""
    at = 0
    while at + 2 <= len(head):
        kind, size = head[at], head[at + 1]
        value = head[at + 2 : at + 2 + size]
        if kind == 0 and len(value) == 3:
            return value[0], value[1], value[2]
        if kind == 8 and len(value) == 4:
            return int.from_bytes(value[:2], "big"), value[2], value[3]
        at += 2 + size
    return None


def _ascii(value: Any) -> str:
    data = value if isinstance(value, bytes) else str(value or "").encode()
    return data.split(b"\0")[0].decode("ascii", "ignore")[:64]


def message_id(body: bytes) -> str:
    """Of a submit_sm_resp."""
    return body.split(b"\0")[0].decode("ascii", "ignore")[:64]
