"""Reads content files. A wrong file is answered with its name, the line and a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from xaso.kit.errors import ContentFault
from xaso.modules.procedures.definitions.schema import ImportDefaults, LifeEvent, LifeEvents, ProcedureDefinition

T = TypeVar("T", bound=BaseModel)
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times faster and may be absent

LIFE_EVENTS = "life-events.yaml"
DEFAULTS = "import-defaults.yaml"
_SAYS = {
    "missing": "thiếu mục này",
    "extra_forbidden": "không có mục nào tên như vậy",
    "too_short": "cần ít nhất một dòng",
    "string_too_short": "không được để trống",
    "string_too_long": "dài quá mức cho phép",
    "literal_error": "giá trị không nằm trong danh sách được phép",
    "string_pattern_mismatch": "viết không đúng mẫu",
    "greater_than_equal": "số nhỏ quá mức cho phép",
    "less_than_equal": "số lớn quá mức cho phép",
    "int_type": "phải là số nguyên",
    "string_type": "phải là chữ (đặt trong dấu nháy nếu là số)",
    "date_from_datetime_parsing": "phải là ngày, viết 2025-07-01",
}


class ContentError(ContentFault):
    """A content file is wrong. `problems` are sentences that begin with file and line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Declaration:
    """A declared procedure and the file it came from, as a path inside its content folder."""

    definition: ProcedureDefinition
    file: str


def read_procedures(folders: Iterable[Path]) -> list[Declaration]:
    """Every procedure; a later folder replaces a procedure whole. Raises ContentError with all faults."""
    found: dict[str, Declaration] = {}
    problems: list[str] = []
    for folder in folders:
        here: dict[str, str] = {}
        for file in sorted((folder / "procedures").glob("*/*.yaml")):
            name = file.relative_to(folder).as_posix()
            try:
                definition = _read(file, name, ProcedureDefinition)
            except ContentError as error:
                problems += error.problems
                continue
            if file.stem != definition.code:
                problems.append(f"{name}, dòng 1: tên tệp phải là mã thủ tục {definition.code}.yaml.")
            elif definition.code in here:
                problems.append(f"{name}, dòng 1: mã {definition.code} đã khai trong {here[definition.code]}.")
            else:
                here[definition.code] = name
                found[definition.code] = Declaration(definition, name)
    problems += _unknown_events(found.values(), {event.slug for event in read_life_events(folders)})
    if problems:
        raise ContentError(problems)
    return [found[code] for code in sorted(found)]


def _unknown_events(declared: Iterable[Declaration], known: set[str]) -> list[str]:
    return [
        f"{one.file}, dòng 1: sự kiện {slug} chưa có trong {LIFE_EVENTS}."
        for one in declared
        for slug in one.definition.life_events
        if slug not in known
    ]


def read_life_events(folders: Iterable[Path]) -> list[LifeEvent]:
    """Life events in the order to show them; a later folder replaces the list."""
    found: tuple[LifeEvent, ...] = ()
    for folder in folders:
        file = folder / "procedures" / LIFE_EVENTS
        if file.exists():
            found = _read(file, f"procedures/{LIFE_EVENTS}", LifeEvents).life_events
    return list(found)


def read_defaults(folders: Iterable[Path]) -> ImportDefaults:
    """What an imported procedure gets; the last folder that says it counts."""
    files = [folder / "procedures" / DEFAULTS for folder in folders]
    present = [file for file in files if file.exists()]
    if not present:
        raise ContentError([f"procedures/{DEFAULTS}, dòng 1: thiếu tệp này."])
    return _read(present[-1], f"procedures/{DEFAULTS}", ImportDefaults)


def _read(file: Path, name: str, schema: type[T]) -> T:
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ContentError([f"{name}, dòng 1: tệp phải lưu bằng mã UTF-8."]) from error
    try:
        loader = _Loader(text)
        tree = loader.get_single_node()
        data = loader.construct_document(tree) if tree is not None else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise ContentError([f"{name}, dòng {line}: không đọc được YAML ({getattr(error, 'problem', '')})."]) from error
    try:
        return schema.model_validate(data)
    except ValidationError as error:
        faults = [fault for fault in error.errors() if not _follows(fault, error.errors())]
        raise ContentError([f"{name}, dòng {_line(tree, f['loc'])}: {_sentence(f)}" for f in faults]) from error


def _follows(fault: Any, faults: list[Any]) -> bool:
    """A list "without a valid item" only repeats the fault of its item."""
    own = fault["loc"]
    return fault["type"] == "too_short" and any(
        f["loc"][: len(own)] == own and len(f["loc"]) > len(own) for f in faults
    )


def _line(node: Any, where: tuple[Any, ...]) -> int:
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
