"""Viettel bulk SMS: SOAP, operation wsCpMt, one question for each message. The shape is from notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import httpx
from lxml import etree  # type: ignore[import-untyped,unused-ignore]

from xaso.modules.sms.providers import Outgoing, Settings
from xaso.modules.sms.providers.asking import asked, client, reached, text_of, unclear
from xaso.modules.sms.rules.answers import Answer
from xaso.modules.sms.rules.segments import UCS2

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
NAMESPACE = "http://impl.bulkSms.ws/"


class ViettelTransport:
    title = "Viettel Bulk SMS"

    def send(self, given: Settings, messages: Sequence[Outgoing]) -> Iterator[Answer]:
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
        with client() as asking:
            for one in messages:
                yield asked(
                    one.key,
                    lambda one=one: asking.post(given.url, content=_question(given, one), headers=headers),
                    lambda response, one=one: _read(one, response),
                )

    def check(self, given: Settings) -> str:
        return reached(given.url)


def _question(given: Settings, one: Outgoing) -> bytes:
    envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"soapenv": ENVELOPE, "impl": NAMESPACE})
    body = etree.SubElement(envelope, f"{{{ENVELOPE}}}Body")
    call = etree.SubElement(body, f"{{{NAMESPACE}}}wsCpMt")
    values = {
        "User": given.user,
        "Password": given.password,
        "CPCode": given.param("cp_code"),
        "RequestID": "1",
        "UserID": one.phone,
        "ReceiverID": one.phone,
        "ServiceID": given.sender,
        "CommandCode": given.param("command", "bulksms"),
        "Content": one.text,
        "ContentType": "1" if one.encoding == UCS2 else "0",
    }
    for name, value in values.items():
        etree.SubElement(call, name).text = value
    return etree.tostring(envelope, xml_declaration=True, encoding="utf-8")


def _read(one: Outgoing, response: httpx.Response) -> Answer:
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.fromstring(response.content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return unclear(one.key, response)
    found = {etree.QName(node).localname: node.text for node in root.iter() if isinstance(node.tag, str)}
    result, said = (found.get("result") or "").strip(), text_of(found.get("message"))
    if result == "1":
        return Answer(one.key, (one.uuid,))
    if result == "0":
        return Answer(one.key, error=f"Viettel từ chối tin: {said}")
    if "faultstring" in found:
        return Answer(one.key, error=f"Viettel báo lỗi: {text_of(found['faultstring'])}")
    return unclear(one.key, response)
