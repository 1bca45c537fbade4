"""Vietnamese letters in a PDF: a small piece of Tinos with just the letters of a line, made once and kept.

Subsetting a font takes 30 ms, as long as a whole signature. The same few letters come back with every signature of a
person, so the pieces are kept by their letters.
"""

# pyHanko and fontTools are only partly typed.
# mypy: disable-error-code="no-untyped-call,import-untyped"

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal
from zlib import crc32

from fontTools import subset
from fontTools.ttLib import TTFont
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.writer import BasePdfFileWriter

from xaso.modules.papers.queries import FONTS_DIR, printable

Face = Literal["regular", "italic"]
FILES: dict[Face, str] = {"regular": "Tinos_400Regular.ttf", "italic": "Tinos_400Regular_Italic.ttf"}
ALWAYS = frozenset("0123456789 .,:/-+")
"""In every piece, so that times and numbers do not make a new one each."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A font file with a few letters: its glyphs and their widths in thousandths, and the measures PDF asks for."""

    name: str
    data: bytes
    glyphs: dict[str, int]
    widths: dict[int, int]
    box: tuple[int, int, int, int]
    ascent: int
    descent: int
    slant: float

    def encode(self, text: str) -> bytes:
        """The text as the hexadecimal string of a text operator."""
        return b"<" + "".join(f"{self.glyphs[letter]:04X}" for letter in text).encode() + b">"

    def width(self, text: str, size: float) -> float:
        return sum(self.widths[self.glyphs[letter]] for letter in text) * size / 1000


def clean(text: str) -> str:
    """One line of letters that the typeface has."""
    return printable(text.replace("\n", " "))


def piece_for(face: Face, text: str) -> Piece:
    return _piece(face, frozenset(text) | ALWAYS)


@cache
def _content(face: Face) -> bytes:
    return (FONTS_DIR / FILES[face]).read_bytes()


@lru_cache(maxsize=200)
def _piece(face: Face, letters: frozenset[str]) -> Piece:
    options = subset.Options(
        layout_features=[], name_IDs=[1, 2, 6], notdef_outline=True, glyph_names=False, hinting=False
    )
    font = TTFont(io.BytesIO(_content(face)), lazy=True)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(letter) for letter in letters])
    cutter.subset(font)
    target = io.BytesIO()
    font.save(target)
    return _measured(face, letters, TTFont(io.BytesIO(target.getvalue())), target.getvalue())


def _measured(face: Face, letters: frozenset[str], font: TTFont, data: bytes) -> Piece:
    scale = 1000 / font["head"].unitsPerEm
    known = font.getBestCmap()
    glyphs = {letter: font.getGlyphID(known[ord(letter)]) for letter in letters if ord(letter) in known}
    advance = font["hmtx"].metrics
    head, across = font["head"], font["hhea"]
    tag = f"{crc32(''.join(sorted(letters)).encode()):08x}"
    prefix = "".join(chr(ord("A") + int(digit, 16)) for digit in tag[:6])
    return Piece(
        name=f"{prefix}+Tinos" + ("-Italic" if face == "italic" else ""),
        data=data,
        glyphs=glyphs,
        widths={number: round(advance[name][0] * scale) for number, name in enumerate(font.getGlyphOrder())},
        box=tuple(round(edge * scale) for edge in (head.xMin, head.yMin, head.xMax, head.yMax)),
        ascent=round(across.ascent * scale),
        descent=round(across.descent * scale),
        slant=float(font["post"].italicAngle),
    )


def embed(writer: BasePdfFileWriter, piece: Piece) -> generic.IndirectObject:
    """The piece as a composite font of the file."""
    file = generic.StreamObject({pdf_name("/Length1"): generic.NumberObject(len(piece.data))}, stream_data=piece.data)
    file.compress()
    name = pdf_name(f"/{piece.name}")
    descriptor = _dictionary(
        Type=pdf_name("/FontDescriptor"),
        FontName=name,
        Flags=generic.NumberObject(4 + (64 if piece.slant else 0)),
        FontBBox=_numbers(piece.box),
        ItalicAngle=generic.FloatObject(piece.slant),
        Ascent=generic.NumberObject(piece.ascent),
        Descent=generic.NumberObject(piece.descent),
        CapHeight=generic.NumberObject(662),
        StemV=generic.NumberObject(80),
        FontFile2=writer.add_object(file),
    )
    inner = _dictionary(
        Type=pdf_name("/Font"),
        Subtype=pdf_name("/CIDFontType2"),
        BaseFont=name,
        CIDSystemInfo=_dictionary(
            Registry=generic.pdf_string("Adobe"),
            Ordering=generic.pdf_string("Identity"),
            Supplement=generic.NumberObject(0),
        ),
        FontDescriptor=writer.add_object(descriptor),
        CIDToGIDMap=pdf_name("/Identity"),
        DW=generic.NumberObject(0),
        W=generic.ArrayObject([generic.NumberObject(0), _numbers(piece.widths[n] for n in sorted(piece.widths))]),
    )
    outer = _dictionary(
        Type=pdf_name("/Font"),
        Subtype=pdf_name("/Type0"),
        BaseFont=name,
        Encoding=pdf_name("/Identity-H"),
        DescendantFonts=generic.ArrayObject([writer.add_object(inner)]),
        ToUnicode=writer.add_object(_to_unicode(piece)),
    )
    return writer.add_object(outer)


def _to_unicode(piece: Piece) -> generic.StreamObject:
    """So that a reader can search and copy what stands there."""
    lines = [f"<{number:04X}> <{letter.encode('utf-16-be').hex().upper()}>" for letter, number in piece.glyphs.items()]
    parts = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    body = "\n".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar" for part in parts)
    text = (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )
    stream = generic.StreamObject(stream_data=text.encode())
    stream.compress()
    return stream


def _dictionary(**entries: generic.PdfObject) -> generic.DictionaryObject:
    return generic.DictionaryObject({pdf_name(f"/{name}"): value for name, value in entries.items()})


def _numbers(values: Iterable[int]) -> generic.ArrayObject:
    return generic.ArrayObject(generic.NumberObject(value) for value in values)
