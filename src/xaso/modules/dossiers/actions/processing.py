"""Processing: steps, supplements, duties, consultation, apology. NĐ 61/2018 Đ.19."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from xaso.core.access import Actor
from xaso.core.accounts.models import Account
from xaso.core.actions import action, note
from xaso.core.deadlines import actions as deadlines
from xaso.core.deadlines.queries import part_of
from xaso.core.files import actions as files
from xaso.core.outbox.actions import announce
from xaso.core.units.models import Unit
from xaso.kit import clock, subject
from xaso.kit.errors import Refused
from xaso.kit.rows import insert
from xaso.modules.dossiers import rules
from xaso.modules.dossiers.actions.moving import (
    begin,
    change,
    count_supplement,
    end_stint,
    happened,
    move,
    need_apology,
    need_ours,
)
from xaso.modules.dossiers.actions.reception import need_reason
from xaso.modules.dossiers.events import DossierTold
from xaso.modules.dossiers.models import (
    Apology,
    Consultation,
    Dossier,
    Result,
    Step,
    SubmittedPaper,
    Supplement,
)
from xaso.modules.procedures.queries import version

NOT_FORWARDED = "Hồ sơ chưa được chuyển xử lý. Hãy bấm “Chuyển xử lý” trước."


@action("dossiers.assign", "Phân công xử lý")
def assign(by: Actor, dossier: Dossier, /, *, to: Account) -> Dossier:
    """The head of the unit names the handler (Đ.19.1)."""
    _check_assignable(dossier)
    change(dossier, assignee=to)
    Step.objects.filter(dossier=dossier, finished_at=None).update(account=to)
    now = clock.now()
    Step.objects.bulk_create([happened(dossier, by, "assign", f"Phân công cho {to.person.full_name}", now)])
    return dossier


@action("dossiers.substitute", "Giao người làm thay")
def substitute(by: Actor, unit: Unit, /, *, absent: Account, stand_in: Account) -> int:
    """Everything open of an absent officer goes to the stand-in. Returns how many dossiers moved."""
    theirs = list(
        Dossier.objects.filter(unit_path=unit.path, assignee=absent, state__in=rules.BEFORE_RESULT).exclude(
            sync_state=Dossier.Sync.MIRROR
        )
    )
    now = clock.now()
    Dossier.objects.filter(pk__in=[d.pk for d in theirs]).update(assignee=stand_in)
    Step.objects.filter(dossier__in=theirs, finished_at=None).update(account=stand_in)
    label = f"{stand_in.person.full_name} làm thay {absent.person.full_name}"
    Step.objects.bulk_create([happened(dossier, by, "substitute", label, now) for dossier in theirs])
    note(count=len(theirs))
    return len(theirs)


def _check_assignable(dossier: Dossier) -> None:
    need_ours(dossier)
    if dossier.state not in rules.BEFORE_RESULT:
        raise Refused("Hồ sơ đã xử lý xong nên không phân công nữa.")


@action("dossiers.finish_step", "Hoàn thành bước")
def finish_step(by: Actor, dossier: Dossier, /, *, remark: str = "") -> Dossier:
    """The present step is done; the next one begins, or the work is finished (state 9)."""
    pinned = version(dossier.version_id)
    _check_step(dossier, by)
    now = clock.now()
    need_apology(dossier, now)
    following = rules.next_step(pinned.definition.steps, dossier.step_key)
    if following is None:
        return _finish(by, dossier, now, remark)
    change(dossier, step_key=following.key, step_role=following.role, assignee=None)
    end_stint(dossier, by, now, "done", remark)
    due_at = part_of(dossier.unit_path, now, dossier.due_at, following.share)
    insert([begin(dossier, following, now, due_at)])
    return dossier


def _check_step(dossier: Dossier, by: Actor) -> None:
    need_ours(dossier)
    if dossier.state == rules.State.ACCEPTED:
        raise Refused(NOT_FORWARDED)
    if dossier.state != rules.State.PROCESSING:
        label = rules.LABELS[rules.State(dossier.state)]
        raise Refused(f"Hồ sơ đang ở trạng thái “{label}” nên chưa hoàn thành bước được.")
    open_questions = Consultation.objects.filter(dossier=dossier, answered_at=None).exists()
    if open_questions:
        raise Refused("Hồ sơ đang chờ đơn vị khác trả lời ý kiến. Hãy đợi hoặc nhắc đơn vị đó.")
    if by.kind == "person" and not any(grant.role == dossier.step_role for grant in by.grants):
        raise Refused(f"Bước này thuộc về {_role(dossier.step_role)}. Hãy chuyển cho đúng người.")


def _role(role: str) -> str:
    names = {"reception": "cán bộ tiếp nhận", "handler": "chuyên viên", "head": "phụ trách bộ phận",
             "leader": "lãnh đạo", "clerk": "văn thư", "cashier": "người thu phí"}  # fmt: skip
    return names.get(role, role)


def _finish(by: Actor, dossier: Dossier, now: datetime, remark: str) -> Dossier:
    clock_row = deadlines.clock_of(subject.ref(dossier))
    deadlines.stop(clock_row, now, "finished")
    move(
        dossier,
        "finish",
        finished_at=now,
        step_key="return",
        step_role="reception",
        assignee=None,
        delivery_state=Dossier.Delivery.READY,
        needs_apology=False,
        on_time_legal=clock_row.verdict_legal,
        on_time_shown=clock_row.verdict_shown,
        on_time_766=clock_row.verdict_766,
    )
    end_stint(dossier, by, now, "done", remark)
    show_result(dossier)
    announce(DossierTold(dossier_id=dossier.pk, template="dossiers.result_ready"))
    return dossier


def show_result(dossier: Dossier) -> None:
    """The decided result becomes the applicant's own file."""
    result = Result.objects.select_related("file").filter(dossier=dossier).exclude(file=None).first()
    if result is not None and result.file is not None and dossier.owner_person_id:
        files.give_to(result.file, dossier.owner_person_id)


