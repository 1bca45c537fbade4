"""The closed set of conditions, compiled once into plain functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from xaso.modules.procedures.definitions import Condition

Answers = Mapping[str, Any]
Test = Callable[[Answers], bool]


def at(answers: Answers, path: str) -> Any:
    """The answer at `a.b`, or None."""
    value: Any = answers
    for part in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value


def is_blank(value: Any) -> bool:
    """No answer. `False` and `0` are answers."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Mapping):
        return all(is_blank(v) for v in value.values())
    if isinstance(value, (list, tuple)):
        return all(is_blank(v) for v in value)
    return False


_YES = frozenset({"yes", "true", "on", "1", "co"})
_NO = frozenset({"no", "false", "off", "0", "khong"})


def as_bool(value: Any) -> bool | None:
    """What a yes/no answer says; None when it is neither."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        word = value.strip().lower()
        if word in _YES:
            return True
        if word in _NO:
            return False
    return None


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, bool):
        # an unticked box is not sent at all
        return (as_bool(value) or False) is wanted
    if isinstance(value, (list, tuple)):
        return wanted in value
    if isinstance(wanted, int) and isinstance(value, str):
        return value.strip() == str(wanted)
    return bool(value == wanted)


def compile_condition(condition: Condition | None) -> Test | None:
    """A function over the answers; None when there is nothing to ask."""
    if condition is None:
        return None
    if condition.all is not None:
        every = [compile_condition(part) for part in condition.all]
        return lambda answers: all(test(answers) for test in every if test)
    if condition.any is not None:
        some = [compile_condition(part) for part in condition.any]
        return lambda answers: any(test(answers) for test in some if test)
    return _leaf(condition)


def _leaf(condition: Condition) -> Test:
    path = condition.field or ""
    if condition.present is not None:
        wanted = condition.present
        return lambda answers: (not is_blank(at(answers, path))) is wanted
    if condition.among is not None:
        among = condition.among
        return lambda answers: any(_same(at(answers, path), one) for one in among)
    if condition.equals is not None:
        equals = condition.equals
        return lambda answers: _same(at(answers, path), equals)
    differs = condition.differs
    return lambda answers: not _same(at(answers, path), differs)


def holds(condition: Condition | None, answers: Answers) -> bool:
    """Whether the condition is true for these answers; no condition is always true."""
    test = compile_condition(condition)
    return test is None or test(answers)
