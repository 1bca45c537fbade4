"""A letter of Ngũ Kiên that is brought where a test wants it, on Monday 4 March 2024."""

from datetime import datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from xaso.core.files.actions import receive_bytes
from xaso.kit import clock
from xaso.modules.dossiers.tests.factories import PDF
from xaso.modules.outgoing.actions.drafting import Words, begin_draft, save_draft
from xaso.modules.outgoing.actions.issuing import add_recipient, issue
from xaso.modules.outgoing.actions.numbering import give_number
from xaso.modules.outgoing.actions.reviewing import approve, pass_check, prepare, submit
from xaso.modules.outgoing.actions.sealing import sign_on_paper
from xaso.modules.outgoing.queries import documents, sheets

TEXT = (
    "Thực hiện kế hoạch năm 2024, Ủy ban nhân dân xã báo cáo như sau.\n1. Đã rà soát 12 thôn.\n2. Đề nghị cấp kinh phí."
)


def on(day: int, hour: int = 9) -> time_machine.travel:
    return time_machine.travel(datetime(2024, 3, day, hour, tzinfo=clock.VIETNAM), tick=False)


@pytest.fixture(autouse=True)
def _monday(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with on(4):
        yield


def words(hoa, **changes):
    kept = {"kind": "cong-van", "subject": "Rà soát hộ nghèo năm 2024", "text": TEXT, "department": "VP",
            "addressees": ("Phòng Nội vụ",), "signer_id": hoa.account_id}  # fmt: skip
    return Words(**(kept | changes))


def scan():
    return receive_bytes(PDF, name="ban-quet.pdf")


def upload(name="ban-quet.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def again(document):
    """As somebody else reads it now."""
    return documents.document(document.uuid)


@pytest.fixture
def begun(an, ngu_kien):
    return begin_draft(an, ngu_kien, kind="cong-van", subject="Rà soát hộ nghèo năm 2024")


@pytest.fixture
def written(begun, an, hoa):
    return save_draft(an, begun, words=words(hoa), revision=0)


@pytest.fixture
def addressed(written, an):
    add_recipient(an, written, name="Phòng Nội vụ", channel="paper")
    return again(written)


@pytest.fixture
def at_leader(addressed, an):
    return submit(an, addressed, to="leader", checked=sheets.checked(addressed))


@pytest.fixture
def checking(at_leader, hoa):
    return approve(hoa, at_leader)


@pytest.fixture
def to_sign(checking, van):
    return pass_check(van, checking, prepared=prepare(checking))


@pytest.fixture
def signed(to_sign, van):
    return sign_on_paper(van, to_sign, signed_on=clock.today())


@pytest.fixture
def numbered(signed, van):
    return give_number(van, signed)


@pytest.fixture
def issued(numbered, van):
    return issue(van, numbered, scan=scan())
