"""Number schemes are dated data: `content/numbering.yaml`. A number once given is never recomputed."""

from dataclasses import dataclass
from datetime import date
from functools import cache

import yaml
from django.conf import settings


@dataclass(frozen=True, slots=True)
class Scheme:
    """`template` uses {code} (the unit's agency code), {date} and {number}; `reset` is day, month, year or never."""

    name: str
    book: str
    template: str
    date_format: str
    width: int
    reset: str
    valid_from: date
    valid_to: date | None
    legal_basis: str
    mark: str = "verified"
    reverse_code: bool = False

    def text(self, agency_code: str, day: date, value: int) -> str:
        """Raises OverflowError when the number no longer fits its width."""
        if len(str(value)) > self.width:
            raise OverflowError(f"Sổ {self.book} đã hết số: {value} dài hơn {self.width} chữ số.")
        code = ".".join(reversed(agency_code.split("."))) if self.reverse_code else agency_code
        return self.template.format(code=code, date=day.strftime(self.date_format), number=f"{value:0{self.width}d}")


@cache
def _schemes() -> list[Scheme]:
    found: dict[tuple[str, date], Scheme] = {}
    for folder in settings.CONTENT_DIRS:
        file = folder / "numbering.yaml"
        if not file.exists():
            continue
        for row in yaml.safe_load(file.read_text(encoding="utf-8"))["schemes"]:
            scheme = Scheme(**row)
            if scheme.reset not in {"day", "month", "year", "never"}:
                raise ValueError(f"{file}: mẫu số {scheme.name} có reset {scheme.reset!r}; dùng day, month, year, never.")
            found[scheme.name, scheme.valid_from] = scheme
    return sorted(found.values(), key=lambda scheme: scheme.valid_from, reverse=True)


def scheme_for(name: str, day: date) -> Scheme:
    """The scheme in force on a day. Raises LookupError with a sentence when content has none."""
    for scheme in _schemes():
        if scheme.name == name and scheme.valid_from <= day and (scheme.valid_to is None or day <= scheme.valid_to):
            return scheme
    raise LookupError(f"content/numbering.yaml không có mẫu số {name!r} cho ngày {day:%d/%m/%Y}.")
