"""Notices that a push service really decrypts."""

import stat
from datetime import timedelta
from types import SimpleNamespace

import pytest

from xaso.core.access import SYSTEM
from xaso.core.outbox.actions import deliver_all
from xaso.kit import clock
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.push import keys, queries
from xaso.modules.push.actions import queue_many, subscribe, tell_device, unsubscribe
from xaso.modules.push.actions.notices import call_off, claim
from xaso.modules.push.models import Device, Notice, Push
from xaso.modules.push.sending import send_due

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::pydantic.warnings.PydanticDeprecatedSince20"),
]
TEXT = "Bạn có tin mới của xã Ngũ Kiên."


def people(*actors):
    return [SimpleNamespace(person_id=actor.person_id) for actor in actors]


def tell(unit, *actors, purpose="bulletins.Bulletin:1", **more):
    return queue_many(SYSTEM, unit, people(*actors), text=TEXT, purpose=purpose, **more)


def test_it_is_encrypted_signed_and_says_nothing_personal(service, device_of, lan, nam, ngu_kien):
    device = device_of(lan)
    assert tell(ngu_kien, lan, nam) == 1
    deliver_all()
    [told] = service.told(device)
    assert told["message"]["title"] == TEXT
    assert set(told["message"]) == {"title", "url", "tag"}
    assert told["sub"] == "mailto:quan-tri@localhost"
    assert told["bytes"] <= 4096
    assert (queries.outcomes("bulletins.Bulletin:1").handed, queries.outcomes("bulletins.Bulletin:1").total) == (1, 1)
    assert Device.objects.get().reached_at


def test_once_for_each_purpose_and_device(service, device_of, lan, nam, ngu_kien):
    first = device_of(lan)
    assert tell(ngu_kien, lan) == 1
    second = device_of(nam)
    assert tell(ngu_kien, lan, nam, lan) == 1
    deliver_all()
    deliver_all()
    assert len(service.told(first)) == len(service.told(second)) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(service, device_of, lan, ngu_kien, status):
    device = device_of(lan)
    service.answers(device, status, times=2)
    tell(ngu_kien, lan)
    tell(ngu_kien, lan, purpose="bulletins.Bulletin:2")
    deliver_all()
    assert not Device.objects.exists()
    assert queries.outcomes("bulletins.Bulletin:1").gone + queries.outcomes("bulletins.Bulletin:2").gone == 2


@pytest.mark.parametrize(("status", "retry_after", "minutes"), [(429, "600", 10), (503, "", 1), (500, "", 1)])
def test_a_busy_service_is_asked_again_later(
    service, device_of, lan, ngu_kien, time_machine, status, retry_after, minutes
):
    time_machine.move_to(clock.now(), tick=False)
    device = device_of(lan)
    service.answers(device, status, retry_after=retry_after)
    tell(ngu_kien, lan)
    deliver_all()
    assert service.told(device) == []
    time_machine.shift(timedelta(minutes=minutes) - timedelta(seconds=1))
    assert send_once() == 0
    time_machine.shift(2)
    assert send_once() == 1
    assert len(service.told(device)) == 1


def send_once():
    """With a clock that stands still `send_due` would never run out of time; there is little to send."""
    return send_due(timedelta(seconds=5))


def test_it_is_not_tried_for_ever(service, device_of, lan, ngu_kien, time_machine):
    time_machine.move_to(clock.now(), tick=False)
    device = device_of(lan)
    service.answers(device, 500, times=20)
    tell(ngu_kien, lan)
    for _ in range(12):
        send_once()
        time_machine.shift(timedelta(hours=6))
    assert service.state(device)["tries"] == 8
    assert queries.outcomes("bulletins.Bulletin:1").failed == 1
    assert "500" in queries.rows("bulletins.Bulletin:1").rows[0].error


def test_a_redirect_is_not_followed(service, device_of, lan, ngu_kien):
    device = device_of(lan)
    service.answers(device, 307)
    tell(ngu_kien, lan)
    deliver_all()
    assert queries.outcomes("bulletins.Bulletin:1").failed == 1


def test_an_address_that_is_no_longer_allowed_is_not_asked(service, device_of, lan, ngu_kien, settings):
    device = device_of(lan)
    settings.PUSH_LOOPBACK = False
    tell(ngu_kien, lan)
    deliver_all()
    assert service.state(device)["tries"] == 0
    assert queries.outcomes("bulletins.Bulletin:1").failed == 1


