"""A commune with speakers, and a recording to play on them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from xaso.core.access import SYSTEM
from xaso.core.files.receiving import receive_bytes
from xaso.modules.audio.actions import say
from xaso.modules.audio.actions.recordings import Made, finish_recording
from xaso.modules.speakers.actions.register import issue_credential, register_device
from xaso.modules.speakers.models import Command
from xaso.modules.speakers.rules.entries import Entry

# A Friday, 09:00 in Vietnam.
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
MP3 = b"ID3\x03\x00\x00\x00\x00\x00\x00" + bytes(range(256)) * 40


@pytest.fixture
def make_device(quan, village):
    """`make_device("LOA-1")`: registered in the village Đồng Mới unless another unit is given, with a secret."""

    def make(serial, unit=None, *, credential=True, **more):
        device = register_device(quan, unit or village, entry=Entry(serial=serial, name=f"Loa {serial}", **more))
        if credential:
            device.secret = issue_credential(quan, device)
        return device

    return make


@pytest.fixture
def speakers(make_device, ngu_kien):
    """Two in the village, one at the commune's house."""
    found = [make_device("LOA-1"), make_device("LOA-2"), make_device("LOA-3", ngu_kien)]
    Command.objects.all().delete()  # their first, empty programmes have been sent
    return found


@pytest.fixture
def recording(ngu_kien):
    return make_recording(ngu_kien, "Mời bà con họp thôn tối nay.")


def make_recording(unit, text, seconds="60"):
    made = say(SYSTEM, unit, text=text)
    received = receive_bytes(MP3 + text.encode(), name="loa.mp3")
    done = Made(received, Decimal(seconds), Decimal("-16"), "espeak-ng", "1.52")
    return finish_recording(SYSTEM, made, made=done)
