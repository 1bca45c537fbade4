"""Schema of `content/incoming.yaml`: books, phrases, spans. A folder later in CONTENT_DIRS replaces the whole file."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Self

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from xaso.kit.declared import ContentError, read

FILE = "incoming.yaml"
_Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=20)]
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Book(BaseModel):
    """A register with a sequence of its own, from 1 on 1 January."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: _Code
    name: _Text
    is_secret: bool = False


class Desk(BaseModel):
    """How the clerk's and the leader's pages are furnished."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    books: tuple[Book, ...] = Field(min_length=1)
    phrases: tuple[_Text, ...] = ()
    spans: tuple[Annotated[int, Field(ge=1, le=60)], ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        codes = [one.code for one in self.books]
        if len(codes) > len(set(codes)):
            raise ValueError("hai sổ cùng một mã")
        if len(self.secret_books) != 1 or len(self.open_books) < 1:
            raise ValueError("cần ít nhất một sổ thường và đúng một sổ mật (is_secret: true)")
        return self

    @property
    def open_books(self) -> tuple[Book, ...]:
        return tuple(one for one in self.books if not one.is_secret)

    @property
    def secret_books(self) -> tuple[Book, ...]:
        return tuple(one for one in self.books if one.is_secret)

    def name_of(self, code: str) -> str:
        """Its name; the code of a book that is no longer kept."""
        return next((one.name for one in self.books if one.code == code), code)


@cache
def desk() -> Desk:
    """Raises ContentError naming file and line."""
    for folder in reversed(settings.CONTENT_DIRS):
        if (folder / FILE).exists():
            return read(folder / FILE, FILE, Desk)
    raise ContentError([f"{FILE}: chưa có tệp này trong thư mục nội dung."])
