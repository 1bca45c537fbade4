"""How much, with every step of the calculation. An unknown fee stays unknown: it never becomes 0."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from xaso.modules.procedures.definitions import Case, Channel, Exemption, Fee, Relief, Version
from xaso.modules.procedures.rules.conditions import Answers, holds

Status = Literal["known", "free", "unknown"]


@dataclass(frozen=True, slots=True)
class FeeStep:
    """One line of the calculation, as the receipt shows it."""

    text: str
    amount: int | None


@dataclass(frozen=True, slots=True)
class FeeLine:
    key: str
    label: str
    kind: str
    status: Status
    amount: int | None
    steps: tuple[FeeStep, ...]


@dataclass(frozen=True, slots=True)
class FeeQuote:
    lines: tuple[FeeLine, ...]
    total: int | None  # None: nobody knows yet
    status: Status


def money(amount: int) -> str:
    """1.234.000 đ."""
    return f"{amount:,}".replace(",", ".") + " đ"


def fee_for(
    version: Version,
    case: Case,
    channel: Channel,
    counts: Mapping[str, int],
    groups: Collection[str],
    on: date,
    answers: Answers | None = None,
) -> FeeQuote:
    """Base by channel and count, exemption by group, temporary relief, provincial council tariff."""
    chosen = [
        fee
        for fee in version.fees
        if (case.fees is None or fee.key in case.fees) and (fee.when is None or holds(fee.when, answers or {}))
    ]
    if not chosen:
        # `fees: []` on the case says "nothing to pay"; a version that declares no fee at all has not said so
        said = case.fees is not None or bool(version.fees)
        return FeeQuote((), 0 if said else None, "free" if said else "unknown")
    lines = tuple(_line(fee, channel, counts, groups, on) for fee in chosen)
    amounts = [line.amount for line in lines]
    if any(amount is None for amount in amounts):
        return FeeQuote(lines, None, "unknown")
    total = sum(amount for amount in amounts if amount is not None)
    return FeeQuote(lines, total, "free" if all(line.status == "free" for line in lines) else "known")


def _line(fee: Fee, channel: Channel, counts: Mapping[str, int], groups: Collection[str], on: date) -> FeeLine:
    if fee.status == "free":
        return _done(fee, "free", 0, [FeeStep(f"Không thu ({fee.legal_basis})", 0)])
    if fee.status == "unknown":
        return _done(fee, "unknown", None, [FeeStep("Chưa rõ mức thu, chờ cán bộ xác nhận", None)])
    steps: list[FeeStep] = []
    amount = None
    if fee.status == "known":
        amount = _base(fee, channel, counts, steps)
    share = 100
    exemption = _best_exemption(fee.exemptions, groups)
    if exemption is not None:
        share -= exemption.percent
        basis = f" ({exemption.legal_basis})" if exemption.legal_basis else ""
        steps.append(FeeStep(f"{exemption.label}: miễn, giảm {exemption.percent}%{basis}", _part(amount, share)))
    relief = _relief(fee.reliefs, channel, on)
    if relief is not None and share:
        share = share * (100 - relief.percent) // 100
        steps.append(FeeStep(f"Giảm {relief.percent}% có thời hạn ({relief.legal_basis})", _part(amount, share)))
    if fee.status == "council":
        amount = _council(fee, channel, counts, on, steps)
    if amount is None and share:
        return _done(fee, "unknown", None, steps)
    final = _part(amount, share) or 0
    if fee.status == "council" and amount is not None and share < 100:
        steps.append(FeeStep("Còn phải nộp", final))
    return _done(fee, "known", final, steps)


def _done(fee: Fee, status: Status, amount: int | None, steps: list[FeeStep]) -> FeeLine:
    return FeeLine(fee.key, fee.label, fee.kind, status, amount, tuple(steps))


def _part(amount: int | None, share: int) -> int | None:
    return None if amount is None else amount * share // 100


def _best_exemption(exemptions: tuple[Exemption, ...], groups: Collection[str]) -> Exemption | None:
    """Groups do not add up: the best one counts."""
    return max((e for e in exemptions if e.group in groups), key=lambda e: e.percent, default=None)


def _relief(reliefs: tuple[Relief, ...], channel: Channel, on: date) -> Relief | None:
    valid = (r for r in reliefs if r.valid_from <= on <= r.valid_to and channel in r.channels)
    return max(valid, key=lambda r: r.percent, default=None)


def _count(counts: Mapping[str, int], what: str) -> int:
    return max(0, int(counts.get(what, 1)))


def _base(fee: Fee, channel: Channel, counts: Mapping[str, int], steps: list[FeeStep]) -> int | None:
    if fee.per == "page" and fee.steps:
        return _pages(fee, counts, steps)
    price = fee.by_channel.get(channel, fee.amount)
    if price is None:
        steps.append(FeeStep("Chưa có mức thu cho hình thức nộp này", None))
        return None
    return _times(fee, price, counts, steps)


def _times(fee: Fee, price: int, counts: Mapping[str, int], steps: list[FeeStep]) -> int:
    if fee.per == "dossier":
        amount = price
        steps.append(FeeStep(f"Mức thu {money(price)}", amount))
    else:
        words = {"page": "trang", "copy": "bản", "act": "việc"}[fee.per]
        number = _count(counts, fee.per)
        amount = price * number
        steps.append(FeeStep(f"{money(price)} × {number} {words}", amount))
    if fee.cap is not None and amount > fee.cap:
        amount = fee.cap
        steps.append(FeeStep(f"Tối đa {money(fee.cap)}", amount))
    return amount


def _pages(fee: Fee, counts: Mapping[str, int], steps: list[FeeStep]) -> int:
    """The tariff runs over the pages of one copy; the cap is per copy; then times the copies."""
    pages, copies = _count(counts, "page"), _count(counts, "copy")
    amount = 0
    for number, step in enumerate(fee.steps):
        last = fee.steps[number + 1].from_count - 1 if number + 1 < len(fee.steps) else pages
        inside = max(0, min(pages, last) - step.from_count + 1)
        if inside:
            amount += inside * step.amount
            steps.append(FeeStep(f"{inside} trang × {money(step.amount)} (từ trang {step.from_count})", amount))
    if fee.cap is not None and amount > fee.cap:
        amount = fee.cap
        steps.append(FeeStep(f"Tối đa {money(fee.cap)} mỗi bản", amount))
    if copies != 1:
        amount *= copies
        steps.append(FeeStep(f"× {copies} bản", amount))
    return amount


def _council(fee: Fee, channel: Channel, counts: Mapping[str, int], on: date, steps: list[FeeStep]) -> int | None:
    valid = [t for t in fee.council if t.valid_from <= on and (t.valid_to is None or on <= t.valid_to)]
    if not valid:
        steps.append(FeeStep("Hội đồng nhân dân tỉnh quy định mức thu, danh mục chưa có", None))
        return None
    tariff = max(valid, key=lambda t: t.valid_from)
    steps.append(FeeStep(f"Biểu phí của Hội đồng nhân dân tỉnh ({tariff.legal_basis})", None))
    return _times(fee, tariff.by_channel.get(channel, tariff.amount), counts, steps)
