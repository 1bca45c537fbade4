"""`content/workfiles/headings.yaml`: under which heading work is filed and how long it is kept."""

from functools import cache

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field

from xaso.kit.declared import read

FILE = "workfiles/headings.yaml"


class Heading(BaseModel):
    """A line of the unit's list of files. `years` 0: kept for ever."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(min_length=1, max_length=10)
    title: str = Field(min_length=1, max_length=200)
    years: int = Field(ge=0, le=100)


class Headings(BaseModel):
    """The whole list, with where its retention comes from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    legal_basis: str
    to_verify: bool = True
    headings: tuple[Heading, ...] = Field(min_length=1)

    def named(self, code: str) -> Heading | None:
        return next((one for one in self.headings if one.code == code), None)


@cache
def headings() -> Headings:
    """Of the last content folder that has the file. Raises ContentError, LookupError."""
    for folder in reversed(settings.CONTENT_DIRS):
        if (folder / FILE).exists():
            return read(folder / FILE, FILE, Headings)
    raise LookupError(f"Thiếu tệp {FILE} trong thư mục nội dung.")
