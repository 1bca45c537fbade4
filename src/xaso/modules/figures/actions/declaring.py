"""Declaring a figure and deciding on it. Nothing is overwritten: what is approved later replaces what was before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db import IntegrityError
from django.db.models import Q, QuerySet

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.files.actions import Received, attach
from xaso.core.measures.periods import Period, find_period
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.kit.subject import ref
from xaso.modules.figures.definitions import FigureKind
from xaso.modules.figures.guards import need_open
from xaso.modules.figures.models import Declared
from xaso.modules.figures.queries import kind_of, level_of
from xaso.modules.figures.rules.given import Given, completed, fault
from xaso.modules.figures.rules.numbers import Unreadable

State = Declared.State
LONGEST = {
    "sub_population": 120,
    "source": 300,
    "supplier": 200,
    "document_number": 60,
    "document_title": 300,
    "text": 300,
}
DECIDED = "Số liệu này đã được quyết định hoặc đã rút. Hãy tải lại trang."
EVIDENCE = "figures.evidence"


@action("figures.declare", "Khai báo số liệu")
def declare_figure(by: Actor, unit: Unit, /, *, key: str, period: Period, given: Given) -> Declared:
    """A row that waits for approval. `given.evidence` is a received file, when there is one."""
    row = declared_row(by, unit, kind_of(key), period, given)
    need_open(row)
    row.save()
    if given.evidence is not None:
        attach(by, given.evidence, subject=ref(row), unit_path=unit.path, kind=EVIDENCE)
    note(figure=key, period=row.period_key or str(row.as_of), says=given.for_audit())
    return row


def with_evidence(given: Given, received: Received | None) -> Given:
    """The same declaration with a file that was received before."""
    return replace(given, evidence=received)


def declared_row(by: Actor, unit: Unit, kind: FigureKind, period: Period, given: Given) -> Declared:
    """The row to be stored. Raises Refused naming the figure and what is wrong with it."""
    try:
        given = completed(replace(given, text=tidy(given.text)), kind.type)
    except Unreadable as unreadable:
        raise Refused(f"{kind.label}: {unreadable}.") from unreadable
    if wrong := fault(given, kind.type, dict(kind.options)) or _unfit(unit, kind, given):
        raise Refused(f"{kind.label}: {wrong}.")
    is_flow = kind.kind == "flow"
    return Declared(
        unit=unit,
        unit_path=unit.path,
        key=kind.key,
        period_key=period.key if is_flow else "",
        as_of=_as_of(kind, period, given.as_of),
        comparator=given.comparator,
        number=given.number,
        numerator=given.numerator,
        denominator=given.denominator,
        document_on=given.document_on,
        confidence=given.confidence,
        entered_by_id=by.account_id,
        entered_by_name=by.name[:120],
        entered_at=clock.now(),
        **{name: tidy(getattr(given, name)) for name in LONGEST},
    )


def _unfit(unit: Unit, kind: FigureKind, given: Given) -> str:
    """What is wrong beside the value itself."""
    for name, longest in LONGEST.items():
        if len(getattr(given, name)) > longest:
            return f"một ô dài quá {longest} ký tự"
    if not given.source.strip():
        return "ghi nguồn: số này lấy ở đâu"
    if given.document_on and given.document_on > clock.today():
        return f"ngày văn bản {given.document_on:%d/%m/%Y} chưa đến"
    level = level_of(unit)
    return f"số liệu này không dùng cho cấp của {unit}" if level and level not in kind.levels else ""


def _as_of(kind: FigureKind, period: Period, given: date | None) -> date:
    """The day the number is true for: the one given, the period's last, or today while it runs."""
    today = clock.today()
    if find_period(period.key) is None:
        raise Refused("Hãy chọn một tháng, quý, nửa năm, 9 tháng hoặc năm.")
    if period.since > today:
        raise Refused(f"{kind.label}: {period.label} chưa bắt đầu nên chưa khai được.")
    day = given or min(period.last, today)
    if day > today:
        raise Refused(f"{kind.label}: ngày {day:%d/%m/%Y} chưa đến; không khai số liệu của ngày mai.")
    first = date(period.since.year, 1, 1) if kind.kind == "stock" else period.since
    if not first <= day <= period.last:
        raise Refused(f"{kind.label}: ngày {day:%d/%m/%Y} nằm ngoài {period.label}.")
    return day


