"""One checker per field kind. A checker gets the raw answer and gives the clean one, or notes a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from xaso.modules.procedures.definitions import FormField, PersonPart
from xaso.modules.procedures.rules.conditions import Answers, as_bool, is_blank
from xaso.modules.procedures.rules.identity import (
    check_date,
    check_name,
    check_personal_id,
    clean_text,
    normalise_phone,
)

MAX_TEXT, MAX_LONG, MAX_ROWS, MAX_FILES = 500, 5_000, 20, 20
ADDRESS_PARTS = {
    "province": "tỉnh, thành phố", "commune": "xã, phường", "village": "thôn, tổ dân phố", "line": "số nhà",
}  # fmt: skip
SEXES = {"male": "Nam", "female": "Nữ"}
RELATIONS = {
    "self": "Bản thân", "father": "Cha", "mother": "Mẹ", "spouse": "Vợ hoặc chồng", "child": "Con",
    "grandparent": "Ông, bà", "grandchild": "Cháu", "sibling": "Anh, chị, em", "relative": "Người thân khác",
    "guardian": "Người giám hộ", "authorised": "Người được uỷ quyền", "other": "Quan hệ khác",
}  # fmt: skip
PART_LABELS: dict[PersonPart, str] = {
    "full_name": "Họ và tên", "personal_id": "Số định danh", "birth_on": "Ngày sinh", "sex": "Giới tính",
    "address": "Nơi cư trú",
}  # fmt: skip
_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(\.[A-Za-z0-9\-]{1,63}){1,5}")
_NUMBER = re.compile(r"-?\d{1,15}([.,]\d{1,6})?")
_MONEY = re.compile(r"\d{1,13}")
_FILE = re.compile(r"[A-Za-z0-9\-]{1,64}")


@dataclass(slots=True)
class Work:
    """What one validation carries along."""

    answers: Answers
    today: date
    partial: bool = False
    errors: dict[str, str] = field(default_factory=dict)


Check = Callable[[Any, str, Work], Any]


def _simple(check: Callable[[Any, Work], tuple[Any, str]]) -> Check:
    def run(raw: Any, path: str, work: Work) -> Any:
        value, problem = check(raw, work)
        if problem:
            work.errors[path] = problem
            return None
        return value

    return run


def _text(spec: FormField) -> Check:
    most = spec.max_length or (MAX_LONG if spec.kind == "long_text" else MAX_TEXT)
    many_lines = spec.kind == "long_text"

    def check(raw: Any, _: Work) -> tuple[Any, str]:
        if not isinstance(raw, str):
            return None, "Ô này phải là chữ."
        text = "\n".join(clean_text(line) for line in raw.splitlines()).strip() if many_lines else clean_text(raw)
        if len(text) > most:
            return None, f"Bạn đã ghi {len(text)} ký tự, ô này chứa tối đa {most}. Hãy ghi ngắn lại."
        return text, ""

    return _simple(check)


def _personal_id(spec: FormField) -> Check:
    return _simple(lambda raw, _: check_personal_id(raw, old_id=spec.old_id))


def _date(spec: FormField) -> Check:
    past = spec.kind == "past_date"

    def check(raw: Any, work: Work) -> tuple[Any, str]:
        day, problem = check_date(raw, today=work.today, past=past)
        return (day.isoformat() if day else None), problem

    return _simple(check)


def _email(_: FormField) -> Check:
    def check(raw: Any, _: Work) -> tuple[Any, str]:
        text = clean_text(raw)
        return (
            (text.lower(), "")
            if _EMAIL.fullmatch(text)
            else (None, "Địa chỉ thư điện tử không đúng. Ví dụ: ten@vidu.vn.")
        )

    return _simple(check)


def choices(spec: FormField) -> dict[str, str]:
    """Values and labels a person may choose from."""
    if spec.options:
        return {option.value: option.label for option in spec.options}
    return RELATIONS if spec.kind == "relation" else {}


def _choice(spec: FormField) -> Check:
    allowed = choices(spec)
    return _simple(
        lambda raw, _: (
            (raw, "") if isinstance(raw, str) and raw in allowed else (None, "Hãy chọn một mục trong danh sách.")
        )
    )


def _multi_choice(spec: FormField) -> Check:
    allowed = choices(spec)

    def check(raw: Any, _: Work) -> tuple[Any, str]:
        picked = [raw] if isinstance(raw, str) else raw
        if not isinstance(picked, (list, tuple)) or not all(isinstance(p, str) and p in allowed for p in picked):
            return None, "Hãy chọn các mục trong danh sách."
        return [value for value in allowed if value in picked], ""

    return _simple(check)


def _number(spec: FormField) -> Check:
    def check(raw: Any, _: Work) -> tuple[Any, str]:
        text = str(raw).strip() if isinstance(raw, (str, int, float)) and not isinstance(raw, bool) else ""
        if spec.kind == "money":
            text = re.sub(r"[\s.,đ]", "", text)
        if not (_MONEY if spec.kind == "money" else _NUMBER).fullmatch(text):
            return None, "Ô này phải là số."
        value = float(text.replace(",", "."))
        if spec.min is not None and value < spec.min:
            return None, f"Số này phải từ {spec.min} trở lên."
        if spec.max is not None and value > spec.max:
            return None, f"Số này tối đa là {spec.max}."
        return (int(value) if value == int(value) else value), ""

    return _simple(check)


def _yes_no(_: FormField) -> Check:
    def check(raw: Any, _: Work) -> tuple[Any, str]:
        value = as_bool(raw)
        return value, "" if value is not None else "Hãy chọn Có hoặc Không."

    return _simple(check)


def _consent(spec: FormField) -> Check:
    def check(raw: Any, _: Work) -> tuple[Any, str]:
        agreed = as_bool(raw) is True
        if spec.required and not agreed:
            return None, "Hãy đánh dấu vào ô này để tiếp tục."
        return agreed, ""

    return _simple(check)


def _file(_: FormField) -> Check:
    def check(raw: Any, _: Work) -> tuple[Any, str]:
        files = [raw] if isinstance(raw, str) else raw
        if not isinstance(files, (list, tuple)) or not all(isinstance(f, str) and _FILE.fullmatch(f) for f in files):
            return None, "Tệp chưa tải lên được. Hãy chọn lại tệp."
        if len(files) > MAX_FILES:
            return None, f"Mỗi giấy tờ nộp tối đa {MAX_FILES} tệp."
        return list(files), ""

    return _simple(check)


def _address(spec: FormField) -> Check:
    needed = ("province", "commune") if spec.required else ()

    def run(raw: Any, path: str, work: Work) -> Any:
        if not isinstance(raw, Mapping):
            work.errors[path] = "Hãy ghi địa chỉ."
            return None
        clean = {part: clean_text(raw.get(part)) for part in ADDRESS_PARTS}
        for part, label in ADDRESS_PARTS.items():
            if len(clean[part]) > 200:
                work.errors[f"{path}.{part}"] = "Ô này tối đa 200 ký tự. Hãy ghi ngắn lại."
            elif part in needed and not clean[part] and not work.partial:
                work.errors[f"{path}.{part}"] = f"Hãy chọn {label}."
        if needed and not (clean["village"] or clean["line"]) and not work.partial:
            work.errors[f"{path}.village"] = "Hãy ghi thôn, tổ dân phố hoặc số nhà."
        return {part: text for part, text in clean.items() if text}

    return run


def _part_check(part: PersonPart, spec: FormField, raw: Any, path: str, work: Work) -> Any:
    if part == "address":
        return _address(spec)(raw, path, work)
    problem = ""
    value: Any = None
    if part == "full_name":
        value, problem = check_name(raw)
    elif part == "personal_id":
        value, problem = check_personal_id(raw, old_id=spec.old_id)
    elif part == "birth_on":
        day, problem = check_date(raw, today=work.today, past=True)
        value = day.isoformat() if day else None
    elif raw in SEXES:
        value = raw
    else:
        problem = "Hãy chọn Nam hoặc Nữ."
    if problem:
        work.errors[path] = problem
        return None
    return value


def _person(spec: FormField) -> Check:
    def run(raw: Any, path: str, work: Work) -> Any:
        if not isinstance(raw, Mapping):
            work.errors[path] = "Hãy ghi thông tin của người này."
            return None
        clean: dict[str, Any] = {}
        for part in spec.parts:
            given = raw.get(part)
            if is_blank(given):
                if part not in spec.optional_parts and not work.partial:
                    work.errors[f"{path}.{part}"] = f"Hãy ghi {PART_LABELS[part].lower()}."
                continue
            clean[part] = _part_check(part, spec, given, f"{path}.{part}", work)
        _person_agrees(clean, path, work)
        return {part: value for part, value in clean.items() if value is not None}

    return run


def _person_agrees(clean: dict[str, Any], path: str, work: Work) -> None:
    if not clean.get("personal_id") or len(clean["personal_id"]) != 12:
        return
    born = clean.get("birth_on")
    _, problem = check_personal_id(
        clean["personal_id"], birth_on=date.fromisoformat(born) if born else None, sex=clean.get("sex")
    )
    if problem:
        work.errors[f"{path}.personal_id"] = problem


CHECKS: dict[str, Callable[[FormField], Check]] = {
    "text": _text,
    "long_text": _text,
    "name": lambda _: _simple(lambda raw, _: check_name(raw)),
    "personal_id": _personal_id,
    "date": _date,
    "past_date": _date,
    "phone": lambda _: _simple(lambda raw, _: normalise_phone(raw)),
    "email": _email,
    "choice": _choice,
    "relation": _choice,
    "multi_choice": _multi_choice,
    "number": _number,
    "money": _number,
    "address": _address,
    "person": _person,
    "file": _file,
    "yes_no": _yes_no,
    "consent": _consent,
}
