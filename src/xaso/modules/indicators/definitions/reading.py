"""Reads content files. A wrong file is answered with its name, the line and a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xaso.kit.declared import ContentError, line_of, parse, read
from xaso.modules.indicators.definitions.sets import Component, SetDefinition

FOLDER = "indicators"
AMOUNTS = frozenset({"count", "money"})
FITS: Mapping[str, frozenset[str]] = {
    "count": AMOUNTS,
    "number": AMOUNTS | {"percent", "ratio", "rank"},
    "percent": frozenset({"percent"}),
    "yes_no": frozenset({"yes_no"}),
    "label": frozenset({"label"}),
    "date": frozenset({"date"}),
}
WANTED = {
    "count": "một số lượng",
    "number": "một con số",
    "percent": "một tỷ lệ phần trăm",
    "yes_no": "câu trả lời có hoặc không",
    "label": "một lựa chọn",
    "date": "một ngày",
}


@dataclass(frozen=True, slots=True)
class Declaration:
    """A declared set and the file it came from, as a path inside its content folder."""

    definition: SetDefinition
    file: str


def read_sets(folders: Iterable[Path], figures: Mapping[str, str]) -> list[Declaration]:
    """Every set; a later folder replaces a set whole. `figures`: key → type. Raises ContentError with all faults."""
    found: dict[str, Declaration] = {}
    problems: list[str] = []
    for folder in folders:
        for file in sorted((folder / FOLDER).glob("*.yaml")):
            name = file.relative_to(folder).as_posix()
            try:
                definition = read(file, name, SetDefinition)
            except ContentError as error:
                problems += error.problems
                continue
            if file.stem != definition.code:
                problems.append(f"{name}, dòng 1: tên tệp phải là mã bộ chỉ số {definition.code}.yaml.")
            problems += _wrong_figures(file, name, definition, figures)
            found[definition.code] = Declaration(definition, name)
    if problems:
        raise ContentError(problems)
    return [found[code] for code in sorted(found)]


def _wrong_figures(file: Path, name: str, definition: SetDefinition, figures: Mapping[str, str]) -> Iterator[str]:
    tree: Any = None
    for where, component in _components(definition):
        for path, key, wanted in (*_formula_keys(component), *_other_keys(component)):
            fault = _fault(key, wanted, figures)
            if fault:
                tree = tree or parse(file, name)[0]
                yield f"{name}, dòng {line_of(tree, (*where, *path))}: thành phần {component.code}: {fault}"


def _components(definition: SetDefinition) -> Iterator[tuple[tuple[str | int, ...], Component]]:
    for v, version in enumerate(definition.versions):
        for g, group in enumerate(version.groups):
            for c, component in enumerate(group.components):
                yield ("versions", v, "groups", g, "components", c), component


def _formula_keys(component: Component) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    for where, key, wanted in component.formula.reads():
        yield ("formula", *where), key, wanted


def _other_keys(component: Component) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    if component.applies_when:
        yield ("applies_when",), component.applies_when, "yes_no"
    for lever in component.levers:
        for key in (lever.most, lever.room):
            if isinstance(key, str):
                yield ("lever",), key, "count"


def _fault(key: str, wanted: str, figures: Mapping[str, str]) -> str:
    if key not in figures:
        return f"không có số liệu {key} trong content/figures."
    if wanted != "any" and figures[key] not in FITS[wanted]:
        return f"số liệu {key} là kiểu {figures[key]}, ở đây cần {WANTED[wanted]}."
    return ""