@action("figures.approve", "Duyệt số liệu")
def approve_figure(by: Actor, row: Declared, /) -> Declared:
    """From now on it counts, in place of what counted before."""
    approve(by, [row])
    return row


def approve(by: Actor, rows: list[Declared]) -> None:
    """Inside the caller's action; in the order they were entered, so that the last one said counts."""
    need_open(*rows)
    for row in sorted(rows, key=lambda one: one.pk):
        if row.entered_by_id is not None and row.entered_by_id == by.account_id:
            raise Refused("Người khai không tự duyệt số liệu của mình. Hãy nhờ lãnh đạo khác duyệt.")
        same_as(row).update(replaced_by=row)
        _decide(by, row, State.APPROVED)


def same_as(row: Declared) -> QuerySet[Declared]:
    """What counts now for the same unit, figure, time and people."""
    time = Q(period_key=row.period_key) if row.period_key else Q(period_key="", as_of=row.as_of)
    current = Declared.objects.filter(time, state=State.APPROVED, replaced_by=None)
    return current.filter(unit_path=row.unit_path, key=row.key, sub_population=row.sub_population)


@action("figures.refuse", "Không duyệt số liệu")
def refuse_figure(by: Actor, row: Declared, /, *, reason: str) -> Declared:
    """It never counted and never will; whoever declared it sees why."""
    _need(reason, "Hãy ghi lý do không duyệt, để người khai biết cần sửa gì.")
    _decide(by, row, State.REFUSED, reason)
    return row


@action("figures.withdraw", "Rút số liệu")
def withdraw_figure(by: Actor, row: Declared, /, *, reason: str) -> Declared:
    """It counts no longer; what it replaced counts again."""
    _need(reason, "Hãy ghi lý do rút số liệu.")
    row.refresh_from_db()
    withdraw(by, [row], reason)
    return row


def withdraw(by: Actor, rows: Sequence[Declared], reason: str) -> None:
    """Inside the caller's action. What each row replaced counts again, or is replaced by what came after the row."""
    need_open(*rows)
    values = {"state": State.WITHDRAWN, "replaced_by": None, **_decision(by, reason)}
    for row in rows:
        if row.state not in {State.WAITING, State.APPROVED}:
            raise Refused(DECIDED)
        after = row.replaced_by_id
        if not Declared.objects.filter(pk=row.pk, state=row.state, replaced_by=after).update(**values):
            raise Refused(DECIDED)
        if row.state == State.APPROVED:
            Declared.objects.filter(replaced_by=row.pk).update(replaced_by=after)
        for name, value in values.items():
            setattr(row, name, value)


def _need(reason: str, sentence: str) -> None:
    if not tidy(reason):
        raise Refused(sentence)


def _decision(by: Actor, reason: str) -> dict[str, object]:
    return {
        "reason": tidy(reason)[:300],
        "decided_by_id": by.account_id,
        "decided_by_name": by.name[:120],
        "decided_at": clock.now(),
    }


def _decide(by: Actor, row: Declared, state: str, reason: str = "") -> None:
    values = {"state": state, **_decision(by, reason)}
    try:
        decided = Declared.objects.filter(pk=row.pk, state=State.WAITING).update(**values)
    except IntegrityError as twice:
        raise Refused("Vừa có người duyệt một số khác cho cùng chỉ tiêu này. Hãy tải lại trang rồi xem lại.") from twice
    if not decided:
        raise Refused(DECIDED)
    for name, value in values.items():
        setattr(row, name, value)
