"""Which case a dossier falls under, which papers it needs, and what keeps a procedure from being received."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from xaso.modules.procedures.definitions import Case, Channel, Component, Limit, Version
from xaso.modules.procedures.rules.conditions import Answers, holds

NO_UNIT = "limit_without_unit"
NO_LIMIT = "limit_missing"
PER_CHANNEL = "limit_differs_by_channel"

REASONS = {
    NO_UNIT: "Thời hạn chỉ có số, không có đơn vị",
    NO_LIMIT: "Không có thời hạn",
    PER_CHANNEL: "Thời hạn khác nhau theo hình thức nộp",
}


def case_for(version: Version, answers: Answers) -> Case:
    """The first case whose condition holds; else the first that asks nothing; else the first.

    Cases that only an officer can tell are never chosen here.
    """
    open_cases = [case for case in version.cases if not case.by_officer] or list(version.cases)
    for case in open_cases:
        if case.when is not None and holds(case.when, answers):
            return case
    return next((case for case in open_cases if case.when is None), open_cases[0])


def limit_for(case: Case, channel: Channel) -> Limit | None:
    """The time limit of a case on a channel."""
    return case.limits_by_channel.get(channel, case.limit)


def components_due(version: Version, answers: Answers) -> list[Component]:
    """Papers to bring, without the optional ones and those whose condition is not met."""
    return [
        part
        for part in version.components
        if part.need == "required" or (part.need == "conditional" and holds(part.when, answers))
    ]


def needs_review(times: Iterable[Mapping[str, Any]]) -> list[str]:
    """Why nobody may compute a due date from the times per channel ({amount, unit}, texts) of a source."""
    pairs = [(str(t.get("amount") or "").strip(), str(t.get("unit") or "").strip()) for t in times]
    given = [(amount, unit) for amount, unit in pairs if amount]
    if not given:
        return [NO_LIMIT]
    reasons = []
    if any(not unit for _, unit in given):
        reasons.append(NO_UNIT)
    if len(set(pairs)) > 1:
        reasons.append(PER_CHANNEL)
    return reasons
