"""The small markup of articles: headings, lists, links. Pure.

A line that begins with `## ` is a heading, with `- ` or `1. ` a point of a list; an empty line ends a paragraph;
`[chữ](https://…)` and a bare https:// address are links. Everything else is text, shown as it was typed: there is no
HTML, so there is nothing to clean.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\(([^()\s]{1,500})\)|(https?://[^\s<>\"“”()\[\]]{3,500})")
_TRIED = re.compile(r"\[([^\[\]\n]{1,200})\]\(([^\n)]{0,500})\)")
_NUMBERED = re.compile(r"\d{1,3}[.)]\s+")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>|<!--")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")
_NAMED_HOST = re.compile(r"(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,})\b", re.IGNORECASE)
_SPELLED_HOST = re.compile(r"://([^/\s:?#]+)")
_TRAILING = ".,;:!?"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a line; with a `url` they are a link."""

    text: str
    url: str = ""


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """`kind`: paragraph, heading, points or numbers. `lines`: of a paragraph its lines, of a list its points."""

    kind: str
    lines: tuple[Line, ...]


def blocks(text: str) -> tuple[Block, ...]:
    found: list[tuple[str, list[str]]] = []
    fresh = True
    for raw in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        line = raw.strip()
        if not line:
            fresh = True
            continue
        kind, words = _kind_of(line)
        joins = found and found[-1][0] == kind and kind != "heading" and not (fresh and kind == "paragraph")
        if joins:
            found[-1][1].append(words)
        else:
            found.append((kind, [words]))
        fresh = False
    return tuple(Block(kind, tuple(map(pieces, lines))) for kind, lines in found)


def _kind_of(line: str) -> tuple[str, str]:
    if line.startswith(("## ", "# ", "### ")):
        return "heading", line.lstrip("#").strip()
    if line.startswith(("- ", "* ", "• ")):
        return "points", line[2:].strip()
    if found := _NUMBERED.match(line):
        return "numbers", line[found.end() :].strip()
    return "paragraph", line


def pieces(line: str) -> Line:
    made: list[Piece] = []
    shown = 0
    for found in _LINK.finditer(line):
        label, url, bare = found.groups()
        end = found.end()
        if bare:
            label = url = bare.rstrip(_TRAILING)
            end -= len(bare) - len(bare.rstrip(_TRAILING))
        if link_fault(label, url):
            continue
        if found.start() > shown:
            made.append(Piece(line[shown : found.start()]))
        made.append(Piece(label, url))
        shown = end
    if shown < len(line):
        made.append(Piece(line[shown:]))
    return tuple(made)


def plain_text(text: str) -> str:
    """The words alone, for a search or a summary."""
    return " ".join(piece.text for block in blocks(text) for line in block.lines for piece in line)


def fault_of(text: str) -> str:
    """Why a text is not taken, as a sentence, or empty."""
    if found := _TAG.search(text):
        return f"Nội dung chỉ nhận chữ thường, không nhận mã HTML như “{found.group()[:40]}”. Hãy xoá mã đó."
    for label, url in _TRIED.findall(text):
        if why := link_fault(label, url.strip()):
            return why
    for found in _LINK.finditer(text):
        if (bare := found.group(3)) and (why := link_fault(bare, bare.rstrip(_TRAILING))):
            return why
    return ""


def link_fault(label: str, url: str) -> str:
    """Why a link is not shown as one, as a sentence, or empty. Only plain web addresses and pages of ours are links."""
    shown = url[:60]
    if any(c.isspace() or c == "\\" or unicodedata.category(c)[0] == "C" for c in url):
        return f"Đường dẫn “{shown}” có ký tự ẩn hoặc khoảng trắng. Hãy chép lại đường dẫn từ thanh địa chỉ."
    if url.startswith("/") and not url.startswith("//"):
        return ""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return f"Đường dẫn “{shown}” không đúng. Hãy chép lại đường dẫn từ thanh địa chỉ."
    if parts.scheme not in {"http", "https"}:
        return f"Đường dẫn “{shown}” không phải trang web. Chỉ nhận đường dẫn bắt đầu bằng https:// hoặc http://."
    if "@" in parts.netloc or port not in {None, 80, 443} or not _HOST.fullmatch(host) or "xn--" in host:
        return f"Đường dẫn “{shown}” có tên miền không rõ ràng. Hãy dùng đường dẫn với tên miền thường của cơ quan."
    named = _NAMED_HOST.fullmatch(label.strip().split("/")[0]) if "://" not in label else None
    if named and not _same(named.group(1).lower(), host):
        return (
            f"Chữ của đường dẫn ghi “{named.group(1)[:60]}” nhưng mở ra “{host[:60]}”. Hãy ghi chữ đúng với nơi mở ra."
        )
    spelled = _SPELLED_HOST.search(label)
    if spelled and not _same(spelled.group(1).lower(), host):
        return f"Chữ của đường dẫn không đúng với nơi mở ra “{host[:60]}”. Hãy ghi chữ khác, ví dụ tên trang."
    return ""


def _same(named: str, host: str) -> bool:
    return named.removeprefix("www.") == host.removeprefix("www.")
