"""Valid answers to any procedure's form, from its declaration: made-up, and the same for the same seed."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from xaso.core.accounts.models import Person
from xaso.core.units.models import Unit
from xaso.demo.people import personal_id
from xaso.kit.sure import sure
from xaso.modules.procedures.queries import FormField, VersionView

ROUNDS = 6


class Typist:
    """Fills a form as its applicant would. Conditions open fields, so it goes round until nothing new opens."""

    def __init__(self, rng: Random, person: Person, unit: Unit, today: date) -> None:
        self.rng, self.person, self.unit, self.today = rng, person, unit, today

    def fill(self, version: VersionView) -> dict[str, Any]:
        """Answers that the form's own rules accept, files left out. Raises ValueError when they do not."""
        answers: dict[str, Any] = {}
        for _ in range(ROUNDS):
            asked = [spec for _, specs in version.visible(answers) for spec in specs]
            fresh = [spec for spec in asked if spec.key not in answers and spec.kind not in {"note", "file"}]
            if not fresh:
                break
            for spec in fresh:
                answers[spec.key] = self._value(spec, answers)
        clean, errors = version.validate(answers, today=self.today, skip=("file",))
        if errors:
            raise ValueError(f"{version.code}: the demonstration cannot fill {errors}")
        return clean

    def _value(self, spec: FormField, answers: dict[str, Any]) -> Any:
        if not spec.required and spec.kind not in {"yes_no"}:
            return [] if spec.kind == "repeat" else ""
        maker = getattr(self, f"_{spec.kind}", None)
        return maker(spec, answers) if maker else "Nội dung minh hoạ"

    def _name(self, spec: FormField, answers: dict[str, Any]) -> str:
        return self.person.full_name

    def _personal_id(self, spec: FormField, answers: dict[str, Any]) -> str:
        if spec.birth_field and (born := answers.get(spec.birth_field)):
            return personal_id(date.fromisoformat(born), female=False, serial=self.rng.randint(0, 999_999))
        return self.person.personal_id or ""

    def _date(self, spec: FormField, answers: dict[str, Any]) -> str:
        if spec.not_before and (first := answers.get(spec.not_before)):
            return first
        return (self.today + timedelta(days=self.rng.randint(5, 60))).isoformat()

    def _past_date(self, spec: FormField, answers: dict[str, Any]) -> str:
        if spec.not_before and (first := answers.get(spec.not_before)):
            return first
        return (self.today - timedelta(days=self.rng.randint(2, 40))).isoformat()

    def _phone(self, spec: FormField, answers: dict[str, Any]) -> str:
        return self.person.phone

    def _email(self, spec: FormField, answers: dict[str, Any]) -> str:
        return "minh.hoa@example.vn"

    def _number(self, spec: FormField, answers: dict[str, Any]) -> str:
        low = spec.min if spec.min is not None else 1
        return str(self.rng.randint(low, min(spec.max or low + 3, low + 3)))

    def _money(self, spec: FormField, answers: dict[str, Any]) -> str:
        return str(self.rng.randint(10, 200) * 1_000_000)

    def _yes_no(self, spec: FormField, answers: dict[str, Any]) -> str:
        return "no"

    def _consent(self, spec: FormField, answers: dict[str, Any]) -> str:
        return "yes"

    def _relation(self, spec: FormField, answers: dict[str, Any]) -> str:
        return "child"

    def _choice(self, spec: FormField, answers: dict[str, Any]) -> str:
        return spec.options[0].value

    def _multi_choice(self, spec: FormField, answers: dict[str, Any]) -> list[str]:
        return [spec.options[0].value]

    def _address(self, spec: FormField, answers: dict[str, Any]) -> dict[str, str]:
        return {"province": "Vĩnh Phúc", "commune": self.unit.name, "village": f"Thôn {self.rng.randint(1, 9)}"}

    def _person(self, spec: FormField, answers: dict[str, Any]) -> dict[str, Any]:
        whole = {
            "full_name": self.person.full_name,
            "personal_id": self.person.personal_id,
            "birth_on": sure(self.person.birth_on).isoformat(),
            "sex": self.person.sex,
            "address": self._address(spec, answers),
        }
        return {part: whole[part] for part in spec.parts}

    def _repeat(self, spec: FormField, answers: dict[str, Any]) -> list[dict[str, Any]]:
        return [self._row(spec) for _ in range(max(spec.min or 1, 1))]

    def _row(self, spec: FormField) -> dict[str, Any]:
        row: dict[str, Any] = {}
        for part in spec.fields:
            row[part.key] = self._value(part, row)
        return row
