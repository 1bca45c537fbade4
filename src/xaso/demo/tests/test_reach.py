"""How the shown commune reaches its people: every state is there, played through the actions, and counted."""

from datetime import timedelta
from random import Random

import pytest

from xaso.core.accounts.models import Account
from xaso.core.accounts.queries import actor_of
from xaso.core.audit import actions as audit
from xaso.core.outbox.models import Delivery
from xaso.core.units.models import Unit
from xaso.demo.people import make_officers
from xaso.demo.reach import play_reach, reach
from xaso.demo.speakers import key_of_speakers
from xaso.kit import clock
from xaso.modules.bulletins.models import Bulletin
from xaso.modules.feedback.models import Report
from xaso.modules.news.models import Article
from xaso.modules.social.models import Page
from xaso.modules.speakers import queries as speakers
from xaso.modules.speakers.actions.register import issue_credential
from xaso.modules.speakers.device.settings import read
from xaso.modules.speakers.jobs import every_minute
from xaso.modules.speakers.models import Alarm, Device, Play, Repair, Run
from xaso.modules.speakers.rules import credentials

pytestmark = pytest.mark.long


@pytest.fixture
def commune(small_province, scenario):
    unit = small_province["09148"]
    for number, name in enumerate(("Đông", "Đoài", "Thượng"), start=1):
        code = f"091480{number}"
        Unit.objects.create(
            code=code, name=name, kind="village", parent=unit, path=f"{unit.path}{code}.", valid_from=unit.valid_from,
            valid_to=unit.valid_to,
        )  # fmt: skip
    make_officers(scenario, unit, "ngu-kien", Random(5))
    play_reach(scenario)
    return unit


def test_every_state_is_there_and_a_second_load_changes_nothing(commune, scenario):
    states = list(Bulletin.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["done", "done", "scheduled", "submitted", "refused", "draft", "done"]
    assert Bulletin.objects.get(klass="emergency").verdict == "right"
    assert sorted(Report.objects.values_list("state", flat=True)) == sorted(
        ["answered", "answered", "handling", "waiting", "refused", "received"]
    )
    assert Report.objects.get(shown="public").public_answer
    written = Article.objects.filter(title__in=[said["title"] for said in reach()["news"]])
    assert list(written.order_by("pk").values_list("state", flat=True)) == ["published", "published", "submitted"]
    assert (
        list(Page.objects.filter(unit=commune).values_list("kind", flat=True)) == ["facebook"] * 2 + ["zalo_group"] * 2
    )
    assert not Delivery.objects.exclude(state="done").exists()
    assert audit.verify().broken == ""
    before = [model.objects.count() for model in (Account, Bulletin, Report, Article, Device, Page, Run)]
    play_reach(scenario)
    assert [model.objects.count() for model in (Account, Bulletin, Report, Article, Device, Page, Run)] == before


def test_loudspeakers_have_played_but_for_the_silent_one(commune):
    first, second = Bulletin.objects.filter(state="done", klass__in=["normal", "priority"]).order_by("pk")
    whole, without = speakers.outcome(first.ref), speakers.outcome(second.ref)
    assert (whole.devices, whole.played) == (4, 4)
    assert (without.devices, without.played) == (4, 3)
    assert [run.device.serial for run in speakers.silent_rows(second.ref).rows] == ["NK-THUONG-01"]
    assert Alarm.objects.filter(cleared_at=None).values_list("device__serial", "kind").get() == (
        "NK-THUONG-01",
        "silent",
    )
    assert Repair.objects.get().state == "assigned"
    assert Play.objects.filter(state="planned", starts_at__gt=clock.now()).count() == 2


@pytest.mark.once
def test_nobody_may_connect_as_one_of_these_loudspeakers(commune):
    """They are made up: without a credential no broker is started for them, and nobody waits for their beats."""
    assert not Device.objects.exclude(credential="").exists()
    with clock.replaying(clock.now() + timedelta(hours=1)):
        every_minute()
    assert Alarm.objects.filter(cleared_at=None).count() == 1


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "role"), [("truyen-thanh", "broadcaster"), ("truc-ban", "duty"), ("truong-thon", "village_head")]
)
def test_who_reaches_people_signs_in(commune, scenario, name, role):
    account = Account.objects.get(username=f"{name}.ngu-kien")
    assert account.check_password(scenario.password)
    assert role in {grant.role for grant in actor_of(account.pk).grants}
    assert reach()["officers"][role] == name


@pytest.mark.once
def test_whoever_is_not_meant_to_be_silent_gets_a_key_and_keeps_its_secret(commune, settings, tmp_path):
    settings.SPEAKERS = {**settings.SPEAKERS, "broker": "", "certificate": "", "listen": "127.0.0.1:4001"}
    first = {one.serial: one for one in read(key_of_speakers(tmp_path))}
    assert sorted(first) == ["NK-DOAI-01", "NK-DONG-01", "NK-UBND-01"]
    for device in Device.objects.filter(serial__in=first):
        assert credentials.matches(first[device.serial].secret, device.credential)
    assert Device.objects.get(serial="NK-THUONG-01").credential == ""
    settings.SPEAKERS = {**settings.SPEAKERS, "listen": "127.0.0.1:4002"}
    again = read(key_of_speakers(tmp_path))
    assert {(one.port, one.skew) for one in again} == {(4002, -settings.DEMO_SHIFT.total_seconds())}
    assert {one.serial: one.secret for one in again} == {key: one.secret for key, one in first.items()}


@pytest.mark.once
def test_a_speaker_that_somebody_gave_to_a_machine_of_their_own_is_left_to_them(commune, settings, tmp_path):
    settings.SPEAKERS = {**settings.SPEAKERS, "broker": "", "certificate": ""}
    key_of_speakers(tmp_path)
    device = Device.objects.get(serial="NK-DONG-01")
    admin = actor_of(Account.objects.get(username="quan-tri.ngu-kien").pk)
    issue_credential(admin, device)
    given = device.credential
    assert sorted(one.serial for one in read(key_of_speakers(tmp_path))) == ["NK-DOAI-01", "NK-UBND-01"]
    device.refresh_from_db()
    assert device.credential == given


@pytest.mark.once
def test_no_software_speaker_where_the_operator_has_a_broker_or_nothing_is_played(commune, settings, tmp_path):
    settings.SPEAKERS = {**settings.SPEAKERS, "broker": "mosquitto:8883"}
    assert key_of_speakers(tmp_path) is None
    settings.SPEAKERS = {**settings.SPEAKERS, "broker": "", "certificate": ""}
    Device.objects.update(state=Device.State.RETIRED)
    assert key_of_speakers(tmp_path) is None
    assert not (tmp_path / "demo-speakers.json").exists()
