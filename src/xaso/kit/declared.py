"""Reads a declared YAML file into a schema. A wrong file is answered with its name, the line and a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from xaso.kit.errors import ContentFault

T = TypeVar("T", bound=BaseModel)
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times faster and may be absent

_SAYS = {
    "missing": "thiếu mục này",
    "extra_forbidden": "không có mục nào tên như vậy",
    "unexpected_keyword_argument": "không có mục nào tên như vậy",
    "too_short": "cần ít nhất một dòng",
    "string_too_short": "không được để trống",
    "string_too_long": "dài quá mức cho phép",
    "literal_error": "giá trị không nằm trong danh sách được phép",
    "string_pattern_mismatch": "viết không đúng mẫu",
    "greater_than_equal": "số nhỏ quá mức cho phép",
    "less_than_equal": "số lớn quá mức cho phép",
    "int_type": "phải là số nguyên",
    "int_parsing": "phải là số nguyên",
    "bool_type": "phải là true hoặc false",
    "bool_parsing": "phải là true hoặc false",
    "string_type": "phải là chữ (đặt trong dấu nháy nếu là số)",
    "list_type": "phải là một danh sách, mỗi dòng bắt đầu bằng dấu -",
    "dict_type": "phải là các dòng khoá: giá trị",
    "model_type": "phải là các dòng khoá: giá trị",
    "dataclass_type": "phải là các dòng khoá: giá trị",
    "date_type": "phải là ngày, viết 2025-07-01",
    "date_parsing": "phải là ngày, viết 2025-07-01",
    "date_from_datetime_parsing": "phải là ngày, viết 2025-07-01",
}


class ContentError(ContentFault):
    """A content file is wrong. `problems` are sentences that begin with file and line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read(file: Path, name: str, schema: type[T]) -> T:
    """The file in its schema; `name` is what the sentences call it. Raises ContentError with all faults."""
    tree, data = parse(file, name)
    try:
        return schema.model_validate(data)
    except ValidationError as error:
        faults = [fault for fault in error.errors() if not _follows(fault, error.errors())]
        raise ContentError([f"{name}, dòng {line_of(tree, f['loc'])}: {_sentence(f)}" for f in faults]) from error


def parse(file: Path, name: str) -> tuple[Any, Any]:
    """The nodes, which know their lines, and the plain data. Raises ContentError when it is no YAML or a key stands
    twice in one place, of which YAML itself would silently keep the last."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ContentError([f"{name}, dòng 1: tệp phải lưu bằng mã UTF-8."]) from error
    try:
        loader = _Loader(text)
        tree = loader.get_single_node()
        if twice := [f"{name}, dòng {line}: khoá “{key}” viết hai lần." for line, key in _written_twice(tree)]:
            raise ContentError(twice)
        return tree, loader.construct_document(tree) if tree is not None else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise ContentError([f"{name}, dòng {line}: không đọc được YAML ({getattr(error, 'problem', '')})."]) from error


def _written_twice(node: Any) -> Iterator[tuple[int, str]]:
    """(line of the second, key) of every key that stands twice in one mapping."""
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                yield key.start_mark.line + 1, key.value
            seen.add(key.value)
            yield from _written_twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _written_twice(value)


def _follows(fault: Any, faults: list[Any]) -> bool:
    """A list "without a valid item" only repeats the fault of its item."""
    own = fault["loc"]
    return fault["type"] == "too_short" and any(
        f["loc"][: len(own)] == own and len(f["loc"]) > len(own) for f in faults
    )


def line_of(node: Any, where: tuple[Any, ...]) -> int:
    """The line of the deepest node on the way to the fault."""
    line = node.start_mark.line + 1 if node is not None else 1
    for part in where:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == part), None)
            if pair is None:
                break
            key, node = pair
            line = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _sentence(fault: Any) -> str:
    where = ".".join(str(part) for part in fault["loc"])
    said = str(fault["ctx"]["error"]) if fault["type"] == "value_error" else _SAYS.get(fault["type"], fault["msg"])
    allowed = fault.get("ctx", {}).get("expected", "") if fault["type"] == "literal_error" else ""
    return f"{where}: {said}{f' ({allowed})' if allowed else ''}."
