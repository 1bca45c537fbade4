"""The reach report: figures that the channels said, and by name who was not reached."""

import io
from datetime import timedelta

import pytest
import time_machine
from openpyxl import load_workbook

from xaso.core.access import SYSTEM
from xaso.core.accounts.models import Person
from xaso.modules.audiences.actions import withdraw_consent
from xaso.modules.bulletins import jobs, queries
from xaso.modules.bulletins.actions.reaching import count_missed
from xaso.modules.bulletins.models import Area, Bulletin, Missed
from xaso.modules.bulletins.tests.conftest import MONDAY, again, contact, deliver, sending
from xaso.modules.sms.models import Sms


@pytest.fixture
def counted(approved, people, village):
    """Ba got it, Bốn's phone was off, Năm has none, Sáu refused, Bảy waits for the receipt."""
    six = contact(village, "Phạm Văn Sáu", "84912000006")
    contact(village, "Bùi Văn Bảy", "84912000007")
    withdraw_consent(SYSTEM, six, topic="", channel="sms", how="counter", evidence="Nói tại quầy")
    deliver()
    for phone, state, error in (("84912000001", "delivered", ""), ("84912000002", "failed", "Thuê bao tắt máy"),
                                ("84912000007", "handed", "")):  # fmt: skip
        Sms.objects.filter(purpose=approved.ref, phone=phone).update(state=state, error=error)
    count_missed(SYSTEM, again(approved))
    return again(approved)


def test_everybody_once(counted):
    found = queries.reach(counted)
    assert (found.people, found.reached, found.missed, found.waiting) == (5, 1, 3, 1)
    sms = sending(counted, "sms")
    assert (sms.total, sms.done, sms.failed, sms.waiting, sms.left_out) == (3, 1, 1, 1, 2)


def test_who_was_not_reached_and_why(counted):
    rows = {row.name: row.reasons[0] for row in queries.not_reached(counted).rows}
    assert rows["Trần Thị Bốn"] == ["sms", "failed", "Thuê bao tắt máy"]
    assert rows["Lê Thị Năm"][1] == "no_phone"
    assert rows["Phạm Văn Sáu"][1] == "opted_out"
    assert {row.place for row in Missed.objects.all()} == {"Thôn Thôn Đồng Mới"}


def test_counting_again_changes_nothing_but_what_changed(counted):
    Sms.objects.filter(purpose=counted.ref).update(state="delivered")
    count_missed(SYSTEM, counted)
    assert queries.reach(again(counted)).missed == 2
    assert Missed.objects.filter(bulletin=counted).count() == 2


def test_a_person_with_two_numbers_counts_once(approved, village, lan):
    person = Person.objects.get(pk=lan.person_id)
    contact(village, "Lan", "84912000011", person=person)
    contact(village, "Lan, số cũ", "84912000012", person=person)
    deliver()
    Sms.objects.filter(purpose=approved.ref, phone="84912000011").update(state="delivered")
    Sms.objects.filter(purpose=approved.ref, phone="84912000012").update(state="failed")
    count_missed(SYSTEM, again(approved))
    assert not Missed.objects.filter(name__startswith="Lan").exists()


def test_pages_of_the_list_continue_where_they_ended(counted):
    first = queries.not_reached(counted, size=2)
    second = queries.not_reached(counted, first.after, size=2)
    assert [len(first.rows), len(second.rows), second.after] == [2, 1, ""]
    assert {row.pk for row in first.rows}.isdisjoint({row.pk for row in second.rows})
    assert queries.not_reached(counted, "không").rows


