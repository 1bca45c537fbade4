"""Sizes, bold, italic, capitals and the middle: what each part must look like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xaso.modules.layouts.checking.faults import Case, Fault, fault_at
from xaso.modules.layouts.checking.seen import SURE, Piece, family
from xaso.modules.layouts.definitions import Span

SLACK = 0.3
FEW = 0.1


@dataclass(frozen=True, slots=True)
class Look:
    """How a part looks. None: nothing is asked."""

    part: str
    label: str
    size: str
    bold: bool | None = None
    italic: bool | None = None
    caps: bool = False
    centred: bool = False


LOOKS = (
    Look("nation", "Quốc hiệu", "nation", bold=True, italic=False, caps=True),
    Look("creed", "Tiêu ngữ", "creed", bold=True, italic=False),
    Look("superior", "Tên cơ quan chủ quản", "superior", bold=False, italic=False, caps=True),
    Look("agency", "Tên cơ quan ban hành", "agency", bold=True, italic=False, caps=True),
    Look("number", "Số, ký hiệu", "number", bold=False, italic=False),
    Look("place", "Địa danh và thời gian ban hành", "place", bold=False, italic=True),
    Look("letter_subject", "Trích yếu công văn", "letter_subject", bold=False, italic=False),
    Look("urgency", "Dấu chỉ mức độ khẩn", "urgency", bold=True, italic=False, caps=True),
    Look("title", "Tên loại văn bản", "title", bold=True, italic=False, caps=True, centred=True),
    Look("subject", "Trích yếu", "subject", bold=True, italic=False, centred=True),
    Look("form", "Hình thức sao", "title", bold=True, italic=False, caps=True),
    Look("addressees", "Phần “Kính gửi”", "addressees", bold=False, italic=False),
    Look("base", "Căn cứ ban hành", "body", italic=True),
    Look("centred", "Phần, chương, mục và tiêu đề của chúng", "heading", bold=True, italic=False, centred=True),
    Look("article", "Điều", "heading"),
    Look("body", "Nội dung văn bản", "body"),
    Look("signer", "Quyền hạn, chức vụ của người ký", "signer", bold=True, italic=False, caps=True),
    Look("signer_name", "Họ tên người ký", "signer", bold=True, italic=False),
    Look("recipients_label", "Chữ “Nơi nhận”", "recipients_label", bold=True, italic=True),
    Look("recipients", "Danh sách nơi nhận", "recipients", bold=False, italic=False),
    Look("drafter", "Ký hiệu người soạn thảo", "drafter"),
    Look("annex", "Chữ “Phụ lục”", "annex", bold=True, italic=False, centred=True),
    Look("reference", "Dòng “Kèm theo …” của phụ lục", "reference", bold=False, italic=True),
    Look("annex_body", "Nội dung phụ lục", "body"),
)


def looks(case: Case) -> Iterator[Fault]:
    for look in LOOKS:
        pieces = case.found[look.part]
        if pieces:
            yield from _size(look, pieces, case.layout.sizes[look.size])
            yield from _weight(look, pieces)
            yield from _shape(look, pieces)
    yield from _articles(case.found["article"])
    yield from _fonts(case)
    yield from _colours(case)


def _size(look: Look, pieces: list[Piece], span: Span) -> Iterator[Fault]:
    wrong = [one for one in pieces if not (span.holds(one.low, SLACK) and span.holds(one.high, SLACK))]
    if wrong:
        now = " và ".join(dict.fromkeys(_plain(size) for size in (wrong[0].low, wrong[0].high)))
        yield fault_at(
            f"{look.part}-size", f"{look.label} phải dùng cỡ chữ {span.words}, hiện là cỡ {now}. Hãy đổi cỡ chữ.", wrong
        )


def _weight(look: Look, pieces: list[Piece]) -> Iterator[Fault]:
    asked = (
        ("bold", look.bold, "đậm", "không đậm", [one.bold for one in pieces]),
        ("italic", look.italic, "nghiêng", "đứng (không nghiêng)", [one.italic for one in pieces]),
    )
    for name, wanted, yes, no, shares in asked:
        if wanted is None:
            continue
        wrong = [
            one
            for one, share in zip(pieces, shares, strict=True)
            if (share < SURE if wanted else share > 1 - SURE + FEW)
        ]
        if wrong:
            yield fault_at(
                f"{look.part}-{name}", f"{look.label} phải là chữ {yes if wanted else no}. Hãy sửa kiểu chữ.", wrong
            )


def _shape(look: Look, pieces: list[Piece]) -> Iterator[Fault]:
    if look.caps and (wrong := [one for one in pieces if not one.is_caps]):
        yield fault_at(
            f"{look.part}-caps", f"{look.label} phải viết bằng chữ in hoa. Hãy gõ lại bằng chữ in hoa.", wrong
        )
    if look.centred and (wrong := [one for one in pieces if one.align not in {"", "center"}]):
        yield fault_at(f"{look.part}-centre", f"{look.label} phải đặt giữa dòng. Hãy căn giữa.", wrong)


def _articles(pieces: list[Piece]) -> Iterator[Fault]:
    if wrong := [one for one in pieces if not one.label_bold]:
        yield fault_at("article-bold", "Chữ “Điều” và số thứ tự của điều phải là chữ đậm. Hãy in đậm phần này.", wrong)


def _fonts(case: Case) -> Iterator[Fault]:
    good = {family(name) for name in (case.layout.font, *case.layout.same_as_font)}
    wrong = [one for one in case.seen.pieces if any(family(font) not in good for font in one.fonts)]
    if wrong:
        strange = sorted({f.split("+")[-1] for one in wrong for f in one.fonts if family(f) not in good})
        names = ", ".join(strange[:4])
        yield fault_at("font", f"Phông chữ phải là {case.layout.font}, hiện có {names}. Hãy đổi phông chữ.", wrong)


def _colours(case: Case) -> Iterator[Fault]:
    stamps = {*case.found["urgency"]}
    if wrong := [one for one in case.seen.pieces if one.coloured and one not in stamps]:
        yield fault_at("colour", "Chữ trong văn bản phải màu đen. Hãy đổi màu chữ.", wrong)


def _plain(size: float) -> str:
    return f"{size:g}".replace(".", ",")
