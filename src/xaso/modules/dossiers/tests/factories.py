"""A valid dossier with one call, brought to where it should be through the real actions."""

from datetime import date
from typing import Any

from xaso.core.access import Actor
from xaso.core.files import actions as files
from xaso.core.files.receiving import receive_bytes
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.dossiers.actions import filing, payment, processing, reception
from xaso.modules.dossiers.actions.filing import Applicant, Filing, PaperIn
from xaso.modules.dossiers.models import Dossier
from xaso.modules.procedures.queries import current

LAN = Applicant(
    full_name="Nguyễn Thị Lan",
    personal_id="026185001234",
    birth_on=date(1985, 3, 8),
    sex="female",
    phone="0912345601",
    address="Thôn 3, xã Ngũ Kiên",
)
PERMIT = "1.013225"
COPY = "2.000815"
MARITAL = "1.004873"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\nxref\n0 4\n0000000000 65535 f \n"
    b"0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\n"
    b"startxref\n163\n%%EOF\n"
)


def filed(code: str = PERMIT, **more: Any) -> Filing:
    """A filing by lan with every paper of the procedure handed in."""
    version = current(code, clock.today())
    answers = more.pop("answers", {})
    papers = more.pop("papers", None)
    if papers is None:
        papers = {part.key: PaperIn(originals=1) for part in version.papers(answers)}
    return Filing(version=version, applicant=more.pop("applicant", LAN), answers=answers, papers=papers, **more)


def submitted(by: Actor, unit: Unit, code: str = PERMIT, **more: Any) -> Dossier:
    return filing.submit_dossier(by, unit, filed=filed(code, **more))


def received(by: Actor, unit: Unit, code: str = PERMIT, *, forward: bool = True, **more: Any) -> Dossier:
    return reception.receive_dossier(by, unit, filed=filed(code, **more), forward=forward)


def uploaded(by: Actor, content: bytes = PDF, name: str = "ket-qua.pdf") -> Any:
    """A file uploaded ahead by that person."""
    place = files.Place(files.waiting_subject(by), "", by.person_id)
    return files.upload(by, place, received=receive_bytes(content, name=name), kind="test")


def finished(unit: Unit, *officers: Actor, code: str = PERMIT, **more: Any) -> Dossier:
    """Received, processed, signed, with its result attached: state 9. `officers` between them hold every role."""
    people = {grant.role: officer for officer in officers for grant in officer.grants if grant.unit_path}
    dossier = received(people["reception"], unit, code, **more)
    handler = people["handler"]
    processing.attach_result(handler, dossier, upload=uploaded(handler).uuid, number="01/GP")
    while dossier.state == Dossier.State.PROCESSING:
        actor = people[dossier.step_role]
        if dossier.step_role == "leader":
            processing.sign_result(actor, dossier)
        else:
            processing.finish_step(actor, dossier)
    if dossier.payment_state == Dossier.Payment.UNKNOWN:
        payment.set_fee(people["reception"], dossier, amount=0, basis="Thử nghiệm: không thu")
    return dossier
