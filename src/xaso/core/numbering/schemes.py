"""Number schemes are dated data: `content/numbering.yaml`. A number once given is never recomputed."""

from datetime import date
from functools import cache
from itertools import pairwise
from string import Formatter
from typing import Literal, Self

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, model_validator

from xaso.kit.declared import read
from xaso.kit.errors import ContentFault

FILE = "numbering.yaml"
BLANKS = {"code", "date", "number"}


class Scheme(BaseModel):
    """`template` uses {code} (the unit's agency code), {date} and {number}; `reset` is day, month, year or never."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    book: str = Field(min_length=1, max_length=40)
    template: str
    date_format: str
    width: int = Field(ge=1, le=12)
    reset: Literal["day", "month", "year", "never"]
    valid_from: date
    valid_to: date | None
    legal_basis: str
    mark: Literal["verified", "to_verify"] = "verified"
    reverse_code: bool = False

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        try:
            blanks = {name for _, name, _, _ in Formatter().parse(self.template) if name is not None}
        except ValueError as error:
            raise ValueError("template có dấu ngoặc nhọn không đóng đúng") from error
        if unknown := blanks - BLANKS:
            raise ValueError(f"template có {', '.join(sorted(unknown))}; chỉ dùng {{code}}, {{date}}, {{number}}")
        if "number" not in blanks:
            raise ValueError("template phải có {number}, nếu không mọi hồ sơ trùng mã")
        if self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to đứng trước valid_from")
        return self

    def text(self, agency_code: str, day: date, value: int) -> str:
        """Raises OverflowError when the number no longer fits its width."""
        if len(str(value)) > self.width:
            raise OverflowError(f"Sổ {self.book} đã hết số: {value} dài hơn {self.width} chữ số.")
        code = ".".join(reversed(agency_code.split("."))) if self.reverse_code else agency_code
        return self.template.format(code=code, date=day.strftime(self.date_format), number=f"{value:0{self.width}d}")


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid")

    schemes: list[Scheme] = Field(min_length=1)


@cache
def _schemes() -> list[Scheme]:
    found: dict[tuple[str, date], Scheme] = {}
    for folder in settings.CONTENT_DIRS:
        file = folder / FILE
        if file.exists():
            found |= {(one.name, one.valid_from): one for one in read(file, FILE, _Declared).schemes}
    ordered = sorted(found.values(), key=lambda scheme: scheme.valid_from)
    for before, after in pairwise(sorted(ordered, key=lambda scheme: scheme.name)):
        if before.name == after.name and (before.valid_to is None or before.valid_to >= after.valid_from):
            raise ContentFault(
                f"{FILE}: hai mẫu số {after.name!r} cùng hiệu lực ngày {after.valid_from:%d/%m/%Y}. "
                "Hãy ghi valid_to cho mẫu cũ."
            )
    return ordered[::-1]


def scheme_for(name: str, day: date) -> Scheme:
    """The scheme in force on a day. Raises LookupError with a sentence when content has none."""
    for scheme in _schemes():
        if scheme.name == name and scheme.valid_from <= day and (scheme.valid_to is None or day <= scheme.valid_to):
            return scheme
    raise LookupError(f"content/numbering.yaml không có mẫu số {name!r} cho ngày {day:%d/%m/%Y}.")
