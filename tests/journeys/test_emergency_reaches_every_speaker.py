"""A flood at night: 1,239 speakers of a province hear it at once, and the report says which three did not.

Every speaker is a connection with its own credential to a real Mosquitto with the access list; they share a few
processes, and each of those fetches and decodes the recording once.
"""

import math
import sys
import time
from datetime import timedelta
from decimal import Decimal

import pytest

from xaso.core.access import SYSTEM
from xaso.core.files.receiving import receive_bytes
from xaso.core.outbox.actions import deliver_all
from xaso.core.outbox.models import Delivery
from xaso.kit import clock
from xaso.modules.alerts.actions import take_in
from xaso.modules.alerts.tests.samples import info, xml
from xaso.modules.audio.actions.recordings import Made, finish_recording
from xaso.modules.audio.models import Recording
from xaso.modules.speakers import queries
from xaso.modules.speakers.actions.expecting import settle_due
from xaso.modules.speakers.models import Alarm, Command, Play, Pulse, Run
from xaso.modules.speakers.tests.fleet import PROVINCE, Fleet, LinkProcess, enrol, more_descriptors
from xaso.modules.speakers.tests.rehearsal import tone
from xaso.modules.speakers.tests.stage import Mosquitto, ended, needs_mosquitto, until

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
SECONDS = 5
LONG = 240


def flood(ngu_kien, folder, number):
    """The national centre's CAP message arrives; the play it leads to, ordered without anybody's hand."""
    now = clock.local(clock.now())
    until_when = (now + timedelta(hours=6)).isoformat(timespec="seconds")
    sent = now.isoformat(timespec="seconds")
    source = xml(f"VN-{number}", sent=sent, infos=(info(expires=until_when),))
    assert take_in(SYSTEM, ngu_kien, source=source, via="api", via_name="Trung tâm tỉnh").klass == "emergency"
    for one in Recording.objects.filter(state="making"):
        received = receive_bytes(tone(folder / "flood.mp3", SECONDS), name="lu.mp3")
        finish_recording(SYSTEM, one, made=Made(received, Decimal(SECONDS), Decimal("-16"), "tone", "1"))
    Delivery.objects.filter(event="audio.RecordingAsked").delete()
    deliver_all()
    return Play.objects.latest("pk")


def waits(fleet, play):
    """Seconds from the order to the first sample, sorted."""
    return sorted(at - play.ordered_at.timestamp() for at in fleet.started(str(play.uuid)).values())


def at_the(part, numbers):
    return numbers[math.ceil(part * len(numbers)) - 1]


def test_an_emergency_reaches_every_speaker(ngu_kien, village, live_server, tmp_path, capsys):
    needs_mosquitto()
    more_descriptors(8192)
    keys = enrol(village, ngu_kien.code, PROVINCE)
    broker = Mosquitto(tmp_path / "broker")
    shared = {"host": "127.0.0.1", "port": broker.port, "server": live_server.url, "is_tls": False,
              "commune": ngu_kien.code}  # fmt: skip
    link = LinkProcess(broker.port)
    fleet = Fleet(tmp_path, keys, shared)
    with ended(broker, link, fleet):
        until(lambda: Pulse.objects.filter(is_online=True).exclude(firmware="").count() == PROVINCE, LONG)
        play = flood(ngu_kien, tmp_path, 1)
        until(lambda: len(fleet.started(str(play.uuid))) == PROVINCE, LONG)
        first = waits(fleet, play)
        until(lambda: queries.outcome(play.purpose).played == PROVINCE, LONG)
        assert queries.outcome(play.purpose).devices == PROVINCE
        assert Command.objects.filter(play=play, state="accepted").count() == PROVINCE
        assert not Run.objects.filter(play=play, started_at=None).exists()

        for process in fleet.lonely:
            process.kill()
        killed = time.time()
        until(lambda: Alarm.objects.filter(kind="silent", cleared_at=None).count() == 3, LONG)
        alarmed = time.time() - killed
        second = flood(ngu_kien, tmp_path, 2)
        until(lambda: queries.outcome(second.purpose).played == PROVINCE - 3, LONG)
        _later(second)
        settle_due(SYSTEM)

    found = queries.outcome(second.purpose)
    assert (found.devices, found.played, found.failed) == (PROVINCE, PROVINCE - 3, 3)
    silent = queries.silent_rows(second.purpose).rows
    assert {run.device.serial for run in silent} == {key["serial"] for key in keys[:3]}
    assert all(run.started_at and run.ended_at for run in Run.objects.filter(play=second, state="played"))
    assert {alarm.device.serial for alarm in Alarm.objects.filter(kind="silent")} == {key["serial"] for key in keys[:3]}
    times = (
        f"{first[0]:.2f} s, half {at_the(0.5, first):.2f} s, 95 % {at_the(0.95, first):.2f} s, last {first[-1]:.2f} s"
    )
    with capsys.disabled():
        sys.stdout.write(f"\n{PROVINCE} speakers, first sample: {times}; alarms {alarmed:.0f} s after the kill\n")


def _later(play):
    """An hour goes by for this play: whoever has said nothing by then has not played."""
    back = timedelta(hours=1)
    Play.objects.filter(pk=play.pk).update(starts_at=play.starts_at - back)
    for run in Run.objects.filter(play=play, settled_at=None):
        Run.objects.filter(pk=run.pk).update(scheduled_at=run.scheduled_at - back, ends_at=run.ends_at - back)
    assert clock.now() > Run.objects.filter(play=play, settled_at=None).latest("ends_at").ends_at
