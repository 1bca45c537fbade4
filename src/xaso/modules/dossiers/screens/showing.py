"""The picture of a dossier that residents and officers see, from the same rows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from xaso.kit import subject
from xaso.kit.module import slot
from xaso.modules.dossiers import queries
from xaso.modules.dossiers.forms import answer_lines
from xaso.modules.dossiers.models import Dossier, Step
from xaso.modules.papers.queries import papers_of
from xaso.modules.payments.queries import charges_of
from xaso.modules.procedures.queries import version

TONES = {1: "info", 2: "info", 3: "bad", 4: "info", 5: "warn", 6: "warn", 7: "neutral", 8: "bad", 9: "good", 10: "done"}
STEP_TONES = {
    "supplement": "warn",
    "decline": "bad",
    "stop": "bad",
    "apology": "warn",
    "overdue": "bad",
    "return": "good",
    "back": "warn",
}


def tone_of(dossier: Dossier) -> str:
    return TONES[dossier.state]


def picture(request: HttpRequest, dossier: Dossier) -> dict[str, Any]:
    """Everything a page about one dossier shows."""
    pinned = version(dossier.version_id)
    whole = queries.whole(dossier)
    reference = subject.ref(dossier)
    return whole | {
        "subject": dossier,
        "dossier": dossier,
        "tone": tone_of(dossier),
        "version": pinned,
        "lines": answer_lines(pinned.visible(dossier.answers), dossier.answers),
        "timeline": [line(step) for step in whole["steps"]],
        "printed": papers_of(reference),
        "may_open_files": request.actor.may("files.view", on=dossier),
        "may_open_papers": request.actor.may("papers.view", on=dossier),
        "charges": charges_of(reference),
        "result": getattr(dossier, "result", None),
        "panels": [found for part in slot("panel:dossiers.Dossier") if (found := part(request, dossier))],
    }


def line(step: Step) -> dict[str, Any]:
    """A stint as a line of the timeline."""
    return {
        "at": step.finished_at or step.started_at,
        "title": step.label if step.finished_at else f"{step.label} (đang làm)",
        "by": step.who,
        "text": step.note,
        "tone": STEP_TONES.get(
            step.outcome if step.outcome == "back" else step.key, "good" if step.finished_at else ""
        ),
        "now": step.finished_at is None,
    }


def named(rows: list[Dossier]) -> list[tuple[Dossier, str]]:
    """Each dossier with the name of its procedure, from the process's copy of the catalogue."""
    return [(row, version(row.version_id).name) for row in rows]
