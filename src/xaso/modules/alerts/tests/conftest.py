"""A commune with two loudspeakers at a fixed hour; sound is made at once."""

from datetime import datetime
from decimal import Decimal

import pytest
import time_machine

from xaso.core.access import SYSTEM
from xaso.core.files.receiving import receive_bytes
from xaso.core.outbox.actions import deliver_all
from xaso.core.outbox.models import Delivery
from xaso.kit import clock
from xaso.modules.alerts.models import Alert
from xaso.modules.audio.actions.recordings import Made, finish_recording
from xaso.modules.audio.models import Recording
from xaso.modules.speakers.actions.register import register_device
from xaso.modules.speakers.rules.entries import Entry

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=clock.VIETNAM)
MP3 = b"ID3\x03\x00\x00\x00\x00\x00\x00" + bytes(range(256)) * 40


@pytest.fixture(autouse=True)
def _monday(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def speakers(quan, village):
    return [register_device(quan, village, entry=Entry(serial=f"NK-{n}", name=f"Loa {n}")) for n in (1, 2)]


def deliver():
    """The worker, with every recording made by the background."""
    for one in Recording.objects.filter(state="making"):
        received = receive_bytes(MP3 + str(one.pk).encode(), name="loa.mp3")
        finish_recording(SYSTEM, one, made=Made(received, Decimal("20"), Decimal("-16"), "espeak-ng", "1.52"))
    Delivery.objects.filter(event="audio.RecordingAsked").delete()
    deliver_all()


def again(alert):
    return Alert.objects.select_related("unit").get(pk=alert.pk)
