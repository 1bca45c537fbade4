"""What a reader sees where a signature stands (NĐ 30/2020, Phụ lục I): the person's hand in blue, the seal in red.

Without an uploaded image a calm line of text says who signed and when.
"""

# pyHanko and fontTools are only partly typed.
# mypy: disable-error-code="no-untyped-call,import-untyped"

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.images import pil_image
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp import BaseStampStyle

from xaso.modules.signing.pdf import lettering
from xaso.modules.signing.rules import AGENCY

BLUE = (0.07, 0.23, 0.55)
RED = (0.75, 0.08, 0.10)
LARGEST, SMALLEST = 10.0, 4.0
LEADING = 1.25
MOST_PIXELS = 600


@dataclass(frozen=True, slots=True)
class Look:
    """What to show. `image`: a PNG, transparent where the paper shines through."""

    role: str
    holder: str
    at: datetime
    image: bytes = b""

    @property
    def lines(self) -> tuple[str, str]:
        said = "Cơ quan ký" if self.role == AGENCY else "Người ký"
        return lettering.clean(f"{said}: {self.holder}"), f"{self.at.isoformat(timespec='seconds')}"


class LookStyle(BaseStampStyle):
    """pyHanko asks a style for a stamp; this one gives ours."""

    def __init__(self, look: Look) -> None:
        object.__setattr__(self, "look", look)  # the base is a frozen dataclass

    def create_stamp(self, writer: BasePdfFileWriter, box: Any, text_params: Any) -> Any:
        del text_params
        look: Look = self.look
        return Stamp(appearance_of(writer, look, box.width, box.height))


@dataclass(frozen=True, slots=True)
class Stamp:
    reference: generic.IndirectObject

    def apply_appearance(self, annotation: generic.DictionaryObject) -> None:
        annotation["/AP"] = generic.DictionaryObject({pdf_name("/N"): self.reference})


def appearance_of(writer: BasePdfFileWriter, look: Look, width: float, height: float) -> generic.IndirectObject:
    if look.image:
        return _picture(writer, _small(look.image), width, height)
    if look.role == AGENCY:
        return _lines(writer, look.lines, (width, height), RED)
    # The seal will cover the left third of the person's place.
    return _lines(writer, look.lines, (width, height), BLUE, left=width / 3)


@lru_cache(maxsize=50)
def _small(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content)).convert("RGBA")
    picture.thumbnail((MOST_PIXELS, MOST_PIXELS))
    return picture


def _picture(writer: BasePdfFileWriter, picture: Image.Image, width: float, height: float) -> generic.IndirectObject:
    """As large as the box allows, unstretched, in its middle."""
    scale = min(width / picture.width, height / picture.height)
    wide, high = picture.width * scale, picture.height * scale
    left, low = (width - wide) / 2, (height - high) / 2
    drawing = b"q %.2f 0 0 %.2f %.2f %.2f cm /Anh Do Q" % (wide, high, left, low)
    resources = {"/XObject": {"/Anh": pil_image(picture, writer)}}
    return form(writer, drawing, (width, height), resources)


def _lines(
    writer: BasePdfFileWriter,
    lines: Sequence[str],
    size: tuple[float, float],
    colour: tuple[float, float, float],
    left: float = 0,
) -> generic.IndirectObject:
    width, height = size
    piece = lettering.piece_for("regular", "".join(lines))
    widest = max(piece.width(line, 1) for line in lines)
    letter = min(LARGEST, (width - left - 4) / widest, (height - 4) / (len(lines) * LEADING))
    letter = max(letter, SMALLEST)
    step = letter * LEADING
    top = height / 2 + step * len(lines) / 2 - letter
    drawn = b"".join(
        b"1 0 0 1 %.2f %.2f Tm %s Tj " % (left + 2, top - step * number, piece.encode(line))
        for number, line in enumerate(lines)
    )
    drawing = b"q %.2f %.2f %.2f rg BT /F %.2f Tf %sET Q" % (*colour, letter, drawn)
    return form(writer, drawing, size, {"/Font": {"/F": lettering.embed(writer, piece)}})


def form(
    writer: BasePdfFileWriter, drawing: bytes, size: tuple[float, float], resources: dict[str, dict[str, object]]
) -> generic.IndirectObject:
    """A form XObject of that size."""
    width, height = size
    stream = generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): generic.ArrayObject(generic.FloatObject(edge) for edge in (0, 0, width, height)),
            pdf_name("/Resources"): generic.DictionaryObject(
                {
                    pdf_name(kind): generic.DictionaryObject({pdf_name(name): thing for name, thing in things.items()})
                    for kind, things in resources.items()
                }
            ),
        },
        stream_data=drawing,
    )
    return writer.add_object(stream)
