"""A letter from the first word to the day it is out: once with a pen on paper, once with two digital signatures."""

import pytest
from django.urls import reverse

from xaso.core.audit.actions import verify
from xaso.core.outbox.actions import deliver_all
from xaso.modules.notifications.models import Message
from xaso.modules.outgoing.models import Document, Recipient
from xaso.modules.outgoing.queries import content_of, document
from xaso.modules.outgoing.tests.conftest import TEXT, upload
from xaso.modules.signing.tests.conftest import of_commune, of_hoa, plugged_in, token  # noqa: F401 - fixtures
from xaso.modules.trust import queries as trust

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def post(client, address, values=None):
    answer = client.post(address, values or {})
    assert answer.status_code == 302, answer.content.decode()[:1500]
    return answer


def at(name, letter, **more):
    return reverse(f"desk-outgoing:{name}", kwargs={"key": letter.uuid, **more})


def approved(browser_of, an, thu, hoa, van):
    """Written, read by the head and the leader, checked by the clerk, addressed four ways."""
    writer, head, leader, clerk = map(browser_of, (an, thu, hoa, van))
    post(writer, reverse("desk-outgoing:new"), {"kind": "cong-van", "subject": "Rà soát hộ nghèo năm 2024"})
    letter = Document.objects.get()
    typed = {"kind": "cong-van", "subject": letter.subject, "text": TEXT, "addressees": "Trường Tiểu học Ngũ Kiên",
             "organ": "UBND", "signer": hoa.account_id, "is_collective": "on", "department": "VP",
             "revision": 0}  # fmt: skip
    post(writer, at("edit", letter), typed)
    post(head, at("comment", letter), {"text": "Nêu rõ thời hạn"})
    later = {"revision": 1, "text": TEXT + "\n3. Báo cáo trước ngày 15."}
    post(writer, at("edit", letter), typed | later)
    assert "<ins>" in writer.get(at("compare", letter)).content.decode()
    for given in (
        {"channel": "edxml", "name": "Sở Nội vụ", "organ_code": "H62.05"},
        {"channel": "email", "name": "Trường Tiểu học Ngũ Kiên", "address": "truong@xa.gov.vn"},
        {"channel": "portal"},
        {"channel": "paper", "name": "Các thôn"},
    ):
        post(writer, at("recipients", letter), given)
    post(writer, at("submit", letter), {"to": "head"})
    post(head, at("pass_on", letter), {"note": "Đã xem"})
    post(leader, at("approve", letter))
    post(clerk, at("check", letter))
    assert document(letter.uuid).state == "to_sign"
    return letter


def test_a_letter_signed_with_a_pen(an, thu, hoa, van, ngu_kien, browser_of, client):
    letter = approved(browser_of, an, thu, hoa, van)
    clerk, today = browser_of(van), document(letter.uuid).begun_at
    post(clerk, at("sign_on_paper", letter), {"signed_on": f"{today.astimezone():%d/%m/%Y}"})
    post(clerk, at("number", letter))
    post(clerk, at("issue", letter), {"scan": upload()})
    out = document(letter.uuid)
    assert (out.state, out.code, out.is_person_signed, out.is_electronic) == ("issued", "01/UBND-VP", False, True)
    is_told(out, client)


def test_a_letter_signed_twice_without_paper(
    an, thu, hoa, van, ngu_kien, browser_of, client, plugged_in, of_hoa, of_commune  # noqa: F811
):  # fmt: skip
    letter = approved(browser_of, an, thu, hoa, van)
    post(browser_of(hoa), at("sign", letter))
    deliver_all()
    assert document(letter.uuid).state == "signed", document(letter.uuid).sign_error
    post(browser_of(van), at("number", letter))  # one certificate of the agency: sealed with the same press
    deliver_all()
    out = document(letter.uuid)
    assert (out.state, out.is_person_signed, out.is_agency_signed) == ("issued", True, True), out.sign_error
    judged = trust.judge(content_of(out.file))
    assert [one.changes_after for one in judged.signatures].count("forbidden") == 0
    is_told(out, client)


def is_told(out, client):
    """On the portal, in the mail, in the record; the reader of the mail answers; then it is taken back."""
    deliver_all()
    assert out.subject in client.get(reverse("portal-outgoing:listed")).content.decode()
    copy = Recipient.objects.get(document=out, channel="email")
    assert f"letters/{copy.uuid}/" in Message.objects.get(template="outgoing.issued").body
    client.post(reverse("portal-outgoing:confirm", args=[copy.uuid]))
    copy.refresh_from_db()
    assert copy.state == "03"
    assert not verify().broken
