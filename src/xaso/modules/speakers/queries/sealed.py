"""Addresses of recordings for speakers that cannot show a credential: sealed for one device and one file, for days.

Only the vendor's shape needs them. The seal opens nothing that the device might not have with a credential: the play
must still reach it, and a device that is lost or retired gets nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django.utils.crypto import constant_time_compare, salted_hmac

from xaso.kit import clock
from xaso.modules.speakers.models import Device

SALT = "xaso.speakers.file"
GOOD_FOR = timedelta(days=8)
"""Longer than a device may be without the network and still be told of new addresses every day."""


def sealed(path: str, serial: str, sha256: str) -> str:
    """The path with who may have it, until when, and the seal. The same all day, so that it is not fetched anew."""
    day = clock.local(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    until = int((day + GOOD_FOR).timestamp())
    return f"{path}?{urlencode({'loa': serial, 'den': until, 'dau': _seal(serial, sha256, until)})}"


def device_sealed(serial: str, sha256: str, until: str, seal: str) -> Device | None:
    """The device for which this address was sealed, while it holds."""
    if not (until.isascii() and until.isdecimal() and len(until) <= 11) or not constant_time_compare(
        seal, _seal(serial, sha256, int(until))
    ):
        return None
    if datetime.fromtimestamp(int(until), UTC) < clock.now():
        return None
    known = Device.objects.filter(serial=serial, protocol=Device.Protocol.VENDOR, state__in=["in_use", "repair"])
    return known.select_related("zone").first()


def _seal(serial: str, sha256: str, until: int) -> str:
    return salted_hmac(SALT, f"{serial}|{sha256}|{until}", algorithm="sha256").hexdigest()
