"""Schema of `content/layouts/`: the kinds of documents and the measures of their layout. Fields: the README there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from xaso.kit.declared import ContentError, read
from xaso.kit.errors import Missing
from xaso.kit.fold import fold

Need = Literal["required", "usual", "none"]
BodyStyle = Literal["articles", "free"]

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
_Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
_Letters = Annotated[str, StringConstraints(pattern=r"^[A-Za-zĐđ]{0,6}$")]
_Length = Annotated[float, Field(gt=0, le=1000)]

SIZES = (
    "page_number", "nation", "creed", "superior", "agency", "number", "place", "title", "subject", "letter_subject",
    "addressees", "body", "heading", "signer", "recipients_label", "recipients", "urgency", "drafter", "annex",
    "annex_title", "reference", "copy_mark", "table",
)  # fmt: skip
SIDES = ("top", "bottom", "left", "right")
BOXES = ("signature", "seal", "number", "day")
WORDS = ("nation", "creed", "number", "letter_subject", "greeting", "recipients", "filed")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: how it is called, numbered and built."""

    code: str
    title: str
    abbreviation: str
    named: bool = True
    numbered: bool = True
    recipients: bool = True
    bases: Need = "none"
    body: BodyStyle = "free"
    enacts: str = ""
    addressees: Need = "none"
    greeting: str = ""
    issued_with: bool = False
    is_copy: bool = False
    form: str = ""
    legal_basis: str = ""
    valid_from: date = date.min
    valid_to: date | None = None
    to_verify: bool = False

    @property
    def heading(self) -> str:
        """The name as it stands on the sheet."""
        return self.form or self.title.upper()


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class _Dated(_Part):
    legal_basis: _Text
    valid_from: date
    valid_to: date | None = None
    to_verify: bool = False


class _Kind(_Part):
    title: _Text
    abbreviation: _Letters
    named: bool = True
    numbered: bool = True
    recipients: bool = True
    bases: Need = "none"
    body: BodyStyle = "free"
    enacts: str = ""
    addressees: Need = "none"
    greeting: str = ""
    issued_with: bool = False


class _Copy(_Part):
    title: _Text
    abbreviation: Annotated[_Letters, Field(min_length=1)]
    form: _Text


class _Kinds(_Dated):
    kinds: dict[_Code, _Kind] = Field(min_length=1)
    copies: dict[_Code, _Copy] = Field(min_length=1)

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if twice := sorted(set(self.kinds) & set(self.copies)):
            raise ValueError(f"mã {', '.join(twice)} vừa là loại văn bản vừa là bản sao")
        letters = [one.abbreviation for one in (*self.kinds.values(), *self.copies.values()) if one.abbreviation]
        if twice := sorted({one for one in letters if letters.count(one) > 1}):
            raise ValueError(f"chữ viết tắt {', '.join(twice)} ghi hai lần")
        for code, one in self.kinds.items():
            if one.named and one.numbered and not one.abbreviation:
                raise ValueError(f"{code}: loại văn bản có tên và có số phải có chữ viết tắt")
        return self


class Span(_Part):
    """What is allowed, and what we print."""

    low: _Length = Field(alias="from")
    high: _Length = Field(alias="to")
    set: _Length

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.set <= self.high:
            raise ValueError("set phải nằm giữa from và to")
        return self

    @property
    def words(self) -> str:
        """`13` or `13–14`."""
        low, high = (f"{one:g}".replace(".", ",") for one in (self.low, self.high))
        return low if low == high else f"{low}–{high}"

    def holds(self, value: float, slack: float) -> bool:
        return self.low - slack <= value <= self.high + slack


class Area(_Part):
    width: _Length
    height: _Length


class Body(_Part):
    indents: tuple[_Length, ...] = Field(min_length=1)
    set_indent: _Length
    paragraph_gap: _Length
    line_spacing: Span
    letter_subject_gap: _Length


