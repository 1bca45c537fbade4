"""Exact numbers: fractions inside, two decimals outside, Vietnamese on the page."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from xaso.kit.fold import fold

CENT = Decimal("0.01")
YES = ("1", "co", "yes", "true")


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of one figure. A share may know the two numbers behind it."""

    number: Decimal | None = None
    text: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None

    @property
    def is_missing(self) -> bool:
        return self.number is None and not self.text

    @property
    def answer(self) -> bool | None:
        """Yes or no; None when nobody has said."""
        if self.number is not None:
            return self.number > 0
        return fold(self.text.strip()) in YES if self.text.strip() else None


MISSING = Reading()


def exact(number: Decimal | Fraction | int) -> Fraction:
    return Fraction(number)


def half_up(value: Fraction, places: int = 2) -> Decimal:
    """Rounded half up: 0.005 becomes 0.01."""
    above, below = abs(value.numerator) * 2 * 10**places, value.denominator
    whole = (above + below) // (2 * below)
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)


def said(number: Decimal | Fraction | int, places: int = 2) -> str:
    """1412 → 1.412, 98.6 → 98,6, at most so many decimals."""
    if number == int(number):
        return f"{int(number):,}".replace(",", ".")
    rounded = half_up(Fraction(number), places)
    text = f"{rounded:,.{places}f}".rstrip("0").rstrip(".") if places else f"{rounded:,}"
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")


def percent(share: Fraction) -> str:
    return f"{said(share * 100)} %"