def test_the_report_and_its_files(counted, phuc, hoa, minh, tam, browser_of, django_assert_max_num_queries):
    browser = browser_of(phuc)
    url = f"{counted.get_absolute_url()}ket-qua/"
    with django_assert_max_num_queries(24):
        page = browser.get(url).content.decode()
    for wanted in ("Trần Thị Bốn", "Thuê bao tắt máy", "0912 000 002", "Hiển thị cho", "Loa không phát"):
        assert (wanted in page) is (wanted != "Loa không phát")
    text = browser.get(f"{url}tai/csv/").getvalue().decode()
    assert text.startswith("\ufeffTên,")
    assert "Lê Thị Năm" in text
    sheet = load_workbook(io.BytesIO(b"".join(browser.get(f"{url}tai/xlsx/").streaming_content))).active
    assert sheet.max_row == 4
    assert browser_of(minh).get(url).status_code == 403
    assert browser_of(tam).get(url).status_code == 403
    assert browser_of(hoa).post(f"{url}tinh-lai/").status_code == 302


def test_a_name_is_no_formula(counted, browser_of, phuc):
    Missed.objects.filter(name="Lê Thị Năm").update(name="=HYPERLINK(1)")
    text = browser_of(phuc).get(f"{counted.get_absolute_url()}ket-qua/tai/csv/").getvalue().decode()
    assert "'=HYPERLINK" in text


def test_no_report_of_a_draft(draft, phuc, browser_of):
    assert browser_of(phuc).get(f"{draft.get_absolute_url()}ket-qua/").status_code == 409


def test_the_job_counts_what_went_out_lately(sent):
    assert jobs.count_missed() == 1
    assert jobs.count_missed() == 0
    assert again(sent).reach_at == MONDAY
    with time_machine.travel(MONDAY + timedelta(minutes=10), tick=False):
        assert jobs.count_missed() == 0, "no channel said anything new"
        Sms.objects.filter(purpose=sent.ref).update(state="delivered")
        assert jobs.count_missed() == 1
    with time_machine.travel(MONDAY + timedelta(days=3, hours=1), tick=False):
        assert jobs.count_missed() == 1, "a receipt that has not come by now will not come"


def test_a_resident_finds_bulletins_by_place(sent, ngu_kien, village, lien_chau, django_assert_num_queries):
    """One row for everybody who lives under the place, however many they are."""
    assert Area.objects.filter(bulletin=sent).count() == 1
    with django_assert_num_queries(1):
        page = queries.inbox([village.path])
    assert page.rows == [sent]
    assert queries.inbox([lien_chau.path]).rows == []
    assert queries.inbox([]).rows == []
    assert queries.inbox([village.path], ["meetings"]).rows == []
    assert queries.inbox([village.path], ["health"]).rows == [sent]


def test_a_refused_topic_does_not_hide_an_emergency(sent, village):
    Bulletin.objects.filter(pk=sent.pk).update(klass="emergency", topic="emergency", emergency_reason="Lũ.")
    assert queries.inbox([village.path], ["emergency"]).rows


def test_what_is_not_out_or_was_cancelled_is_in_no_inbox(approved, village):
    assert queries.inbox([village.path]).rows == []
    deliver()
    Bulletin.objects.filter(pk=approved.pk).update(state="cancelled")
    assert queries.inbox([village.path]).rows == []


def test_openings_are_counted_and_nothing_more(sent, client):
    """Gathered in the process and written down now and then."""
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False) as clock:
        for _ in range(3):
            client.get(sent.public_url)
        clock.shift(60)
        client.get(sent.public_url)
    assert queries.reach(again(sent)).openings == 4


def test_nobody_counts_for_whom_it_is_not(counted, minh):
    from xaso.kit.errors import Forbidden

    with pytest.raises(Forbidden):
        count_missed(minh, counted)


def test_a_reach_of_loudspeakers_alone_names_no_persons(phuc, hoa, ngu_kien, devices):
    from xaso.modules.bulletins.tests.test_sending import approved_with

    made = approved_with(phuc, hoa, ngu_kien, channels=("speakers", "web"))
    deliver()
    count_missed(SYSTEM, again(made))
    found = queries.reach(again(made))
    assert not found.has_persons
    assert found.people == 0
