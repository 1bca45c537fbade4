"""The electronic form of a procedure as fields of a page. Names are paths (`child.full_name`, `heirs.0.full_name`).

A field here takes what was typed, as typed; the procedure's own rules check it and their sentences come back by path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from xaso.modules.procedures.queries import PART_LABELS, RELATIONS, SEXES, FormField, Section
from xaso.ui.forms import DayInput, money_input, name_input, personal_id_input, phone_input

FEW = 6
YES_NO = [("yes", "Có"), ("no", "Không")]
# The lists an address part is chosen from stand once on the page (parts/places.html).
PLACES = {"village": "noi-thon", "commune": "noi-xa", "province": "noi-tinh"}
ADDRESS = (
    ("line", "Số nhà, đường"),
    ("village", "Thôn, tổ dân phố"),
    ("commune", "Xã, phường"),
    ("province", "Tỉnh, thành phố"),
)
_ISO = re.compile(r"^\d{4}-\d{2}-\d{2}$")


class AsTyped(forms.CharField):
    """Keeps what was typed; `required` only shows the mark."""

    def clean(self, value: Any) -> Any:
        return value


class SectionForm(forms.Form):
    """One section. `groups` says how to lay it out: a title (or none) and the fields under it."""

    use_required_attribute = False

    def __init__(
        self,
        section: Section,
        specs: Iterable[FormField],
        answers: Mapping[str, Any],
        *,
        errors: Mapping[str, str] | None = None,
        rows: Mapping[str, int] | None = None,
    ) -> None:
        self.section = section
        self.specs = list(specs)
        self.layout: list[tuple[str, str, list[str]]] = []
        self.repeats: list[str] = []
        found: dict[str, Any] = {}
        made: dict[str, forms.Field] = {}
        for spec in self.specs:
            self._lay_out(spec, answers.get(spec.key), made, found, (rows or {}).get(spec.key, 0))
        super().__init__(data=found if errors else None, initial=found)
        self.fields.update(made)
        for path, sentence in (errors or {}).items():
            self._say(path, sentence)

    def _lay_out(self, spec: FormField, value: Any, made: dict, found: dict, extra: int) -> None:
        if spec.kind == "repeat":
            self._lay_out_rows(spec, value, made, found, extra)
        elif spec.kind == "person":
            self._group(spec.label, spec.help, _person_fields(spec, spec.key, value), made, found)
        elif spec.kind == "address":
            self._group(spec.label, spec.help, _address_fields(spec.required, spec.key, value), made, found)
        elif spec.kind == "note":
            self.layout.append((spec.label, spec.help, []))
        else:
            self._group("", "", [(spec.key, _field(spec), _shown(value))], made, found)

    def _lay_out_rows(self, spec: FormField, value: Any, made: dict, found: dict, extra: int) -> None:
        given = value if isinstance(value, list) else []
        count = min(max(len(given) + extra, spec.min or 1), spec.max or 20)
        self.repeats.append(spec.key)
        for number in range(count):
            row = given[number] if number < len(given) else {}
            fields = []
            for part in spec.fields:
                path, inner = f"{spec.key}.{number}.{part.key}", row.get(part.key)
                if part.kind == "person":
                    fields += _person_fields(part, path, inner)
                elif part.kind == "address":
                    fields += _address_fields(part.required, path, inner)
                elif part.kind != "note":
                    fields.append((path, _field(part), _shown(inner)))
            who = "người" if any(part.kind in {"person", "name"} for part in spec.fields) else "mục"
            self._group(f"{spec.label} – {who} thứ {number + 1}", spec.help, fields, made, found)

    def _group(self, title: str, text: str, fields: list, made: dict, found: dict) -> None:
        for path, field, value in fields:
            made[path] = field
            found[path] = value
        names = [path for path, _, _ in fields]
        if not title and self.layout and not self.layout[-1][0]:
            self.layout[-1][2].extend(names)
        else:
            self.layout.append((title, text, names))

    def _say(self, path: str, sentence: str) -> None:
        """Put a sentence at its field, or at the first field of its group."""
        name = next((n for n in self.fields if n == path or n.startswith(f"{path}.")), None)
        if name is not None:
            self.add_error(name, sentence)

    @property
    def groups(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        return [(title, text, [self[name] for name in names]) for title, text, names in self.layout]


def _field(spec: FormField) -> forms.Field:
    widget = _widget(spec)
    return AsTyped(label=spec.label, help_text=spec.help, required=spec.required, widget=widget)


def _widget(spec: FormField) -> forms.Widget:  # noqa: C901, PLR0912 - a table of kinds, written as a match
    match spec.kind:
        case "long_text":
            return forms.Textarea(attrs={"rows": 4})
        case "name":
            return name_input()
        case "personal_id":
            return personal_id_input()
        case "date" | "past_date":
            return DayInput()
        case "phone":
            return phone_input()
        case "email":
            return forms.EmailInput(attrs={"autocomplete": "email"})
        case "number" | "money":
            return money_input()
        case "yes_no":
            return forms.RadioSelect(choices=YES_NO)
        case "consent":
            return forms.CheckboxInput(check_test=lambda value: value in {True, "yes", "on"})
        case "file":
            return forms.FileInput(attrs={"accept": ".pdf,image/*"})
        case "relation":
            return forms.Select(choices=[("", "– chọn –"), *RELATIONS.items()])
        case "choice" | "multi_choice":
            return _choices(spec)
        case _:
            return forms.TextInput()


def _choices(spec: FormField) -> forms.Widget:
    options = [(option.value, option.label) for option in spec.options]
    if spec.kind == "multi_choice":
        return forms.CheckboxSelectMultiple(choices=options)
    if len(options) <= FEW:
        return forms.RadioSelect(choices=options)
    return forms.Select(choices=[("", "– chọn –"), *options])


def _person_fields(spec: FormField, path: str, value: Any) -> list[tuple[str, forms.Field, Any]]:
    given = value if isinstance(value, Mapping) else {}
    fields: list[tuple[str, forms.Field, Any]] = []
    for part in spec.parts:
        required = spec.required and part not in spec.optional_parts
        if part == "address":
            fields += _address_fields(required, f"{path}.address", given.get("address"))
            continue
        widget = {
            "full_name": name_input(autocomplete="off"),
            "personal_id": personal_id_input(),
            "birth_on": DayInput(),
            "sex": forms.RadioSelect(choices=list(SEXES.items())),
        }[part]
        field = AsTyped(label=PART_LABELS[part], required=required, widget=widget)
        fields.append((f"{path}.{part}", field, _shown(given.get(part))))
    return fields


def _address_fields(required: bool, path: str, value: Any) -> list[tuple[str, forms.Field, Any]]:
    given = value if isinstance(value, Mapping) else {}
    must = {"commune", "province"} if required else set()
    return [
        (f"{path}.{part}", AsTyped(label=label, required=part in must, widget=_place(part)), given.get(part, ""))
        for part, label in ADDRESS
    ]


def _place(part: str) -> forms.TextInput:
    return forms.TextInput(attrs={"list": PLACES[part]} if part in PLACES else {})


def _shown(value: Any) -> Any:
    if isinstance(value, str) and _ISO.match(value):
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    if value is True:
        return "yes"
    if value is False:
        return "no"
    return "" if value is None else value


def read_answers(specs: Iterable[FormField], posted: QueryDict) -> dict[str, Any]:
    """Answers as typed, nested by path. Files are not here: they are uploaded ahead."""
    return {spec.key: _read(spec, spec.key, posted) for spec in specs if spec.kind not in {"note", "file"}}


def _read(spec: FormField, path: str, posted: QueryDict) -> Any:
    match spec.kind:
        case "multi_choice":
            return posted.getlist(path)
        case "person":
            return {part: _part(part, f"{path}.{part}", posted) for part in spec.parts}
        case "address":
            return {part: posted.get(f"{path}.{part}", "") for part, _ in ADDRESS}
        case "repeat":
            return _read_rows(spec, path, posted)
        case _:
            return posted.get(path, "")


def _part(part: str, path: str, posted: QueryDict) -> Any:
    if part == "address":
        return {piece: posted.get(f"{path}.{piece}", "") for piece, _ in ADDRESS}
    return posted.get(path, "")


def _read_rows(spec: FormField, path: str, posted: QueryDict) -> list[dict[str, Any]]:
    numbers = sorted({int(m[1]) for name in posted if (m := re.match(rf"{re.escape(path)}\.(\d{{1,3}})\.", name))})
    return [
        {part.key: _read(part, f"{path}.{number}.{part.key}", posted) for part in spec.fields if part.kind != "note"}
        for number in numbers[:50]
    ]


def answer_lines(sections: Iterable[tuple[Section, list[FormField]]], answers: Mapping[str, Any]) -> list[dict]:
    """The answers in words, for the read-back slip and the dossier page: label, value."""
    lines: list[dict[str, str]] = []
    for _, specs in sections:
        for spec in specs:
            if spec.kind not in {"note", "file", "consent"}:
                lines += _lines(spec, spec.label, answers.get(spec.key))
    return [line for line in lines if line["value"]]


def _lines(spec: FormField, label: str, value: Any) -> list[dict[str, str]]:
    if spec.kind == "repeat" and isinstance(value, list):
        return [
            line
            for number, row in enumerate(value, start=1)
            for part in spec.fields
            for line in _lines(part, f"{label} {number}: {part.label}", row.get(part.key))
        ]
    if spec.kind == "person" and isinstance(value, Mapping):
        return [
            {"label": f"{label}: {PART_LABELS[part]}", "value": _words(part, value.get(part))} for part in spec.parts
        ]
    options = {option.value: option.label for option in spec.options}
    if isinstance(value, list):
        return [{"label": label, "value": ", ".join(options.get(str(one), str(one)) for one in value)}]
    if spec.kind == "relation":
        options = dict(RELATIONS)
    return [{"label": label, "value": options.get(str(value), _words(spec.kind, value))}]


def _words(kind: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(str(value[part]) for part, _ in ADDRESS if value.get(part))
    if kind == "sex":
        return SEXES.get(str(value), "")
    shown = _shown(value)
    return {"yes": "Có", "no": "Không"}.get(shown, str(shown))


class SupplementForm(forms.Form):
    """Mẫu 02: one paper a line, with the reason."""

    items = forms.CharField(
        label="Giấy tờ cần bổ sung",
        help_text="Ghi đủ một lần, mỗi giấy một dòng.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    reason = forms.CharField(label="Lý do", widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)

    def clean_items(self) -> list[str]:
        lines = [line.strip()[:300] for line in self.cleaned_data["items"].splitlines() if line.strip()]
        if not lines:
            raise forms.ValidationError("Hãy ghi ít nhất một giấy tờ.")
        return lines[:30]


class ReasonForm(forms.Form):
    """Anything that needs only a reason."""

    reason = forms.CharField(label="Lý do", widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)