@action("dossiers.sign_result", "Ký duyệt kết quả")
def sign_result(by: Actor, dossier: Dossier, /, *, remark: str = "") -> Dossier:
    """The competent person decides. The digital signature on the file is asked for beside it (`modules/signing`)."""
    decided = Result(dossier=dossier, decided_by=by.name, decided_at=clock.now())
    Result.objects.bulk_create(
        [decided], update_conflicts=True, unique_fields=["dossier"], update_fields=["decided_by", "decided_at"]
    )
    return finish_step(by, dossier, remark=remark)


@action("dossiers.refuse_result", "Trả lại để làm lại")
def refuse_result(by: Actor, dossier: Dossier, /, *, reason: str) -> Dossier:
    """The leader sends the draft back to whoever prepared it."""
    need_reason(reason, "Hãy ghi lý do trả lại để chuyên viên sửa đúng chỗ.")
    pinned = version(dossier.version_id)
    _check_step(dossier, by)
    back = rules.step_back(pinned.definition.steps, dossier.step_key)
    now = clock.now()
    change(dossier, step_key=back.key, step_role=back.role)
    end_stint(dossier, by, now, "back", reason)
    Step.objects.bulk_create([begin(dossier, back, now)])
    return dossier


@action("dossiers.attach_result", "Đính kèm kết quả")
def attach_result(by: Actor, dossier: Dossier, /, *, upload: UUID, number: str = "") -> Dossier:
    """The result's file: what the resident downloads."""
    need_ours(dossier)
    if dossier.state not in {rules.State.PROCESSING, rules.State.FINISHED}:
        raise Refused("Chỉ đính kèm kết quả khi hồ sơ đang xử lý hoặc đã xử lý xong.")
    [stored] = files.claim(
        by,
        [upload],
        subject=subject.ref(dossier),
        unit_path=dossier.unit_path,
        # Nobody outside sees a result before it is decided.
        owner_person_id=dossier.owner_person_id if dossier.state == rules.State.FINISHED else None,
        kinds={upload: "result"},
    )
    Result.objects.update_or_create(dossier=dossier, defaults={"file": stored, "number": number})
    return dossier


@action("dossiers.request_supplement", "Yêu cầu bổ sung")
def request_supplement(
    by: Actor,
    dossier: Dossier,
    /,
    *,
    items: Sequence[str],
    reason: str,
    answer_by: date | None = None,
    approved_by: Actor | None = None,
) -> Dossier:
    """4 → 5 with Mẫu 02; the clock stands still. A second request needs a manager (`approved_by`)."""
    need_reason(reason, "Hãy ghi lý do cần bổ sung.")
    if not items:
        raise Refused("Hãy ghi đủ những giấy tờ cần bổ sung trong một lần.")
    agrees = approved_by is not None and approved_by.may("dossiers.override", on=dossier)
    if sentence := rules.may_ask_supplement(dossier.supplements_asked, agrees):
        raise Refused(sentence)
    now = clock.now()
    move(dossier, "request_supplement", supplement_answered_at=None)
    count_supplement(dossier)
    deadlines.pause(deadlines.clock_of(subject.ref(dossier)), "supplement", now, document="mau-02")
    Supplement.objects.create(
        dossier=dossier,
        items=list(items),
        reason=reason,
        asked_at=now,
        asked_by=by.name,
        answer_by_on=answer_by,
        approved_by=approved_by.name if approved_by else "",
    )
    Step.objects.bulk_create([happened(dossier, by, "supplement", "Yêu cầu bổ sung giấy tờ", now, reason)])
    announce(DossierTold(dossier_id=dossier.pk, template="dossiers.supplement_asked", paper="mau-02", note=reason))
    return dossier


