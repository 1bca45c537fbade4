"""What is due when, and one reminder for each report."""

from datetime import date

import pytest

from xaso.core.outbox.actions import deliver_all
from xaso.modules.notifications.models import Message
from xaso.modules.reports.actions.writing import begin_report
from xaso.modules.reports.jobs import remind_of_deadlines
from xaso.modules.reports.queries.calendar import owed_in, pressing
from xaso.modules.reports.tests.conftest import KIND, Q1, on

pytestmark = pytest.mark.django_db


def test_a_year_by_deadline(ngu_kien):
    with on(4, 1):
        items = owed_in(ngu_kien, 2024)
    assert len(items) == 12
    assert [one.due_on for one in items] == sorted(one.due_on for one in items)
    first = {(one.kind.code, one.period.key): one.due_on for one in items}
    assert first["khcn-cds", "2024-Q1"] == date(2024, 4, 10)
    assert first["khcn-cds", "2024"] == date(2025, 1, 15)
    assert first["dti", "2024"] == date(2025, 1, 20)
    assert first["dti", "2024-9M"] == date(2024, 10, 15)


def test_a_deadline_on_a_day_off_moves_to_the_next_working_day(ngu_kien):
    with on(12, 1):
        due = {(one.kind.code, one.period.key): one.due_on for year in (2025, 2026) for one in owed_in(ngu_kien, year)}
    assert due["khcn-cds", "2025-9M"] == date(2025, 10, 10)
    assert due["khcn-cds", "2026-9M"] == date(2026, 10, 12)  # the tenth is a Saturday
    assert due["thu-cong-vu", "2025-Q4"] == date(2026, 1, 10)  # a Saturday worked in exchange for another day


def test_beyond_the_known_calendars_the_plain_day_counts(ngu_kien):
    with on(12, 1):
        due = {(one.kind.code, one.period.key): one.due_on for one in owed_in(ngu_kien, 2050)}
    assert due["khcn-cds", "2050-Q1"] == date(2050, 4, 10)


def test_reports_stand_where_they_are(signed, mai, ngu_kien):
    with on(4, 12):
        found = {(one.kind.code, one.period.key): one.standing for one in owed_in(ngu_kien, 2024)}
        waiting = [(one.kind.code, one.standing) for one in pressing(ngu_kien) if one.period.key == Q1]
    assert found["khcn-cds", Q1] == "signed"
    assert found["dti", Q1] == "due"
    assert found["thu-cong-vu", Q1] == "late"
    assert found["khcn-cds", "2024-H1"] == "ahead"
    assert waiting == [("thu-cong-vu", "late"), ("dti", "due")]


def test_a_reminder_comes_once_for_each_report(mai, minh, oanh, ngu_kien, lien_chau, begun):
    told = Message.objects.filter(template="reports.due", channel="inapp")
    with on(4, 4):
        remind_of_deadlines()
        assert told.count() == 0
    for day in (5, 6, 7):
        with on(4, day):
            remind_of_deadlines()
            deliver_all()
    assert sorted(told.values_list("person_id", flat=True)) == sorted([mai.person_id] * 2 + [oanh.person_id] * 2)
    body = told.filter(person_id=mai.person_id).first().body
    assert "quý 1 năm 2024" in body
    assert "10/04/2024" in body
    with on(4, 11):
        remind_of_deadlines()
    assert told.filter(person_id=mai.person_id).count() == 3  # DTI, due on the fifteenth


def test_what_is_signed_is_not_reminded_of(signed, mai):
    with on(4, 8):
        remind_of_deadlines()
    about = Message.objects.filter(template="reports.due", channel="inapp").values_list("body", flat=True)
    assert len(about) == 1
    assert "Thư điện tử công vụ" in about[0]


def test_all_communes_take_few_statements(django_assert_max_num_queries, mai, oanh, ngu_kien, lien_chau):
    with on(3, 1), django_assert_max_num_queries(4):
        remind_of_deadlines()


def test_a_report_begun_early_keeps_its_deadline(mai, ngu_kien):
    with on(3, 20):
        assert begin_report(mai, ngu_kien, kind=KIND, period=Q1).due_on == date(2024, 4, 10)
