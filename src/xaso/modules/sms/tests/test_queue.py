"""The queue: once per key, hours, limits, what is too late, what stays secret, what it costs."""

import json
from datetime import date, datetime

import pytest

from xaso.core.access import SYSTEM
from xaso.core.audit.models import Entry
from xaso.core.outbox.actions import deliver_all
from xaso.core.outbox.models import Delivery
from xaso.kit import clock
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.sms import actions, carrying, definitions, jobs
from xaso.modules.sms import queries as sms
from xaso.modules.sms.actions import Incoming, Words
from xaso.modules.sms.models import Gateway, Sms
from xaso.modules.sms.tests.conftest import queue, queue_many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
PHONES = [f"849123456{n:02d}" for n in range(10)]


def lines(folder):
    files = (folder / "outgoing").glob("sms-*.jsonl")
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def at(hour, day=20):
    return datetime(2026, 11, day, hour, 0, tzinfo=clock.VIETNAM)


def test_one_message_leaves_at_once_and_once(ngu_kien, tmp_path):
    one = queue(SYSTEM, ngu_kien, to="0912 345 601", text="Mời họp\t thôn ", key="k")
    again = queue(SYSTEM, ngu_kien, to="0912345699", text="khác", key="k")
    assert one == again
    deliver_all()
    deliver_all()
    assert [(line["to"], line["body"]) for line in lines(tmp_path)] == [("84912345601", "Mời họp  thôn")]
    one.refresh_from_db()
    assert (one.state, one.provider, one.encoding, one.parts, one.cost) == ("handed", "file", "ucs2", 1, 700)
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "outgoing").iterdir()} == {0o600}


def test_many_are_one_insert_a_portion_and_no_event_each(ngu_kien, tmp_path, django_assert_max_num_queries):
    phones = [f"8491{n:07d}" for n in range(1000)]
    with django_assert_max_num_queries(60):
        assert queue_many(SYSTEM, ngu_kien, phones, text="Mời họp thôn") == 1000
    assert not Delivery.objects.exists()
    assert queue_many(SYSTEM, ngu_kien, [*phones, "84987654321"], text="Mời họp thôn") == 1
    assert carrying.carry(seconds=60) == 1001
    found = sms.outcomes("test:1")
    assert (found.handed, found.parts, found.cost) == (1001, 1001, 1001 * 700)
    assert len(lines(tmp_path)) == 1001


def test_the_rows_of_a_purpose_page_by_page(ngu_kien):
    queue_many(SYSTEM, ngu_kien, [f"8491{n:07d}" for n in range(120)])
    first = sms.rows("test:1")
    second = sms.rows("test:1", after=first.after)
    third = sms.rows("test:1", "queued", second.after)
    assert [len(page.rows) for page in (first, second, third)] == [50, 50, 20]
    assert third.after == ""
    assert not sms.rows("test:1", "delivered").rows
    assert len(sms.rows("test:1", after="1; drop").rows) == 50


def test_notices_wait_for_the_morning_and_emergencies_do_not(ngu_kien, noon):
    noon.move_to(at(23))
    queue(SYSTEM, ngu_kien, to="0912345601", kind="notice", key="a")
    queue(SYSTEM, ngu_kien, to="0912345602", kind="emergency", key="b")
    queue(SYSTEM, ngu_kien, to="0912345603", kind="code", key="c")
    assert carrying.carry() == 2
    waiting = Sms.objects.get(key="a")
    assert (waiting.state, clock.local(waiting.due_at)) == ("queued", at(7, 21))
    noon.move_to(at(8, 21))
    assert carrying.carry() == 1


def test_whoever_writes_at_night_is_answered_at_night(ngu_kien, noon):
    noon.move_to(at(23))
    actions.take_in(SYSTEM, None, message=Incoming("0912345601", "8088", "TU CHOI", "kannel", "1"))
    assert carrying.carry() == 1
    assert Sms.objects.get().state == "handed"


def test_the_fourth_notice_of_a_day_waits(ngu_kien, noon):
    for number in range(4):
        queue(SYSTEM, ngu_kien, to="0912345601", key=str(number))
    queue(SYSTEM, ngu_kien, to="0912345601", kind="service", key="service")
    assert carrying.carry() == 4
    waiting = Sms.objects.get(state="queued")
    assert waiting.kind == "notice"
    noon.move_to(at(13, 21))
    assert carrying.carry() == 1


def test_what_is_too_late_is_not_sent(ngu_kien, noon, tmp_path):
    queue(SYSTEM, ngu_kien, to="0912345601", kind="code", key="a", secret=True)
    noon.shift(400)
    assert carrying.carry() == 0
    one = Sms.objects.get()
    assert (one.state, one.sealed, lines(tmp_path)) == ("expired", "", [])
    queue(SYSTEM, ngu_kien, to="0912345601", kind="code", key="b")
    noon.shift(400)
    jobs.tidy()
    assert Sms.objects.filter(state="expired").count() == 2


def test_a_secret_is_readable_nowhere(ngu_kien, tmp_path):
    actions.hand_in(
        SYSTEM, None, words=Words("0912345601", "Ma cua ban la 428913", "accounts", "code", "k", secret=True)
    )
    one = Sms.objects.get()
    stored = json.dumps([list(Sms.objects.values()), list(Entry.objects.values()), list(Delivery.objects.values())],
                        default=str)  # fmt: skip
    assert "428913" not in stored
    assert one.sealed
    deliver_all()
    assert [line["body"] for line in lines(tmp_path)] == ["Ma cua ban la 428913"]
    one.refresh_from_db()
    assert (one.sealed, one.text, one.state) == ("", "", "handed")