class Layout(_Dated):
    """How documents look from `valid_from` on. Lengths in mm, sizes and gaps in pt."""

    title: _Text
    template: Annotated[str, StringConstraints(pattern=r"^[\w-]+\.typ$")]
    font: _Text
    same_as_font: tuple[_Text, ...] = ()
    paper: Area
    margins: dict[Literal["top", "bottom", "left", "right"], Span]
    sizes: dict[_Text, Span]
    body: Body
    rules: Span
    boxes: dict[_Text, Area]
    words: dict[_Text, _Text]
    urgencies: dict[_Code, _Text]
    authorities: dict[_Text, _Text]
    folder: Path = Path()

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        asked = (("margins", SIDES), ("sizes", SIZES), ("boxes", BOXES), ("words", WORDS))
        for name, needed in asked:
            given = set(getattr(self, name))
            if given != set(needed):
                odd = sorted(set(needed) ^ given)
                raise ValueError(f"{name}: thiếu hoặc thừa {', '.join(odd)}")
        return self

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def read_kinds(folder: Path) -> dict[str, Kind]:
    """Code → kind, in the order of the file. Raises ContentError."""
    told = read(folder / "kinds.yaml", "layouts/kinds.yaml", _Kinds)
    about = told.model_dump(include={"legal_basis", "valid_from", "valid_to", "to_verify"})
    kinds = {code: Kind(code, **one.model_dump(), **about) for code, one in told.kinds.items()}
    copies = {code: Kind(code, is_copy=True, **one.model_dump(), **about) for code, one in told.copies.items()}
    return kinds | copies


def read_layouts(folders: Iterable[Path]) -> list[Layout]:
    """Every layout, oldest first; a later folder replaces a file of the same name. Raises ContentError."""
    files = {
        file.name: file for folder in folders for file in sorted(folder.glob("*.yaml")) if file.name != "kinds.yaml"
    }
    found = [
        read(file, f"layouts/{name}", Layout).model_copy(update={"folder": file.parent}) for name, file in files.items()
    ]
    for one in found:
        if not (one.folder / one.template).is_file():
            raise ContentError([f"layouts: thiếu tệp {one.template} mà “{one.title}” dùng để trình bày."])
    return sorted(found, key=lambda one: one.valid_from)


def _folders() -> list[Path]:
    return [folder / "layouts" for folder in settings.CONTENT_DIRS if (folder / "layouts").is_dir()]


@cache
def kinds() -> dict[str, Kind]:
    """Code → kind: 29 kinds of documents and 3 of copies."""
    named = [folder for folder in _folders() if (folder / "kinds.yaml").is_file()]
    if not named:
        raise ContentError(["layouts/kinds.yaml: thiếu tệp này trong thư mục nội dung."])
    return read_kinds(named[-1])


@cache
def _by_any_name() -> dict[str, str]:
    names: dict[str, str] = {}
    for code, one in kinds().items():
        for name in (fold(one.title), fold(one.form), one.abbreviation, code):
            if name:
                names.setdefault(name, code)
    return names


def kind_of(name: str) -> Kind:
    """By code, abbreviation or title. Raises Missing."""
    code = _by_any_name().get(name) or _by_any_name().get(fold(name))
    if code is None:
        raise Missing(f"Không có loại văn bản “{name[:40]}”. Hãy chọn một trong 29 loại văn bản hoặc 3 loại bản sao.")
    return kinds()[code]


@cache
def _layouts() -> tuple[Layout, ...]:
    return tuple(read_layouts(_folders()))


def layout_on(day: date | None) -> Layout:
    """The layout in force that day; without a day the newest. Raises Missing."""
    valid = [one for one in _layouts() if day is None or one.is_valid_on(day)]
    if not valid:
        raise Missing("Chưa khai báo thể thức văn bản cho ngày này (layouts trong thư mục nội dung).")
    return valid[-1]


def load_declared() -> None:
    """Reads everything, so that a wrong file is told at start. Raises ContentError."""
    kinds()
    layout_on(None)
