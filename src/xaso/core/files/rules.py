"""What a file is, judged by its content, and the sentence for each one we cannot take. Pure.

A name proves nothing: a program called `don.pdf` is still a program. Every sentence names the file and says what to do.
"""

import io
import struct
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

HEAD = 4096
SIGNED_RANGE = b"/ByteRange"
MAX_NAME = 120
MAX_PAGES = 2000
# Only JPEG can be decoded already shrunk; the others are decoded whole, 4 bytes a pixel, on a small PC.
MAX_PIXELS_JPEG = 80_000_000
MAX_PIXELS = 50_000_000
MAX_MEMBERS = 2000
MAX_DIRECTORY_BYTES = 1024 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_RATIO = 200
# Below this size a high ratio is harmless: an empty sheet is mostly repeated tags.
RATIO_MATTERS_ABOVE = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of content. `accept` is empty for what we only know in order to name it in a refusal."""

    title: str
    media_type: str = "application/octet-stream"
    extensions: tuple[str, ...] = ()
    accept: str = ""

    @property
    def extension(self) -> str:
        return self.extensions[0] if self.extensions else ""


PDF = Kind("PDF", "application/pdf", (".pdf",), "pdf")
JPEG = Kind("ảnh JPEG", "image/jpeg", (".jpg", ".jpeg", ".jfif"), "image")
PNG = Kind("ảnh PNG", "image/png", (".png",), "image")
HEIC = Kind("ảnh HEIC", "image/heic", (".heic", ".heif"), "image")
WEBP = Kind("ảnh WEBP", "image/webp", (".webp",), "image")
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
DOCX = Kind("Word (.docx)", f"{_OPEN_XML}wordprocessingml.document", (".docx",), "docx")
XLSX = Kind("Excel (.xlsx)", f"{_OPEN_XML}spreadsheetml.sheet", (".xlsx",), "xlsx")
TEXT = Kind("văn bản thuần (.txt)", "text/plain", (".txt",), "text")
CSV = Kind("bảng CSV", "text/csv", (".csv",), "text")
ZIP = Kind("tệp nén (.zip)", "application/zip", (".zip",))
UNKNOWN = Kind("")

TAKEN = (PDF, JPEG, PNG, HEIC, WEBP, DOCX, XLSX, TEXT, CSV)
ACCEPT_TITLES = {
    "pdf": "PDF",
    "image": "ảnh chụp (JPG, PNG, HEIC, WEBP)",
    "docx": "Word (.docx)",
    "xlsx": "Excel (.xlsx)",
    "text": "văn bản thuần hoặc CSV",
}

_PROGRAM = Kind("tệp chương trình (.exe)")
_SCRIPT = Kind("tệp lệnh chạy trên máy")
_MACRO = Kind("tệp Office có macro")
_VIDEO = Kind("đoạn phim")
_SOUND = Kind("tệp âm thanh")
_WEB = Kind("trang web hoặc tệp XML")
_PACKED = Kind("tệp nén")
_STARTS: tuple[tuple[bytes, Kind], ...] = (
    (b"MZ", _PROGRAM),
    (b"\x7fELF", Kind("tệp chương trình")),
    (b"\xcf\xfa\xed\xfe", Kind("tệp chương trình")),
    (b"\xca\xfe\xba\xbe", Kind("tệp chương trình")),
    (b"#!", _SCRIPT),
    (b"L\x00\x00\x00\x01\x14\x02\x00", Kind("lối tắt Windows (.lnk)")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind("tệp Office kiểu cũ (.doc, .xls) hoặc tệp Office có mật khẩu")),
    (b"Rar!\x1a\x07", Kind("tệp nén (.rar)")),
    (b"7z\xbc\xaf\x27\x1c", Kind("tệp nén (.7z)")),
    (b"\x1f\x8b", Kind("tệp nén (.gz)")),
    (b"BZh", _PACKED),
    (b"\xfd7zXZ\x00", _PACKED),
    (b"GIF8", Kind("ảnh động GIF")),
    (b"II*\x00", Kind("ảnh TIFF")),
    (b"MM\x00*", Kind("ảnh TIFF")),
    (b"ID3", _SOUND),
    (b"OggS", _SOUND),
    (b"\x1aE\xdf\xa3", _VIDEO),
    (b"{\\rtf", Kind("tệp RTF")),
    (b"%!PS", Kind("tệp PostScript")),
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"%PDF-", PDF),
)
# Marks that a list or a letter may well begin with.
_PLAIN_LETTERS = (_PROGRAM, _SOUND, _PACKED)
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
_WEB_STARTS = (b"<!doctype", b"<html", b"<?xml", b"<svg", b"<script", b"<?php")


def sniff(head: bytes) -> Kind:
    """The kind by the first bytes. A zip still has to be looked into (`look_into_zip`), text read to its end."""
    for start, kind in _STARTS:
        if head.startswith(start) and not (kind in _PLAIN_LETTERS and _is_text(head)):
            return kind
    if head[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"AVI ": _VIDEO, b"WAVE": _SOUND}.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    # Some scanners put a few bytes of their own first, and every reader allows it.
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_WEB_STARTS):
        return _WEB
    return TEXT if _is_text(head) else UNKNOWN


def _by_brand(head: bytes) -> Kind:
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, end, 4))}
    if head[8:12] == b"avif" or b"avis" in brands:
        return Kind("ảnh AVIF")
    return HEIC if brands & _HEIC_BRANDS or head[8:12] == b"mif1" else _VIDEO


def _is_text(head: bytes) -> bool:
    """UTF-8 without control characters; the last character may be cut off by the end of the head."""
    text = head.decode("utf-8", "ignore")
    if len(head) - len(text.encode()) > 3:
        return False
    return bool(text) and all(c in "\t\r\n\f\ufeff" or unicodedata.category(c) not in {"Cc", "Cs"} for c in text)


class Bomb(Exception):
    """A packed file that would unpack to far more than anybody means to send."""


class Locked(Exception):
    """A file that opens only with a password."""


class Broken(Exception):
    """A file that does not open."""


def look_into_zip(stream: BinaryIO) -> Kind:
    """Word, Excel or another packed file, from the table of contents alone: nothing is unpacked.

    The table's own size is read first, because a table of a million lines is a bomb too.
    """
    _check_directory(stream)
    try:
        members = zipfile.ZipFile(stream).infolist()
    except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError) as error:
        raise Broken from error
    if len(members) > MAX_MEMBERS:
        raise Bomb
    _check_sizes(members)
    names = {member.filename for member in members}
    if any(member.flag_bits & 1 for member in members):
        raise Locked
    if "[Content_Types].xml" in names:
        if any(name.endswith("vbaProject.bin") for name in names):
            return _MACRO
        if "word/document.xml" in names:
            return DOCX
        if "xl/workbook.xml" in names:
            return XLSX
    if "META-INF/MANIFEST.MF" in names or "AndroidManifest.xml" in names:
        return Kind("tệp chương trình (.jar, .apk)")
    return ZIP


def _check_directory(stream: BinaryIO) -> None:
    size = stream.seek(0, io.SEEK_END)
    start = stream.seek(max(0, size - 65_557 - 20))
    tail = stream.read()
    at = len(tail) - 22 if tail[-22:-18] == b"PK\x05\x06" and tail[-2:] == b"\0\0" else tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise Broken
    entries, directory = struct.unpack_from("<HI", tail, at + 10)
    sixty_four = tail[max(0, at - 20) : at].startswith(b"PK\x06\x07")
    if sixty_four or entries > MAX_MEMBERS or directory > MAX_DIRECTORY_BYTES:
        raise Bomb
    if directory > start + at:
        raise Broken
    stream.seek(0)


def _check_sizes(members: list[zipfile.ZipInfo]) -> None:
    packed = sum(member.compress_size for member in members)
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED_BYTES:
        raise Bomb
    if unpacked > RATIO_MATTERS_ABOVE and unpacked > MAX_RATIO * max(packed, 1):
        raise Bomb


# Names

_NOT_IN_NAMES = dict.fromkeys(map(ord, '<>:"|?*'), "-")
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
_ALL_EXTENSIONS = {extension for kind in (*TAKEN, ZIP) for extension in kind.extensions}


def clean_name(name: str) -> str:
    """A name safe to show, to store and to save on any system: NFC, no path, no hidden characters, ≤ 120."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    visible = "".join(" " if c.isspace() else c for c in last if c.isspace() or unicodedata.category(c)[0] != "C")
    text = " ".join(unicodedata.normalize("NFC", visible).translate(_NOT_IN_NAMES).split()).strip(". ")
    stem, dot, extension = text.rpartition(".")
    if dot and 0 < len(extension) <= 10 and " " not in extension:
        text = f"{stem[: MAX_NAME - len(extension) - 1].rstrip('. ')}.{extension}"
    else:
        text = text[:MAX_NAME].rstrip(". ")
    if text.partition(".")[0].lower() in _DEVICES:
        text = f"tep-{text}"[:MAX_NAME].rstrip(". ")
    return text or "tep"