def test_a_doubtful_secret_is_never_sent_again(ngu_kien, quan):
    one = queue(SYSTEM, ngu_kien, to="0912345601", kind="code", secret=True, key="k")
    actions.claim(SYSTEM, one, provider="smpp", mark="dead", limit=1)
    actions.doubt(SYSTEM, None, provider="smpp")
    one.refresh_from_db()
    assert (one.state, one.sealed) == ("unknown", "")
    with pytest.raises(Refused, match="xin mã mới"):
        actions.resend(quan, one, reason="x")


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "chưa có chữ"), ("   \n", "chưa có chữ"), ("ạ" * 671, "11 đoạn"), ("a" * 20_000, "nhiều nhất 10")],
)
def test_what_is_no_message_is_refused(ngu_kien, text, says):
    with pytest.raises(Refused, match=says):
        queue(SYSTEM, ngu_kien, to="0912345601", text=text)
    assert not Sms.objects.exists()


@pytest.mark.parametrize("phone", ["", "113", "0211388888", "+1 202 555 0123", "abc"])
def test_a_number_that_is_none_is_refused(ngu_kien, phone):
    with pytest.raises(Refused):
        queue(SYSTEM, ngu_kien, to=phone)


def test_what_was_called_off_does_not_leave(ngu_kien):
    queue_many(SYSTEM, ngu_kien, PHONES[:4])
    queue_many(SYSTEM, ngu_kien, PHONES[4:5], purpose="other")
    actions.claim(SYSTEM, None, provider="smpp", mark="a", limit=1)
    assert actions.call_off(SYSTEM, ngu_kien, purpose="test:1", reason="Bản tin đã huỷ.") == 3
    assert carrying.carry() == 1
    assert (sms.outcomes("test:1").expired, sms.outcomes("other").handed) == (3, 1)


def test_two_senders_never_take_the_same(ngu_kien):
    queue_many(SYSTEM, ngu_kien, PHONES)
    first = actions.claim(SYSTEM, None, provider="smpp", mark="a", limit=6)
    second = actions.claim(SYSTEM, None, provider="smpp", mark="b", limit=6)
    assert len(first) == 6
    assert len(second) == 4
    assert not {one.pk for one in first} & {one.pk for one in second}
    actions.record_answers(SYSTEM, None, mark="b", answers=[actions.Answer(first[0].pk, ("x",))])
    assert Sms.objects.get(pk=first[0].pk).state == "sending"


def test_the_urgent_leave_first(ngu_kien):
    for kind in ("notice", "service", "emergency", "code"):
        queue(SYSTEM, ngu_kien, to="0912345601", kind=kind, key=kind)
    taken = actions.claim(SYSTEM, None, provider="smpp", mark="a", limit=2)
    assert [one.kind for one in taken] == ["code", "emergency"]


def test_only_a_person_who_may_sends_again(ngu_kien, quan, minh, tam):
    one = queue(SYSTEM, ngu_kien, to="0912345601")
    with pytest.raises(Refused, match="đang gửi hoặc đã tới"):
        actions.resend(quan, one, reason="x")
    Sms.objects.update(state="failed")
    for by in (minh, tam):
        with pytest.raises(Forbidden):
            actions.resend(by, one, reason="x")
    with pytest.raises(Refused, match="lý do"):
        actions.resend(quan, one, reason=" ")
    assert actions.resend(quan, one, reason="Số đúng").state == "queued"
    with pytest.raises(Refused, match="chưa rõ"):
        actions.settle_by_hand(quan, one, delivered=True, reason="x")


def test_nothing_stays_in_the_air_for_ever(ngu_kien, noon):
    queue_many(SYSTEM, ngu_kien, PHONES[:2])
    actions.claim(SYSTEM, None, provider="kannel", mark="a", limit=1)
    noon.shift(700)
    jobs.tidy()
    assert sms.outcomes("test:1").unknown == 1
    [other] = actions.claim(SYSTEM, None, provider="kannel", mark="b", limit=5)
    actions.record_answers(SYSTEM, None, mark="b", answers=[actions.Answer(other.pk, ("x",))])
    noon.shift(73 * 3600)
    jobs.tidy()
    silent = Sms.objects.get(pk=other.pk)
    assert (silent.state, "72 giờ" in silent.error) == ("unknown", True)


def test_a_month_is_added_up_by_budget_line(ngu_kien, lien_chau, noon):
    queue_many(SYSTEM, ngu_kien, PHONES[:3], text="Hop thon", budget_line="Truyền thông", purpose="a")
    queue_many(SYSTEM, ngu_kien, PHONES[3:5], text="Họp thôn", purpose="b")
    carrying.carry()
    queue_many(SYSTEM, ngu_kien, PHONES[5:6], text="chưa gửi", purpose="c")
    found = sms.monthly_cost(ngu_kien, date(2026, 11, 1))
    assert [(one.budget_line, one.messages, one.dong) for one in found] == [("", 2, 1400), ("Truyền thông", 3, 1050)]
    assert sms.monthly_cost(ngu_kien, date(2026, 12, 1)) == []
    assert sms.monthly_cost(lien_chau, date(2026, 11, 1)) == []


def test_prices_are_dated():
    assert sms.price("Họp thôn", 10) == 7000
    assert sms.price("a" * 161, 2, "notice") == 2 * 2 * 350
    assert sms.price("a", 1, "notice", date(2023, 12, 31)) is None
    assert sms.price_is_to_verify("a")
    assert definitions.kinds()["notice"].to_verify


def test_the_gateways_health_is_kept(tmp_path, settings):
    assert jobs.ask_gateway() == ""
    assert Gateway.objects.get().state == "ok"
    settings.DATA_DIR = tmp_path / "khong" / "co"
    assert "Không ghi được" in jobs.ask_gateway()
    assert Gateway.objects.get().state == "down"
