"""What the brokers know of who may connect, read from the server's digests."""

from django.conf import settings
from django.utils.crypto import salted_hmac

from xaso.modules.speakers import queries
from xaso.modules.speakers.broker import rights
from xaso.modules.speakers.rules import credentials


def link_secret() -> str:
    """The link's own password: set by the operator, else it follows from the installation's key."""
    return settings.SPEAKERS["link_secret"] or salted_hmac("xaso.speakers.link", rights.LINK).hexdigest()


def current() -> rights.Register:
    digests = dict(line.split(":", 1) for line in queries.password_lines())
    digests[rights.LINK] = credentials.digest(link_secret())
    return rights.register(digests, queries.addresses())
