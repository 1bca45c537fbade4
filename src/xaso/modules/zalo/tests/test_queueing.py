"""The same message to many: a few statements, each person once, by SMS where Zalo cannot."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
import time_machine

from xaso.core.access import SYSTEM
from xaso.core.outbox.actions import deliver_all
from xaso.kit import clock
from xaso.modules.audiences.actions import Entry, add_contact, withdraw_consent
from xaso.modules.sms.models import Sms
from xaso.modules.zalo import carrying, queries
from xaso.modules.zalo.actions import Said, queue_many
from xaso.modules.zalo.models import Message

pytestmark = pytest.mark.django_db
WORDS = "Xa Ngu Kien moi ba con hop thon."


def people(count, **more):
    """Numbers, and one who has none."""
    common = {"uuid": None, "zalo_user": "", "unit_path": "26.252.09157."} | more
    return [SimpleNamespace(phone=phone, **common) for phone in [*(f"849123{n:05}" for n in range(count)), ""]]


SAID = Said(template="ket-qua", values={"ten": "bà con", "ma_ho_so": "H"}, text="Mời bà con họp thôn.")


def many(ngu_kien, those, said=SAID):
    return queue_many(SYSTEM, ngu_kien, those, said=said, purpose="b:1")


def test_many_leave_by_the_clock_each_once(connected, template, ngu_kien, oa, in_action):
    assert in_action(lambda: many(ngu_kien, people(20))) == 20
    Message.objects.filter(pk__gt=Message.objects.order_by("pk")[9].pk).delete()
    assert in_action(lambda: many(ngu_kien, people(12))) == 2
    assert carrying.send_waiting() == 12
    assert queries.outcomes("b:1").handed == 12
    assert len(oa.sent) == 12


def test_five_thousand_are_a_few_statements(connected, template, ngu_kien, in_action, django_assert_max_num_queries):
    """Ten portions; on SQLite a portion is some insertions, for one holds 999 values."""
    with django_assert_max_num_queries(200):
        assert in_action(lambda: many(ngu_kien, people(5000))) == 5000
    assert Message.objects.filter(state="queued", kind="template").count() == 5000


def test_who_has_no_number_gets_the_text(connected, template, ngu_kien, oa, in_action):
    followers = [*people(2, zalo_user=""), *people(0, zalo_user="u-7")]
    assert in_action(lambda: many(ngu_kien, followers)) == 3
    row = Message.objects.get(kind="text")
    assert (row.user, row.text, row.state) == ("u-7", "Mời bà con họp thôn.", "queued")
    assert in_action(lambda: many(ngu_kien, followers)) == 0


def test_without_a_template_only_who_is_known_to_zalo_is_told(connected, ngu_kien, oa, in_action):
    known = people(2, zalo_user="u-1")[:1]
    assert in_action(lambda: many(ngu_kien, [*known, *people(2)], Said(text="Mời bà con họp thôn."))) == 1


def test_many_that_cannot_go_go_by_sms(oa, ngu_kien, in_action, django_assert_max_num_queries):
    words = replace(SAID, fallback_text=WORDS)
    with django_assert_max_num_queries(120):
        assert in_action(lambda: many(ngu_kien, people(800), words)) == 800
    assert queries.outcomes("b:1").fell_back == 800
    assert Sms.objects.count() == 800
    assert {one.sms_uuid for one in Message.objects.all()} == set(Sms.objects.values_list("uuid", flat=True))
    assert in_action(lambda: many(ngu_kien, people(800), words)) == 0
    assert Sms.objects.count() == 800


def test_many_that_cannot_go_at_all_say_why(oa, ngu_kien, in_action):
    assert in_action(lambda: many(ngu_kien, [*people(2), *people(0, zalo_user="u-1")])) == 3
    assert {one.state for one in Message.objects.all()} == {"failed"}
    assert all("chưa nối trang Zalo OA" in one.error for one in Message.objects.all())
    assert not Sms.objects.exists()


@pytest.fixture
def book(ngu_kien, quan):
    """Two numbers of the book, of which the second takes no SMS about anything."""
    made = [
        add_contact(quan, ngu_kien, entry=Entry(name=f"Người {n}", phone=f"091230000{n}", note="")) for n in range(2)
    ]
    withdraw_consent(quan, made[1], topic="", channel="sms", how="counter", evidence="Nói tại quầy")
    return [SimpleNamespace(uuid=str(one.uuid), phone=one.phone, zalo_user="", unit_path=one.unit_path) for one in made]


NOTICE = replace(SAID, fallback_text=WORDS, sms_kind="notice", topic="meetings")
URGENT = replace(NOTICE, sms_kind="emergency", topic="emergency")


def test_who_refused_sms_gets_none_instead_of_zalo(oa, ngu_kien, in_action, book):
    assert in_action(lambda: many(ngu_kien, book, NOTICE)) == 2
    assert list(Sms.objects.values_list("phone", "kind", "topic")) == [("84912300000", "notice", "meetings")]
    assert Message.objects.get(phone="84912300001").state == "failed"


def test_who_refused_sms_gets_none_after_zalo_refused_either(connected, template, oa, ngu_kien, in_action, book):
    oa.control("template", id="123456", params={"ten": 30, "ma_ho_so": 30}, state="blocked")
    assert in_action(lambda: many(ngu_kien, book, NOTICE)) == 2
    carrying.send_waiting()
    assert list(Sms.objects.values_list("phone", flat=True)) == ["84912300000"]


def test_an_emergency_waits_neither_for_the_clock_nor_for_the_morning(
    connected, template, oa, ngu_kien, in_action, book
):
    assert in_action(lambda: many(ngu_kien, book, URGENT)) == 2
    deliver_all()
    assert queries.outcomes("b:1").handed == 2
    Message.objects.all().delete()
    with time_machine.travel(clock.now().replace(hour=16)):  # 23:00 in Việt Nam
        assert in_action(lambda: many(ngu_kien, book, URGENT)) == 2
        deliver_all()
    assert queries.outcomes("b:1").fell_back == 2
    assert set(Sms.objects.values_list("kind", flat=True)) == {"emergency"}
