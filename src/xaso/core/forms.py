"""What a form and an action say to each other: a refusal stands where the reader typed, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms

from xaso.kit.errors import Forbidden, Missing, Refused

R = TypeVar("R")


def tried(form: forms.Form, act: Callable[[], R], field: str | None = None) -> R | None:
    """What the action gives, or None with its sentence on the form. Raises Forbidden, Missing: no form mends those."""
    try:
        return act()
    except (Forbidden, Missing):
        raise
    except Refused as refusal:
        form.add_error(field, refusal.message)
        return None


def done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether the action was done, where it is not asked what it gives, which may be nothing."""
    return tried(form, lambda: (act(),)) is not None


def checked(form: forms.Form) -> dict[str, Any]:
    """What was typed into a fold of a page. Raises Refused with the first mistake, as one sentence."""
    if form.is_valid():
        return form.cleaned_data
    name, problems = next(iter(form.errors.items()))
    label = form.fields[name].label if name in form.fields else ""
    raise Refused(f"{label}: {problems[0]}" if label else str(problems[0]))
