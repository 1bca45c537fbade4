"""Decisions of the yearly assessment: which state follows which, when a reason is owed, who stands where. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

CENT = Decimal("0.01")


class State(StrEnum):
    """Where the assessment of one unit stands."""

    DRAFT = "draft"
    SELF_SCORED = "self_scored"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    RESUBMITTED = "resubmitted"
    APPRAISING = "appraising"
    APPRAISED = "appraised"
    APPROVED = "council_approved"
    REJECTED = "rejected"
    PUBLISHED = "published"
    APPEALED = "appealed"
    LOCKED = "locked"


S = State
MOVES: dict[State, frozenset[State]] = {
    S.DRAFT: frozenset({S.SELF_SCORED}),
    S.SELF_SCORED: frozenset({S.DRAFT, S.SUBMITTED}),
    S.SUBMITTED: frozenset({S.APPRAISING, S.RETURNED}),
    S.RETURNED: frozenset({S.RESUBMITTED}),
    S.RESUBMITTED: frozenset({S.APPRAISING, S.RETURNED}),
    S.APPRAISING: frozenset({S.RETURNED, S.APPRAISED}),
    S.APPRAISED: frozenset({S.APPRAISING, S.APPROVED, S.REJECTED}),
    S.APPROVED: frozenset({S.PUBLISHED}),
    S.REJECTED: frozenset({S.RESUBMITTED}),
    S.PUBLISHED: frozenset({S.APPEALED, S.LOCKED}),
    S.APPEALED: frozenset({S.PUBLISHED}),
    S.LOCKED: frozenset({S.PUBLISHED}),
}

TITLES = {
    S.DRAFT: "nháp",
    S.SELF_SCORED: "đã tự chấm",
    S.SUBMITTED: "đã nộp",
    S.RETURNED: "trả lại",
    S.RESUBMITTED: "nộp lại",
    S.APPRAISING: "đang thẩm định",
    S.APPRAISED: "đã thẩm định",
    S.APPROVED: "hội đồng đã duyệt",
    S.REJECTED: "hội đồng từ chối",
    S.PUBLISHED: "đã công bố",
    S.APPEALED: "đang khiếu nại",
    S.LOCKED: "đã khoá",
}

METHODS = {
    "RATIO": "Tỷ lệ đạt × điểm tối đa",
    "RATIO_T": "Đạt ngưỡng: điểm tối đa; dưới ngưỡng: theo tỷ lệ",
    "BANDS": "Theo bậc",
    "CHOICE": "Theo mức đã chọn",
    "SPLIT": "Cộng các phần",
    "YESNO": "Có: điểm tối đa",
    "DOC": "Có văn bản: điểm tối đa",
    "COUNT_T": "Đủ số lượng: điểm tối đa; thiếu: theo tỷ lệ",
    "PER_POP": "Theo số dân",
    "RELATIVE": "So với đơn vị cao nhất",
    "PASSFAIL": "Đạt hoặc không đạt",
    "LEVEL": "Xếp mức",
    "INFO": "Chỉ ghi nhận",
}

EDITABLE = frozenset({S.DRAFT, S.SELF_SCORED, S.RETURNED, S.REJECTED})
"""The unit may still write. After the review has begun it may not, until its assessment comes back."""

WITH_PROVINCE = frozenset({S.SUBMITTED, S.RESUBMITTED, S.APPRAISING})
OUT = frozenset({S.PUBLISHED, S.APPEALED, S.LOCKED})
"""Everybody may read the result."""


def may_move(was: str, to: str) -> bool:
    return State(to) in MOVES[State(was)]


@dataclass(frozen=True, slots=True)
class Part:
    """One component as far as the decisions need it. `computed` is None where the figures are missing."""

    code: str
    max: Decimal
    computed: Decimal | None = None
    self_points: Decimal | None = None
    self_note: str = ""
    appraised_points: Decimal | None = None
    has_evidence: bool = False
    is_scored: bool = True


def points_fault(points: Decimal, maximum: Decimal) -> str:
    if points < 0 or points > maximum:
        return f"Điểm phải từ 0 đến {show(maximum)}."
    if points != points.quantize(CENT):
        return "Điểm ghi nhiều nhất hai số sau dấu phẩy."
    return ""


def owes_explanation(points: Decimal | None, computed: Decimal | None, *, has_evidence: bool) -> str:
    """Why a self-score needs words of explanation; empty when it needs none."""
    if points is None:
        return ""
    if computed is not None and points != computed:
        return f"Điểm tự chấm khác điểm máy tính ({show(computed)}). Hãy giải trình vì sao."
    if points > 0 and not has_evidence:
        return "Chưa có minh chứng. Hãy đính kèm minh chứng hoặc giải trình cách chấm."
    return ""


def self_score_faults(parts: Iterable[Part]) -> list[tuple[str, str]]:
    """(code, sentence) of every component the unit still owes something for."""
    found = []
    for part in parts:
        if not part.is_scored:
            continue
        if part.self_points is None:
            found.append((part.code, "chưa tự chấm điểm"))
        elif not part.self_note:
            owed = owes_explanation(part.self_points, part.computed, has_evidence=part.has_evidence)
            if owed:
                found.append((part.code, "thiếu giải trình hoặc minh chứng"))
    return found


def unappraised(parts: Iterable[Part]) -> list[str]:
    return [part.code for part in parts if part.is_scored and part.appraised_points is None]


def total(points: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is there; None when nothing is."""
    known = [one for one in points if one is not None]
    return sum(known, Decimal(0)).quantize(CENT, ROUND_HALF_UP) if known else None


def appeal_until(published_on: date, days: int) -> date:
    """The last day on which a unit may appeal."""
    return published_on + timedelta(days=days)


def ranked(points: Sequence[tuple[str, Decimal]]) -> dict[str, int]:
    """Key → rank; equal points share a rank and the next one is left out: 1, 2, 2, 4."""
    order = sorted((value for _, value in points), reverse=True)
    return {key: order.index(value) + 1 for key, value in points}


def rank_change(now: int | None, before: int | None) -> str:
    """ "tăng 3 bậc", "giảm 1 bậc", "giữ nguyên"; empty without a previous year."""
    if now is None or before is None:
        return ""
    if now == before:
        return "giữ nguyên"
    return f"tăng {before - now} bậc" if now < before else f"giảm {now - before} bậc"


def show(points: Decimal | None) -> str:
    """12.50 → 12,5; nothing known is a dash, not a zero."""
    if points is None:
        return "–"
    text = f"{points.quantize(CENT, ROUND_HALF_UP):,f}".rstrip("0").rstrip(".") if points else "0"
    whole, _, part = text.partition(".")
    return whole.replace(",", ".") + (f",{part}" if part else "")
