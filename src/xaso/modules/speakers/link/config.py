"""Where the broker is, for the link."""

from django.conf import settings

from xaso.modules.speakers.broker.register import link_secret
from xaso.modules.speakers.link.carrier import Broker

EMBEDDED_HOST = "127.0.0.1"


def broker() -> Broker:
    """The operator's broker (XASO_SPEAKERS_BROKER host:port), else the embedded one on this machine."""
    given = settings.SPEAKERS
    if given["broker"]:
        host, _, port = given["broker"].rpartition(":")
        return Broker(host, int(port), link_secret(), is_tls=given["tls"], ca=given["ca"])
    _, _, port = given["listen"].rpartition(":")
    return Broker(EMBEDDED_HOST, int(port), link_secret(), is_tls=bool(given["certificate"]), ca=given["ca"])