def name_as(name: str, kind: Kind) -> str:
    """The cleaned name with an extension that tells the truth: `anh.HEIC` turned into a PDF is `anh.pdf`."""
    name = clean_name(name)
    stem, dot, extension = name.rpartition(".")
    if dot and f".{extension.lower()}" in kind.extensions:
        return name
    if not (dot and f".{extension.lower()}" in _ALL_EXTENSIONS):
        stem = name
    return f"{stem[: MAX_NAME - len(kind.extension)].rstrip('. ') or 'tep'}{kind.extension}"


# Sentences


def in_megabytes(size: int) -> str:
    """18,4 MB."""
    return f"{max(size / 1_048_576, 0.1):.1f}".replace(".0", "").replace(".", ",") + " MB"


def accepted_in_words(accept: Iterable[str]) -> str:
    titles = [ACCEPT_TITLES[name] for name in accept]
    return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} hoặc {titles[-1]}"


def accept_attribute(accept: Iterable[str]) -> str:
    """For `<input type="file" accept="…">`: a help for the person who chooses, never a check."""
    accept = set(accept)
    extensions = [extension for kind in TAKEN if kind.accept in accept for extension in kind.extensions]
    return ",".join([*extensions, "image/*"] if "image" in accept else extensions)


def empty(name: str) -> str:
    return (
        f"Tệp “{name}” rỗng (0 byte), có thể do chép dở. Hãy mở tệp trên máy để kiểm tra, "
        "rồi chọn lại tệp hoặc chụp lại giấy tờ."
    )


