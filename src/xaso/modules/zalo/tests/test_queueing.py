"""The same message to many: a few statements, each person once, by SMS where Zalo cannot."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from xaso.core.access import SYSTEM
from xaso.modules.sms.models import Sms
from xaso.modules.zalo import jobs, queries
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
    assert jobs.send_waiting() == 12
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
