"""Sign the first quarter, then change a January dossier: the files stay to the byte, one line tells of the change."""

from datetime import datetime

import pytest

from xaso.core.access import SYSTEM
from xaso.core.files.stores import store
from xaso.core.outbox.actions import deliver_all
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.dossiers.actions import processing
from xaso.modules.dossiers.models import Dossier
from xaso.modules.dossiers.tests import factories
from xaso.modules.packs import queries as packs
from xaso.modules.reports.actions.signing import content_of, make_files, sign_report
from xaso.modules.reports.actions.writing import begin_report, submit_report, write_report
from xaso.modules.reports.models import Report
from xaso.modules.reports.queries.reports import restated
from xaso.modules.reports.tests.conftest import on
from xaso.modules.reports.tests.test_printing import words_of_docx, words_of_pdf, words_of_xlsx

pytestmark = pytest.mark.django_db
FORMS = ("docx", "xlsx", "pdf")


def finish(dossier: Dossier, *officers) -> None:
    people = {grant.role: officer for officer in officers for grant in officer.grants}
    due = datetime(2024, 4, 12, 9, tzinfo=clock.VIETNAM)
    processing.apologise(people["handler"], dossier, reason="Hồ sơ bị sót", new_due=due)
    processing.attach_result(people["handler"], dossier, upload=factories.uploaded(people["handler"]).uuid, number="1")
    while dossier.state == Dossier.State.PROCESSING:
        step = processing.sign_result if dossier.step_role == "leader" else processing.finish_step
        step(people[dossier.step_role], dossier)


def contents(report: Report) -> dict[str, bytes]:
    return {form: content_of(report, form) for form in FORMS}


def test_signing_takes_the_numbers_seals_them_and_makes_three_files(signed):
    assert (signed.state, signed.number, signed.signed_by) == ("signed", "01/BC-UBND", "Vũ Thị Hoa")
    lines = {line.key: line for line in packs.contents(signed.pack).lines}
    assert (lines["dossiers_received"].number, lines["dossiers_done"].number) == (2, 0)
    assert (signed.pack.kind, signed.pack.period_key) == ("report.khcn-cds", "2024-Q1")
    told = [words_of_docx(content_of(signed, "docx")), words_of_pdf(content_of(signed, "pdf"))]
    told.append(words_of_xlsx(content_of(signed, "xlsx")))
    for words in told:
        assert "01/BC-UBND" in words
        assert "chưa có số liệu" in words


def test_a_later_change_leaves_the_files_and_shows_as_lines(dossiers, minh, an, thu, hoa, van, signed):
    before = contents(signed)
    with on(4, 8):
        assert restated(Report.objects.get()) == []
        finish(dossiers[0], minh, an, thu, hoa, van)
        after = Report.objects.select_related("pack__unit", "docx__blob", "xlsx__blob", "pdf__blob").get()
        lines = [one.sentence for one in restated(after)]
        make_files(SYSTEM, after)
    assert contents(after) == before
    done = [line for line in lines if line.startswith("Sau khi ký: Hồ sơ đã giải quyết từ")]
    assert done == ["Sau khi ký: Hồ sơ đã giải quyết từ 0 hồ sơ thành 1 hồ sơ, ngày 08/04/2024."]
    assert not packs.check(after.pack)


def test_a_change_outside_the_quarter_shows_nothing(signed, minh, ngu_kien):
    with on(4, 8):
        factories.received(minh, ngu_kien)
        assert restated(Report.objects.get()) == []


def test_the_worker_makes_the_files_when_nobody_else_did(dossiers, waiting, hoa):
    with on(4, 5):
        report = sign_report(hoa, waiting)
        assert not report.has_files
        deliver_all()
    report.refresh_from_db()
    assert report.has_files
    first = contents(report)
    with on(4, 6):
        assert contents(make_files(SYSTEM, Report.objects.get())) == first


def test_a_lost_file_is_said_aloud(signed):
    store().delete(signed.docx.blob_id)
    with pytest.raises(Refused, match=r"Không đọc được tệp khcn-cds-09157-2024-Q1\.docx"):
        content_of(signed, "docx")


def test_a_refused_signature_gives_its_number_back(dossiers, waiting, hoa):
    old = Report.objects.get()
    with on(4, 5):
        sign_report(hoa, waiting)
        with pytest.raises(Refused):
            sign_report(hoa, old)
    assert Report.objects.get().number == "01/BC-UBND"


def test_the_score_of_a_set_is_printed_and_sealed_with_its_figures(sets, dossiers, mai, hoa, ngu_kien):
    with on(4, 5):
        report = begin_report(mai, ngu_kien, kind="dti", period="2024-Q1")
        write_report(mai, report, texts={"tom-tat": "Tự chấm lần đầu"}, revision=0)
        signed = make_files(SYSTEM, sign_report(hoa, submit_report(mai, report)))
    keys = {line.key for line in packs.contents(signed.pack).lines}
    assert {"dti-xa", "dti-xa:1.1", "dossiers_received"} <= keys
    words = words_of_docx(content_of(signed, "docx"))
    assert "Tổng điểm" in words
    assert "Thiếu số liệu" in words


def test_in_a_longer_year_the_cumulative_column_stands_beside(sets, catalogue, minh, mai, hoa, ngu_kien):
    for month, count in ((1, 1), (5, 2)):
        with on(month, 15):
            for _ in range(count):
                factories.received(minh, ngu_kien)
    with on(7, 1):
        report = begin_report(mai, ngu_kien, kind="thu-cong-vu", period="2024-Q2")
        signed = sign_report(hoa, submit_report(mai, report))
        half = begin_report(mai, ngu_kien, kind="khcn-cds", period="2024-H1")
    rows = {row["key"]: row for table in signed.printed["tables"] for row in table["rows"]}
    assert rows["officers"]["first"]["number"] == rows["officers"]["second"]["number"] != ""
    assert {line.period for line in packs.contents(signed.pack).lines} == {"2024-Q2", "2024-H1"}
    assert half.title.endswith("6 tháng đầu năm 2024")
