"""Every page about documents, signatures and work files, at the widths of a phone and of a desk, by who may open it."""

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, resolve

from tests.browser.test_every_page import DOCUMENTS, pages
from xaso.core.access import SYSTEM
from xaso.core.files.actions import receive_bytes, receive_upload
from xaso.core.outbox.actions import deliver_all
from xaso.core.outbox.models import Delivery
from xaso.kit import clock
from xaso.kit.subject import ref
from xaso.modules.dossiers.tests.factories import PDF
from xaso.modules.exchange.actions.organisations import add_organisation
from xaso.modules.exchange.models import Parcel
from xaso.modules.incoming.tests import factories as incoming
from xaso.modules.outgoing.actions.drafting import Words, begin_draft, save_draft
from xaso.modules.outgoing.actions.issuing import add_recipient, issue
from xaso.modules.outgoing.actions.numbering import give_number
from xaso.modules.outgoing.actions.reviewing import approve, pass_check, prepare, submit
from xaso.modules.outgoing.actions.sealing import sign_on_paper
from xaso.modules.outgoing.models import Book
from xaso.modules.outgoing.queries import documents, sheets
from xaso.modules.signing import actions as signing
from xaso.modules.signing.events import SignatureAsked
from xaso.modules.signing.tests.conftest import given_of
from xaso.modules.trust.actions import publish_proof, verify_file
from xaso.modules.trust.models import Anchor
from xaso.modules.workfiles import actions as workfiles

pytestmark = pytest.mark.django_db(transaction=True)

# Answers to a POST with a file, and the page that needs a token in the officer's own machine: the modules' own tests.
ELSEWHERE = {"desk-signing:import", "desk-signing:agent", "desk-trust:anchor"}
COPIES = (("Phòng Nội vụ", "paper", ""), ("Bà Lan", "email", "lan@example.com"), ("Cổng của xã", "portal", ""))
TEXT = "Thực hiện kế hoạch, Ủy ban nhân dân xã báo cáo như sau.\n1. Đã rà soát 12 thôn.\n2. Đề nghị cấp kinh phí."


@pytest.fixture
def made(monday, pki, an, hoa, van, quan, ngu_kien):
    people = SimpleNamespace(an=an, hoa=hoa, van=van, quan=quan)
    return SimpleNamespace(
        letters=letters(people, ngu_kien), papers=arrivals(people, ngu_kien), signed=signatures(people, ngu_kien, pki),
        parcel=parcel(people, ngu_kien), work=work(people, ngu_kien),
    )  # fmt: skip


def letters(people, unit) -> dict:
    """One outgoing letter at every stage."""
    found = {}
    for stage in ("draft", "head", "leader", "check", "sign", "signed", "issued"):
        subject = f"Rà soát hộ nghèo năm 2026 ({stage})"
        words = Words(
            kind="cong-van", subject=subject, text=TEXT, department="VP", addressees=("Phòng Nội vụ",),
            signer_id=people.hoa.account_id,
        )  # fmt: skip
        begun = begin_draft(people.an, unit, kind="cong-van", subject=subject)
        save_draft(people.an, begun, words=words, revision=0)
        for name, channel, address in COPIES:
            add_recipient(people.an, documents.document(begun.uuid), name=name, channel=channel, address=address)
        found[stage] = brought(stage, people, documents.document(begun.uuid))
    return found


def brought(stage, people, document):
    """The same way every letter goes, as far as its stage."""
    steps = {
        "leader": lambda one: submit(people.an, one, to="leader", checked=sheets.checked(one)),
        "check": lambda one: approve(people.hoa, one),
        "sign": lambda one: pass_check(people.van, one, prepared=prepare(one)),
        "signed": lambda one: sign_on_paper(people.van, one, signed_on=clock.today()),
        "numbered": lambda one: give_number(people.van, one),
        "issued": lambda one: issue(people.van, one, scan=receive_bytes(PDF, name="ban-quet.pdf")),
    }
    if stage == "draft":
        return document
    if stage == "head":
        return submit(people.an, document, to="head", checked=sheets.checked(document))
    for name, step in steps.items():
        document = step(documents.document(document.uuid))
        if name == stage:
            break
    return documents.document(document.uuid)


