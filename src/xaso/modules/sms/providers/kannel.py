"""Kannel's smsbox over HTTP. Credentials and words travel in headers and body, never in an address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

import httpx

from xaso.modules.sms.providers import Outgoing, Settings
from xaso.modules.sms.providers.asking import asked, client, reached, text_of, unclear
from xaso.modules.sms.providers.tokens import receipt_token
from xaso.modules.sms.rules.answers import Answer
from xaso.modules.sms.rules.segments import UCS2

ALL_REPORTS = "31"
TAKEN = ("0:", "3:")


class KannelTransport:
    title = "Kannel"

    def send(self, given: Settings, messages: Sequence[Outgoing]) -> Iterator[Answer]:
        with client() as asking:
            for one in messages:
                yield asked(
                    one.key,
                    lambda one=one: asking.post(given.url, headers=_headers(given, one), content=one.text.encode()),
                    lambda response, one=one: _read(one, response),
                )

    def check(self, given: Settings) -> str:
        return reached(given.url)


def _headers(given: Settings, one: Outgoing) -> dict[str, str]:
    return {
        "Content-Type": "text/plain; charset=UTF-8",
        "X-Kannel-Username": given.user,
        "X-Kannel-Password": given.password,
        "X-Kannel-From": given.sender,
        "X-Kannel-To": f"+{one.phone}",
        "X-Kannel-Coding": "2" if one.encoding == UCS2 else "0",
        "X-Kannel-Charset": "UTF-8",
        "X-Kannel-Validity": str(max(1, one.seconds // 60)),
        "X-Kannel-DLR-Mask": ALL_REPORTS,
        "X-Kannel-DLR-Url": receipt_url(given.callback, one.uuid),
    }


def receipt_url(base: str, uuid: str) -> str:
    """Where Kannel tells what became of one message. The token opens that message's receipt and nothing else."""
    return f"{base.rstrip('/')}/api/v1/sms/kannel/receipts/{quote(uuid)}/{receipt_token(uuid)}?type=%d"


def _read(one: Outgoing, response: httpx.Response) -> Answer:
    said = text_of(response.text)
    if response.status_code in (200, 202) and said.startswith(TAKEN):
        return Answer(one.key, (one.uuid,))
    if response.status_code == 403:
        return Answer(one.key, error=f"Kannel không nhận tài khoản gửi: {said}", again=300)
    if 400 <= response.status_code < 500:
        return Answer(one.key, error=f"Kannel từ chối tin: {said}")
    return unclear(one.key, response)
