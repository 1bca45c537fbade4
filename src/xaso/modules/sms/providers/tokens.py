"""What a gateway that calls back must know: a token that is good for one message only."""

import hashlib
import hmac

from django.conf import settings

LENGTH = 32


def receipt_token(uuid: str) -> str:
    """Each message has its own, so an address that stands in somebody's log opens nothing but that one receipt."""
    return hmac.new(settings.SECRET_KEY.encode(), f"sms-receipt:{uuid}".encode(), hashlib.sha256).hexdigest()[:LENGTH]


def is_receipt_token(uuid: str, given: str) -> bool:
    return hmac.compare_digest(receipt_token(uuid).encode(), given.encode())


def is_inbound_secret(expected: str, given: str) -> bool:
    return bool(expected) and hmac.compare_digest(expected.encode(), given.encode())