def arrivals(people, unit) -> dict:
    return {
        "waiting": incoming.arrived(unit, number="77"),
        "shown": incoming.registered(people.van, unit),
        "working": incoming.working(people.van, people.hoa, people.an, unit),
    }


def signatures(people, unit, pki) -> SimpleNamespace:
    """A signed file that came in, its verdict, its code; a certificate and a request with it."""
    work_file = workfiles.open_workfile(people.an, unit, heading="TC", title="Quyết toán")
    # The browser's event loop runs in this thread; pyHanko wants its own.
    with ThreadPoolExecutor(1) as elsewhere:
        content = elsewhere.submit(lambda: pki.sign("hoa", pki.blank_pdf())).result()
    received = receive_upload(_upload("da-ky.pdf", content))
    paper = workfiles.Paper("Quyết định đã ký", is_electronic=True, received=received)
    signed = workfiles.add_paper(people.an, work_file, paper=paper).file
    proof = publish_proof(SYSTEM, signed, title="Quyết định", unit=unit)
    plain = workfiles.add_paper(
        people.an,
        work_file,
        paper=workfiles.Paper("Tờ trình", is_electronic=True, received=receive_bytes(PDF, name="a.pdf")),
    ).file
    account = incoming.post(people.hoa).account
    certificate = signing.add_certificate(people.quan, unit, given=given_of(pki, "hoa", "official"), account=account)
    request = signing.request_signature(
        people.hoa, unit, file=plain, role="person", certificate=certificate, subject=ref(work_file)
    )
    return SimpleNamespace(
        verdict=verify_file(people.van, signed), proof=proof, certificate=certificate, request=request
    )


def _upload(name, content):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def parcel(people, unit) -> Parcel:
    add_organisation(people.quan, unit, code="H62.28", name="UBND huyện Vĩnh Tường")
    now = clock.now()
    return Parcel.objects.create(
        unit=unit, unit_path=unit.path, direction=Parcel.Direction.IN, channel="edxml", state=Parcel.State.RECEIVED,
        subject="Rà soát nhà ở", organ_code="H62.28", organ_name="UBND huyện", created_at=now, moved_at=now,
    )  # fmt: skip


def work(people, unit) -> SimpleNamespace:
    opened = workfiles.open_workfile(people.an, unit, heading="CCHC", title="Chuyển đổi số năm 2026")
    for title, is_electronic in (("Kế hoạch", True), ("Biên bản họp thôn", False)):
        workfiles.add_paper(people.an, opened, paper=workfiles.Paper(title, is_electronic=is_electronic))
    closed = workfiles.open_workfile(people.an, unit, heading="TC", title="Dự toán")
    workfiles.add_paper(people.an, closed, paper=workfiles.Paper("Dự toán", is_electronic=True))
    workfiles.close_workfile(people.an, closed)
    return SimpleNamespace(opened=opened, transfer=workfiles.offer_workfiles(people.an, unit, work_files=[closed]))


def addresses(made, people) -> list[tuple]:
    """Who opens what."""
    return [
        *((None, path) for path in of_anybody(made)), *((people.an, path) for path in of_the_drafter(made)),
        *((people.hoa, path) for path in of_the_leader(made)), *((people.van, path) for path in of_the_clerk(made)),
        *((people.quan, path) for path in of_the_administrator(made)),
        (people.thu, f"/desk/outgoing/{made.letters['head'].uuid}/pass-on/"),
    ]  # fmt: skip


def of_anybody(made) -> list[str]:
    letter = f"/portal/outgoing/{made.letters['issued'].uuid}/"
    copy = made.letters["issued"].recipients.get(channel="email")
    return [
        "/verify/", f"/verify/{made.signed.proof.code}/", "/portal/outgoing/", letter,
        f"/portal/outgoing/letters/{copy.uuid}/",
    ]  # fmt: skip


def of_the_drafter(made) -> list[str]:
    draft, paper = f"/desk/outgoing/{made.letters['draft'].uuid}/", made.papers["working"].uuid
    parts = ("edit/", "upload/", "annex/", "compare/", "comment/", "submit/", "cancel/", "recipients/")
    file = f"/desk/workfiles/{made.work.opened.uuid}/"
    return [
        "/desk/?an", "/desk/outgoing/", "/desk/outgoing/new/", draft, *(draft + part for part in parts),
        "/desk/incoming/viec-cua-toi/", f"/desk/incoming/{paper}/", "/desk/layouts/", "/desk/layouts/kinds/",
        "/tim-kiem/", "/tim-kiem/?q=ra+soat", "/tim-kiem/?q=khong+co+gi",
        "/desk/workfiles/", "/desk/workfiles/new/", file, f"{file}?q=quyet", f"{file}add/",
        "/desk/workfiles/?muc=closed",
        "/desk/workfiles/transfers/", f"/desk/workfiles/transfers/{made.work.transfer.uuid}/",
    ]  # fmt: skip


