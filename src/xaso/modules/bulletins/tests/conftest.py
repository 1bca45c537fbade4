"""A commune that can be told: contacts, two loudspeakers, words, and sound that is made at once."""

from datetime import datetime
from decimal import Decimal

import pytest
import time_machine

from xaso.core.access import SYSTEM
from xaso.core.files.receiving import receive_bytes
from xaso.core.outbox.actions import deliver_all
from xaso.core.outbox.models import Delivery
from xaso.kit import clock
from xaso.kit.fold import fold
from xaso.modules.audiences.models import Contact
from xaso.modules.audio import queries as audio
from xaso.modules.audio.actions.recordings import Made, finish_recording
from xaso.modules.audio.models import Recording
from xaso.modules.bulletins import actions
from xaso.modules.bulletins.actions.deciding import digest_of
from xaso.modules.bulletins.models import Bulletin
from xaso.modules.bulletins.rules.content import Content
from xaso.modules.speakers.models import Device

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=clock.VIETNAM)
MP3 = b"ID3\x03\x00\x00\x00\x00\x00\x00" + bytes(range(256)) * 40
TEXT = "Kính mời đại diện các hộ dự họp.\nThời gian: 19 giờ 30 ngày 18/11/2026, tại nhà văn hoá thôn."


@pytest.fixture(autouse=True)
def _monday(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with time_machine.travel(MONDAY, tick=False):
        yield


def words(unit, **changes):
    kept = {
        "title": "Mời họp thôn", "text": TEXT, "topic": "meetings", "unit_paths": (unit.path,),
        "channels": ("speakers", "sms", "web", "inbox"),
    }  # fmt: skip
    return Content(**(kept | changes))


def make_sound():
    """What the background would do: every recording asked for is made."""
    for one in Recording.objects.filter(state="making"):
        received = receive_bytes(MP3 + str(one.pk).encode(), name="loa.mp3")
        finish_recording(SYSTEM, one, made=Made(received, Decimal("20"), Decimal("-16"), "espeak-ng", "1.52"))
    Delivery.objects.filter(event="audio.RecordingAsked").delete()


def deliver():
    """The worker, with the sound made in between."""
    make_sound()
    deliver_all()


def again(bulletin):
    return Bulletin.objects.select_related("unit__parent", "picture", "replaces").get(pk=bulletin.pk)


def sending(bulletin, channel):
    return bulletin.sendings.get(channel=channel)


@pytest.fixture
def people(ngu_kien, village):
    """Three in the village: two with phones, one without."""
    return [
        contact(village, "Nguyễn Văn Ba", "84912000001"),
        contact(village, "Trần Thị Bốn", "84912000002"),
        contact(village, "Lê Thị Năm", ""),
    ]


def contact(unit, name, phone, **more):
    now = clock.now()
    return Contact.objects.create(
        unit=unit, unit_path=unit.path, name=name, folded_name=fold(name), phone=phone, source="hand",
        created_at=now, changed_at=now, **more,
    )  # fmt: skip


@pytest.fixture
def devices(ngu_kien, village):
    return [
        Device.objects.create(
            unit=unit, unit_path=unit.path, commune_code=ngu_kien.code, serial=f"LOA-{number}", name=f"Loa {number}",
            state_since=clock.today(),
        )
        for number, unit in enumerate((village, ngu_kien), start=1)
    ]  # fmt: skip


@pytest.fixture
def draft(phuc, ngu_kien, people, devices):
    return actions.write(phuc, ngu_kien, content=words(ngu_kien))


@pytest.fixture
def submitted(draft, phuc):
    actions.submit(phuc, draft)
    make_sound()
    return again(draft)


@pytest.fixture
def approved(submitted, hoa):
    """Approved, nothing delivered yet."""
    return actions.approve(hoa, submitted, content_hash=submitted.content_hash)


@pytest.fixture
def sent(approved):
    deliver()
    return again(approved)


def sound_of(bulletin):
    return audio.recording(bulletin.recording)


def hash_of(bulletin):
    return digest_of(again(bulletin))
