"""A commune with something on every page."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import time_machine

from xaso.core.access import SYSTEM
from xaso.core.accounts.models import Post
from xaso.core.outbox.actions import deliver_all
from xaso.core.units.models import Unit
from xaso.kit import clock, subject
from xaso.modules.dossiers.actions import filing, payment, processing, reception
from xaso.modules.dossiers.actions.warning import ask_for_apology
from xaso.modules.dossiers.models import Consultation, Draft
from xaso.modules.dossiers.tests.factories import COPY, MARITAL, PDF, PERMIT, finished, received, submitted, uploaded
from xaso.modules.payments import actions as payments
from xaso.modules.payments.models import Charge
from xaso.modules.payments.tests.factories import make_account, make_charge, take, tell_bank
from xaso.modules.procedures.models import Procedure
from xaso.modules.procedures.queries import current, entry
from xaso.modules.queueing import actions as queueing
from xaso.modules.queueing.models import Counter
from xaso.modules.reports.actions.exporting import ask_export
from xaso.modules.reports.actions.writing import begin_report, write_report

BIRTH = "1.001193"
CODE = COPY
ANSWERS = {
    "applicant": {
        "full_name": "Nguyễn Thị Lan", "personal_id": "026185001234", "birth_on": "1985-03-08", "sex": "female",
    },
    "phone": "0912345601", "relation": "child", "child_name": "Nguyễn Ngọc Mai", "late": True, "birth_proof": "pledge",
    "child_birth_on": "2026-08-20", "has_mother": True,
}  # fmt: skip


def furnished(people: SimpleNamespace, unit: Unit) -> SimpleNamespace:
    """Dossiers in many states, money in many states, a busy queue. Returns what the addresses need."""
    made = SimpleNamespace(draft=_draft(people, unit))
    _dossiers(people, unit, made)
    _money(people, unit, made)
    _queue(people, unit, made)
    made.versions = _versions()
    made.waits = Procedure.objects.filter(needs_review=True).first() or Procedure.objects.get(code=CODE)
    made.post = Post.objects.get(account_id=people.an.account_id)
    _reports(people, unit, made)
    deliver_all()
    return made


def _draft(people: SimpleNamespace, unit: Unit) -> Draft:
    fresh = Draft(
        account_id=people.lan.account_id, owner_person_id=people.lan.person_id,
        procedure_id=current(BIRTH).procedure_id, unit=unit, updated_at=clock.now(),
    )  # fmt: skip
    return filing.save_draft(people.lan, fresh, answers=ANSWERS, files_by_key={})


def _dossiers(people: SimpleNamespace, unit: Unit, made: SimpleNamespace) -> None:
    with time_machine.travel(clock.now() - timedelta(days=40), tick=False):
        made.late = received(people.minh, unit, PERMIT)
    made.copy = received(
        people.minh, unit, COPY, answers={"papers": [{"name": "Bằng tốt nghiệp", "pages": 3, "copies": 2}]}
    )
    made.new = submitted(people.lan, unit)
    made.asked = submitted(people.lan, unit, MARITAL)
    reception.accept_dossier(people.minh, made.asked, price=reception.Price({"act": 1}, ()), forward=True)
    items = ["Bản sao giấy chứng tử của vợ hoặc chồng cũ", "Ảnh thẻ căn cước hai mặt"]
    processing.request_supplement(people.an, made.asked, items=items, reason="Chưa rõ tình trạng hôn nhân trước đây.")
    officers = (people.minh, people.an, people.thu, people.hoa, people.van)
    made.done = finished(unit, *officers)
    made.own = submitted(people.lan, unit, PERMIT, result_by="online")
    reception.accept_dossier(people.minh, made.own, price=reception.Price({}, ()), forward=True)
    processing.attach_result(people.an, made.own, upload=uploaded(people.an, PDF).uuid, number="02/GP")
    soon = clock.now() + timedelta(days=2)
    question = "Thửa đất của hộ này có đang tranh chấp ranh giới không? Đề nghị đơn vị kiểm tra và cho ý kiến."
    processing.consult(people.an, made.late, asked=unit, question=question, answer_by=soon)
    made.question = Consultation.objects.get()
    ask_for_apology(SYSTEM, made.late)


def _money(people: SimpleNamespace, unit: Unit, made: SimpleNamespace) -> None:
    made.account = make_account(unit)
    owner = people.lan.person_id
    payment.set_fee(people.minh, made.own, amount=75_000, basis="Nghị quyết của HĐND tỉnh")
    made.charge = Charge.objects.get(subject=subject.ref(made.own))
    made.paid = _charge(unit, owner)
    take(people.dung, made.paid)
    made.receipt = made.paid.receipts.get()
    _charge(unit, owner, 8_000)
    tell_bank(made.account, 20_000, _charge(unit, owner).reference)
    made.stray = tell_bank(made.account, 60_000, "ung ho quy khuyen hoc xa").transaction
    payments.ask_refund(people.dung, made.paid, amount=50_000, reason="Thuộc diện miễn lệ phí, đã nộp nhầm")


def _charge(unit: Unit, owner: int, total: int = 50_000) -> Charge:
    """Of nothing in particular: the shipped factory numbers its things from one, where real dossiers are."""
    return make_charge(unit, total=total, owner=owner, subject=subject.ref(unit))


def _queue(people: SimpleNamespace, unit: Unit, made: SimpleNamespace) -> None:
    made.counters = []
    for number, fields in enumerate((("Hộ tịch", "Chứng thực"), ("Đất đai",)), start=1):
        fresh = Counter(unit=unit, unit_path=unit.path)
        counter = queueing.manage_counter(people.quan, fresh, number=number, label=fields[0], fields=fields)
        made.counters.append(queueing.open_counter(people.minh, counter))
    for number in range(12):
        field = ("Hộ tịch", "Đất đai", "")[number % 3]
        made.ticket = queueing.issue_ticket(people.minh, unit, field=field, is_priority=number % 5 == 4)
    queueing.serve(people.minh, queueing.call_next(people.minh, made.counters[0]))
    queueing.call_next(people.minh, made.counters[1])


def _reports(people: SimpleNamespace, unit: Unit, made: SimpleNamespace) -> None:
    """One being written, and a list ordered."""
    made.report = begin_report(people.mai, unit, kind="khcn-cds", period="2026-9M")
    write_report(people.mai, made.report, texts={"chi-dao": "Đã họp 02 cuộc."}, revision=0)
    made.export = ask_export(
        people.hoa, unit, measure="dossiers.received", period="2026", form="csv", is_personal=False, reason="Đối chiếu"
    )


def _versions() -> tuple[Any, Any]:
    for code in (BIRTH, PERMIT, COPY, MARITAL):
        if len(found := entry(code).versions) > 1:
            return code, found[1].uuid, found[0].uuid
    only = entry(CODE).versions[0].uuid
    return CODE, only, only
