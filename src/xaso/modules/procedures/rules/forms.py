"""A form compiled once per version: conditions and checks become plain functions, so a request only runs them."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from xaso.modules.procedures.definitions import FormField, Section, Version
from xaso.modules.procedures.rules.conditions import Answers, Test, at, compile_condition, is_blank
from xaso.modules.procedures.rules.fields import CHECKS, MAX_ROWS, Check, Work
from xaso.modules.procedures.rules.identity import check_personal_id

# Kinds made of parts: what is missing is said part by part.
_EMPTY: dict[str, Any] = {"person": {}, "address": {}, "repeat": []}


@dataclass(frozen=True, slots=True)
class CompiledField:
    spec: FormField
    test: Test | None
    check: Check | None  # None: a note, nothing to answer


@dataclass(frozen=True, slots=True)
class CompiledSection:
    spec: Section
    test: Test | None
    fields: tuple[CompiledField, ...]


@dataclass(frozen=True, slots=True)
class CompiledForm:
    sections: tuple[CompiledSection, ...]
    linked: tuple[FormField, ...]  # fields that must agree with another one

    @property
    def is_empty(self) -> bool:
        return not self.sections


def compile_form(version: Version) -> CompiledForm:
    """Do this once per version and keep it."""
    sections = tuple(
        CompiledSection(s, compile_condition(s.when), tuple(_compile(f) for f in s.fields)) for s in version.form
    )
    fields = (f for s in version.form for f in s.fields)
    return CompiledForm(sections, tuple(f for f in fields if f.birth_field or f.not_before or f.not_after))


def _compile(spec: FormField) -> CompiledField:
    if spec.kind == "note":
        check: Check | None = None
    elif spec.kind == "repeat":
        check = _repeat(spec)
    else:
        check = CHECKS[spec.kind](spec)
    return CompiledField(spec, compile_condition(spec.when), check)


def _repeat(spec: FormField) -> Check:
    inner = tuple(_compile(f) for f in spec.fields)
    most, least = spec.max or MAX_ROWS, spec.min or (1 if spec.required else 0)

    def run(raw: Any, path: str, work: Work) -> Any:
        rows = raw if isinstance(raw, (list, tuple)) else None
        if rows is None or not all(isinstance(row, Mapping) for row in rows):
            work.errors[path] = "Danh sách này chưa đúng. Hãy ghi lại từng dòng."
            return None
        if len(rows) > most:
            work.errors[path] = f"Danh sách này ghi tối đa {most} dòng."
            return None
        kept = [row for row in rows if not is_blank(row)]
        if len(kept) < least and not work.partial:
            work.errors[path] = f"Hãy ghi ít nhất {least} dòng."
        return [_row(inner, row, f"{path}.{number}", work) for number, row in enumerate(kept)]

    return run


def _row(inner: tuple[CompiledField, ...], row: Answers, path: str, work: Work) -> dict[str, Any]:
    clean: dict[str, Any] = {}
    view: ChainMap[str, Any] = ChainMap(dict(row), dict(work.answers))
    for part in inner:
        if part.test is None or part.test(view):
            _answer(part, row.get(part.spec.key), f"{path}.{part.spec.key}", clean, work)
    return clean


def _answer(part: CompiledField, raw: Any, path: str, clean: dict[str, Any], work: Work) -> None:
    spec = part.spec
    if part.check is None:
        return
    empty = _EMPTY.get(spec.kind)
    if is_blank(raw):
        if work.partial or not spec.required:
            return
        if empty is None and spec.kind != "consent":
            work.errors[path] = _please(spec)
            return
    value = part.check(empty if is_blank(raw) else raw, path, work)
    if value is not None and value != empty:
        clean[spec.key] = value


def _please(spec: FormField) -> str:
    if spec.kind in ("choice", "multi_choice", "relation", "yes_no"):
        return f"Hãy chọn: {spec.label}."
    if spec.kind == "file":
        return f"Hãy nộp tệp: {spec.label}."
    return f"Hãy ghi: {spec.label}."


def visible_sections(form: CompiledForm, answers: Answers) -> list[tuple[Section, list[FormField]]]:
    """What to show, section by section. An answer in a hidden field counts as not given."""
    return [(section.spec, [part.spec for part in parts]) for section, parts in _walk(form, answers)]


def visible_fields(form: CompiledForm, answers: Answers) -> list[FormField]:
    """What to show, as one list."""
    return [part.spec for _, parts in _walk(form, answers) for part in parts]


def _walk(form: CompiledForm, answers: Answers) -> list[tuple[CompiledSection, list[CompiledField]]]:
    seen: dict[str, Any] = {}
    shown = []
    for section in form.sections:
        if section.test is not None and not section.test(seen):
            continue
        parts = []
        for part in section.fields:
            if part.test is not None and not part.test(seen):
                continue
            key = part.spec.key
            if key in answers:
                seen[key] = answers[key]
            parts.append(part)
        if parts:
            shown.append((section, parts))
    return shown


def validate(
    form: CompiledForm, answers: Answers, *, today: date, partial: bool = False, skip: Collection[str] = ()
) -> tuple[dict[str, Any], dict[str, str]]:
    """Clean answers, and a sentence per path (`children.0.full_name`).

    `partial` does not ask for what is missing (drafts). `skip` leaves out kinds, e.g. `file` when papers come by hand.
    """
    work = Work(answers, today, partial)
    clean: dict[str, Any] = {}
    for _, parts in _walk(form, answers):
        for part in parts:
            if part.spec.kind in skip:
                continue
            _answer(part, answers.get(part.spec.key), part.spec.key, clean, work)
    for spec in form.linked:
        _agree(spec, clean, work)
    return clean, work.errors


def _agree(spec: FormField, clean: dict[str, Any], work: Work) -> None:
    value = clean.get(spec.key)
    if not isinstance(value, str) or spec.key in work.errors:
        return
    if spec.birth_field and (born := at(clean, spec.birth_field)) and len(value) == 12:
        _, problem = check_personal_id(value, birth_on=date.fromisoformat(born))
        if problem:
            work.errors[spec.key] = problem
    if spec.not_before and (first := at(clean, spec.not_before)) and value < first:
        work.errors[spec.key] = f"Ngày này đứng trước ngày {_vn(first)} đã ghi ở trên. Hãy xem lại hai ngày."
    if spec.not_after and (last := at(clean, spec.not_after)) and value > last:
        work.errors[spec.key] = f"Ngày này đứng sau ngày {_vn(last)} đã ghi ở trên. Hãy xem lại hai ngày."


def _vn(iso: str) -> str:
    return date.fromisoformat(iso).strftime("%d/%m/%Y")


def prefill(form: CompiledForm, known: Mapping[str, Any]) -> dict[str, Any]:
    """Answers we already hold (`applicant.full_name`, …), so that nobody types them again."""
    found: dict[str, Any] = {}
    for section in form.sections:
        for part in section.fields:
            value = at(known, part.spec.prefill) if part.spec.prefill else None
            if is_blank(value):
                continue
            if part.spec.kind == "person" and isinstance(value, Mapping):
                value = {key: value[key] for key in part.spec.parts if not is_blank(value.get(key))}
            found[part.spec.key] = value
    return found
