"""VNPT SMS Brandname: one JSON question for each message. The shape is from notes; a contract decides."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import httpx

from xaso.modules.sms.providers import Outgoing, Settings
from xaso.modules.sms.providers.asking import asked, client, reached, text_of, unclear
from xaso.modules.sms.rules.answers import Answer
from xaso.modules.sms.rules.segments import UCS2

NAME = "send_sms_list"
CARE = "1"
"""Customer care traffic; 2 would be advertising, which a commune does not send."""


class VnptTransport:
    title = "VNPT SMS Brandname"

    def send(self, given: Settings, messages: Sequence[Outgoing]) -> Iterator[Answer]:
        with client() as asking:
            for one in messages:
                yield asked(
                    one.key,
                    lambda one=one: asking.post(given.url, json=_question(given, one)),
                    lambda response, one=one: _read(one, response),
                )

    def check(self, given: Settings) -> str:
        return reached(given.url)


def _question(given: Settings, one: Outgoing) -> dict[str, Any]:
    return {
        "RQST": {
            "name": NAME,
            "REQID": one.uuid.replace("-", ""),
            "LABELID": given.param("label"),
            "CONTRACTTYPEID": CARE,
            "CONTRACTID": given.param("contract"),
            "TEMPLATEID": given.param("template"),
            "PARAMS": [{"NUM": "1", "CONTENT": one.text}],
            "SCHEDULETIME": "",
            "MOBILELIST": one.phone,
            "ISTELCOSUB": "0",
            "AGENTID": given.param("agent"),
            "APIUSER": given.user,
            "APIPASS": given.password,
            "USERNAME": given.param("username"),
            "DATACODING": "8" if one.encoding == UCS2 else "0",
        }
    }


def _read(one: Outgoing, response: httpx.Response) -> Answer:
    try:
        reply = json.loads(response.text)["RPLY"]
        code, said = str(reply["ERROR"]), text_of(reply.get("ERROR_DESC"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return unclear(one.key, response)
    if reply.get("name") != NAME:
        return unclear(one.key, response)
    if code == "0":
        return Answer(one.key, (one.uuid,))
    return Answer(one.key, error=f"VNPT từ chối tin (mã {text_of(code, 20)}): {said}")
