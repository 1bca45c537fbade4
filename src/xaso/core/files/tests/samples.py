"""Good files and bad ones, made here so that none has to be kept in the repository."""

import io
import zipfile
import zlib

import pillow_heif
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter

pillow_heif.register_heif_opener()


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    """As a browser sends it: the declared type is never to be believed."""
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def pdf(pages: int = 1, user_password: str | None = None, owner_password: str | None = None) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    if user_password is not None:
        writer.encrypt(user_password, owner_password, algorithm="AES-256")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def picture(codec: str = "JPEG", size=(300, 200), mode="RGB", colour="red", **options) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size, colour).save(target, codec, **options)
    return target.getvalue()


def phone_photo(size=(400, 300), turned: int = 6) -> bytes:
    """A JPEG held sideways (orientation 6: turn a quarter to the right), with a place in it; its left half is black."""
    image = Image.new("RGB", size, "white")
    image.paste("black", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = "SecretMaker"
    exif.get_ifd(0x8825).update({1: "N", 2: (21.0, 18.0, 7.0), 3: "E", 4: (105.0, 36.0, 9.0)})
    target = io.BytesIO()
    image.save(target, "JPEG", exif=exif)
    return target.getvalue()


def zipped(members: dict[str, bytes], compression=zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def docx(**more: bytes) -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>", **more})


def xlsx() -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})


def zip_bomb(unpacked: int = 250 * 1024 * 1024) -> bytes:
    """A Word file of a few hundred KB that would unpack to 250 MB."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        with archive.open("word/document.xml", "w") as member:
            for _ in range(unpacked // (1024 * 1024)):
                member.write(b"\0" * 1024 * 1024)
    return target.getvalue()


def png_bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few hundred bytes that says it has 3,6 billion pixels."""

    def part(name: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x01\x00\x00\x00\x00"
    start = b"\x89PNG\r\n\x1a\n"
    return start + part(b"IHDR", header) + part(b"IDAT", zlib.compress(b"\0" * 10_000)) + part(b"IEND", b"")


PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + b"\x00" * 200
