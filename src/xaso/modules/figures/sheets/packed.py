"""What lies inside an XLSX file, looked at before anybody parses it."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

from xaso.core.files import rules as files
from xaso.kit.errors import Refused

MAX_UNPACKED = 24 * 1024 * 1024
"""A sheet of 2,000 lines unpacks to about 1 MB; more than this is no form of ours."""

MALFORMED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ValueError,  # a file name in no spelling at all
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
)
"""What reading a damaged or locked archive raises."""

_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})\"")


def check(name: str, data: bytes) -> None:
    """Raises Refused for what unpacks too large and for XML that defines entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MAX_UNPACKED:
                raise Refused(files.bomb(name))
            for one in archive.infolist():
                if one.filename.endswith((".xml", ".rels")) and _is_unsafe(_unpacked(archive, one)):
                    raise Refused(files.broken(name))
    except MALFORMED as error:
        raise Refused(files.broken(name)) from error


def need_no_merged(name: str, data: bytes, part: str) -> None:
    """Raises Refused naming the first merged cells: nobody can tell which row such a value belongs to."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found = _MERGED.search(_unpacked(archive, archive.getinfo(part)))
    if found:
        cells = found[1].decode()
        raise Refused(f"Tệp {name}, ô {cells}: các ô bị gộp. Hãy bỏ gộp ô (Merge & Center) rồi nhập lại.")


def _unpacked(archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> bytes:
    with archive.open(one) as part:
        return part.read(MAX_UNPACKED + 1)


def _is_unsafe(xml: bytes) -> bool:
    """Office writes UTF-8 without a DTD."""
    return b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or xml[:2] in {b"\xff\xfe", b"\xfe\xff"}
