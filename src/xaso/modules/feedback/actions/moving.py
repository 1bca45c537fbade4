"""The one way a report changes state: compare and set, a step on its timeline, never by whom it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xaso.core.access import Actor
from xaso.core.search.actions import forget, index_many
from xaso.kit import clock
from xaso.kit.errors import Missing, Refused
from xaso.kit.fold import plain, tidy
from xaso.modules.feedback.models import Part, Report, Step
from xaso.modules.feedback.queries.finding import item_of
from xaso.modules.feedback.queries.reports import GONE, may_see
from xaso.modules.feedback.rules import moves

CHANGED = "Phản ánh này vừa được người khác xử lý. Hãy tải lại trang để xem tình trạng mới rồi làm tiếp."


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote to or about a person. In the audit chain only its checksum is kept."""

    text: str


def need_standing(by: Actor, report: Report) -> None:
    """Whoever may not see it may do nothing with it, and does not learn that it exists."""
    if not may_see(by, report):
        raise Missing(GONE)


def move(report: Report, verb: str, **fields: Any) -> Report:
    """Change the state by a verb of the table of moves, with other fields in the same statement. Raises Refused."""
    if sentence := moves.why_not(verb, report.state):
        raise Refused(sentence)
    return change(report, **{"state": moves.MOVES[verb][1].value} | fields)


def change(report: Report, **fields: Any) -> Report:
    """Set fields if the report is still in the state and with the person this caller saw."""
    seen = {"pk": report.pk, "state": report.state, "lead_id": report.lead_id, "rounds": report.rounds}
    fields.setdefault("updated_at", clock.now())
    if not Report.objects.filter(**seen).update(**fields):
        raise Refused(CHANGED)
    for name, value in fields.items():
        setattr(report, name, value)
    return report


def happened(by: Actor, report: Report, verb: str, label: str, text: str = "", *, told: bool = False) -> Step:
    """A line of the timeline, in the state the report has now. `told`: the sender reads it too."""
    return Step.objects.create(
        report=report,
        verb=verb,
        label=label[:160],
        at=clock.now(),
        account_id=by.account_id,
        who=by.name[:120],
        text=text[:4000],
        is_told=told,
        state_after=report.state,
    )


def end_parts(report: Report, *roles: str) -> None:
    """Whoever has a part has it no longer; with roles, only those."""
    parts = Part.objects.filter(report=report, ended_at=None)
    (parts.filter(role__in=roles) if roles else parts).update(ended_at=clock.now())


def put_in_search(report: Report) -> None:
    """Inside the caller's action. What is confidential is not to be found."""
    if item := item_of(report):
        index_many([item])
    else:
        forget(report)


def paragraph(typed: str, missing: str, longest: int = 4000) -> str:
    """Lines of text without marks nobody sees. Raises Refused with the sentence when nothing is left."""
    lines = [tidy(line) for line in plain(unseen_gone(typed)).splitlines()]
    text = "\n".join(lines).strip()
    if not text:
        raise Refused(missing)
    if len(text) > longest:
        raise Refused(f"Nội dung dài {len(text)} ký tự, nhiều nhất {longest}. Hãy viết ngắn lại.")
    return text


def unseen_gone(text: str) -> str:
    """Without characters that turn the direction of writing or hide between letters."""
    hidden = {*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0xAD}
    return text.translate(dict.fromkeys(hidden))
