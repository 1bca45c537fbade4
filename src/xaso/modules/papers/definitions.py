"""The schema of `content/papers`: what a paper is called, when its form is valid and which fields it takes.

A wrong file is refused with the file, the line and a sentence, because the person who wrote it may not be a developer.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from xaso.kit.errors import ContentFault

KINDS = ("text", "date", "moment", "int", "money", "flag", "table")
SIZES = ("a4", "a4-ngang", "a5", "80mm")
SHARED = "_shared"
PAPER_KEYS = {
    "code", "version", "title", "form_no", "legal_basis", "valid_from", "valid_to",
    "size", "symbol", "to_verify", "include", "qr", "fields",
}  # fmt: skip
PAPER_NEEDS = ("code", "version", "title", "valid_from", "size", "fields")
FIELD_KEYS = {"name", "label", "kind", "required", "columns"}


class BadContent(ContentFault):
    """A content file that cannot be used: file, line, sentence."""

    def __init__(self, file: Path, line: int, sentence: str) -> None:
        super().__init__(f"{file}:{line}: {sentence}")
        self.file, self.line, self.sentence = file, line, sentence


@dataclass(frozen=True, slots=True)
class PaperField:
    """One blank of the form."""

    name: str
    label: str
    kind: str = "text"
    required: bool = False
    columns: tuple["PaperField", ...] = ()


@dataclass(frozen=True, slots=True)
class PaperEdition:
    """One dated edition of one paper, and the folder that holds its template."""

    folder: Path
    code: str
    version: str
    title: str
    form_no: str
    legal_basis: str
    valid_from: date
    valid_to: date | None
    size: str
    symbol: str
    to_verify: str
    qr: tuple[tuple[str, str], ...]
    fields: tuple[PaperField, ...]

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def digest(self) -> str:
        """Changes when anything that shapes the sheet changes: its own files and the shared ones."""
        total = hashlib.sha256()
        for folder in (self.folder, self.folder.parent.parent / SHARED):
            for file in sorted(path for path in folder.rglob("*") if path.is_file()):
                total.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
        return total.hexdigest()


@cache
def load_edition(folder: Path) -> PaperEdition:
    """Read and check `paper.yaml` of one edition folder."""
    source = _Source(folder / "paper.yaml")
    top = source.mapping(source.root, PAPER_KEYS, PAPER_NEEDS, "Tờ giấy")
    blanks = (*_included(folder, source, top), *_fields(source, top["fields"]))
    _refuse_twins(source, blanks)
    edition = PaperEdition(
        folder=folder,
        code=source.text(top["code"]),
        version=source.text(top["version"]),
        title=source.text(top["title"]),
        form_no=source.text(top.get("form_no")),
        legal_basis=source.text(top.get("legal_basis")),
        valid_from=source.day(top["valid_from"]),
        valid_to=source.day(top["valid_to"]) if "valid_to" in top else None,
        size=source.one_of(top["size"], SIZES),
        symbol=source.text(top.get("symbol")),
        to_verify=source.text(top.get("to_verify")),
        qr=_qr(source, top, blanks),
        fields=blanks,
    )
    _check_place(source, top, edition)
    return edition


def editions_in(papers: Path) -> list[PaperEdition]:
    """Every edition below one `papers/` folder."""
    files = sorted(papers.glob("*/*/paper.yaml"))
    return [load_edition(file.parent) for file in files if file.parent.parent.name != SHARED]


class _Source:
    """One YAML file, read as nodes so that every complaint can name its line."""

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
        except FileNotFoundError as missing:
            raise BadContent(file, 1, "Thư mục mẫu giấy phải có tệp paper.yaml.") from missing
        except UnicodeDecodeError as wrong:
            raise BadContent(file, 1, "Tệp phải lưu bằng mã UTF-8.") from wrong
        except yaml.YAMLError as broken:
            mark = getattr(broken, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            raise BadContent(file, line, f"Tệp YAML viết sai: {getattr(broken, 'problem', broken)}.") from broken
        if root is None:
            raise BadContent(file, 1, "Tệp còn trống.")
        self.root: Any = root

    def bad(self, node: Any, sentence: str) -> BadContent:
        return BadContent(self.file, node.start_mark.line + 1, sentence)

    def mapping(self, node: Any, known: set[str] | None, needed: tuple[str, ...], what: str) -> dict[str, Any]:
        if not isinstance(node, yaml.MappingNode):
            raise self.bad(node, f"{what} phải là các dòng “khóa: giá trị”.")
        found: dict[str, Any] = {}
        for key, value in node.value:
            if known is not None and key.value not in known:
                raise self.bad(
                    key, f"{what} không có mục “{key.value}”. Các mục dùng được: {', '.join(sorted(known))}."
                )
            if key.value in found:
                raise self.bad(key, f"Mục “{key.value}” bị ghi hai lần.")
            found[key.value] = value
        for key in needed:
            if key not in found:
                raise self.bad(node, f"{what} còn thiếu mục “{key}”.")
        return found

    def items(self, node: Any, what: str) -> list[Any]:
        if not isinstance(node, yaml.SequenceNode):
            raise self.bad(node, f"{what} phải là một danh sách, mỗi dòng bắt đầu bằng dấu “-”.")
        return list(node.value)

    def text(self, node: Any) -> str:
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode):
            raise self.bad(node, "Ở đây phải là một dòng chữ.")
        return str(node.value).strip()

    def flag(self, node: Any) -> bool:
        return self.one_of(node, ("true", "false")) == "true"

    def day(self, node: Any) -> date:
        try:
            return date.fromisoformat(self.text(node))
        except ValueError as wrong:
            raise self.bad(node, "Ngày phải viết theo dạng năm-tháng-ngày, ví dụ 2025-09-15.") from wrong

    def one_of(self, node: Any, choices: tuple[str, ...]) -> str:
        value = self.text(node)
        if value not in choices:
            raise self.bad(node, f"“{value}” không dùng được; chọn một trong: {', '.join(choices)}.")
        return value


def _fields(source: _Source, node: Any) -> tuple[PaperField, ...]:
    return tuple(_field(source, item) for item in source.items(node, "Danh sách trường"))


def _field(source: _Source, node: Any) -> PaperField:
    keys = source.mapping(node, FIELD_KEYS, ("name", "label"), "Trường")
    kind = source.one_of(keys["kind"], KINDS) if "kind" in keys else "text"
    if (kind == "table") != ("columns" in keys):
        raise source.bad(node, "Trường kiểu table phải có mục columns, và chỉ kiểu này mới có.")
    return PaperField(
        name=source.text(keys["name"]),
        label=source.text(keys["label"]),
        kind=kind,
        required=source.flag(keys["required"]) if "required" in keys else False,
        columns=_fields(source, keys["columns"]) if "columns" in keys else (),
    )


def _included(folder: Path, source: _Source, top: dict[str, Any]) -> tuple[PaperField, ...]:
    """Blanks that many papers share live once, in `_shared/fields.yaml`."""
    if "include" not in top:
        return ()
    shared = _Source(folder.parent.parent / SHARED / "fields.yaml")
    groups = shared.mapping(shared.root, None, (), "Nhóm trường")
    found: list[PaperField] = []
    for node in source.items(top["include"], "Mục include"):
        name = source.text(node)
        if name not in groups:
            raise source.bad(node, f"Không có nhóm trường “{name}” trong {SHARED}/fields.yaml.")
        found.extend(_fields(shared, groups[name]))
    return tuple(found)


def _refuse_twins(source: _Source, blanks: tuple[PaperField, ...]) -> None:
    names = [blank.name for blank in blanks]
    for name in names:
        if names.count(name) > 1:
            raise source.bad(source.root, f"Trường “{name}” bị khai báo hai lần.")


def _qr(source: _Source, top: dict[str, Any], blanks: tuple[PaperField, ...]) -> tuple[tuple[str, str], ...]:
    if "qr" not in top:
        return ()
    known = {blank.name for blank in blanks if blank.kind == "text"}
    found = []
    for name, node in source.mapping(top["qr"], None, (), "Mục qr").items():
        if source.text(node) not in known:
            raise source.bad(node, f"Mã QR “{name}” chỉ tới trường “{node.value}” không có trong mẫu.")
        found.append((name, source.text(node)))
    return tuple(found)


def _check_place(source: _Source, top: dict[str, Any], edition: PaperEdition) -> None:
    if (edition.folder.parent.name, edition.folder.name) != (edition.code, edition.version):
        raise source.bad(top["code"], f"Mẫu này phải nằm trong thư mục {edition.code}/{edition.version}.")
    if edition.valid_to is not None and edition.valid_to < edition.valid_from:
        raise source.bad(top["valid_to"], "Ngày hết hiệu lực đứng trước ngày có hiệu lực.")
    if not (edition.folder / "template.typ").is_file():
        raise source.bad(top["code"], "Thư mục mẫu giấy còn thiếu tệp template.typ.")
