"""Paper, margins, page numbers and the shape of paragraphs."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from xaso.modules.layouts.checking.faults import Case, Fault, fault_at
from xaso.modules.layouts.checking.seen import Piece

SLACK_MM = 1.0
SLACK_PT = 0.3
SLACK_INDENT = 1.2
MANY_LETTERS = 4_500
"""About two pages: a Word file does not say how many it has."""
SIDES = (("top", "trên"), ("bottom", "dưới"), ("left", "trái"), ("right", "phải"))


def pages(case: Case) -> Iterator[Fault]:
    yield from _paper(case)
    yield from _margins(case)
    yield from _numbers(case)
    yield from _paragraphs(case)
    for sentence in case.seen.unjudged:
        yield Fault("unjudged", sentence, severity="should")


def _paper(case: Case) -> Iterator[Fault]:
    paper = case.layout.paper
    asked = sorted((paper.width, paper.height))
    for one in case.seen.sides:
        if any(abs(a - b) > 2 for a, b in zip(sorted((one.width, one.height)), asked, strict=True)):
            size = f"{one.width:.0f} × {one.height:.0f} mm"
            yield Fault(
                "paper",
                f"Khổ giấy phải là A4 ({asked[0]:.0f} × {asked[1]:.0f} mm), hiện là {size}. Hãy đổi khổ giấy.",
                one.where,
            )
            return
    first = case.seen.sides[:1]
    if first and first[0].is_landscape:
        yield Fault(
            "orientation",
            "Trang đầu phải theo chiều dọc; chỉ phụ lục có bảng rộng mới để ngang. Hãy đổi chiều giấy.",
            first[0].where,
        )


def _margins(case: Case) -> Iterator[Fault]:
    for side, name in SIDES:
        span = case.layout.margins[side]  # type: ignore[index]
        for one in case.seen.sides:
            value = getattr(one, side)
            if value is None or (case.seen.medium == "pdf" and _is_only_short(value, span.low)):
                continue
            if not span.holds(value, SLACK_MM):
                sentence = f"Lề {name} phải {span.words} mm, hiện khoảng {value:.0f} mm. Hãy chỉnh lề trang."
                yield Fault(f"margin-{side}", sentence, one.where)
                break


def _is_only_short(value: float, low: float) -> bool:
    """Ink that ends before the margin does not tell where the margin is; ink inside it does."""
    return value >= low - SLACK_MM


def _numbers(case: Case) -> Iterator[Fault]:
    found, span = case.seen.numbering, case.layout.sizes["page_number"]
    letters = sum(len(one.text) for one in case.seen.pieces)
    is_long = case.seen.pages > 1 or (case.seen.medium == "docx" and letters > MANY_LETTERS)
    if not found.is_shown:
        needs = bool(found.missing) or (case.seen.medium == "docx" and is_long)
        if needs:
            yield Fault(
                "page_number-missing",
                "Văn bản nhiều trang phải đánh số trang ở giữa lề trên, từ trang 2. Hãy chèn số trang.",
            )
        return
    if found.on_first and (case.seen.medium == "pdf" or is_long):
        yield Fault(
            "page_number-first", "Trang đầu không hiện số trang. Hãy chọn “Different First Page” cho đầu trang."
        )
    if found.at_bottom:
        yield Fault("page_number-place", "Số trang phải ở lề trên, không ở lề dưới. Hãy chuyển số trang lên đầu trang.")
    elif not found.is_centred:
        yield Fault("page_number-place", "Số trang phải ở giữa lề trên. Hãy căn giữa số trang.")
    if not (span.holds(found.low, SLACK_PT) and span.holds(found.high, SLACK_PT)):
        yield Fault("page_number-size", f"Số trang phải dùng cỡ chữ {span.words}. Hãy đổi cỡ chữ số trang.")
    if found.missing:
        told = ", ".join(str(one) for one in found.missing[:5])
        yield Fault(
            "page_number-missing",
            f"Trang {told} chưa có số trang. Hãy kiểm tra đầu trang của từng phần.",
            severity="should",
        )


def _paragraphs(case: Case) -> Iterator[Fault]:
    running = [one for part in ("base", "article", "body") for one in case.found[part]]
    if wrong := [one for one in running if one.align in {"left", "right", "center"} and len(one.text) > 100]:
        yield fault_at("body-justify", "Nội dung phải căn đều hai bên. Hãy chọn căn đều (Justify).", wrong)
    yield from _indents(case, running)
    yield from _spacing(case, running)


def _indents(case: Case, running: list[Piece]) -> Iterator[Fault]:
    allowed = case.layout.body.indents
    told = " hoặc ".join(f"{one / 10:g}".replace(".", ",") for one in allowed)
    wrong = [
        one for one in running
        if one.indent is not None and one.align in {"justify", "left"} and len(one.text) > 100
        and all(abs(one.indent - good) > SLACK_INDENT for good in allowed)
    ]  # fmt: skip
    if wrong:
        yield fault_at("body-indent", f"Dòng đầu mỗi đoạn phải lùi vào {told} cm. Hãy chỉnh First line indent.", wrong)


def _spacing(case: Case, running: list[Piece]) -> Iterator[Fault]:
    body = case.layout.body
    gaps = [one.gap for one in running if one.gap is not None]
    # The first paragraph of a page has no gap, and one after a heading has a larger one: the middle tells.
    if gaps and median(gaps) < body.paragraph_gap - SLACK_PT - (0.7 if case.seen.medium == "pdf" else 0):
        now = f"hiện khoảng {median(gaps):.0f} pt"
        sentence = f"Các đoạn phải cách nhau ít nhất {body.paragraph_gap:g} pt, {now}. Hãy chỉnh Spacing."
        close = [one for one in running if one.gap is not None and one.gap < body.paragraph_gap]
        yield fault_at("body-gap", sentence, close[:1])
    spread = body.line_spacing
    wrong = [one for one in running if one.lines is not None and not spread.holds(one.lines, 0.06)]
    if wrong:
        sentence = f"Cách dòng phải từ dòng đơn đến {spread.high:g} dòng.".replace(".5", ",5")
        yield fault_at("body-lines", f"{sentence} Hãy chỉnh Line spacing.", wrong)
