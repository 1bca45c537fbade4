import uuid
from datetime import date

import pytest

from xaso.core.audit.models import Entry
from xaso.modules.papers import queries
from xaso.modules.papers.actions import issue_paper
from xaso.modules.papers.tests.test_actions import SUBJECT, WORDS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_store(tmp_path, settings):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def receipt(minh, ngu_kien, lan):
    return issue_paper(
        minh, SUBJECT, unit=ngu_kien, code="mau-01", on=date(2025, 10, 1), data=WORDS, owner_person_id=lan.person_id
    )


def test_the_officer_sees_the_sheet_in_the_browser_and_it_is_on_record(receipt, minh, browser_of):
    answer = browser_of(minh).get(f"/desk/papers/{receipt.uuid}.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == 'inline; filename="mau-01-2025-0001.pdf"'
    assert answer.content.startswith(b"%PDF-")
    assert Entry.objects.filter(verb="read", subject=f"papers.PrintedPaper:{receipt.pk}").count() == 1


def test_it_can_be_saved_as_a_file(receipt, minh, browser_of):
    answer = browser_of(minh).get(f"/desk/papers/{receipt.uuid}.pdf?tai=1")
    assert answer["Content-Disposition"].startswith("attachment")


def test_the_owner_gets_the_same_sheet_from_the_portal(receipt, minh, lan, browser_of):
    at_the_desk = browser_of(minh).get(f"/desk/papers/{receipt.uuid}.pdf").content
    assert browser_of(lan).get(f"/portal/papers/{receipt.uuid}.pdf").content == at_the_desk


def test_others_do_not_even_when_the_sheet_is_made(receipt, minh, nam, tam, browser_of, client):
    assert browser_of(minh).get(f"/desk/papers/{receipt.uuid}.pdf").status_code == 200
    assert browser_of(nam).get(f"/portal/papers/{receipt.uuid}.pdf").status_code == 403
    assert browser_of(tam).get(f"/desk/papers/{receipt.uuid}.pdf").status_code == 403
    assert client.get(f"/portal/papers/{receipt.uuid}.pdf").status_code == 302


def test_a_wrong_address_is_not_found(minh, browser_of):
    assert browser_of(minh).get(f"/desk/papers/{uuid.uuid4()}.pdf").status_code == 404


def test_a_reprint_leads_to_its_sheet(receipt, minh, browser_of):
    answer = browser_of(minh).post(f"/desk/papers/{receipt.uuid}/in-lai")
    again = queries.papers_of(SUBJECT)[-1]
    assert (again.reprint_no, answer.status_code, answer["Location"]) == (1, 302, f"/desk/papers/{again.uuid}.pdf")


def test_a_leader_may_look_but_not_reprint(receipt, hoa, browser_of):
    browser = browser_of(hoa)
    assert browser.get(f"/desk/papers/{receipt.uuid}.pdf").status_code == 200
    assert browser.post(f"/desk/papers/{receipt.uuid}/in-lai").status_code == 403


def test_a_reprint_is_never_made_by_following_a_link(receipt, minh, browser_of):
    assert browser_of(minh).get(f"/desk/papers/{receipt.uuid}/in-lai").status_code == 405
