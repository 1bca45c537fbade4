"""Which part of a document each piece is: by its words and its place, not by its looks, which are what is judged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from xaso.kit.fold import fold
from xaso.modules.layouts.checking.seen import Piece, Seen
from xaso.modules.layouts.definitions import Kind

HEAD = 40
NATION = "cong hoa xa hoi chu nghia viet nam"
CREED = re.compile(r"doc lap\W*tu do\W*hanh phuc")
NUMBER = re.compile(r"^s[ốô]\b\s*[:.;]?\s*[\d\s.…_-]*/?\s*[\w/-]*", re.I)
PLACE = re.compile(
    r"^(?!căn cứ|\(|thực hiện|kính)([^\d.;:()]{0,40}?)[,.]?\s*ngày\s+(\S+)\s+tháng\s+(\S+)\s+năm\s+(\S+?)\.?$", re.I
)
BARE_PLACE = re.compile(r"^[^\d:]{2,40},$")
LETTER_SUBJECT = re.compile(r"^(v/v|về việc)\b", re.I)
GREETING = re.compile(r"^(kính\s+(gửi|mời|thưa|báo)|điện)\s*:?", re.I)
BASE = re.compile(r"^(căn cứ|theo đề nghị|xét đề nghị|xét tờ trình|trên cơ sở|thực hiện)\b", re.I)
RECIPIENTS = re.compile(r"^nơi\s+nhận\b", re.I)
AUTHORITY = re.compile(r"^(TM|KT|TL|TUQ|Q)(?:\s*[.,/:]\s*|\s+)(?=[A-ZĐÀ-Ỹ])")
ANNEX = re.compile(r"^phụ lục(\s+[IVXLC\d]+)?\s*[.:]?$", re.I)
REFERENCE = re.compile(r"^\((kèm theo|ban hành kèm theo)\b", re.I)
ARTICLE = re.compile(r"^điều\s+\d+", re.I)
CENTRED = re.compile(r"^(phần\s+(thứ\s+\w+|[IVXLC\d]+)|chương\s+[IVXLC\d]+|mục\s+\d+)\s*[.:]?$", re.I)
ENACTS = re.compile(r"^quyết\s+(định|nghị)\s*:$", re.I)
FORM = re.compile(r"^(sao y|trích sao|sao lục)$", re.I)


@dataclass(slots=True)
class Found:
    """Part → its pieces, in the order of the file. `at`: where each part begins."""

    parts: dict[str, list[Piece]] = field(default_factory=dict)
    at: dict[str, int] = field(default_factory=dict)
    kind: Kind | None = None

    def __getitem__(self, part: str) -> list[Piece]:
        return self.parts.get(part, [])

    def first(self, part: str) -> Piece | None:
        found = self[part]
        return found[0] if found else None

    def put(self, part: str, at: int, piece: Piece) -> None:
        self.parts.setdefault(part, []).append(piece)
        self.at.setdefault(part, at)


def find(seen: Seen, kinds: Mapping[str, Kind], urgencies: Iterable[str], kind: Kind | None) -> Found:
    """`kind`: as asked; otherwise by the name that stands on the sheet."""
    found = Found(kind=kind)
    pieces = list(seen.pieces)
    taken: set[int] = set()
    _head(pieces, found, taken, {fold(one) for one in urgencies})
    _name(pieces, found, taken, kinds)
    end = _end(pieces, found, taken)
    _body(pieces, found, taken, end)
    return found


def _head(pieces: list[Piece], found: Found, taken: set[int], urgencies: set[str]) -> None:
    # A copy on paper carries its head at the end.
    span = range(len(pieces)) if found.kind is not None and found.kind.is_copy else range(min(HEAD, len(pieces)))
    for at in span:
        piece, part = pieces[at], _head_part(pieces[at], urgencies)
        if part and (part not in found.at or part == "urgency"):
            taken.add(at)
            if (
                part == "number"
                and piece.text == "Số:"
                and at + 1 < len(pieces)
                and pieces[at + 1].text.startswith("/")
            ):
                piece = replace(piece, text=f"Số: {pieces[at + 1].text}")  # the digits are not written yet
                taken.add(at + 1)
            found.put(part, at, piece)
    _agency(pieces, found, taken)


def _head_part(piece: Piece, urgencies: set[str]) -> str:
    text, folded = piece.text, fold(piece.text)
    if NATION in folded:
        return "nation"
    if CREED.search(folded) and len(folded) < 50:
        return "creed"
    if NUMBER.match(text) and ("/" in text or ":" in text) and len(text) < 60 and not piece.in_table:
        return "number"
    if (PLACE.match(text) and len(text) < 110) or (BARE_PLACE.match(text) and piece.column == "right"):
        return "place"
    if folded in urgencies:
        return "urgency"
    if FORM.match(text):
        return "form"
    return ""


def _agency(pieces: list[Piece], found: Found, taken: set[int]) -> None:
    """The names over the number, on the left."""
    number = found.at.get("number", found.at.get("place", 0))
    begin = 0 if "form" not in found.at else max(0, min(found.at["form"], number) - 6)
    names = [
        at for at in range(begin, number)
        if at not in taken and pieces[at].column == "left" and pieces[at].is_caps and not pieces[at].in_table
    ]  # fmt: skip
    firm = next((at for at in names if pieces[at].bold > 0.5), None)
    for at in names:
        found.put("superior" if firm is not None and at < firm else "agency", at, pieces[at])
        taken.add(at)
    for at in range(number, min(number + 10, len(pieces))):
        if at not in taken and LETTER_SUBJECT.match(pieces[at].text) and pieces[at].column == "left":
            found.put("letter_subject", at, pieces[at])
            taken.add(at)
            _goes_on(pieces, found, taken, "letter_subject", at)
            return


def _goes_on(pieces: list[Piece], found: Found, taken: set[int], part: str, at: int) -> None:
    """A PDF gives a narrow paragraph line by line."""
    for more in range(at + 1, min(at + 4, len(pieces))):
        if more in taken:
            continue
        if not pieces[more].page or pieces[more].column != "left" or GREETING.match(pieces[more].text):
            return
        found.put(part, more, pieces[more])
        taken.add(more)


def _name(pieces: list[Piece], found: Found, taken: set[int], kinds: Mapping[str, Kind]) -> None:
    names = {fold(one.heading): one for one in kinds.values() if one.named and not one.is_copy}
    names |= {fold(one.title): one for one in kinds.values() if not one.numbered}
    for at in range(min(HEAD, len(pieces))):
        known = names.get(fold(pieces[at].text).rstrip(":"))
        if at not in taken and known is not None and not ENACTS.match(pieces[at].text) and not pieces[at].in_table:
            found.put("title", at, pieces[at])
            taken.add(at)
            found.kind = found.kind or known
            _subject(pieces, found, taken, at)
            return
    if found.kind is None and "form" in found.at:
        found.kind = next(
            (one for one in kinds.values() if fold(one.form) == fold(pieces[found.at["form"]].text)), None
        )
    if found.kind is None and "letter_subject" in found.at:
        found.kind = next((one for one in kinds.values() if not one.named and one.numbered), None)


def _subject(pieces: list[Piece], found: Found, taken: set[int], title: int) -> None:
    """What stands between the name and the first line of something else."""
    for at in range(title + 1, min(title + 7, len(pieces))):
        piece = pieces[at]
        starts = (BASE, GREETING, ARTICLE, ENACTS, CENTRED)
        begins_body = piece.align == "justify" or re.match(r"^([IVX]+|\d+)[.)]\s", piece.text) or len(piece.text) > 300
        if at in taken or any(one.match(piece.text) for one in starts) or begins_body:
            return
        is_name = piece.is_caps and piece.is_bold
        if piece.align != "center" and not piece.is_bold:
            return
        found.put("enacted" if is_name else "subject", at, piece)
        taken.add(at)


def _end(pieces: list[Piece], found: Found, taken: set[int]) -> int:
    """Signer and recipients. Gives where they begin."""
    annex = next((at for at, one in enumerate(pieces) if ANNEX.match(one.text) and at > 5 and not one.in_table), None)
    last = len(pieces) if annex is None else annex
    marks = [
        at
        for at in range(last)
        if at not in taken and (RECIPIENTS.match(pieces[at].text) or AUTHORITY.match(pieces[at].text))
    ]
    begin = marks[0] if marks else _unmarked_end(pieces, taken, last)
    for at in range(begin, last):
        if at not in taken and not pieces[at].in_table:
            taken.add(at)
            found.put(_end_part(pieces[at], found), at, pieces[at])
    _split_signer(found)
    for at in range(last, len(pieces)):
        part = "annex" if ANNEX.match(pieces[at].text) else "reference" if REFERENCE.match(pieces[at].text) else ""
        if part and not pieces[at].in_table:
            found.put(part, at, pieces[at])
            taken.add(at)
    return begin


def _unmarked_end(pieces: list[Piece], taken: set[int], last: int) -> int:
    """Without `Nơi nhận` and without `TM.`: a bold line in capitals on the right and a bold name after it."""
    for at in range(max(0, last - 6), last):
        one = pieces[at]
        if at not in taken and one.column == "right" and one.is_caps and one.is_bold and len(one.text) < 60:
            return at
    return last


def _end_part(piece: Piece, found: Found) -> str:
    if RECIPIENTS.match(piece.text):
        return "recipients_label"
    if piece.column == "right":
        return "signing"
    if piece.text.startswith(("-", "–", "+")) and "recipients_label" in found.at:
        return "recipients"
    if re.fullmatch(r"[A-ZĐ]{1,8}[.,(]\s?\d{1,4}\)?", piece.text):
        return "drafter"
    return "recipients_more" if "recipients_label" in found.at and piece.column == "left" else "signing"


def _split_signer(found: Found) -> None:
    """The last line that is not in capitals is the name."""
    lines = found.parts.pop("signing", [])
    start = found.at.pop("signing", 0)
    names = [one for one in lines if not one.is_caps and any(c.isalpha() for c in one.text)]
    for one in lines:
        found.put(
            "signer_name" if names and one is names[-1] else "signer" if one.is_caps else "signer_more", start, one
        )


def _body(pieces: list[Piece], found: Found, taken: set[int], end: int) -> None:
    start = max([found.at.get(part, -1) for part in ("number", "place", "letter_subject")], default=-1)
    start = -1 if found.kind is not None and found.kind.is_copy else start
    is_greeting = is_title_next = False
    wants_bases = found.kind is None or found.kind.bases != "none"
    for at, piece in enumerate(pieces):
        if at in taken or at <= start or piece.in_table:
            continue
        if at < end and GREETING.match(piece.text) and "body" not in found.at:
            found.put("addressees", at, piece)
            is_greeting = True
        elif at < end and is_greeting and piece.text.startswith(("-", "–", "+")):
            found.put("addressees", at, piece)
        elif at < end and wants_bases and "body" not in found.at and BASE.match(piece.text) and piece.text[-1] != ":":
            found.put("base", at, piece)
        else:
            is_greeting = False
            part = "centred" if is_title_next and piece.align != "justify" else _body_part(piece)
            is_title_next = part == "centred" and CENTRED.match(piece.text) is not None
            found.put(part if at < end else f"annex_{part}", at, piece)


def _body_part(piece: Piece) -> str:
    if ENACTS.match(piece.text):
        return "enacts"
    if CENTRED.match(piece.text):
        return "centred"
    return "article" if ARTICLE.match(piece.text) and piece.text[:4] in {"Điều", "ĐIỀU", "điều"} else "body"
