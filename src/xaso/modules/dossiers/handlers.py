"""What a dossier does after an event: its papers and messages, the fee that was paid, the deadline that nears."""

from uuid import UUID

from xaso.core.access import SYSTEM
from xaso.core.deadlines.events import DeadlineNear, DeadlinePassed
from xaso.core.files import queries as files
from xaso.kit import subject
from xaso.kit.events import on
from xaso.modules.dossiers.actions.payment import mark_fee
from xaso.modules.dossiers.actions.signatures import keep_signed
from xaso.modules.dossiers.actions.telling import tell
from xaso.modules.dossiers.actions.warning import ask_for_apology, note_overdue
from xaso.modules.dossiers.events import DossierAccepted, DossierSubmitted, DossierTold
from xaso.modules.dossiers.models import Dossier
from xaso.modules.payments.events import PaymentChanged, PaymentConfirmed
from xaso.modules.signing import queries as signing
from xaso.modules.signing.events import SignatureGiven


def _dossier(pk: int) -> Dossier:
    return Dossier.objects.select_related("unit", "owner_person").get(pk=pk)


@on(DossierSubmitted)
def a_dossier_was_submitted(fact: DossierSubmitted) -> None:
    tell(SYSTEM, _dossier(fact.dossier_id), template="dossiers.submitted")


@on(DossierAccepted)
def a_dossier_was_accepted(fact: DossierAccepted) -> None:
    tell(SYSTEM, _dossier(fact.dossier_id), template="dossiers.accepted", paper="mau-01")


@on(DossierTold)
def the_resident_must_be_told(fact: DossierTold) -> None:
    tell(SYSTEM, _dossier(fact.dossier_id), template=fact.template, paper=fact.paper, note=fact.note)


@on(PaymentConfirmed)
def a_fee_was_paid(fact: PaymentConfirmed) -> None:
    if fact.subject.startswith("dossiers.Dossier:"):
        mark_fee(SYSTEM, subject.resolve(fact.subject))


@on(PaymentChanged)
def a_payment_changed(fact: PaymentChanged) -> None:
    if fact.subject.startswith("dossiers.Dossier:"):
        mark_fee(SYSTEM, subject.resolve(fact.subject))


@on(DeadlineNear)
def a_deadline_is_near(fact: DeadlineNear) -> None:
    if fact.subject.startswith("dossiers.Dossier:"):
        ask_for_apology(SYSTEM, subject.resolve(fact.subject))


@on(DeadlinePassed)
def a_deadline_has_passed(fact: DeadlinePassed) -> None:
    if fact.subject.startswith("dossiers.Dossier:"):
        note_overdue(SYSTEM, subject.resolve(fact.subject))


@on(SignatureGiven)
def a_file_was_signed(fact: SignatureGiven) -> None:
    if fact.subject.startswith("dossiers.Dossier:"):
        asked, signed = signing.request(UUID(fact.request)), files.file(UUID(fact.file))
        keep_signed(SYSTEM, subject.resolve(fact.subject), unsigned=asked.file, signed=signed, role=fact.role)
