"""What this installation has set about speakers, read without the libraries of the wire."""

import json

from django.conf import settings

from xaso.modules.speakers.models import Device


def link_is_wanted() -> bool:
    """The operator said so, or a device may connect."""
    return bool(settings.SPEAKERS["on"]) or Device.objects.exclude(credential="").exists()


def broker_is_wanted() -> bool:
    """Ours, where the operator names no broker of his own."""
    return not settings.SPEAKERS["broker"] and link_is_wanted()


def key_file(device: Device, secret: str) -> str:
    """The content of the device's key file, for `xaso speaker` and for whoever sets a device up."""
    given = settings.SPEAKERS
    host, _, port = (given["address"] or given["broker"] or given["listen"]).rpartition(":")
    found = {
        "serial": device.serial,
        "commune": device.commune_code,
        "secret": secret,
        "host": host,
        "port": int(port),
        "is_tls": bool(given["tls"] or given["certificate"]),
        "server": settings.PUBLIC_URL,
    }
    return json.dumps(found, ensure_ascii=False)