@action("dossiers.answer_supplement", "Bổ sung giấy tờ")
def answer_supplement(by: Actor, dossier: Dossier, /, *, uploads: Mapping[str, UUID], answer: str = "") -> Dossier:
    """The resident (or reception for them) hands in what was asked. A dossier not yet accepted goes back to 1."""
    if dossier.state != rules.State.SUPPLEMENT:
        raise Refused("Hồ sơ này hiện không chờ bổ sung.")
    if not uploads and not answer.strip():
        raise Refused("Hãy đính kèm giấy tờ hoặc ghi nội dung trả lời.")
    now = clock.now()
    _store_answer(by, dossier, uploads, now)
    Supplement.objects.filter(dossier=dossier, answered_at=None).update(answered_at=now, answer=answer[:1000])
    if dossier.number is None:
        move(dossier, "resubmit", supplement_answered_at=now)
    else:
        change(dossier, supplement_answered_at=now)
    Step.objects.bulk_create([happened(dossier, by, "answer", "Người dân đã bổ sung", now, answer)])
    return dossier


def _store_answer(by: Actor, dossier: Dossier, uploads: Mapping[str, UUID], now: datetime) -> None:
    if not uploads:
        return
    stored = files.claim(
        by,
        list(uploads.values()),
        subject=subject.ref(dossier),
        unit_path=dossier.unit_path,
        owner_person_id=dossier.owner_person_id,
    )
    by_uuid = {file.uuid: file for file in stored}
    for key, upload in uploads.items():
        SubmittedPaper.objects.update_or_create(
            dossier=dossier,
            key=key,
            defaults={"is_handed_in": True, "file": by_uuid[upload], "digitised_by_id": by.account_id,
                      "digitised_at": now},
            create_defaults={"name": "Giấy tờ bổ sung", "is_required": False, "is_handed_in": True,
                             "file": by_uuid[upload], "digitised_by_id": by.account_id, "digitised_at": now},
        )  # fmt: skip


@action("dossiers.resume", "Tiếp nhận giấy tờ bổ sung")
def resume_dossier(by: Actor, dossier: Dossier, /) -> Dossier:
    """5 → 4: the papers are complete now; the limit counts again from zero (NĐ 61/2018 Đ.19.4)."""
    need_ours(dossier)
    if dossier.number is None:
        raise Refused("Hồ sơ chưa được tiếp nhận. Hãy đợi người dân gửi lại rồi tiếp nhận.")
    now = clock.now()
    clock_row = deadlines.restart(deadlines.clock_of(subject.ref(dossier)), now)
    answered_at = dossier.supplement_answered_at or now
    move(dossier, "resume", due_at=clock_row.due_shown_at, supplement_answered_at=answered_at, needs_apology=False)
    Supplement.objects.filter(dossier=dossier, answered_at=None).update(answered_at=now)
    Step.objects.bulk_create([happened(dossier, by, "resume", "Nhận đủ giấy tờ bổ sung", now)])
    announce(DossierTold(dossier_id=dossier.pk, template="dossiers.supplement_received"))
    return dossier


@action("dossiers.request_duty", "Yêu cầu thực hiện nghĩa vụ tài chính")
def request_duty(by: Actor, dossier: Dossier, /, *, notice: str) -> Dossier:
    """4 → 6: waiting for a tax or fee duty; the clock is paused."""
    need_reason(notice, "Hãy ghi số thông báo nghĩa vụ tài chính.")
    now = clock.now()
    move(dossier, "request_duty")
    deadlines.pause(deadlines.clock_of(subject.ref(dossier)), "finance", now, document=notice[:100])
    Step.objects.bulk_create([happened(dossier, by, "duty", "Chờ thực hiện nghĩa vụ tài chính", now, notice)])
    announce(DossierTold(dossier_id=dossier.pk, template="dossiers.duty_asked", note=notice))
    return dossier


