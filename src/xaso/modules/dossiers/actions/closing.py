"""Closing: return the result, stop, withdraw, rate; and hand over to a successor unit."""

from __future__ import annotations

from datetime import datetime

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.deadlines import actions as deadlines
from xaso.core.files import actions as files
from xaso.core.marks.watching import touch
from xaso.core.outbox.actions import announce
from xaso.core.search.actions import index_many
from xaso.core.units.models import Unit
from xaso.kit import clock, subject
from xaso.kit.errors import Refused
from xaso.kit.fold import words
from xaso.modules.dossiers import rules
from xaso.modules.dossiers.actions.moving import end_stint, happened, move, need_apology, need_ours
from xaso.modules.dossiers.actions.reception import need_reason
from xaso.modules.dossiers.events import DossierTold
from xaso.modules.dossiers.finding import item_of
from xaso.modules.dossiers.models import Consultation, Dossier, Result, Step
from xaso.modules.papers.actions import hand_over_papers
from xaso.modules.payments.actions import cancel_charge, hand_over_charges
from xaso.modules.payments.queries import open_charge
from xaso.modules.procedures.queries import version

AT_ONCE = 500


@action("dossiers.return_result", "Trả kết quả")
def return_result(by: Actor, dossier: Dossier, /, *, handed_to: str = "", handed_how: str = "") -> Dossier:
    """9 → 10: to the applicant, or to somebody authorised whose name and paper are kept."""
    need_ours(dossier)
    kind = version(dossier.version_id).definition.result.kind
    has_file = Result.objects.filter(dossier=dossier).exclude(file=None).exists()
    if sentence := rules.may_return(dossier.payment_state, has_file, kind):
        raise Refused(sentence)
    now = clock.now()
    # What was ready in time may be collected later.
    need_apology(dossier, dossier.finished_at or now)
    move(
        dossier, "return_result", returned_at=now, delivery_state=Dossier.Delivery.DELIVERED, step_key="", step_role=""
    )
    Result.objects.update_or_create(
        dossier=dossier,
        defaults={"handed_to": handed_to or dossier.applicant_name, "handed_how": handed_how, "handed_at": now},
    )
    Step.objects.bulk_create([happened(dossier, by, "return", "Trả kết quả", now, handed_how)])
    announce(DossierTold(dossier_id=dossier.pk, template="dossiers.returned"))
    return dossier


@action("dossiers.stop", "Dừng xử lý")
def stop_dossier(by: Actor, dossier: Dossier, /, *, reason: str) -> Dossier:
    """4, 5 or 6 → 8: not eligible after review, or the supplement never came. Mẫu 05 (Đ.19.8)."""
    need_reason(reason, "Hãy ghi lý do dừng và căn cứ để người dân biết.")
    if dossier.number is None:
        raise Refused("Hồ sơ chưa được tiếp nhận. Hãy dùng “Từ chối tiếp nhận”.")
    now = clock.now()
    _end(by, dossier, "stop", "Dừng giải quyết hồ sơ", reason, now)
    announce(DossierTold(dossier_id=dossier.pk, template="dossiers.stopped", paper="mau-05", note=reason))
    return dossier


@action("dossiers.withdraw", "Rút hồ sơ")
def withdraw_dossier(by: Actor, dossier: Dossier, /, *, reason: str = "") -> Dossier:
    """Any open state before a result is decided → 7, with Mẫu 05."""
    if Result.objects.filter(dossier=dossier).exclude(decided_at=None).exists():
        raise Refused("Kết quả đã được ký nên không rút hồ sơ được nữa. Hãy liên hệ Bộ phận Một cửa.")
    now = clock.now()
    _end(by, dossier, "withdraw", "Công dân rút hồ sơ", reason or "Công dân yêu cầu rút hồ sơ", now)
    announce(DossierTold(dossier_id=dossier.pk, template="dossiers.withdrawn", paper="mau-05", note=reason))
    return dossier


def _end(by: Actor, dossier: Dossier, verb: str, label: str, reason: str, now: datetime) -> None:
    need_ours(dossier)
    verdicts = {}
    if dossier.number is not None:
        clock_row = deadlines.stop(deadlines.clock_of(subject.ref(dossier)), now, "stopped")
        verdicts = {
            "on_time_legal": clock_row.verdict_legal,
            "on_time_shown": clock_row.verdict_shown,
            "on_time_766": clock_row.verdict_766,
        }
    move(dossier, verb, finished_at=now, step_key="", step_role="", assignee=None, needs_apology=False, **verdicts)
    end_stint(dossier, by, now, verb, reason)
    Step.objects.bulk_create([happened(dossier, by, verb, label, now, reason)])
    charge = open_charge(subject.ref(dossier))
    if charge is not None:
        cancel_charge(by, charge, reason=label)


@action("dossiers.rate", "Đánh giá mức độ hài lòng")
def rate(by: Actor, dossier: Dossier, /, *, stars: int, comment: str = "") -> Dossier:
    """One tap: 3 satisfied, 2 neutral, 1 not satisfied."""
    if not 1 <= stars <= 3:
        raise Refused("Hãy chọn một trong ba mức: hài lòng, bình thường, chưa hài lòng.")
    if dossier.state not in rules.CLOSED and dossier.state != rules.State.FINISHED:
        raise Refused("Hồ sơ đang được giải quyết; bạn đánh giá khi đã có kết quả.")
    Dossier.objects.filter(pk=dossier.pk).update(rating=stars, rating_comment=comment[:500])
    dossier.rating, dossier.rating_comment = stars, comment[:500]
    return dossier


@action("dossiers.hand_over", "Bàn giao hồ sơ cho đơn vị kế thừa")
def hand_over(by: Actor, predecessor: Unit, /, *, successor: Unit) -> int:
    """After a merger the successor owns what is open: dossiers with their files, papers and unpaid fees, and questions
    that wait for an answer. Numbers, due dates and clocks stay; under an unchanged path so do the people."""
    moved = []
    stays = predecessor.path == successor.path
    open_there = Dossier.objects.filter(unit_path=predecessor.path, unit=predecessor, state__in=rules.OPEN)
    for dossier in open_there.iterator(500):
        touch(dossier)
        texts = [" ".join(words(dossier.applicant_name)), dossier.applicant_id, dossier.applicant_phone]
        Dossier.objects.filter(pk=dossier.pk, unit=predecessor).update(
            unit=successor,
            unit_path=successor.path,
            assignee=dossier.assignee if stays else None,
            search_tokens=rules.tokens(successor.path, texts),
        )
        dossier.unit_path = successor.path
        moved.append(dossier)
    for start in range(0, len(moved), AT_ONCE):
        index_many([item_of(dossier) for dossier in moved[start : start + AT_ONCE]])
        part = [subject.ref(dossier) for dossier in moved[start : start + AT_ONCE]]
        files.hand_over(part, successor.path)
        hand_over_papers(part, successor.path)
        hand_over_charges(part, successor)
    Consultation.objects.filter(asked_unit=predecessor, answered_at=None).update(
        asked_unit=successor, unit_path=successor.path
    )
    note(predecessor=predecessor, successor=successor, count=len(moved))
    return len(moved)
