"""The schema of `content/reports`: which periodic reports a unit owes, to whom, by when, and what they print.

A wrong file is answered with its name, the line and a sentence.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from xaso.kit.declared import ContentError, read

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Kind = Literal["quarter", "half", "nine", "year"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Due(_Part):
    """One kind of period the report is made for. `day`: the day of the month after the period."""

    kind: Kind
    day: int = Field(ge=1, le=31)
    quarters: tuple[Annotated[int, Field(ge=1, le=4)], ...] = (1, 2, 3, 4)

    def keys_of(self, year: int) -> list[str]:
        """The periods of that year: `2024-Q1`, `2024-H1`, `2024-9M` or `2024`."""
        if self.kind == "quarter":
            return [f"{year}-Q{number}" for number in self.quarters]
        return [{"half": f"{year}-H1", "nine": f"{year}-9M", "year": f"{year}"}[self.kind]]


class FigureTable(_Part):
    """A table of figures, or the score of an indicator set."""

    title: Text
    figures: tuple[Text, ...] = ()
    set: str = ""
    detail: Literal["groups", "components"] = "components"

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.figures) == bool(self.set):
            raise ValueError("một bảng phải có mục figures hoặc mục set, không có cả hai")
        if twice := sorted({key for key in self.figures if self.figures.count(key) > 1}):
            raise ValueError(f"số liệu {', '.join(twice)} được ghi hai lần trong một bảng")
        return self


class Section(_Part):
    """A part of the text that a person writes."""

    key: Code
    title: Text
    hint: str = ""
    required: bool = False


class ReportKind(_Part):
    """One periodic report as declared."""

    code: Code
    title: Text
    short: Text
    about: Text
    recipients: tuple[Text, ...] = Field(min_length=1)
    due: tuple[Due, ...] = Field(min_length=1)
    day_off: Literal["next", "same"] = "next"
    remind_days: int = Field(default=5, ge=1, le=60)
    valid_from: date
    valid_to: date | None = None
    tables: tuple[FigureTable, ...] = Field(min_length=1)
    sections: tuple[Section, ...] = ()
    source: Text
    to_verify: bool = False

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        kinds: list[str] = [due.kind for due in self.due]
        keys = [section.key for section in self.sections]
        for names, what in ((kinds, "kỳ báo cáo"), (keys, "phần nội dung")):
            if twice := sorted({name for name in names if names.count(name) > 1}):
                raise ValueError(f"{what} {', '.join(twice)} được ghi hai lần")
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("ngày hết hiệu lực đứng trước ngày có hiệu lực")
        return self

    def due_for(self, period_key: str) -> Due | None:
        """The line that asks for this period; None when the report is not made for it."""
        year = int(period_key[:4])
        return next((due for due in self.due if period_key in due.keys_of(year)), None)

    def is_owed_for(self, last: date) -> bool:
        """Whether the duty was in force on the last day of a period."""
        return self.valid_from <= last and (self.valid_to is None or last <= self.valid_to)

    @property
    def figure_keys(self) -> list[str]:
        """Every figure it prints, once, in order."""
        return list(dict.fromkeys(key for table in self.tables for key in table.figures))

    @property
    def set_codes(self) -> list[str]:
        return list(dict.fromkeys(table.set for table in self.tables if table.set))


@cache
def report_kinds() -> dict[str, ReportKind]:
    """code → report, in the order of the files. A later folder replaces a report whole. Raises ContentError."""
    found: dict[str, ReportKind] = {}
    for folder in settings.CONTENT_DIRS:
        for file in sorted((folder / "reports").glob("*.yaml")):
            kind = load_kind(file, f"reports/{file.name}")
            found[kind.code] = kind
    return found


def load_kind(file: Path, name: str) -> ReportKind:
    """One file. Raises ContentError naming the file and the line."""
    kind = read(file, name, ReportKind)
    if kind.code != file.stem:
        raise ContentError([f"{name}, dòng 1: mã “{kind.code}” phải trùng tên tệp “{file.stem}”."])
    return kind
