"""The pages of the queue, through their addresses."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from xaso.modules.dossiers.events import DossierAccepted
from xaso.modules.dossiers.models import Dossier
from xaso.modules.procedures.models import Procedure, ProcedureVersion
from xaso.modules.queueing import actions
from xaso.modules.queueing.handlers import link_ticket
from xaso.modules.queueing.models import Counter, Ticket
from xaso.modules.queueing.tests.conftest import CIVIL, LAND

NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


def text(response) -> str:
    assert response.status_code == 200, response.content.decode()[:2000]
    assert len(response.content) < 100_000
    return response.content.decode()


def test_a_number_is_taken_at_the_kiosk_and_printed(browser_of, minh, counter):
    browser = browser_of(minh)
    page = text(browser.get("/desk/queueing/kiosk/"))
    assert f'name="field" value="{CIVIL}"' in page
    assert "/desk/dossiers/" not in page
    answer = browser.post("/desk/queueing/kiosk/", {"field": CIVIL, "priority": "1", "idempotency_key": "a"})
    slip = browser.get(answer.url)
    assert slip.headers["Refresh"].endswith("url=/desk/queueing/kiosk/")
    assert "001" in text(slip)
    assert "ưu tiên" in text(slip)
    browser.post("/desk/queueing/kiosk/", {"field": CIVIL, "priority": "1", "idempotency_key": "a"})
    assert Ticket.objects.get().is_priority


def test_the_officer_takes_a_number_for_somebody(browser_of, minh, counter):
    browser = browser_of(minh)
    assert CIVIL in text(browser.get("/desk/queueing/issue/"))
    answer = browser.post("/desk/queueing/issue/", {"field": "", "priority": ""}, follow=True)
    assert "Số thứ tự" in text(answer)
    assert "Refresh" not in answer.headers
    assert browser.post("/desk/queueing/issue/", {"field": "Thuế"}).status_code == 409


def test_the_counter_page_leads_through_a_visit(browser_of, minh, ngu_kien, counter):
    browser = browser_of(minh)
    actions.issue_ticket(minh, ngu_kien, field=LAND)
    here = f"/desk/queueing/counter/{counter.uuid}/"
    assert "Gọi số tiếp theo" in text(browser.get(here))
    assert "Đã đến" in text(browser.post(f"{here}next/", follow=True))
    ticket = Ticket.objects.get()
    page = text(browser.post(f"/desk/queueing/number/{ticket.uuid}/serve/", follow=True))
    assert "Xong, gọi số tiếp theo" in page
    assert f"ticket={ticket.uuid}" in page
    assert "Chưa có ai chờ" in text(browser.post(f"{here}next/", follow=True))
    ticket.refresh_from_db()
    assert ticket.finished_at is not None


def test_calling_again_after_an_absence(browser_of, minh, ngu_kien, counter):
    browser = browser_of(minh)
    ticket = actions.issue_ticket(minh, ngu_kien)
    actions.call_next(minh, counter)
    page = text(browser.post(f"/desk/queueing/number/{ticket.uuid}/miss/", follow=True))
    assert "Đã gọi nhưng vắng mặt" in page
    page = text(browser.post(f"/desk/queueing/number/{ticket.uuid}/again/{counter.uuid}/", follow=True))
    assert "lần thứ 2" in page


def test_htmx_gets_only_the_line(browser_of, minh, ngu_kien, counter):
    actions.issue_ticket(minh, ngu_kien)
    answer = browser_of(minh).get(f"/desk/queueing/counter/{counter.uuid}/", headers={"HX-Target": "line"})
    assert "<html" not in text(answer)
    assert "001" in text(answer)


def test_opening_and_closing_a_counter(browser_of, minh, make_counter):
    counter = make_counter(3, LAND, is_open=False)
    browser = browser_of(minh)
    assert "Mở quầy 3" in text(browser.get("/desk/queueing/"))
    browser.post(f"/desk/queueing/counter/{counter.uuid}/open/")
    assert "Vào quầy của tôi" in text(browser.get("/desk/queueing/"))
    browser.post(f"/desk/queueing/counter/{counter.uuid}/close/")
    counter.refresh_from_db()
    assert (counter.is_open, counter.officer_id) == (False, None)


def test_numbers_without_an_open_counter_are_pointed_out(browser_of, minh, ngu_kien, make_counter):
    make_counter(1, CIVIL)
    make_counter(2, LAND, is_open=False)
    actions.issue_ticket(minh, ngu_kien, field=LAND)
    assert "Có số chưa quầy nào nhận" in text(browser_of(minh).get("/desk/queueing/"))


def test_another_unit_sees_nothing(browser_of, tam, minh, ngu_kien, counter):
    actions.issue_ticket(minh, ngu_kien)
    browser = browser_of(tam)
    assert browser.get(f"/desk/queueing/counter/{counter.uuid}/").status_code == 404
    assert browser.post(f"/desk/queueing/number/{Ticket.objects.get().uuid}/cancel/").status_code == 404
    assert "001" not in text(browser.get("/desk/queueing/today/"))
    assert "chưa có số liệu" in text(browser.get("/desk/queueing/report/"))


def test_today_by_what_became_of_the_number(browser_of, minh, ngu_kien, counter):
    for _ in range(60):
        actions.issue_ticket(minh, ngu_kien)
    browser = browser_of(minh)
    first = text(browser.get("/desk/queueing/today/"))
    assert ">050<" in first
    assert ">051<" not in first
    assert ">060<" in text(browser.get("/desk/queueing/today/?tab=cho&sau=50"))
    browser.post(f"/desk/queueing/number/{Ticket.objects.get(number=7).uuid}/cancel/")
    assert ">007<" in text(browser.get("/desk/queueing/today/?tab=vang"))


def test_waiting_times_per_field(browser_of, minh, ngu_kien, make_counter):
    counter = make_counter(1, CIVIL, LAND)
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(3):
            actions.issue_ticket(minh, ngu_kien, field=CIVIL)
        actions.issue_ticket(minh, ngu_kien, field=LAND)
        for minutes in (4, 6, 20):
            clock.shift(timedelta(minutes=minutes))
            actions.serve(minh, actions.call_next(minh, counter))
    browser = browser_of(minh)
    page = text(browser.get("/desk/queueing/report/?ngay=2026-11-20"))
    row = page.split(f'<th scope="row">{CIVIL}')[1].split("</tr>")[0]
    assert "10 phút" in row  # 4, 10 and 30 minutes: the median
    assert "30 phút" in row
    land = page.split(f'<th scope="row">{LAND}')[1].split("</tr>")[0]
    assert land.count("chưa có số liệu") == 3
    assert text(browser.get("/desk/queueing/report/?ngay=2026-02-31"))


def test_counters_are_kept_by_the_administrator(browser_of, quan, minh, ngu_kien):
    browser = browser_of(quan)
    assert "Chưa có quầy nào" in text(browser.get("/desk/queueing/counters/"))
    page = browser.post("/desk/queueing/counters/new/", {"number": "1", "label": "  Hộ  tịch "}, follow=True)
    assert "Quầy 1: Hộ tịch" in text(page)
    made = Counter.objects.get()
    browser.post(f"/desk/queueing/counters/{made.uuid}/", {"number": "4", "label": "Đất đai"})
    made.refresh_from_db()
    assert (made.number, made.label) == (4, "Đất đai")
    browser.post(f"/desk/queueing/counters/{made.uuid}/retire/")
    assert "Chưa có quầy nào" in text(browser.get("/desk/queueing/counters/"))
    assert browser_of(minh).get("/desk/queueing/counters/").status_code == 403


def test_the_wall_is_public_and_holds_numbers_only(client, minh, ngu_kien, counter, django_assert_max_num_queries):
    actions.issue_ticket(minh, ngu_kien, field=CIVIL)
    actions.issue_ticket(minh, ngu_kien, field=CIVIL)
    actions.call_next(minh, counter)
    with django_assert_max_num_queries(2):
        page = text(client.get("/portal/queueing/display/09157/"))
    assert "001" in page
    assert "Quầy 1" in page
    assert minh.name not in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "<html" not in text(client.get("/portal/queueing/display/09157/", headers={"HX-Target": "board"}))
    assert client.get("/portal/queueing/display/99999/").status_code == 404


@pytest.mark.parametrize(
    ("address", "budget"),
    [("", 6), ("counter/{counter}/", 7), ("today/", 5), ("report/", 6), ("kiosk/", 6), ("ticket/{ticket}/", 7)],
)
def test_pages_ask_few_questions_however_long_the_line(
    browser_of, minh, ngu_kien, counter, django_assert_max_num_queries, address, budget
):
    for _ in range(30):
        ticket = actions.issue_ticket(minh, ngu_kien, field=CIVIL)
    actions.call_next(minh, counter)
    browser = browser_of(minh)
    with django_assert_max_num_queries(budget):
        text(browser.get(f"/desk/queueing/{address.format(counter=counter.uuid, ticket=ticket.uuid)}"))


def test_the_first_page_of_the_desk_says_how_many_wait(browser_of, minh, dung, ngu_kien, counter):
    assert "Đang chờ ở sảnh" not in text(browser_of(minh).get("/desk/"))
    actions.issue_ticket(minh, ngu_kien)
    assert "Đang chờ ở sảnh" in text(browser_of(minh).get("/desk/"))
    assert "Đang chờ ở sảnh" not in text(browser_of(dung).get("/desk/"))


@pytest.fixture
def dossier(minh, ngu_kien):
    procedure = Procedure.objects.create(
        code="1.001193", name="Đăng ký khai sinh", field=CIVIL, source="content", changed_at=NOON
    )
    version = ProcedureVersion.objects.create(
        procedure=procedure, valid_from=NOON.date(), digest="", definition={}, mark="verified", online_level="full",
        route="owner", source="content", created_at=NOON,
    )  # fmt: skip
    return Dossier.objects.create(
        number="H62-261120-0001", secret="A", procedure=procedure, version=version, unit=ngu_kien,
        unit_path=ngu_kien.path, received_by_unit=ngu_kien, state=2, channel="counter", filing="self",
        applicant_name="Nguyễn Thị Lan", submitted_at=NOON, created_by_id=minh.account_id,
    )  # fmt: skip


def test_a_dossier_accepted_during_the_visit_belongs_to_the_number(browser_of, minh, ngu_kien, counter, dossier):
    served = actions.issue_ticket(minh, ngu_kien)
    other = actions.issue_ticket(minh, ngu_kien)
    actions.serve(minh, actions.call_next(minh, counter))
    link_ticket(DossierAccepted(dossier_id=dossier.pk))
    served.refresh_from_db()
    other.refresh_from_db()
    assert (served.dossier, other.dossier) == (f"dossiers.Dossier:{dossier.pk}", "")
    assert "H62-261120-0001" in text(browser_of(minh).get(f"/desk/queueing/counter/{counter.uuid}/"))


def test_a_dossier_of_somebody_else_is_not_linked(minh, ngu_kien, counter, dossier):
    Dossier.objects.update(created_by_id=None, uuid=uuid4())
    actions.issue_ticket(minh, ngu_kien)
    actions.serve(minh, actions.call_next(minh, counter))
    link_ticket(DossierAccepted(dossier_id=dossier.pk))
    assert Ticket.objects.get().dossier == ""