def of_the_leader(made) -> list[str]:
    leader, sign = made.letters["leader"].uuid, made.letters["sign"].uuid
    paths = [f"/desk/outgoing/{leader}/{part}" for part in ("", "approve/", "return/")]
    return [
        "/desk/?hoa", *paths, f"/desk/outgoing/{sign}/", f"/desk/outgoing/{sign}/sign/", "/desk/outgoing/delegations/",
        "/desk/incoming/cho-but-phe/", f"/desk/incoming/{made.papers['shown'].uuid}/but-phe/",
        "/desk/incoming/ton-dong/", "/cockpit/?hoa",
        "/desk/signing/", "/desk/signing/da-yeu-cau/", f"/desk/signing/yeu-cau/{made.signed.request.uuid}/",
    ]  # fmt: skip


def of_the_clerk(made) -> list[str]:
    check, sign = made.letters["check"].uuid, made.letters["sign"].uuid
    signed, issued = f"/desk/outgoing/{made.letters['signed'].uuid}/", f"/desk/outgoing/{made.letters['issued'].uuid}/"
    copy, book = made.letters["issued"].recipients.first(), Book.objects.first()
    return [
        "/desk/?van", f"/desk/outgoing/{check}/", f"/desk/outgoing/{check}/check/", f"/desk/outgoing/{sign}/on-paper/",
        signed, f"{signed}issue/", issued, f"{issued}recall/", f"/desk/outgoing/copies/{copy.uuid}/",
        "/desk/outgoing/book/", "/desk/outgoing/books/", f"/desk/outgoing/books/{book.uuid}/continue/",
        "/desk/outgoing/secret/",
        f"/desk/outgoing/{made.letters['draft'].uuid}/override/",
        "/desk/incoming/", "/desk/incoming/?standing=open", "/desk/incoming/cho-dang-ky/", "/desk/incoming/moi/",
        "/desk/incoming/mat/", f"/desk/incoming/{made.papers['waiting'].uuid}/dang-ky/",
        f"/desk/incoming/{made.papers['shown'].uuid}/sua/", "/desk/incoming/so/",
        f"/desk/incoming/{made.papers['shown'].uuid}/?van", "/desk/exchange/", "/desk/exchange/co-quan/",
        f"/desk/exchange/goi/{made.parcel.uuid}/", "/desk/exchange/ket-noi/", "/desk/trust/",
        f"/desk/trust/ket-qua/{made.signed.verdict.uuid}/",
    ]  # fmt: skip


def of_the_administrator(made) -> list[str]:
    return [
        "/desk/?quan", "/desk/signing/so/", "/desk/signing/so/them/", "/desk/signing/so/nhap/",
        f"/desk/signing/so/{made.signed.certificate.uuid}/", "/desk/trust/chung-thu/", "/desk/trust/chung-thu/them/",
        "/desk/exchange/co-quan/them/",
    ]  # fmt: skip


def test_every_page_fits_a_phone_and_a_desk_and_is_accessible(made, an, thu, hoa, van, quan, walker):
    assert not Anchor.objects.exists()
    # Signing wants an event loop of its own, and the browser's runs in this thread: the request stays as it was asked.
    Delivery.objects.filter(event=SignatureAsked.event_name).delete()
    deliver_all()
    people = SimpleNamespace(an=an, thu=thu, hoa=hoa, van=van, quan=quan)
    walkers: dict[int | None, object] = {}
    opened = set()
    for actor, path in addresses(made, people):
        key = actor.account_id if actor else None
        if key not in walkers:
            walkers[key] = walker(actor)
        walkers[key].visit(path)
        opened.add(resolve(path.split("?")[0]).view_name)
    here = {name for name in pages(get_resolver()) if name.startswith(DOCUMENTS)}
    assert here - opened - ELSEWHERE == set()
