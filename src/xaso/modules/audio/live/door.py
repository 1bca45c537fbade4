"""How a web process hands a piece of sound to the process that carries it. On this machine only, under a key."""

import hashlib
import hmac
from http.client import HTTPConnection, HTTPException

from django.conf import settings

from xaso.modules.audio.configured import live_port

PATIENCE = 3.0
HEADER = "X-Xaso-Live"


def key() -> str:
    """Both processes know the installation's secret; nobody else does."""
    return hmac.new(settings.SECRET_KEY.encode(), b"live sound", hashlib.sha256).hexdigest()


def pass_on(live: str, number: int, piece: bytes) -> bool:
    """Whether it was taken. False: the carrying process is not there; the browser tries again."""
    connection = HTTPConnection("127.0.0.1", live_port(), timeout=PATIENCE)
    try:
        connection.request("POST", f"/in/{live}/{number}", body=piece, headers={HEADER: key()})
        return connection.getresponse().status == 204
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
