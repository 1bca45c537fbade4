"""What can be seen in a file, whatever made it. Both readers speak these words; the rules read only them."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

Column = Literal["", "left", "right"]
Align = Literal["", "left", "center", "right", "justify"]
SURE = 0.9
ONE_LINE = 1.149
"""Single spacing of Times New Roman, in sizes."""


class Unreadable(Exception):
    """The file cannot be looked at. The message is Vietnamese."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph of a Word file or of a PDF, or one side of a line of the head.

    `bold`, `italic`: the share of its letters. `align` is empty and the numbers are None where nobody can tell.
    """

    text: str
    where: str
    page: int = 0
    column: Column = ""
    in_table: bool = False
    fonts: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0
    bold: float = 0.0
    italic: float = 0.0
    align: Align = ""
    indent: float | None = None
    gap: float | None = None
    lines: float | None = None
    coloured: bool = False
    label_bold: bool = False
    """The first word or two are bold: `Điều 1.`"""

    @property
    def is_bold(self) -> bool:
        return self.bold > SURE

    @property
    def is_italic(self) -> bool:
        return self.italic > SURE

    @property
    def is_caps(self) -> bool:
        letters = [c for c in self.text if c.isalpha()]
        return bool(letters) and all(c.isupper() or c.lower() == c.upper() for c in letters)

    @property
    def shown(self) -> str:
        """Where it is, for a person who looks for it."""
        text = self.text if len(self.text) <= 60 else f"{self.text[:57].rstrip()}…"
        return f"{self.where}: “{text}”"


@dataclass(frozen=True, slots=True)
class Sided:
    """Paper and margins of a page or a section, in mm. A margin of a PDF is where the ink ends: None when unknown."""

    where: str
    width: float
    height: float
    top: float | None = None
    bottom: float | None = None
    left: float | None = None
    right: float | None = None

    @property
    def is_landscape(self) -> bool:
        return self.width > self.height


@dataclass(frozen=True, slots=True)
class Numbering:
    """Page numbers: pages there are (0: nobody knows), those without, and what is wrong with the others."""

    is_shown: bool = False
    on_first: bool = False
    at_bottom: bool = False
    is_centred: bool = True
    missing: tuple[int, ...] = ()
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A file, as far as its form goes. `unjudged`: sentences about what cannot be seen."""

    medium: Literal["docx", "pdf"]
    pieces: tuple[Piece, ...]
    sides: tuple[Sided, ...]
    numbering: Numbering
    pages: int = 0
    unjudged: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def seen_from(told: dict[str, Any]) -> Seen:
    """From what another process wrote."""
    known = {one.name for one in fields(Seen)}
    data = {key: value for key, value in told.items() if key in known}
    data["pieces"] = tuple(Piece(**one | {"fonts": tuple(one["fonts"])}) for one in told["pieces"])
    data["sides"] = tuple(Sided(**one) for one in told["sides"])
    data["numbering"] = Numbering(**told["numbering"] | {"missing": tuple(told["numbering"]["missing"])})
    data["unjudged"] = tuple(told["unjudged"])
    return Seen(**data)


def one_line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def family(name: str) -> str:
    """`ABCDEF+TimesNewRomanPS-BoldMT` → `timesnewromanps`, so that faces of one family are one font."""
    bare = name.split("+", 1)[-1].split("-", 1)[0].split(",", 1)[0]
    return "".join(bare.split()).lower().removesuffix("mt")
