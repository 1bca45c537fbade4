"""What a charge owes and what a transfer means for it. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Outcome = Literal["exact", "short", "over", "duplicate", "late", "unknown", "reversed"]
OPEN_STATES = ("open", "part_paid")
PAID_STATES = ("paid", "overpaid")


@dataclass(frozen=True, slots=True)
class Owed:
    """The part of a charge that decides."""

    state: str
    due: int
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    amount: int
    on: date


def match(charge: Owed | None, transfer: Transfer) -> Outcome:
    """Only `exact`, `short` and `over` put money on the charge; everything else waits for a person."""
    if transfer.amount < 0:
        return "reversed"
    if charge is None:
        return "unknown"
    if charge.state in PAID_STATES:
        return "duplicate"
    if charge.state not in OPEN_STATES or (charge.due_on and transfer.on > charge.due_on):
        return "late"
    if transfer.amount == charge.due:
        return "exact"
    return "short" if transfer.amount < charge.due else "over"


def state_after(total: int, waived: int, paid: int) -> str:
    """The state that the three amounts say."""
    if total - waived - paid > 0:
        return "part_paid" if paid else "open"
    return "paid" if paid else "waived"


def fault_in_lines(lines: list[dict[str, Any]], total: int | None) -> str:
    """Why this calculation cannot be asked of anybody, as a sentence; empty when it can."""
    unknown = [line for line in lines if line.get("status", "known") == "unknown" or line.get("amount") is None]
    if unknown or total is None:
        label = f" “{unknown[0].get('label', '')}”" if unknown else ""
        return f"Chưa rõ mức thu{label}. Hãy xác nhận mức phí trong danh mục thủ tục rồi làm lại."
    if total < 0:
        return "Số tiền phải thu không thể âm. Hãy xem lại cách tính phí."
    if sum(line["amount"] for line in lines) != total:
        return "Các dòng tính phí cộng lại không bằng tổng số tiền. Hãy xem lại cách tính phí."
    return ""
