import dataclasses
import hashlib
from datetime import date

import pytest

from xaso.core.audit.models import Entry
from xaso.core.files.stores import FolderStore, store
from xaso.kit.errors import Forbidden, Missing, Refused
from xaso.modules.papers import queries
from xaso.modules.papers.actions import give_out_paper, issue_paper, reprint_paper, sheet_of
from xaso.modules.papers.models import PrintedPaper
from xaso.modules.papers.tests.samples import FULL
from xaso.modules.papers.tests.test_rendering import text_of

pytestmark = pytest.mark.django_db
DAY = date(2025, 10, 1)
SUBJECT = "dossiers.Dossier:42"
OWN = {"agency_name", "department_name", "place", "issued_at", "number"}
WORDS = {name: value for name, value in FULL["mau-01"].items() if name not in OWN}


@pytest.fixture(autouse=True)
def _own_store(tmp_path, settings):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def receipt(minh, ngu_kien, lan):
    return issue_paper(minh, SUBJECT, unit=ngu_kien, code="mau-01", on=DAY, data=WORDS, owner_person_id=lan.person_id)


def test_a_paper_has_number_form_and_words_but_no_sheet_yet(receipt, ngu_kien):
    assert (receipt.number, receipt.year, receipt.unit_path) == ("01/TNHS", 2025, ngu_kien.path)
    assert receipt.template_version == "2025"
    assert receipt.data["agency_name"] == "UBND xã Ngũ Kiên"
    assert (receipt.sha256, receipt.file_id, receipt.printed_at) == ("", None, None)
    assert len(receipt.template_digest) == 64


@pytest.mark.usefixtures("receipt")
def test_numbers_follow_each_other_per_unit_form_and_year(minh, tam, ngu_kien, lien_chau):
    def number(by, unit, day=DAY, code="mau-01", words=WORDS):
        return issue_paper(by, SUBJECT, unit=unit, code=code, on=day, data=words).number

    bare = {name: value for name, value in FULL["bien-lai"].items() if name not in OWN}
    assert number(minh, ngu_kien) == "02/TNHS"
    assert number(minh, ngu_kien, date(2026, 1, 5)) == "01/TNHS"
    assert number(minh, ngu_kien, code="bien-lai", words=bare) == "01/BNPL"
    assert number(tam, lien_chau) == "01/TNHS"


def test_the_day_chooses_the_form(minh, ngu_kien):
    old = issue_paper(minh, SUBJECT, unit=ngu_kien, code="mau-01", on=date(2025, 9, 14), data=WORDS)
    assert old.template_version == "2018"


def test_a_missing_word_is_refused_and_gives_the_number_back(minh, ngu_kien):
    with pytest.raises(Refused, match="còn thiếu: Họ tên người nộp"):
        issue_paper(minh, SUBJECT, unit=ngu_kien, code="mau-01", on=DAY, data=WORDS | {"applicant_name": ""})
    assert issue_paper(minh, SUBJECT, unit=ngu_kien, code="mau-01", on=DAY, data=WORDS).number == "01/TNHS"


def test_an_unknown_form_is_missing(minh, ngu_kien):
    with pytest.raises(Missing):
        give_out_paper(minh, ngu_kien, subject_ref=SUBJECT, code="mau-99", on=DAY, data={})


def test_an_officer_of_another_commune_may_not_issue_here(tam, ngu_kien):
    with pytest.raises(Forbidden):
        issue_paper(tam, SUBJECT, unit=ngu_kien, code="mau-01", on=DAY, data=WORDS)
    assert not PrintedPaper.objects.exists()


def test_issuing_is_on_record_without_the_words_of_the_paper(receipt):
    entry = Entry.objects.get(verb="papers.issue")
    assert entry.subject == f"papers.PrintedPaper:{receipt.pk}"
    assert entry.details["data"].startswith("sha256:")


def test_the_first_look_makes_the_sheet_and_keeps_its_hash(receipt, minh):
    content = sheet_of(minh, receipt)
    kept = queries.paper(receipt.uuid)
    assert kept.sha256 == hashlib.sha256(content).hexdigest() == kept.file.blob_id
    assert (kept.printed_by, kept.printed_at is not None) == (minh.name, True)
    assert "Nguyễn Thị Lan" in text_of(content)
    assert "Số: 01/TNHS" in text_of(content)


def test_later_looks_get_the_same_bytes(receipt, minh, lan):
    first = sheet_of(minh, receipt)
    assert sheet_of(lan, queries.paper(receipt.uuid)) == first
    assert queries.paper(receipt.uuid).printed_by == minh.name


def test_two_who_look_first_at_once_get_one_sheet(receipt, minh, lan):
    one, other = queries.paper(receipt.uuid), queries.paper(receipt.uuid)
    assert sheet_of(minh, one) == sheet_of(lan, other)
    assert queries.paper(receipt.uuid).printed_by == minh.name


def test_a_second_render_that_differs_is_refused(receipt, minh):
    stale = queries.paper(receipt.uuid)
    sheet_of(minh, receipt)
    stale.data["applicant_name"] = "Người khác"
    with pytest.raises(Refused, match="không còn khớp"):
        sheet_of(minh, stale)


def test_a_changed_file_is_not_handed_out(receipt, minh):
    sheet_of(minh, receipt)
    paper = queries.paper(receipt.uuid)
    keeper = store()
    assert isinstance(keeper, FolderStore)
    path = next(path for path in keeper.folder.glob("??/??/*") if path.name == paper.sha256)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(Refused, match="không còn khớp"):
        sheet_of(minh, paper)
    path.unlink()
    with pytest.raises(Refused, match="sao lưu"):
        sheet_of(minh, paper)


def test_a_stranger_cannot_make_the_first_print(receipt, nam, tam):
    for stranger in (nam, tam):
        with pytest.raises(Forbidden):
            sheet_of(stranger, receipt)


def test_a_reprint_is_a_paper_of_its_own_with_the_same_number_and_a_mark(receipt, minh):
    original = sheet_of(minh, receipt)
    first = reprint_paper(minh, receipt)
    second = reprint_paper(minh, first, copies=2)
    assert (first.number, first.reprint_no, second.reprint_no) == ("01/TNHS", 1, 2)
    assert (second.reprint_of_id, second.copies, second.owner_person_id) == (receipt.pk, 2, receipt.owner_person_id)
    assert "BẢN IN LẠI LẦN 2" in text_of(sheet_of(minh, second))
    assert sheet_of(minh, queries.paper(receipt.uuid)) == original
    assert queries.papers_of(SUBJECT) == [receipt, first, second]
    assert queries.latest_of(SUBJECT, "mau-01") == receipt


def test_a_resident_may_not_reprint(receipt, lan):
    with pytest.raises(Forbidden):
        reprint_paper(lan, receipt)


def test_zero_copies_are_refused(receipt, minh):
    with pytest.raises(Refused):
        reprint_paper(minh, receipt, copies=0)


@pytest.mark.usefixtures("receipt")
def test_every_look_at_a_list_is_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        queries.papers_of(SUBJECT)


def test_issuing_costs_few_statements(minh, ngu_kien, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):  # savepoint, number, paper, audit entry, release
        issue_paper(minh, SUBJECT, unit=ngu_kien, code="mau-01", on=DAY, data=WORDS)


def test_the_system_may_issue_what_an_event_asks_for(ngu_kien, minh):
    from_event = dataclasses.replace(minh, kind="system", grants=())
    assert issue_paper(from_event, SUBJECT, unit=ngu_kien, code="mau-01", on=DAY, data=WORDS).serial == 1
