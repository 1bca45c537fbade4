"""Documents of the communes at work now: some came in, some are on their way out; and who holds a signature."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import cache
from typing import Any

from django.db import transaction

from xaso.core.access import SYSTEM, Actor
from xaso.core.accounts.models import Account, Post
from xaso.core.accounts.queries import actor_of
from xaso.core.deadlines.calendar import calendar_for
from xaso.core.files.actions import receive_bytes
from xaso.core.outbox.actions import deliver_all
from xaso.core.units.models import Unit
from xaso.core.units.queries import unit_by_code
from xaso.demo.content import demo_content
from xaso.demo.scenario import CommunePlan, Scenario
from xaso.kit import clock
from xaso.kit.subject import ref
from xaso.kit.sure import sure
from xaso.modules.incoming import actions as incoming
from xaso.modules.incoming.actions import Due, Registration, Remark
from xaso.modules.incoming.models import Document as Arrived
from xaso.modules.outgoing.actions.drafting import Words, begin_draft, save_draft
from xaso.modules.outgoing.actions.issuing import add_recipient, issue
from xaso.modules.outgoing.actions.numbering import give_number
from xaso.modules.outgoing.actions.reviewing import approve, pass_check, prepare, submit
from xaso.modules.outgoing.actions.sealing import sign_on_paper
from xaso.modules.outgoing.models import Document
from xaso.modules.outgoing.queries import documents, sheets
from xaso.modules.signing import rules as signing
from xaso.modules.signing.actions import add_certificate
from xaso.modules.signing.actions.register import Given
from xaso.modules.workfiles.actions import Paper, add_paper, open_workfile

ISSUER = "Tổ chức chứng thực minh hoạ"
HEADING, WORK = "CCHC", "Cấp và sử dụng chữ ký số"
TERM = timedelta(days=3 * 365)


@cache
def letters() -> dict[str, Any]:
    """Raises ContentFault naming the file."""
    return demo_content("letters.yaml")


def play_letters(scenario: Scenario) -> None:
    """Every commune that is at work now. One that has documents was played, or is worked in."""
    for plan in scenario.communes:
        unit = unit_by_code(plan.code, clock.today())
        if plan.open_now and not Arrived.objects.filter(unit=unit).exists():
            with transaction.atomic():
                _Office(scenario, plan, unit).play()


class _Office:
    """A commune's office: its people, and what it has taken in so far."""

    def __init__(self, scenario: Scenario, plan: CommunePlan, unit: Unit) -> None:
        self.unit = unit
        self.accounts = {
            role: Account.objects.select_related("person").get(username=f"{name}.{plan.slug}")
            for role, name in scenario.officers.items()
        }
        self.people: dict[str, Actor] = {role: actor_of(one.pk) for role, one in self.accounts.items()}
        self.taken: dict[str, Arrived] = {}

    def play(self) -> None:
        self._register_signatures()
        for said in letters()["incoming"]:
            self._arrive(said)
        for said in letters()["outgoing"]:
            self._write(said)
        self._collect()

    def _at(self, days: int, hour: int = 8) -> datetime:
        """A morning so many working days ago; today's work began an hour ago at the latest."""
        now = clock.now()
        day, calendar = clock.local(now).date(), calendar_for(self.unit.path, clock.local(now).date())
        while days or not calendar.shifts_on(day):
            day -= timedelta(days=1)
            days -= 1 if days and calendar.shifts_on(day) else 0
        return min(datetime.combine(day, time(hour, 20), tzinfo=clock.VIETNAM), now - timedelta(hours=1))

    def _post(self, role: str) -> Post:
        return Post.objects.select_related("account__person").get(account=self.accounts[role], valid_to=None)

    # Documents that came

    def _arrive(self, said: dict[str, Any]) -> None:
        until, at = said["until"], self._at(said["days"])
        head = {name: said[name] for name in ("number", "symbol", "kind", "subject")}
        with clock.replaying(at):
            document = incoming.arrive(
                SYSTEM, self.unit, origin="scan", sender=said["issuer"], dated_on=clock.today(), **head
            )
            if until != "waiting":
                given = Registration(
                    book="chung", issuer=said["issuer"], dated_on=clock.today(), urgency=said.get("urgency", 0), **head
                )
                incoming.register(self.people["clerk"], document, given=given, show=True)
            deliver_all()
        self.taken[said["number"]] = document
        if until in {"waiting", "shown"}:
            return
        with clock.replaying(at + timedelta(minutes=30)):
            wanted = Remark("Giao chủ trì tham mưu.", self._post("handler"), due=Due(said["limit"]))
            incoming.remark(self.people["leader"], document, given=wanted)
            deliver_all()
        if until != "assigned":
            self._work(document, at + timedelta(hours=1), is_done=until == "done")

    def _work(self, document: Arrived, at: datetime, *, is_done: bool) -> None:
        handler = self.people["handler"]
        with clock.replaying(at):
            incoming.take(handler, document)
            if is_done:
                incoming.finish(handler, document, outcome="handled", note_text="Đã rà soát, không phải trả lời.")
            deliver_all()

    # Documents that go

    def _write(self, said: dict[str, Any]) -> None:
        handler, at = self.people["handler"], self._at(said["days"], 9)
        answered = self.taken.get(said.get("answers", ""))
        with clock.replaying(at):
            begun = begin_draft(
                handler,
                self.unit,
                kind=said["kind"],
                subject=said["subject"],
                answers=ref(answered) if answered else "",
            )
            words = Words(
                kind=said["kind"], subject=said["subject"], text=said["text"], department="VP",
                addressees=tuple(name for name, way in said["to"] if way != "portal"),
                signer_id=self.accounts["leader"].pk,
            )  # fmt: skip
            save_draft(handler, begun, words=words, revision=begun.revision)
            for name, way in said["to"]:
                add_recipient(handler, self._again(begun), name=name, channel=way)
            self._bring(begun, said["until"])
            deliver_all()

    def _again(self, document: Document) -> Document:
        return documents.document(document.uuid)

    def _bring(self, document: Document, until: str) -> None:
        """The way every letter goes, as far as it has come. Signed with a pen: a demonstration holds nobody's key."""
        handler, leader, clerk = (self.people[role] for role in ("handler", "leader", "clerk"))
        if until == "draft":
            return
        one = self._again(document)
        one = submit(handler, one, to="leader", checked=sheets.checked(one))
        if until == "leader":
            return
        one = approve(leader, self._again(one))
        one = pass_check(clerk, self._again(one), prepared=prepare(self._again(one)))
        one = give_number(clerk, sign_on_paper(clerk, self._again(one), signed_on=clock.today()))
        scan = receive_bytes(sheets.content_of(sure(self._again(one).sheet)), name="ban-quet.pdf")
        issue(clerk, self._again(one), scan=scan)

    def _collect(self) -> None:
        """The papers of one task, still open."""
        handler = self.people["handler"]
        with clock.replaying(self._at(8)):
            work = open_workfile(handler, self.unit, heading=HEADING, title=WORK)
            answer = Document.objects.filter(unit=self.unit, state="issued", answers__gt="").first()
            if answer is not None:
                add_paper(
                    handler, work, paper=Paper(str(answer), True, subject=ref(answer), url=answer.get_absolute_url())
                )

    # Who holds a signature

    def _register_signatures(self) -> None:
        since = self._at(200)
        for role in ("leader", "head", "handler", "reception", "clerk"):
            account = self.accounts[role]
            self._hold(signing.OFFICIAL, account.person.full_name, f"CB-{role}", since, account)
        counts = letters()["signatures"]
        for number in range(counts["enterprises"]):
            self._hold(signing.ENTERPRISE, f"Doanh nghiệp minh hoạ {number + 1}", f"DN-{number}", since)
        for number in range(counts["individuals"]):
            self._hold(signing.INDIVIDUAL, f"Người dân minh hoạ {number + 1}", f"CN-{number}", since)

    def _hold(self, kind: str, name: str, code: str, since: datetime, account: Account | None = None) -> None:
        given = Given(
            holder_kind=kind, holder_name=name, holder_code="", means="remote", serial=f"{self.unit.code}-{code}",
            issuer=ISSUER, valid_from=since, valid_to=since + TERM,
        )  # fmt: skip
        add_certificate(SYSTEM, self.unit, given=given, account=account)
