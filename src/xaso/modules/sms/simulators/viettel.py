"""`python -m xaso.modules.sms.simulators.viettel`: Viettel bulk SMS (wsCpMt) as our notes have it."""

from __future__ import annotations

import sys
from html import escape

from lxml import etree  # type: ignore[import-untyped,unused-ignore]

from xaso.modules.sms.simulators.operator import Book, Reply, answer_as

NEEDED = ("User", "Password", "CPCode", "RequestID", "UserID", "ReceiverID", "ServiceID", "CommandCode", "Content",
          "ContentType")  # fmt: skip
ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>{}</S:Body></S:Envelope>'
)


def answer(book: Book, body: bytes) -> Reply:
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        fault = "<S:Fault><faultcode>S:Client</faultcode><faultstring>Cannot read</faultstring></S:Fault>"
        return 500, "text/xml", ENVELOPE.format(fault).encode()
    values = {etree.QName(node).localname: node.text or "" for node in root.iter() if isinstance(node.tag, str)}
    result, said = _judge(book, values)
    reply = (
        '<ns2:wsCpMtResponse xmlns:ns2="http://impl.bulkSms.ws/"><return>'
        f"<message>{escape(said)}</message><result>{result}</result></return></ns2:wsCpMtResponse>"
    )
    return 200, "text/xml; charset=utf-8", ENVELOPE.format(reply).encode()


def _judge(book: Book, values: dict[str, str]) -> tuple[int, str]:
    if missing := [name for name in NEEDED if not values.get(name)]:
        return 0, f"Thieu {missing[0]}"
    if (values["User"], values["Password"]) != (book.user, book.password):
        return 0, "Authenticate: Sai user hoac password"
    if values["ServiceID"] != book.sender:
        return 0, "Alias khong duoc dang ky"
    phone, text = values["ReceiverID"], values["Content"]
    if not (phone.isdecimal() and phone.startswith("84") and len(phone) == 11):
        return 0, "Sai so dien thoai"
    if values["ContentType"] == "0" and not text.isascii():
        return 0, "Noi dung co dau voi ContentType 0"
    book.taken.append({"to": phone, "text": text, "coding": values["ContentType"]})
    return 1, "Insert MT_QUEUE: OK"


if __name__ == "__main__":
    sys.exit(answer_as(answer))
