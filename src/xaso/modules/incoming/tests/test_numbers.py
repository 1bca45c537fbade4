"""Days, reminders, figures, the backlog down to zero, mergers, the index of files, the plan of the lists."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xaso.core.access import SYSTEM
from xaso.core.files.actions import Place, receive_bytes, upload
from xaso.core.measures import counting
from xaso.core.measures import queries as measures
from xaso.core.measures.periods import period_of
from xaso.core.outbox.actions import deliver_all
from xaso.core.outbox.models import Delivery
from xaso.core.search.models import Entry as Found
from xaso.core.search.queries import find
from xaso.core.units.models import Succession, Unit
from xaso.kit import clock
from xaso.modules.dossiers.tests.factories import PDF
from xaso.modules.incoming import actions
from xaso.modules.incoming.actions import Due, Remark
from xaso.modules.incoming.actions.timing import deadline, register_by
from xaso.modules.incoming.jobs import hand_over_after_mergers, remind_people
from xaso.modules.incoming.models import Assignment, Reading
from xaso.modules.incoming.queries.backlog import backlog, backlog_by_unit, trend
from xaso.modules.incoming.queries.documents import led_by, listed, queue
from xaso.modules.incoming.tests.factories import arrived, assigned, given, post, registered, working
from xaso.modules.notifications.models import Message

pytestmark = pytest.mark.django_db
PATH = "26.252.09157."
YEAR = period_of("2024")


def at(text):
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=clock.VIETNAM)


def attached(document, content, name):
    received = receive_bytes(content, name=name)
    return upload(SYSTEM, Place(document.ref, document.unit_path), received=received, kind="van-ban-den")


def local(moment):
    return f"{clock.local(moment):%d/%m/%Y %H:%M}"


@pytest.mark.parametrize(
    ("came", "urgency", "until"),
    [
        ("04/03/2024 09:00", 0, "05/03/2024 17:00"),
        ("08/03/2024 16:00", 0, "11/03/2024 17:00"),  # a Friday
        ("09/03/2024 10:00", 0, "11/03/2024 17:00"),  # a Saturday
        ("07/02/2024 10:00", 0, "15/02/2024 17:00"),  # the day before Tết: a week of holidays
        ("04/03/2024 09:00", 1, "04/03/2024 10:00"),
        ("04/03/2024 23:00", 3, "05/03/2024 08:00"),
    ],
)
def test_until_when_it_must_be_registered(came, urgency, until):
    assert local(register_by(PATH, at(came), urgency)) == until


@pytest.mark.parametrize(
    ("begun", "due", "last", "warned"),
    [
        ("04/03/2024 09:00", Due(10), "18/03/2024 17:00", "14/03/2024"),
        ("04/03/2024 09:00", Due(3), "07/03/2024 17:00", "07/03/2024"),
        ("07/02/2024 09:00", Due(3), "19/02/2024 17:00", "19/02/2024"),  # over Tết
        ("26/04/2024 09:00", Due(2), "03/05/2024 17:00", "03/05/2024"),  # over 29/4–1/5, swapped with 4/5
        ("04/03/2024 09:00", Due(on=date(2024, 3, 10)), "08/03/2024 17:00", "07/03/2024"),  # a Sunday
    ],
)
def test_deadlines_count_working_days(begun, due, last, warned):
    found = deadline(PATH, due, at(begun))
    assert local(found["due_at"]) == last
    assert f"{clock.local(found['warn_at']):%d/%m/%Y}" == warned


def test_no_deadline_is_no_date():
    assert deadline(PATH, Due(), at("04/03/2024 09:00"))["due_at"] is None


def test_registered_late_is_said(van, ngu_kien, monday):
    late, urgent = arrived(ngu_kien), arrived(ngu_kien, urgency="khẩn")
    monday.shift(timedelta(hours=2))
    assert actions.register(van, urgent, given=given()).registered_on_time is False
    monday.shift(timedelta(days=2))
    assert actions.register(van, late, given=given()).registered_on_time is False


def test_people_are_reminded_once_of_each_thing(van, hoa, an, ngu_kien, monday):
    assigned(van, hoa, an, ngu_kien, days=10)
    assigned(van, hoa, an, ngu_kien, days=None)
    told = Message.objects.filter(template__in=["incoming.near", "incoming.last_day", "incoming.late"])
    assert remind_people() == 0
    for moment, template in (
        ("14/03/2024 16:00", "incoming.near"), ("18/03/2024 08:00", "incoming.last_day"),
        ("19/03/2024 08:00", "incoming.late"),
    ):  # fmt: skip
        monday.move_to(at(moment))
        assert remind_people() == 1, template
        assert remind_people() == 0
        assert told.order_by("-id").first().template == template
    assert set(told.values_list("person_id", flat=True)) == {an.person_id}


def test_a_new_deadline_is_warned_of_anew(van, hoa, an, thu, ngu_kien, monday):
    document = assigned(van, hoa, an, ngu_kien, days=1)
    monday.shift(timedelta(days=3))
    assert remind_people() == 1
    actions.reassign(hoa, document, lead=post(thu), reason="Chậm.", due=Due(1))
    monday.shift(timedelta(days=4))
    assert remind_people() == 1


def test_what_is_done_is_not_reminded(van, hoa, an, ngu_kien, monday):
    document = working(van, hoa, an, ngu_kien, days=1)
    actions.finish(an, document, outcome="handled", note_text="Xong.")
    monday.shift(timedelta(days=5))
    assert remind_people() == 0


def test_figures_are_what_the_rows_say(van, hoa, an, ngu_kien, monday):
    on_time = working(van, hoa, an, ngu_kien, days=3)
    late = working(van, hoa, an, ngu_kien, days=1)
    answered = working(van, hoa, an, ngu_kien, days=None)
    refused = arrived(ngu_kien)
    actions.refuse(van, refused, reason="Gửi nhầm.")
    registered(van, ngu_kien, is_paper=True)
    actions.finish(an, on_time, outcome="handled", note_text="Xong.")
    actions.finish(an, answered, outcome="answered", note_text="45/UBND-VP")
    monday.shift(timedelta(days=3))
    actions.finish(an, late, outcome="handled", note_text="Xong.")
    keys = ["received", "registered_on_time", "electronic", "done", "done_with_due", "done_on_time", "answered"]
    found = measures.totals([f"incoming.{key}" for key in keys], ngu_kien.path, YEAR)
    assert [found[f"incoming.{key}"] for key in keys] == [4, 4, 3, 3, 2, 1, 1]
    assert list(counting.faults()) == []
    rows = measures.page(hoa, "incoming.done_on_time", ngu_kien.path, YEAR).rows
    assert [row.pk for row in rows] == [on_time.pk]


def test_the_backlog_of_a_day_is_counted_and_opened(van, hoa, an, tam, ngu_kien, monday):
    document = working(van, hoa, an, ngu_kien, days=1)
    march, april = period_of("2024-03"), period_of("2024-04")
    monday.move_to(at("02/04/2024 09:00"))
    actions.finish(an, document, outcome="handled", note_text="Xong.")
    keys = ["incoming.backlog", "incoming.overdue"]
    assert measures.totals(keys, ngu_kien.path, march) == dict.fromkeys(keys, 1)
    assert measures.totals(keys, ngu_kien.path, april) == dict.fromkeys(keys, 0)
    assert [row.pk for row in measures.page(hoa, "incoming.backlog", ngu_kien.path, march).rows] == [document.pk]
    assert list(measures.page(tam, "incoming.backlog", ngu_kien.path, march).rows) == []


def test_the_backlog_reaches_zero(van, hoa, an, thu, son, ngu_kien, lien_chau, monday, browser_of):
    waiting, shown = arrived(ngu_kien), registered(van, ngu_kien)
    given_to_an, done_by_thu = assigned(van, hoa, an, ngu_kien, days=1), working(van, hoa, thu, ngu_kien)
    arrived(lien_chau)
    monday.shift(timedelta(days=5))
    now = backlog(ngu_kien)
    assert (now.total, now.unregistered, now.unremarked, now.assigned, now.working) == (4, 1, 1, 1, 1)
    assert (now.overdue, now.register_late, now.clear) == (2, 1, False)
    held = {one.name: (one.waiting, one.working, one.overdue, one.ages) for one in now.holders}
    assert held["Phạm Thị An"] == (1, 0, 1, [0, 1, 0])
    assert held["Đỗ Thị Thu"] == (0, 1, 1, [0, 1, 0])
    assert {path: one.total for path, one in backlog_by_unit(son)} == {ngu_kien.path: 4, lien_chau.path: 1}
    assert "?standing=late" in browser_of(hoa).get("/desk/incoming/ton-dong/").content.decode()
    watcher = browser_of(son)
    assert "UBND xã Ngũ Kiên" in watcher.get("/desk/incoming/ton-dong/").content.decode()
    actions.refuse(van, waiting, reason="Trùng.")
    actions.remark(hoa, shown, given=Remark("Lưu."))
    for lead, document in ((an, given_to_an), (thu, done_by_thu)):
        actions.finish(lead, document, outcome="handled", note_text="Xong.")
    now = backlog(ngu_kien)
    assert now.clear
    assert now.holders == ()
    days = trend(ngu_kien.path)
    assert [count for _, count in days][-7:] == [0, 4, 4, 4, 4, 4, 0]
    shown_page = browser_of(hoa).get("/desk/incoming/ton-dong/").content.decode()
    assert "0 văn bản tồn" in shown_page
    assert "0 văn bản tồn" in browser_of(hoa).get("/cockpit/").content.decode()


def test_what_is_open_goes_to_the_one_successor(van, hoa, an, ngu_kien, district, monday):
    done, open_one = working(van, hoa, an, ngu_kien), working(van, hoa, an, ngu_kien)
    waiting = arrived(ngu_kien)
    actions.finish(an, done, outcome="handled", note_text="Xong.")
    stored = attached(open_one, PDF, "a.pdf")
    after = Unit.objects.create(
        code="09160", name="Tam Phúc", kind="commune", parent=district, path="26.252.09160.",
        valid_from=date(2024, 3, 4), agency_code="H62.28.30",
    )  # fmt: skip
    Unit.objects.filter(pk=ngu_kien.pk).update(valid_to=date(2024, 3, 3))
    Succession.objects.create(predecessor=ngu_kien, successor=after, kind="merge", effective_on=date(2024, 3, 4))
    assert hand_over_after_mergers() == 2
    assert hand_over_after_mergers() == 0
    open_one.refresh_from_db()
    assert (open_one.unit_path, open_one.state, open_one.lead_id) == (after.path, "shown", None)
    assert (open_one.register_path, open_one.number) == (ngu_kien.path, 2)
    waiting.refresh_from_db()
    assert (waiting.unit_path, waiting.state) == (after.path, "waiting")
    done.refresh_from_db()
    assert done.unit_path == ngu_kien.path
    assert not Assignment.objects.filter(document=open_one, ended_at=None).exists()
    stored.refresh_from_db()
    assert stored.unit_path == after.path
    assert Found.objects.get(subject=open_one.ref).unit_path == after.path
    assert list(counting.faults()) == []


def test_it_is_found_by_its_words_and_by_what_its_file_says(van, hoa, an, tam, ngu_kien):
    document = arrived(ngu_kien)
    attached(document, "Uỷ ban nhân dân các xã, về mô hình nuôi cá lồng.".encode(), "cong-van.txt")
    assert find(an, "nong thon").rows == []
    actions.register(van, document, given=given())
    assert [row.subject for row in find(an, "nong thon").rows] == [document.ref]
    assert find(tam, "nong thon").rows == []
    assert find(an, "ca long").rows == []
    Delivery.objects.exclude(handler__startswith="xaso.modules.incoming").delete()
    deliver_all()
    assert [row.subject for row in find(an, "ca long").rows] == [document.ref]
    assert Reading.objects.get().origin == "text"
    actions.amend(van, document, given=given(subject="Về việc nuôi cá"), reason="Gõ nhầm.")
    assert find(an, "nong thon").rows == []
    assert [row.subject for row in find(an, "cá lồng").rows] == [document.ref]


@pytest.mark.parametrize(
    ("name", "index"), [("listed", "incoming_newest"), ("queue", "incoming_by_"), ("mine", "incoming_of_lead")]
)
def test_lists_walk_an_index(van, hoa, an, ngu_kien, name, index):
    arrived(ngu_kien)
    questions = {
        "listed": lambda: listed(hoa, {}),
        "queue": lambda: queue(van, "incoming.register", ["waiting"]),
        "mine": lambda: led_by(an),
    }
    with CaptureQueriesContext(connection) as asked:
        questions[name]()
    sql = next(one["sql"] for one in asked if 'FROM "incoming_document"' in one["sql"])
    is_postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if is_postgres:
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(("EXPLAIN " if is_postgres else "EXPLAIN QUERY PLAN ") + sql)
        plan = " ".join(str(row) for row in cursor.fetchall())
    # Among three rows every index of the unit costs the same, so PostgreSQL may take any of them.
    assert index in plan or ("incoming_" in plan and is_postgres) or "incoming_by_" in plan
    assert "Seq Scan" not in plan
