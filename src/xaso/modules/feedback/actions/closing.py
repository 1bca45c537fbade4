"""By the clock: who is reminded, what ends by itself, what a merger hands on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.deadlines.models import Clock
from xaso.core.marks.watching import touch
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.feedback.actions.moving import end_parts, happened, put_in_search
from xaso.modules.feedback.actions.resident import go_on_without
from xaso.modules.feedback.actions.telling import tell, tell_officers
from xaso.modules.feedback.actions.working import close
from xaso.modules.feedback.definitions import desk
from xaso.modules.feedback.models import Report
from xaso.modules.feedback.queries.people import CONFIDENTIAL, person_of, watchers_of
from xaso.modules.feedback.queries.reports import named_ids
from xaso.modules.feedback.rules import moves
from xaso.modules.feedback.rules.moves import State

BATCH = 200
AT_ONCE = 500


def _responsible(report: Report, permission: str) -> Any:
    """Who leads it; while nobody does, those who decide."""
    person = person_of(report.lead_person_id)
    wanted = CONFIDENTIAL if report.is_confidential else permission
    return [person] if person else watchers_of(report.unit_path, wanted, named_ids(report))


@action("feedback.warn", "Nhắc phản ánh sắp đến hạn")
def warn(by: Actor, report: Report, /) -> None:
    """One working day is left."""
    tell_officers(by, report, _responsible(report, "feedback.accept"), "feedback.near")


@action("feedback.note_late", "Ghi phản ánh quá hạn và xin lỗi người dân")
def note_late(by: Actor, report: Report, /) -> None:
    """The promise has passed: the sender reads an apology, the officer and the leaders read that it is late."""
    happened(by, report, "late", "Quá hạn trả lời; đã gửi lời xin lỗi", told=True)
    tell(by, report, "feedback.apology", key=f"feedback.apology:{report.rounds}:{report.due_at}")
    permission = CONFIDENTIAL if report.is_confidential else "feedback.book"
    watching = watchers_of(report.unit_path, permission, named_ids(report))
    people = {one.pk: one for one in [*_responsible(report, "feedback.accept"), *watching]}
    tell_officers(by, report, people.values(), "feedback.late")


@action("feedback.remind", "Nhắc phân loại, công khai phản ánh")
def remind(by: Actor, _: None, /, *, now: datetime) -> int:
    """What nobody has triaged in time, and what nobody has decided to publish. Each once. One batch."""
    told = 0
    untriaged = Q(state=State.RECEIVED, triage_due_at__lt=now, triage_told_at=None)
    for report in Report.objects.filter(untriaged).select_related("unit").order_by("pk")[:BATCH]:
        if Report.objects.filter(untriaged, pk=report.pk).update(triage_told_at=now):
            wanted = CONFIDENTIAL if report.is_confidential else "feedback.accept"
            people = watchers_of(report.unit_path, wanted, named_ids(report))
            tell_officers(by, report, people, "feedback.untriaged")
            told += 1
    undecided = Q(state__in=moves.DONE, publish_due_at__lt=now, publish_told_at=None)
    for report in Report.objects.filter(undecided).select_related("unit").order_by("pk")[:BATCH]:
        if Report.objects.filter(undecided, pk=report.pk).update(publish_told_at=now):
            tell_officers(by, report, watchers_of(report.unit_path, "feedback.publish"), "feedback.unpublished")
            told += 1
    return told


@action("feedback.end_waits", "Kết thúc những phản ánh đã qua hạn chờ")
def end_waits(by: Actor, _: None, /, *, now: datetime) -> int:
    """Supplements that did not come, and answers nobody disagreed with. One batch."""
    waiting = Report.objects.filter(state=State.WAITING, supplement_due_at__lt=now)
    silent = list(waiting.select_related("unit", "lead").order_by("pk")[:BATCH])
    for report in silent:
        go_on_without(by, report)
    until = now - timedelta(days=desk().reopen_days)
    answered = Report.objects.filter(state=State.ANSWERED, answered_at__lt=until)
    over = list(answered.select_related("unit").order_by("pk")[:BATCH])
    for report in over:
        close(by, report)
    return len(silent) + len(over)


@action("feedback.hand_over", "Bàn giao phản ánh cho đơn vị kế thừa")
def hand_over(by: Actor, predecessor: Unit, /, *, successor: Unit) -> int:
    """Open reports. Under an unchanged path the people stay; else they wait to be given anew, because nobody of the
    old unit has a post in the new one. Numbers and the sender's codes stay as they are."""
    stays = predecessor.path == successor.path
    wanted = Q(unit=predecessor, unit_path=predecessor.path, state__in=moves.OPEN | {State.UNCONFIRMED})
    moved = 0
    for report in Report.objects.filter(wanted).select_related("unit").iterator(AT_ONCE):
        touch(report)
        values: dict[str, Any] = {"unit": successor, "unit_path": successor.path, "updated_at": clock.now()}
        if not stays and report.lead_id is not None:
            values |= {"lead": None, "lead_person_id": None, "lead_name": ""}
            values |= {"state": State.ACCEPTED} if report.state in moves.WITH_SOMEBODY else {}
            end_parts(report)
        Report.objects.filter(pk=report.pk, unit=predecessor).update(**values)
        for name, value in values.items():
            setattr(report, name, value)
        Clock.objects.filter(subject=report.clock_ref).update(unit_path=successor.path)
        happened(by, report, "hand_over", f"Bàn giao cho {successor.full_name}", told=True)
        put_in_search(report)
        moved += 1
    note(predecessor=predecessor, successor=successor, count=moved)
    return moved