def test_a_service_that_is_down_waits(service, device_of, lan, ngu_kien):
    device = device_of(lan)
    Device.objects.filter(pk=device.pk).update(endpoint="http://127.0.0.1:9/send/x")
    tell(ngu_kien, lan)
    deliver_all()
    assert queries.outcomes("bulletins.Bulletin:1").queued == 1


def test_two_senders_never_hold_the_same(device_of, lan, nam, ngu_kien, time_machine):
    time_machine.move_to(clock.now(), tick=False)
    device_of(lan), device_of(nam)
    tell(ngu_kien, lan, nam)
    held, rest, nothing = claim(1), claim(5), claim(5)
    assert {one.pk for one in held}.isdisjoint(one.pk for one in rest)
    assert (len(held), len(rest), len(nothing)) == (1, 1, 0)
    time_machine.shift(timedelta(minutes=6))
    assert len(claim(5)) == 2


def test_called_off_before_it_went_out(service, device_of, lan, ngu_kien):
    device = device_of(lan)
    tell(ngu_kien, lan)
    assert call_off(SYSTEM, None, purpose="bulletins.Bulletin:1") == 1
    deliver_all()
    assert service.told(device) == []


@pytest.mark.parametrize(
    "more",
    [{"text": ""}, {"text": "x" * 121}, {"url": "https://evil.vn/"}, {"url": "//evil.vn"}, {"url": "/\\evil.vn"}],
)
def test_a_notice_is_short_and_opens_our_page(ngu_kien, more):
    with pytest.raises(Refused):
        queue_many(SYSTEM, ngu_kien, [], **{"text": TEXT, "purpose": "a.B:1"} | more)
    assert not Notice.objects.exists()


def test_nobody_queues_for_everybody_by_hand(lan, minh, ngu_kien):
    for actor in (lan, minh):
        with pytest.raises(Forbidden):
            queue_many(actor, ngu_kien, [], text=TEXT, purpose="a.B:1")


def test_hostile_subscriptions_are_refused(service, lan):
    good = service.browser()
    for change in ({"endpoint": "https://evil.vn/x"}, {"p256dh": "A" * 87}, {"auth": "AAAA"}):
        with pytest.raises(Refused):
            subscribe(lan, Device(person_id=lan.person_id, name="x", **good | change))
    assert not Device.objects.exists()


def test_one_may_not_subscribe_or_switch_off_for_another(service, device_of, lan, nam):
    with pytest.raises(Forbidden):
        subscribe(nam, Device(person_id=lan.person_id, name="x", **service.browser()))
    device = device_of(lan)
    for act in (unsubscribe, tell_device):
        with pytest.raises(Forbidden):
            act(nam, device)


def test_a_shared_phone_belongs_to_whoever_used_it_last(service, lan, nam):
    browser = service.browser()
    one = subscribe(lan, Device(person_id=lan.person_id, name="x", **browser))
    two = subscribe(nam, Device(person_id=nam.person_id, name="x", **browser))
    assert one.pk == two.pk
    assert Device.objects.get().person_id == nam.person_id


def test_ten_devices_at_most(device_of, lan):
    for _ in range(10):
        device_of(lan)
    with pytest.raises(Refused):
        device_of(lan)


def test_a_test_notice_reaches_this_device_and_not_too_often(service, device_of, lan):
    device, other = device_of(lan), device_of(lan)
    tell_device(lan, device)
    with pytest.raises(Refused):
        tell_device(lan, device)
    deliver_all()
    assert len(service.told(device)) == 1
    assert service.told(other) == []


def test_switched_off_before_it_was_sent(service, device_of, lan, ngu_kien):
    device = device_of(lan)
    tell(ngu_kien, lan)
    unsubscribe(lan, device)
    deliver_all()
    assert service.told(device) == []
    assert Push.objects.get().state == "gone"


def test_the_key_is_made_once_and_is_the_owners_only(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    first = keys.public_key()
    assert keys.public_key() == first
    assert len(first) == 87
    assert stat.S_IMODE((tmp_path / "push-key").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["push-key"]


def test_rows_follow_each_other(device_of, lan, nam, ngu_kien):
    for actor in (lan, nam):
        device_of(actor)
    tell(ngu_kien, lan, nam)
    page = queries.rows("bulletins.Bulletin:1", "queued")
    assert len(page.rows) == 2
    assert queries.rows("bulletins.Bulletin:1", after=str(page.rows[0].pk)).rows == page.rows[1:]
