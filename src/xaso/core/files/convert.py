"""Photos made into PDFs, and PDFs opened far enough to know that they open."""

import struct
import threading
import time
import zlib
from typing import BinaryIO

import pillow_heif
from PIL import Image, ImageOps
from pypdf import PasswordType, PdfReader
from pypdf.errors import PyPdfError

from xaso.core.files import rules

LONG_EDGE = 2480  # A4 at 210 dpi: small print stays readable, a phone photo becomes some 500 KB.
QUALITY = 80
A4_INCHES = (8.27, 11.69)
DECODERS = ("JPEG", "PNG", "WEBP", "HEIF")
# A decoded photo takes up to 200 MB: an old PC bears two at a time.
_ROOM = threading.BoundedSemaphore(2)
# The same photo gives the same bytes, so that a second try is not a second file.
_NO_DATE = time.gmtime(0)

# What the two libraries are known to raise on damaged files, beside their own errors.
_FAULTS = (
    OSError,
    EOFError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    SyntaxError,
    ArithmeticError,
    RecursionError,
    NotImplementedError,
    AssertionError,
    struct.error,
    zlib.error,
)

pillow_heif.register_heif_opener(thumbnails=False)


class TooManyPixels(Exception):
    """An image that would fill the memory when decoded."""


def image_to_pdf(source: BinaryIO, target: BinaryIO) -> None:
    """One page, upright, at most LONG_EDGE, without the camera's data (place, owner, model).

    Raises rules.Broken and TooManyPixels.
    """
    with _ROOM:
        try:
            with Image.open(source, formats=DECODERS) as opened:
                picture = _flat(_shrunk(opened))
            picture.save(
                target,
                "PDF",
                quality=QUALITY,
                resolution=_resolution(picture.size),
                creationDate=_NO_DATE,
                modDate=_NO_DATE,
            )
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise TooManyPixels from error
        except _FAULTS as error:
            raise rules.Broken from error


def _shrunk(opened: Image.Image) -> Image.Image:
    limit = rules.MAX_PIXELS_JPEG if opened.format in {"JPEG", "MPO"} else rules.MAX_PIXELS
    if opened.width * opened.height > limit:
        raise TooManyPixels
    opened.draft("RGB", (LONG_EDGE, LONG_EDGE))
    picture = _in_shades(opened)
    # Made small before it is turned: turning copies the picture, and a small copy costs little.
    picture.thumbnail((LONG_EDGE, LONG_EDGE), Image.Resampling.LANCZOS)
    return ImageOps.exif_transpose(picture)


def _in_shades(opened: Image.Image) -> Image.Image:
    """Black-and-white, palette and 16-bit pictures in a mode that can be made smaller without losing thin lines."""
    if opened.mode.startswith("I"):
        return opened.convert("I").point(lambda shade: shade * (1 / 256)).convert("L")
    if opened.mode == "1":
        return opened.convert("L")
    if opened.mode in {"P", "PA"}:
        return opened.convert("RGBA" if opened.has_transparency_data else "RGB")
    return opened


def _flat(image: Image.Image) -> Image.Image:
    """Plain RGB without any metadata; what is transparent becomes white paper."""
    if image.has_transparency_data:
        layered = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(layered, mask=layered.getchannel("A"))
        return paper
    plain = Image.new("RGB", image.size)
    plain.paste(image.convert("RGB"))
    return plain


def _resolution(size: tuple[int, int]) -> float:
    """The dots per inch at which the picture fills an A4 page, upright or lying."""
    return max(min(size) / A4_INCHES[0], max(size) / A4_INCHES[1])


def pages_of(source: BinaryIO) -> int:
    """How many pages. Raises rules.Locked when a password is needed, rules.Broken when it does not open.

    Many issuers forbid copying with an owner's password; such a file opens for everybody and is taken.
    """
    try:
        reader = PdfReader(source, strict=False)
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            raise rules.Locked
        pages = reader.get_num_pages()
    except (PyPdfError, *_FAULTS) as error:
        raise rules.Broken from error
    if pages < 1:
        raise rules.Broken
    return pages