def too_large(name: str, size: int, limit: int) -> str:
    return (
        f"Tệp “{name}” nặng {in_megabytes(size)}, quá mức {in_megabytes(limit)} cho một tệp. "
        "Hãy quét lại ở 150–200 dpi, "
        "chụp ảnh ở độ phân giải thấp hơn hoặc tách thành nhiều tệp, rồi tải lên lại."
    )


def wrong_kind(name: str, kind: Kind, accept: Iterable[str]) -> str:
    what = f"thực ra là {kind.title}" if kind.title else "có nội dung không nhận ra được"
    return f"Tệp “{name}” {what} nên không nhận được. Hãy chọn tệp {accepted_in_words(accept)}."


def locked(name: str) -> str:
    return f"Tệp “{name}” có mật khẩu nên cán bộ không mở được. Hãy lưu một bản không đặt mật khẩu rồi tải lên lại."


def broken(name: str) -> str:
    return f"Tệp “{name}” bị hỏng hoặc chưa tải đủ, không mở được. Hãy quét, chụp hoặc xuất lại tệp rồi tải lên lại."


def bomb(name: str) -> str:
    return (
        f"Tệp “{name}” nén bất thường, khi mở ra sẽ quá lớn nên không nhận. "
        "Hãy mở tệp gốc, xuất lại thành PDF rồi tải lên lại."
    )


def too_many_pixels(name: str) -> str:
    return f"Ảnh “{name}” có quá nhiều điểm ảnh. Hãy chụp lại ở chế độ thường của điện thoại (dưới 50 triệu điểm ảnh)."


def too_many_pages(name: str) -> str:
    return f"Tệp “{name}” có hơn {MAX_PAGES} trang. Hãy tách thành nhiều tệp nhỏ hơn rồi tải lên lại."


def missing_content(name: str, uuid: str) -> str:
    return f"Tệp “{name}” (mã {uuid}) không còn nội dung trong kho. Hãy khôi phục tệp này từ bản sao lưu gần nhất."


def changed_content(name: str, uuid: str) -> str:
    return (
        f"Tệp “{name}” (mã {uuid}) không còn đúng nội dung lúc nhận: mã kiểm tra đã khác. "
        "Hãy khôi phục tệp này từ bản sao lưu gần nhất."
    )


NOT_HERE = "Không tìm thấy tệp này. Có thể tệp đã được bỏ ra; hãy quay lại hồ sơ và chọn lại."
NOT_CLAIMABLE = "Có tệp đã tải lên không còn chờ gửi ở tài khoản này. Hãy chọn lại tệp rồi gửi lần nữa."
NO_FILE = "Chưa có tệp nào được chọn. Hãy bấm “Chọn tệp” hoặc chụp ảnh giấy tờ, rồi tải lên."
STORE_REFUSES = "Nội dung tệp đã thay đổi trong lúc tải lên. Hãy chọn lại tệp rồi tải lên lần nữa."
