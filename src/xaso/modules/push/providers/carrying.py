"""Encrypts a notice for a device and hands it to the push service of its browser."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx
from django.conf import settings
from webpush import WebPush  # type: ignore[import-untyped]
from webpush.types import WebPushSubscription  # type: ignore[import-untyped]

from xaso.modules.push import keys, rules

TIMEOUT = httpx.Timeout(15.0, connect=5.0)
AT_ONCE = 8
LIVES_SECONDS = 24 * 3600
TOKEN_SECONDS = 12 * 3600
MOST_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One notice for one device. `tag`: a second copy of the same notice replaces the first."""

    push_id: int
    endpoint: str
    p256dh: str
    auth: str
    text: str
    url: str
    tag: str
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    push_id: int
    status: int
    retry_after: str = ""


def send(messages: Sequence[Outgoing]) -> list[Answered]:
    """Several at once over connections that stay open. Redirects are answers like any other: nothing is followed."""
    made = WebPush(
        private_key=keys.private_pem().encode(), public_key=keys.public_pem().encode(), subscriber=keys.contact(),
        ttl=LIVES_SECONDS, expiration=TOKEN_SECONDS,
    )  # fmt: skip
    with (
        httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client,
        ThreadPoolExecutor(min(AT_ONCE, len(messages) or 1)) as pool,
    ):
        return list(pool.map(lambda message: _one(client, made, message), messages))


def _one(client: httpx.Client, made: WebPush, message: Outgoing) -> Answered:
    # Asked again before sending: what the operator allowed when the row was made may be over.
    if rules.endpoint_fault(message.endpoint, settings.PUSH_SERVICES, loopback=settings.PUSH_LOOPBACK):
        return Answered(message.push_id, 403)
    body = json.dumps({"title": message.text, "url": message.url, "tag": message.tag}, ensure_ascii=False)
    subscription = WebPushSubscription.model_validate(
        {"endpoint": message.endpoint, "keys": {"p256dh": message.p256dh, "auth": message.auth}}
    )
    packed = made.get(body, subscription)
    if len(packed.encrypted) > MOST_BYTES:
        return Answered(message.push_id, 413)
    headers = {**packed.headers, "topic": message.tag[:32], "urgency": "high" if message.is_urgent else "normal"}
    try:
        answer = client.post(message.endpoint, content=packed.encrypted, headers=headers)
    except httpx.TransportError:
        return Answered(message.push_id, 0)
    return Answered(message.push_id, answer.status_code, answer.headers.get("retry-after", ""))
