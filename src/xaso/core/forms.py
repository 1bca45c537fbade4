"""What a form and an action say to each other: a refusal stands where the reader typed, and nothing typed is lost."""

from __future__ import annotations

from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any

from django import forms

from xaso.kit.errors import Forbidden, Missing, Refused


class refusals_on(AbstractContextManager[None, bool]):  # noqa: N801 - a word of the language, like `suppress`
    """What is refused within ends there, its sentence on the form. Forbidden and Missing go on: no form mends those."""

    def __init__(self, form: forms.Form, field: str | None = None) -> None:
        self.form, self.field = form, field

    def __exit__(self, kind: type | None, refusal: BaseException | None, trace: TracebackType | None) -> bool:
        if not isinstance(refusal, Refused) or isinstance(refusal, (Forbidden, Missing)):
            return False
        self.form.add_error(self.field, refusal.message)
        return True


def checked(form: forms.Form) -> dict[str, Any]:
    """What was typed into a fold of a page. Raises Refused with the first mistake, as one sentence."""
    if form.is_valid():
        return form.cleaned_data
    name, problems = next(iter(form.errors.items()))
    label = form.fields[name].label if name in form.fields else ""
    raise Refused(f"{label}: {problems[0]}" if label else str(problems[0]))