@action("dossiers.confirm_duty", "Xác nhận đã thực hiện nghĩa vụ tài chính")
def confirm_duty(by: Actor, dossier: Dossier, /, *, proof: str) -> Dossier:
    """6 → 4: the clock runs on and the due date moves by the time waited."""
    need_ours(dossier)
    need_reason(proof, "Hãy ghi số biên lai hoặc chứng từ.")
    now = clock.now()
    clock_row = deadlines.resume(deadlines.clock_of(subject.ref(dossier)), now)
    move(dossier, "confirm_duty", due_at=clock_row.due_shown_at, needs_apology=False)
    Step.objects.bulk_create([happened(dossier, by, "duty_done", "Đã thực hiện nghĩa vụ tài chính", now, proof)])
    return dossier


@action("dossiers.consult", "Lấy ý kiến đơn vị khác")
def consult(by: Actor, dossier: Dossier, /, *, asked: Unit, question: str, answer_by: datetime) -> Consultation:
    """A question with a deadline; the asked unit sees it on its desk (Đ.19.5)."""
    need_ours(dossier)
    need_reason(question, "Hãy ghi nội dung cần lấy ý kiến.")
    if dossier.state != rules.State.PROCESSING:
        raise Refused("Chỉ lấy ý kiến khi hồ sơ đang xử lý.")
    now = clock.now()
    if answer_by <= now:
        raise Refused("Hạn trả lời phải sau thời điểm hiện tại.")
    Step.objects.bulk_create([happened(dossier, by, "consult", f"Lấy ý kiến {asked.full_name}", now, question)])
    return Consultation.objects.create(
        dossier=dossier,
        asked_unit=asked,
        unit_path=asked.path,
        question=question,
        asked_at=now,
        asked_by=by.name,
        answer_by_at=answer_by,
    )


@action("dossiers.answer_consultation", "Trả lời ý kiến")
def answer_consultation(by: Actor, consultation: Consultation, /, *, answer: str) -> Consultation:
    need_reason(answer, "Hãy ghi nội dung trả lời.")
    now = clock.now()
    open_ones = Consultation.objects.filter(pk=consultation.pk, answered_at=None)
    if not open_ones.update(answered_at=now, answered_by=by.name, answer=answer[:4000]):
        raise Refused("Ý kiến này đã được trả lời.")
    label = f"{consultation.asked_unit.full_name} trả lời"
    Step.objects.bulk_create([happened(consultation.dossier, by, "answer", label, now, answer)])
    consultation.refresh_from_db()
    return consultation


@action("dossiers.apologise", "Xin lỗi và hẹn lại")
def apologise(by: Actor, dossier: Dossier, /, *, reason: str, new_due: datetime, override_reason: str = "") -> Dossier:
    """Mẫu 04: the reason and one new date (Đ.19.9). A second date needs a manager and is kept with its reason. Work
    that is done, but late, is apologised for before it is handed over: its clock has stopped for good.
    """
    need_ours(dossier)
    need_reason(reason, "Hãy ghi lý do chậm để xin lỗi người dân.")
    now = clock.now()
    done_late = dossier.state == rules.State.FINISHED and rules.owes_apology(
        dossier.finished_at or now, dossier.due_at, dossier.apologised_at
    )
    if not done_late and dossier.state not in {rules.State.ACCEPTED, rules.State.PROCESSING, rules.State.DUTY}:
        raise Refused("Chỉ hẹn lại khi hồ sơ đang được xử lý.")
    override = bool(override_reason.strip()) and by.may("dossiers.override", on=dossier)
    if dossier.apologised_at and not override:
        raise Refused(rules.SECOND_RESCHEDULE)
    before, after = dossier.due_at, new_due
    if not done_late:
        clock_row = deadlines.clock_of(subject.ref(dossier))
        deadlines.reschedule(clock_row, new_due, reason, override=override)
        after = clock_row.due_shown_at
    change(dossier, due_at=after, apologised_at=now, needs_apology=False)
    Apology.objects.create(
        dossier=dossier,
        reason=reason,
        due_before_at=before,
        due_after_at=new_due,
        at=now,
        by=by.name,
        override_reason=override_reason,
    )
    Step.objects.bulk_create([happened(dossier, by, "apology", "Xin lỗi và hẹn lại ngày trả", now, reason)])
    announce(DossierTold(dossier_id=dossier.pk, template="dossiers.apologised", paper="mau-04", note=reason))
    return dossier
