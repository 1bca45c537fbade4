"""Reads content files. A wrong file is answered with its name, the line and a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from xaso.kit.declared import ContentError, read
from xaso.modules.procedures.definitions.schema import ImportDefaults, LifeEvent, LifeEvents, ProcedureDefinition

LIFE_EVENTS = "life-events.yaml"
DEFAULTS = "import-defaults.yaml"


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
                definition = read(file, name, ProcedureDefinition)
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
            found = read(file, f"procedures/{LIFE_EVENTS}", LifeEvents).life_events
    return list(found)


def read_defaults(folders: Iterable[Path]) -> ImportDefaults:
    """What an imported procedure gets; the last folder that says it counts."""
    files = [folder / "procedures" / DEFAULTS for folder in folders]
    present = [file for file in files if file.exists()]
    if not present:
        raise ContentError([f"procedures/{DEFAULTS}, dòng 1: thiếu tệp này."])
    return read(present[-1], f"procedures/{DEFAULTS}", ImportDefaults)
