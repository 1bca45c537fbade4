"""A bulletin of the province at its communes: they say when, not what; without their word it plays all the same."""

from datetime import timedelta

import pytest
import time_machine

from xaso.core.accounts.models import Post
from xaso.core.accounts.queries import actor_of
from xaso.core.accounts.tests.cast import LONG_AGO, make_account
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.bulletins import actions, jobs
from xaso.modules.bulletins.actions.relaying import order_relay
from xaso.modules.bulletins.models import Relay
from xaso.modules.bulletins.tests.conftest import MONDAY, again, deliver, make_sound, sending, words
from xaso.modules.speakers.models import Play

HOUR = timedelta(hours=1)


def officer(key, unit, role):
    account = make_account(key)
    Post.objects.create(account=account, unit=unit, unit_path=unit.path, role=role, valid_from=LONG_AGO)
    return actor_of(account.pk)


@pytest.fixture
def upper(province, ngu_kien, lien_chau, devices):
    """Written and approved at the province, for the whole province, wanted at 17:00."""
    writer, leader = officer("son", province, "broadcaster"), officer("cuong", province, "leader")
    made = actions.write(
        writer, province,
        content=words(province, channels=("speakers", "web"), klass="normal", starts_at=MONDAY + 8 * HOUR),
    )  # fmt: skip
    actions.submit(writer, made)
    make_sound()
    actions.approve(leader, again(made), content_hash=again(made).content_hash)
    deliver()
    return again(made)


def relay_at(upper, unit):
    return Relay.objects.select_related("bulletin__unit", "unit").get(bulletin=upper, unit=unit)


def test_it_appears_at_every_commune_and_waits_for_their_hour(upper, ngu_kien, lien_chau):
    assert upper.level == "province"
    assert set(upper.relays.values_list("unit__name", "state")) == {("Ngũ Kiên", "waiting"), ("Liên Châu", "waiting")}
    assert not Play.objects.exists()


def test_the_commune_decides_the_order(upper, ngu_kien, phuc):
    order_relay(phuc, relay_at(upper, ngu_kien), starts_at=MONDAY + HOUR)
    play = Play.objects.get()
    assert (play.klass, play.origin_level, play.starts_at) == ("priority", "province", MONDAY + HOUR)
    assert play.unit_paths == [ngu_kien.path]
    with pytest.raises(Refused, match="đã được xếp giờ"):
        order_relay(phuc, relay_at(upper, ngu_kien), starts_at=MONDAY + 2 * HOUR)


def test_the_commune_does_not_decide_the_words(upper, ngu_kien, phuc):
    with pytest.raises(Forbidden):
        actions.edit(phuc, upper, content=words(ngu_kien), revision=upper.revision)
    with pytest.raises(Forbidden):
        actions.cancel(phuc, upper, reason="Không thích.")


def test_nobody_orders_for_another_commune(upper, lien_chau, phuc):
    with pytest.raises(Forbidden):
        order_relay(phuc, relay_at(upper, lien_chau), starts_at=MONDAY + HOUR)


def test_a_past_hour_is_refused(upper, ngu_kien, phuc):
    with pytest.raises(Refused, match="đã qua"):
        order_relay(phuc, relay_at(upper, ngu_kien), starts_at=MONDAY - HOUR)


def test_without_a_word_it_plays_at_the_wanted_hour(upper, ngu_kien, lien_chau):
    assert jobs.order_due_relays() == 0
    with time_machine.travel(MONDAY + 8 * HOUR, tick=False):
        assert jobs.order_due_relays() == 2
    assert relay_at(upper, ngu_kien).state == "ordered"
    assert "chưa có loa" in relay_at(upper, lien_chau).error, "Liên Châu has no loudspeakers"


def test_cancelled_above_it_stops_below(upper, ngu_kien, phuc):
    order_relay(phuc, relay_at(upper, ngu_kien), starts_at=MONDAY + HOUR)
    from xaso.core.access import SYSTEM

    actions.cancel(SYSTEM, upper, reason="Hết mưa.")
    deliver()
    assert Play.objects.get().state in {"stopped", "ended"}
    assert set(upper.relays.values_list("state", flat=True)) == {"stopped"}
    with pytest.raises(Refused, match="Cấp trên đã huỷ"):
        order_relay(phuc, relay_at(again(upper), ngu_kien), starts_at=MONDAY + HOUR)


def test_the_upper_report_adds_up_the_communes(upper, ngu_kien, phuc):
    order_relay(phuc, relay_at(upper, ngu_kien), starts_at=MONDAY + HOUR)
    with time_machine.travel(MONDAY + 8 * HOUR, tick=False):
        jobs.begin_due()
        jobs.look_at_running()
    assert sending(upper, "speakers").total == 2
    assert sending(upper, "speakers").state == "sending"


def test_the_pages(upper, ngu_kien, phuc, tam, browser_of):
    browser = browser_of(phuc)
    assert upper.title in browser.get("/desk/bulletins/cap-tren/").content.decode()
    url = f"/desk/bulletins/cap-tren/{relay_at(upper, ngu_kien).uuid}/"
    assert "Xếp giờ phát" in browser.get(url).content.decode()
    assert "đã qua" in browser.post(url, {"day": "15/11/2026", "hour": "10:00"}).content.decode()
    assert browser.post(url, {"day": "16/11/2026", "hour": "17h30"}).status_code == 302
    assert browser_of(tam).get(url).status_code == 403
