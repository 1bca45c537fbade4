"""XML of strangers as a small tree: local names only, nothing expanded, nothing fetched, limits first. Pure.

Expat and not a tree library: an attachment of 20 MB is one text, which libxml2 refuses unless every limit is lifted.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from xaso.kit.errors import Refused

MOST_BYTES = 64 * 1024 * 1024
MOST_ELEMENTS = 20_000
DEEPEST = 60
CHUNK = 256 * 1024

EMPTY = "Gói văn bản rỗng. Hãy đề nghị nơi gửi gửi lại."
TOO_LARGE = "Gói văn bản nặng quá 64 MB nên không mở. Hãy đề nghị nơi gửi tách tệp kèm theo rồi gửi lại."
HAS_DOCTYPE = (
    "Gói văn bản có khai báo DOCTYPE hoặc thực thể, là cách tấn công thường gặp, nên không mở. "
    "Hãy gọi nơi gửi để xác minh."
)
TOO_DEEP = "Gói văn bản có cấu trúc bất thường (quá nhiều phần tử hoặc lồng quá sâu) nên không mở. Hãy gọi nơi gửi."
NOT_XML = "Gói văn bản hỏng: không phải XML đọc được (dòng {line}). Hãy đề nghị nơi gửi gửi lại."
WRONG_LETTERS = "Gói văn bản dùng bảng mã “{encoding}” không đọc được. Hãy đề nghị nơi gửi dùng UTF-8."

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")


class Unreadable(Refused):
    """Content of a stranger that cannot be opened; the sentence says why and what to do."""


@dataclass(slots=True)
class Node:
    """An element by its local name. `texts` are put together only when asked: attachments are long."""

    name: str
    attributes: dict[str, str]
    children: list[Node] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def all(self, name: str) -> list[Node]:
        """The children of that name, whatever its capitals."""
        return [child for child in self.children if child.name.lower() == name.lower()]

    def first(self, *path: str) -> Node | None:
        node: Node | None = self
        for name in path:
            node = next(iter(node.all(name)), None) if node else None
        return node

    def said(self, *path: str) -> str:
        """The text at a path, trimmed; empty when anything on the way is missing."""
        node = self.first(*path)
        return node.text.strip() if node else ""

    def walk(self) -> Iterator[Node]:
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.children)

    def find(self, name: str) -> Node | None:
        """The first element of that name, at any depth."""
        return next((node for node in self.walk() if node.name.lower() == name.lower()), None)


def tree_of(raw: bytes) -> Node:
    """Raises Unreadable with a sentence for everything that is not a harmless XML document."""
    if not raw.strip():
        raise Unreadable(EMPTY)
    if len(raw) > MOST_BYTES:
        raise Unreadable(TOO_LARGE)
    builder = _Builder()
    parser = builder.parser()
    raw = _in_utf8(raw)
    try:
        for start in range(0, len(raw), CHUNK):
            parser.Parse(raw[start : start + CHUNK], False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Unreadable(NOT_XML.format(line=error.lineno)) from error
    if builder.root is None:
        raise Unreadable(NOT_XML.format(line=1))
    return builder.root


def _in_utf8(raw: bytes) -> bytes:
    """Expat knows four encodings; older software writes others. What Python knows is turned into UTF-8 first."""
    found = _DECLARED.match(raw[:200])
    if found is None:
        return raw
    encoding = found[1].decode("ascii")
    try:
        name = codecs.lookup(encoding).name
    except LookupError as error:
        raise Unreadable(WRONG_LETTERS.format(encoding=encoding)) from error
    if name in {"utf-8", "ascii", "iso8859-1", "utf-16", "utf-16-le", "utf-16-be"}:
        # A declaration of UTF-16 read here byte by byte is a lie: the text is UTF-8 or nothing.
        return raw.replace(found[1], b"utf-8", 1) if name.startswith("utf-16") else raw
    try:
        text = raw.decode(name)
    except (UnicodeError, LookupError, AssertionError) as error:
        raise Unreadable(WRONG_LETTERS.format(encoding=encoding)) from error
    return text.replace(encoding, "utf-8", 1).encode("utf-8", "replace")


class _Builder:
    def __init__(self) -> None:
        self.root: Node | None = None
        self.open: list[Node] = []
        self.elements = 0

    def parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.read
        parser.StartDoctypeDeclHandler = self.refuse
        parser.EntityDeclHandler = self.refuse
        parser.ExternalEntityRefHandler = self.refuse
        return parser

    def refuse(self, *_: object) -> int:
        raise Unreadable(HAS_DOCTYPE)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MOST_ELEMENTS or len(self.open) >= DEEPEST:
            raise Unreadable(TOO_DEEP)
        node = Node(_local(name), {_local(key): value for key, value in attributes.items()})
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.root = node
        self.open.append(node)

    def end(self, name: str) -> None:
        del name
        self.open.pop()

    def read(self, text: str) -> None:
        self.open[-1].texts.append(text)


def _local(name: str) -> str:
    """Prefixes and namespaces differ between the programs of senders; what an element is called does not."""
    return name.rpartition(":")[2]
