"""Plain text, as a clerk types or pastes it, becomes the blocks of a sheet. Nothing typed is lost. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from xaso.kit.errors import Refused
from xaso.kit.fold import fold
from xaso.modules.layouts.sheets import CENTRED, Annex, Block, BlockStyle, Sheet

MAX_LETTERS = 400_000
MAX_LINES = 20_000
LONGEST_TITLE = 160
MANY_COLUMNS = 7

_ROMAN = r"[IVXLC]+"
_PATTERNS: tuple[tuple[BlockStyle, re.Pattern[str]], ...] = (
    ("part", re.compile(rf"^(phần\s+(?:thứ\s+\w+|{_ROMAN}|\d+))(?!\w)\s*[.:]?\s*(.*)$", re.I)),
    ("chapter", re.compile(rf"^(chương\s+(?:{_ROMAN}|\d+))(?!\w)\s*[.:]?\s*(.*)$", re.I)),
    ("section", re.compile(r"^(mục\s+\d+)(?!\w)\s*[.:]?\s*(.*)$", re.I)),
    ("article", re.compile(r"^(điều\s+\d+[a-zđ]?)\s*[.:]\s*(.*)$", re.I)),
    ("heading", re.compile(rf"^({_ROMAN})\s*[.)]\s+(.*)$")),
    ("clause", re.compile(r"^(\d{1,3}(?:\.\d{1,3}){0,3})[.)]\s+(.*)$")),
    ("point", re.compile(r"^([a-zđ]{1,2})\)\s*(.*)$")),
)
_BASE = re.compile(r"^(căn cứ|theo đề nghị|xét đề nghị|xét tờ trình|thực hiện|trên cơ sở)\b", re.I)
_ANNEX = re.compile(rf"^phụ lục(?:\s+({_ROMAN}|\d+)(?!\w))?\s*(\(ngang\))?\s*[.:]?\s*(.*)$", re.I)
_ENACTS = re.compile(r"^quyết\s+(định|nghị)\s*:?$", re.I)
_DEPTH: dict[BlockStyle, int] = {"article": 1, "clause": 2}
_RULED = re.compile(r"^[\s|:+-]+$")
_TOO_LONG = "Văn bản quá dài để soạn thành một tờ. Hãy chuyển phần dài thành tệp đính kèm hoặc tách thành phụ lục."


@dataclass(slots=True)
class _Part:
    """The body or an annex while it is read."""

    label: str = ""
    title: str = ""
    is_landscape: bool = False
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class _Reading:
    """What has been read so far; the first part is the body, the others are annexes."""

    bases: list[str] = field(default_factory=list)
    parts: list[_Part] = field(default_factory=lambda: [_Part()])
    wants_title: bool = False
    """A chapter or an annex was named and its title may be on the next line."""

    @property
    def last(self) -> _Part:
        return self.parts[-1]

    @property
    def is_at_the_start(self) -> bool:
        return len(self.parts) == 1 and not self.last.blocks

    def add(self, block: Block) -> None:
        self.last.blocks.append(block)
        self.wants_title = block.style in CENTRED and not block.text


def sheet_from(text: str, **head: Any) -> Sheet:
    """The sheet of a typed text. `head`: the other fields of Sheet; bases given there are kept before the typed ones.

    Raises Refused when the text is far longer than any document.
    """
    read = _read(text)
    given = tuple(head.pop("bases", ()))
    more = tuple(head.pop("annexes", ()))
    body, *annexes = read.parts
    return Sheet(
        body=_closed(body.blocks),
        bases=given + tuple(read.bases),
        annexes=(*(_annex(one) for one in annexes), *more),
        **_tidied(head),
    )


def _annex(part: _Part) -> Annex:
    return Annex(part.label, part.title, _closed(part.blocks), part.is_landscape or _is_wide(part.blocks))


def _tidied(head: dict[str, Any]) -> dict[str, Any]:
    """One line each, in one spelling."""
    return {name: _plain(value) if isinstance(value, str) else value for name, value in head.items()}


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _read(text: str) -> _Reading:
    if len(text) > MAX_LETTERS or text.count("\n") > MAX_LINES:
        raise Refused(_TOO_LONG)
    read = _Reading()
    rows: list[str] = []
    for line in unicodedata.normalize("NFC", text).replace("\r", "\n").splitlines():
        if _is_row(line):
            rows.append(line)
            continue
        _take_table(read, rows)
        rows = []
        if words := _plain(line):
            _take_line(read, words)
    _take_table(read, rows)
    return read


def _is_row(line: str) -> bool:
    """`a | b`; a single bar at one end is only a bar."""
    words = line.strip()
    return "|" in words.strip("|") or (len(words) > 1 and words.startswith("|") and words.endswith("|"))


def _take_table(read: _Reading, lines: list[str]) -> None:
    rows = [[_plain(cell) for cell in line.strip().strip("|").split("|")] for line in lines if not _RULED.match(line)]
    if rows:
        width = max(len(row) for row in rows)
        read.add(Block("table", rows=tuple((*row, *[""] * (width - len(row))) for row in rows)))


def _take_line(read: _Reading, line: str) -> None:
    if _takes_title(read, line) or _opens_annex(read, line):
        return
    if read.is_at_the_start and _BASE.match(line) and line.endswith((";", ".", ",")):
        read.bases.append(line)
        return
    is_enacting = read.is_at_the_start and _ENACTS.match(line)
    block = _block(line)
    if len(read.bases) == 1 and read.is_at_the_start and not (is_enacting or _is_a_list_of_one(read.bases[0], block)):
        read.add(Block("paragraph", read.bases.pop()))
    if not is_enacting:  # the layout writes "QUYẾT ĐỊNH:" itself
        read.add(block)


def _is_a_list_of_one(base: str, following: Block) -> bool:
    """`Căn cứ …` alone before other words opens a letter; before an article it is what the article rests on."""
    return base.endswith(";") or following.style in {"article", "chapter", "part"}


def _opens_annex(read: _Reading, line: str) -> bool:
    match = _ANNEX.match(line)
    if match is None or (read.is_at_the_start and not read.bases) or (match[3] and not match[3].isupper()):
        return False
    label = f"Phụ lục {match[1].upper()}" if match[1] else "Phụ lục"
    read.parts.append(_Part(label, match[3], is_landscape=bool(match[2])))
    read.wants_title = not match[3]
    return True


def _takes_title(read: _Reading, line: str) -> bool:
    """The line after `Chương I` or `Phụ lục I` is its title, unless it begins something of its own."""
    if not read.wants_title or len(line) > LONGEST_TITLE or _block(line).style != "paragraph":
        return False
    read.wants_title = False
    if read.last.blocks:
        read.last.blocks[-1] = replace(read.last.blocks[-1], text=line)
    else:
        read.last.title = line
    return True


def _closed(blocks: list[Block]) -> tuple[Block, ...]:
    """An article or a clause is titled only when something stands below it: `Điều 3.` of a decision says its words."""
    following = [*blocks[1:], Block("article")][: len(blocks)]
    return tuple(
        replace(one, is_title=one.is_title and (one.style not in _DEPTH or _DEPTH[one.style] < _depth(after)))
        for one, after in zip(blocks, following, strict=True)
    )


def _depth(block: Block) -> int:
    return _DEPTH.get(block.style, 0 if block.style in CENTRED or block.style == "heading" else 9)


def _block(line: str) -> Block:
    for style, pattern in _PATTERNS:
        match = pattern.match(line)
        if match is not None and not (style in CENTRED and _is_sentence(match[2])):
            return Block(style, match[2], _label(style, match[1]), _is_title(style, match[2]))
    return Block("paragraph", line)


def _label(style: BlockStyle, mark: str) -> str:
    if style == "point":
        return f"{mark})"
    if style in {"clause", "heading"}:
        return f"{mark}."
    word, _, rest = mark.partition(" ")
    name = word.capitalize()
    return f"{name} {rest.strip()}." if style == "article" else f"{name} {_numeral(rest.strip())}"


def _numeral(text: str) -> str:
    return text.upper() if re.fullmatch(_ROMAN, text, re.I) else text


def _is_sentence(text: str) -> bool:
    """`Mục 2 của Chương I được sửa như sau: …` goes on as a sentence; `Mục 2. HỒ SƠ` names what comes."""
    return bool(text) and (text[0].islower() or text.rstrip().endswith((".", ";", ":")))


def _is_title(style: BlockStyle, text: str) -> bool:
    """A heading without an end mark names what follows; with one it says it."""
    if style in CENTRED or style == "heading":
        return True
    is_short = 0 < len(text) <= LONGEST_TITLE and text.rstrip()[-1] not in ".;:,!?"
    return is_short and style in {"article", "clause"} and not fold(text).startswith(("giao ", "yeu cau ", "de nghi "))


def _is_wide(blocks: Iterable[Block]) -> bool:
    return any(block.rows and len(block.rows[0]) >= MANY_COLUMNS for block in blocks)
