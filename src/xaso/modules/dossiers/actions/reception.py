"""Reception: accept, decline, ask for what is missing. NĐ 61/2018 Đ.15–18; forms of TT 01/2018 and TT 03/2025."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.deadlines import actions as deadlines
from xaso.core.deadlines.queries import due_for, part_of
from xaso.core.deadlines.rules import CannotCompute, Limit
from xaso.core.numbering.actions import next_number
from xaso.core.outbox.actions import announce
from xaso.core.units.models import Unit
from xaso.kit import clock, subject
from xaso.kit.errors import Refused
from xaso.kit.rows import insert
from xaso.modules.dossiers import rules
from xaso.modules.dossiers.actions.filing import Filing, already_filed, attach_parts, new_dossier
from xaso.modules.dossiers.actions.moving import begin, happened, move, need_ours
from xaso.modules.dossiers.events import DossierAccepted, DossierTold
from xaso.modules.dossiers.models import Dossier, Step, SubmittedPaper, Supplement
from xaso.modules.payments.actions import request_payment
from xaso.modules.procedures.queries import VersionView, version, why_not_receivable

NOT_RECEIVABLE = (
    "Thủ tục này đang chờ người quản lý danh mục rà soát (thời hạn hoặc phí chưa rõ) nên chưa tiếp nhận được. "
    "Người dân vẫn xem được hướng dẫn."
)


@dataclass(frozen=True, slots=True)
class Price:
    """What the applicant pays: counts (pages, copies, acts) and exemption groups, for the quote.

    `more`: counts of further papers of the same dossier; a tariff by page begins anew with each of them.
    """

    counts: dict[str, int]
    groups: tuple[str, ...] = ()
    more: tuple[dict[str, int], ...] = ()


NO_PRICE = Price({})


@action("dossiers.receive", "Tiếp nhận hồ sơ tại quầy")
def receive_dossier(
    by: Actor, unit: Unit, /, *, filed: Filing, channel: str = "counter", price: Price = NO_PRICE, forward: bool = False
) -> Dossier:
    """From nothing to state 2 in one step: the papers are complete, the number and the due date exist."""
    if before := already_filed(filed):
        return before
    now = clock.now()
    dossier = new_dossier(by, unit, filed, channel, now)
    check_papers(filed)
    _accept_fields(dossier, filed.version, now, forward=forward)
    quote = quote_of(dossier, filed.version, price, now)
    dossier.payment_state = payment_state_of(quote)
    insert([dossier])
    attach_parts(by, dossier, filed, now)
    _count_time(dossier, filed.version, now)
    _charge(by, dossier, quote, filed.version)
    _first_stints(by, dossier, filed.version, now)
    note(procedure=filed.version.code, filing=filed.filing, number=dossier.number)
    announce(DossierAccepted(dossier_id=dossier.pk))
    return dossier


@action("dossiers.accept", "Tiếp nhận hồ sơ")
def accept_dossier(by: Actor, dossier: Dossier, /, *, price: Price = NO_PRICE, forward: bool = False) -> Dossier:
    """1 → 2: number, due date, fee; the slip and the message follow the commit."""
    need_ours(dossier)
    pinned = version(dossier.version_id)
    _check_stored_papers(dossier, pinned)
    now = clock.now()
    quote = quote_of(dossier, pinned, price, now)
    wanted = Dossier(unit=dossier.unit, unit_path=dossier.unit_path, channel=dossier.channel, case_key=dossier.case_key)
    _accept_fields(wanted, pinned, now, forward=False)
    move(
        dossier,
        "accept",
        number=wanted.number,
        accepted_at=now,
        due_at=wanted.due_at,
        step_key=wanted.step_key,
        step_role=wanted.step_role,
        payment_state=payment_state_of(quote),
    )
    _count_time(dossier, pinned, now)
    _charge(by, dossier, quote, pinned)
    _first_stints(by, dossier, pinned, now)
    note(number=dossier.number)
    announce(DossierAccepted(dossier_id=dossier.pk))
    if forward:
        forward_dossier(by, dossier)
    return dossier


@action("dossiers.forward", "Chuyển xử lý")
def forward_dossier(by: Actor, dossier: Dossier, /) -> Dossier:
    """2 → 4. Same working day; after 15:00 the start of the next one (NĐ 61/2018 Đ.18)."""
    return move(dossier, "forward")


@action("dossiers.decline", "Từ chối tiếp nhận")
def decline_dossier(by: Actor, dossier: Dossier, /, *, reason: str) -> Dossier:
    """1 → 3 with Mẫu 03. The clock never starts."""
    need_reason(reason, "Hãy ghi lý do từ chối để người dân biết cần làm gì tiếp.")
    now = clock.now()
    move(dossier, "decline", finished_at=now, step_role="", step_key="")
    Step.objects.bulk_create([happened(dossier, by, "decline", "Từ chối tiếp nhận", now, reason)])
    announce(DossierTold(dossier_id=dossier.pk, template="dossiers.declined", paper="mau-03", note=reason))
    return dossier


@action("dossiers.request_supplement_before", "Yêu cầu bổ sung trước khi tiếp nhận")
def request_supplement_before(
    by: Actor, dossier: Dossier, /, *, items: Sequence[str], reason: str, answer_by: Any = None
) -> Dossier:
    """1 → 5 without a number: one complete list, only as Mẫu 02 (NĐ 61/2018 Đ.15.3)."""
    need_reason(reason, "Hãy ghi lý do cần bổ sung.")
    if not items:
        raise Refused("Hãy ghi đủ những giấy tờ cần bổ sung trong một lần.")
    now = clock.now()
    move(dossier, "request_supplement_before", supplement_answered_at=None)
    Supplement.objects.create(
        dossier=dossier, items=list(items), reason=reason, asked_at=now, asked_by=by.name, before_acceptance=True,
        answer_by_on=answer_by,
    )  # fmt: skip
    Step.objects.bulk_create([happened(dossier, by, "supplement", "Yêu cầu bổ sung trước khi tiếp nhận", now, reason)])
    announce(DossierTold(dossier_id=dossier.pk, template="dossiers.supplement_asked", paper="mau-02", note=reason))
    return dossier


def need_reason(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise Refused(sentence)


def check_papers(filed: Filing) -> None:
    due = [(part.key, part.name) for part in filed.version.papers(filed.answers) if part.need != "optional"]
    given = {key for key, paper in filed.papers.items() if paper.is_handed_in or paper.upload or paper.from_data}
    if missing := rules.missing_papers(due, given):
        raise Refused(f"Còn thiếu: {'; '.join(missing)}. Hãy đánh dấu giấy đã nhận hoặc lập phiếu yêu cầu bổ sung.")


def _check_stored_papers(dossier: Dossier, pinned: VersionView) -> None:
    given = set(
        SubmittedPaper.objects.filter(dossier=dossier)
        .exclude(is_handed_in=False, from_data=False)
        .values_list("key", flat=True)
    )
    due = [(part.key, part.name) for part in pinned.papers(dossier.answers) if part.need != "optional"]
    if missing := rules.missing_papers(due, given):
        raise Refused(f"Còn thiếu: {'; '.join(missing)}. Hãy lập phiếu yêu cầu bổ sung (Mẫu 02).")


def _accept_fields(dossier: Dossier, pinned: VersionView, now: datetime, *, forward: bool) -> None:
    """Number, state and first step, set on the row that is about to be stored."""
    dossier.number = next_number("dossier", dossier.unit, now)[0]
    accept_row(dossier, pinned, now, forward=forward)


def accept_row(dossier: Dossier, pinned: VersionView, now: datetime, *, forward: bool) -> None:
    """State, first step and due date of a row that has its number."""
    if sentence := why_not_receivable(pinned.code, clock.local(now).date()):
        raise Refused(sentence)
    first = rules.first_step(pinned.definition.steps)
    dossier.state = Dossier.State.PROCESSING if forward else Dossier.State.ACCEPTED
    dossier.accepted_at = now
    dossier.step_key, dossier.step_role = first.key, first.role
    dossier.due_at = _due(dossier, pinned, now)


def quote_of(dossier: Dossier, pinned: VersionView, price: Price, now: datetime) -> Any:
    return quote_for(pinned, dossier.channel, price, clock.local(now).date(), dossier.answers, dossier.case_key)


def quote_for(
    pinned: VersionView, channel: str, price: Price, on: date, answers: Mapping[str, Any], case_key: str = ""
) -> Any:
    """The fee as it will be charged: one quote, or the sum over several papers."""
    case = pinned.case(case_key) if case_key else pinned.case_for(answers)
    quotes = [pinned.quote(case, channel, counts, price.groups, on, answers) for counts in (price.counts, *price.more)]
    if len(quotes) == 1:
        return quotes[0]
    lines = tuple(line for quote in quotes for line in quote.lines)
    known = [quote.total for quote in quotes if quote.total is not None]
    return replace(quotes[0], lines=lines, total=sum(known) if len(known) == len(quotes) else None)


def limit_of(dossier: Dossier, pinned: VersionView) -> Limit:
    declared = pinned.limit(pinned.case(dossier.case_key), dossier.channel)
    if declared is None:
        raise Refused(NOT_RECEIVABLE)
    if declared.unit == "same_day":
        return Limit(0, "workday", same_day=True)
    return Limit(declared.amount, declared.unit)


def _due(dossier: Dossier, pinned: VersionView, now: datetime) -> datetime:
    try:
        return due_for(dossier.unit_path, limit_of(dossier, pinned), now)
    except CannotCompute as problem:
        raise Refused(str(problem)) from problem


def _count_time(dossier: Dossier, pinned: VersionView, now: datetime) -> None:
    deadlines.start(subject.ref(dossier), dossier.unit_path, limit_of(dossier, pinned), now, "dossier")


def payment_state_of(quote: Any) -> str:
    if quote.total is None:
        return Dossier.Payment.UNKNOWN
    return Dossier.Payment.DUE if quote.total else Dossier.Payment.NONE


def _charge(by: Actor, dossier: Dossier, quote: Any, pinned: VersionView) -> None:
    if quote.total:
        request_payment(by, **charge_of(dossier, quote, pinned))


def charge_of(dossier: Dossier, quote: Any, pinned: VersionView) -> dict[str, Any]:
    """What is asked for, in the words of payments."""
    return {
        "subject": subject.ref(dossier),
        "unit": dossier.unit,
        "payer_name": dossier.applicant_name,
        "owner_person_id": dossier.owner_person_id,
        "lines": [
            {
                "label": line.label,
                "kind": line.kind,
                "quantity": 1,
                "unit_amount": line.amount,
                "amount": line.amount,
                "note": "; ".join(step.text for step in line.steps),
            }
            for line in quote.lines
            if line.amount
        ],
        "total": quote.total,
        "collect_at": pinned.definition.collect_fee_at,
    }


def _first_stints(by: Actor, dossier: Dossier, pinned: VersionView, now: datetime) -> None:
    insert(first_stints(by, dossier, pinned, now))


def first_stints(by: Actor, dossier: Dossier, pinned: VersionView, now: datetime) -> list[Step]:
    """Reception, over at once, and the first step, which begins. Not yet stored."""
    first = rules.first_step(pinned.definition.steps)
    return [
        happened(dossier, by, "receive", "Tiếp nhận hồ sơ", now),
        begin(dossier, first, now, part_of(dossier.unit_path, now, dossier.due_at, first.share)),
    ]
