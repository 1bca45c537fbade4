"""Which parts must be there, in which order, and how numbers, days, symbols and lists are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from xaso.kit.fold import fold
from xaso.modules.layouts.checking.faults import Case, Fault, fault_at
from xaso.modules.layouts.checking.finding import AUTHORITY, PLACE
from xaso.modules.layouts.checking.seen import Piece
from xaso.modules.layouts.definitions import Kind

NEEDED = (
    ("nation", "Thiếu Quốc hiệu “CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM”. Hãy thêm ở góc trên bên phải."),
    ("creed", "Thiếu Tiêu ngữ “Độc lập - Tự do - Hạnh phúc”. Hãy thêm dưới Quốc hiệu."),
    ("agency", "Thiếu tên cơ quan ban hành ở góc trên bên trái. Hãy ghi tên cơ quan bằng chữ in hoa, đậm."),
    ("number", "Thiếu dòng “Số: …/…” dưới tên cơ quan ban hành. Hãy thêm số và ký hiệu văn bản."),
    ("place", "Thiếu địa danh và thời gian ban hành (“Ngũ Kiên, ngày … tháng … năm …”). Hãy thêm dưới Tiêu ngữ."),
    ("signer", "Thiếu chức vụ của người ký. Hãy thêm quyền hạn, chức vụ bằng chữ in hoa, đậm."),
    ("signer_name", "Thiếu họ tên người ký. Hãy thêm họ tên dưới chữ ký."),
    ("recipients_label", "Thiếu mục “Nơi nhận:”. Hãy thêm ở cuối, bên trái."),
)
ORDER = ("number", "title", "addressees", "base", "body", "signer", "annex")
CREED = "Độc lập - Tự do - Hạnh phúc"
NUMBER = re.compile(r"^Số: (\d+|[.…_]+|)\s?(?:/([\wĐđ]+(?:-[\wĐđ]+)*))?$")
RANKS = re.compile(r"^(ths|ts|gs|pgs|bs|ks|cn|đ/c|đồng chí|ông|bà|thạc sĩ|tiến sĩ)\b\.?", re.I)
LETTERS = re.compile(r"^[A-ZĐ]{2,12}(?:-[A-ZĐ]{1,12}){0,3}$", re.I)


def wording(case: Case) -> Iterator[Fault]:
    yield from _needed(case)
    yield from _order(case)
    for part, rule in (("creed", _creed), ("number", _number), ("place", _place), ("signer_name", _name)):
        piece = case.found.first(part)
        if piece is not None:
            yield from rule(piece, case)
    yield from _kind_parts(case)
    yield from _authority(case)
    yield from _lists(case)
    yield from _annexes(case)


def _needed(case: Case) -> Iterator[Fault]:
    kind, found = case.found.kind, case.found
    skipped = set()
    if kind is not None and kind.is_copy:
        skipped |= {"nation", "creed"}
    if kind is not None and not kind.numbered:
        skipped |= {"number"}
    if kind is not None and not kind.recipients:
        skipped |= {"recipients_label"}
    for part, sentence in NEEDED:
        if part not in skipped and not found[part]:
            yield Fault(f"{part}-missing", sentence)


def _order(case: Case) -> Iterator[Fault]:
    if case.found.kind is not None and case.found.kind.is_copy:
        return
    at = case.found.at
    here = [part for part in ORDER if part in at]
    for before, after in pairwise(here):
        if at[before] > at[after]:
            said = case.found[before][0]
            yield fault_at("order", "Phần này đứng sai thứ tự. Hãy sắp lại các phần theo đúng mẫu trình bày.", [said])
    if {"nation", "creed"} <= set(at) and at["nation"] > at["creed"]:
        yield fault_at("order", "Quốc hiệu phải đứng trên Tiêu ngữ. Hãy đổi lại thứ tự.", case.found["creed"])


def _creed(piece: Piece, _: Case) -> Iterator[Fault]:
    if piece.text != CREED:
        sentence = f"Tiêu ngữ phải viết đúng “{CREED}”: gạch nối, có cách chữ hai bên, viết hoa chữ đầu. Hãy sửa lại."
        yield fault_at("creed-text", sentence, [piece])


def _number(piece: Piece, case: Case) -> Iterator[Fault]:
    text = piece.text
    tail = text.split("/", 1)[1] if "/" in text else ""
    if re.search(r"\s[/-]|[/-]\s", re.sub(r"^Số:\s*/", "Số:/", text)) or re.search(r"[–—]", text):
        sentence = "Số, dấu gạch chéo, gạch nối ngắn (-) và chữ viết tắt phải viết liền, không cách. Hãy gõ liền."
        yield fault_at("number-spaces", sentence, [piece])
    elif not NUMBER.match(text):
        yield fault_at(
            "number-form", "Dòng số phải viết “Số: 07/QĐ-UBND” (có dấu hai chấm sau chữ “Số”). Hãy sửa lại.", [piece]
        )
    digits = re.search(r"(?<![\w/])\d+", text)
    if digits and len(digits[0]) == 1:
        yield fault_at(
            "number-zero", f"Số nhỏ hơn 10 phải thêm số 0 phía trước: viết 0{digits[0]}. Hãy sửa lại.", [piece]
        )
    tail = re.sub(r"\s", "", tail)
    if tail and case.found.kind is not None:
        yield from _symbol(tail, case.found.kind, piece)


def _symbol(tail: str, kind: Kind, piece: Piece) -> Iterator[Fault]:
    """`QĐ-UBND` begins with the letters of the kind; the symbol of a letter begins with those of the agency."""
    first = re.split(r"[-–/]", tail)[0]
    if kind.named and first != kind.abbreviation:
        sentence = f"Ký hiệu của {kind.title.lower()} phải bắt đầu bằng “{kind.abbreviation}-”. Hãy sửa lại ký hiệu."
        yield fault_at("symbol-kind", sentence, [piece])
    elif not kind.named and kind.numbered and not LETTERS.match(tail):
        yield fault_at(
            "symbol-kind", "Ký hiệu công văn gồm chữ viết tắt của cơ quan và đơn vị, như “UBND-VP”.", [piece]
        )


def _place(piece: Piece, _: Case) -> Iterator[Fault]:
    match = PLACE.match(piece.text)
    if match is None:
        return
    name, day, month, _year = match.groups()
    if not name.strip():
        yield fault_at("place-name", "Thiếu địa danh trước ngày tháng. Hãy ghi tên xã, phường.", [piece])
    elif f"{name}," not in piece.text:
        yield fault_at("place-comma", "Sau địa danh phải có dấu phẩy. Hãy thêm dấu phẩy.", [piece])
    if day.isdecimal() and len(day) == 1:
        yield fault_at("day-zero", f"Ngày nhỏ hơn 10 phải thêm số 0 phía trước: viết 0{day}. Hãy sửa lại.", [piece])
    if month in {"1", "2"}:
        yield fault_at(
            "month-zero", f"Tháng 1, tháng 2 phải thêm số 0 phía trước: viết 0{month}. Hãy sửa lại.", [piece]
        )
    if month.isdecimal() and len(month) == 2 and month.startswith("0") and int(month) > 2:
        yield fault_at(
            "month-zero", f"Từ tháng 3 trở đi không thêm số 0: viết {int(month)}. Hãy sửa lại.", [piece], "should"
        )


def _name(piece: Piece, _: Case) -> Iterator[Fault]:
    if RANKS.match(piece.text):
        yield fault_at(
            "signer_name-rank", "Trước họ tên người ký không ghi học hàm, học vị, danh xưng. Hãy bỏ đi.", [piece]
        )


def _kind_parts(case: Case) -> Iterator[Fault]:
    kind, found = case.found.kind, case.found
    if kind is None:
        yield Fault(
            "kind-unknown",
            "Không nhận ra loại văn bản. Công văn cần “V/v …” dưới số; loại khác cần tên loại ở giữa dòng. Hãy thêm.",
        )
        return
    if kind.named and not kind.is_copy and kind.numbered and not found["title"]:
        yield Fault("title-missing", f"Thiếu tên loại “{kind.heading}” ở giữa dòng. Hãy thêm tên loại văn bản.")
    if not kind.named and kind.numbered and not found["letter_subject"]:
        yield Fault(
            "letter_subject-missing", "Công văn phải có trích yếu “V/v …” dưới số và ký hiệu. Hãy thêm trích yếu."
        )
    if kind.named and kind.numbered and not kind.is_copy and found["title"] and not found["subject"]:
        yield Fault(
            "subject-missing",
            f"Thiếu trích yếu nội dung dưới tên loại “{kind.heading}”. Hãy thêm trích yếu.",
            severity="should",
        )
    if kind.addressees == "required" and not found["addressees"]:
        yield Fault("addressees-missing", f"{kind.title} phải có phần “Kính gửi”. Hãy thêm nơi nhận văn bản.")
    if kind.bases == "required" and not found["base"]:
        yield Fault("base-missing", f"{kind.title} phải có căn cứ ban hành. Hãy thêm các dòng “Căn cứ …”.")
    if kind.body == "articles" and not found["article"]:
        yield Fault(
            "article-missing",
            f"Nội dung {kind.title.lower()} phải trình bày theo điều. Hãy chia thành “Điều 1.”, “Điều 2.”.",
        )
    if kind.is_copy and not found["form"]:
        yield Fault("form-missing", f"Thiếu hình thức sao “{kind.form}”. Hãy thêm hình thức sao.")


def _authority(case: Case) -> Iterator[Fault]:
    for piece in case.found["signer"]:
        match = AUTHORITY.match(piece.text)
        if match and not piece.text.startswith(f"{match[1]}. "):
            sentence = f"Viết tắt quyền hạn phải có dấu chấm và cách chữ: “{match[1]}. …”. Hãy sửa lại."
            yield fault_at("signer-authority", sentence, [piece])


def _lists(case: Case) -> Iterator[Fault]:
    found = case.found
    lines = found["recipients"]
    label = found.first("recipients_label")
    if label is not None and label.text != "Nơi nhận:":
        yield fault_at("recipients_label-text", "Phải viết “Nơi nhận:” (có dấu hai chấm). Hãy sửa lại.", [label])
    if label is not None and not lines:
        yield fault_at(
            "recipients-dash", "Mỗi nơi nhận đứng một dòng, bắt đầu bằng “- ”. Hãy trình bày lại.", [label], "should"
        )
    if lines and not fold(lines[-1].text).startswith("- luu"):
        yield fault_at(
            "recipients-filed", "Dòng cuối của nơi nhận phải là “- Lưu: VT, …”. Hãy thêm dòng lưu.", lines[-1:]
        )
    if lines and not found["recipients_more"]:
        yield from _ends("recipients-ends", "nơi nhận", lines)
    if found["base"]:
        yield from _ends("base-ends", "căn cứ", found["base"])


def _ends(code: str, what: str, lines: list[Piece]) -> Iterator[Fault]:
    wrong = [one for one in lines[:-1] if not one.text.endswith(";")]
    wrong += [one for one in lines[-1:] if not one.text.endswith((".", ";") if what == "căn cứ" else ".")]
    if wrong:
        sentence = f"Cuối mỗi dòng {what} phải có dấu chấm phẩy, dòng cuối có dấu chấm. Hãy thêm dấu."
        yield fault_at(code, sentence, wrong, "should")


def _annexes(case: Case) -> Iterator[Fault]:
    annexes, references = case.found["annex"], case.found["reference"]
    if len(references) < len(annexes):
        sentence = "Mỗi phụ lục phải có dòng “(Kèm theo … số … ngày … của …)” dưới tên phụ lục. Hãy thêm dòng này."
        yield fault_at("reference-missing", sentence, annexes[len(references) :])
