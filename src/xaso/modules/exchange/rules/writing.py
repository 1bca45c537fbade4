"""The strict writer of edXML (QCVN 102:2016). Pure, text by text.

Written by hand and not by a serialiser: the envelope declares the prefix `edXML` on the URI that is already the
default namespace, every element in it carries the prefix, and the attachments outside carry none. To a serialiser both
spellings are one namespace and it may drop the prefix; the receiving axis then refuses the message.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from datetime import date, datetime
from xml.sax.saxutils import escape, quoteattr

from xaso.modules.exchange.rules.message import Answered, Attachment, Letter, Organ, Trace

NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
XLINK = "http://www.w3.org/1999/xlink"
ACTOR = "http://schemas.xmlsoap.org/soap/actor/next"
_ROOT = (
    f'<edXML xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
)
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def edxml_of(letter: Letter) -> bytes:
    """The message as it goes out. Ask `checks.faults` first: here nothing is judged."""
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>\n',
        _ROOT,
        f'<edXML:edXMLEnvelope xmlns:edXML="{NAMESPACE}">',
        _in("edXMLHeader", _message_header(letter), _traces(letter), _element("DigitalSignature")),
        _in("edXMLBody", _manifest(letter)),
        "</edXML:edXMLEnvelope>",
        _attachments(letter.attachments),
        "</edXML>",
    ]
    return "".join(parts).encode()


def _clean(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold at all."""
    return _IMPOSSIBLE.sub("", text)


def _element(name: str, text: str = "") -> str:
    """An element of the envelope, with the prefix."""
    return f"<edXML:{name}>{escape(_clean(text))}</edXML:{name}>"


def _in(name: str, *children: str, head: str = "") -> str:
    return f"<edXML:{name}{head}>{''.join(children)}</edXML:{name}>"


def _day(day: date | None) -> str:
    return f"{day:%Y/%m/%d}" if day else ""


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y/%m/%d %H:%M:%S}" if moment else ""


def _message_header(letter: Letter) -> str:
    return _in(
        "MessageHeader",
        _organ("From", letter.sender),
        *(_organ("To", receiver) for receiver in letter.receivers),
        _in("Code", _element("CodeNumber", letter.number), _element("CodeNotation", letter.notation)),
        _in("PromulgationInfo", _element("Place", letter.place), _element("PromulgationDate", _day(letter.dated_on))),
        _in(
            "DocumentType",
            _element("Type", letter.type_code),
            _element("TypeName", letter.type_name),
            _element("TypeDetail", letter.type_detail),
        ),
        _element("Subject", letter.subject),
        _element("Content", letter.content),
        _in(
            "SignerInfo",
            _element("Competence", letter.competence),
            _element("Position", letter.position),
            _element("FullName", letter.signer),
        ),
        _element("DueDate", _day(letter.due_on)),
        _in("ToPlaces", *(_element("Place", place) for place in letter.to_places)),
        _other_info(letter),
        *(_response_for(answered) for answered in letter.answers),
        _element("SteeringType", letter.steering),
        _element("DocumentId", letter.document_id),
    )


def _organ(role: str, organ: Organ) -> str:
    return _in(
        role,
        _element("OrganId", organ.code),
        _element("OrganizationInCharge", organ.in_charge),
        _element("OrganName", organ.name),
        _element("OrganAdd", organ.address),
        _element("Email", organ.email),
        _element("Telephone", organ.telephone),
        _element("Fax", organ.fax),
        _element("Website", organ.website),
    )


def _other_info(letter: Letter) -> str:
    return _in(
        "OtherInfo",
        _element("Priority", str(letter.priority)),
        _element("SphereOfPromulgation", letter.sphere),
        _element("TyperNotation", letter.typer),
        _element("PromulgationAmount", str(letter.amount)),
        _element("PageAmount", str(letter.pages)),
        _in("Appendixes", *(_element("Appendix", appendix) for appendix in letter.appendixes)),
    )


def _response_for(answered: Answered) -> str:
    return _in(
        "ResponseFor",
        _element("OrganId", answered.organ_code),
        _element("Code", answered.notation),
        _element("PromulgationDate", _day(answered.dated_on)),
        _element("DocumentId", answered.document_id),
    )


def _traces(letter: Letter) -> str:
    staff = letter.staff
    bussiness = _in(  # the standard spells it so
        "Bussiness",
        _element("BussinessDocType", str(letter.business)),
        _element("BussinessDocReason", letter.reason),
        _in(
            "StaffInfo",
            _element("Department", staff.department),
            _element("Staff", staff.name),
            _element("Email", staff.email),
            _element("Mobile", staff.mobile),
        ),
        _element("Paper", str(letter.paper)),
    )
    head = f' id="traces" version="1.0" mustUnderstand="1" actor="{ACTOR}"'
    return _in("TraceHeaderList", *(_trace(trace) for trace in letter.traces), bussiness, head=head)


def _trace(trace: Trace) -> str:
    return _in("TraceHeader", _element("OrganId", trace.organ_code), _element("Timestamp", _moment(trace.at)))


def _manifest(letter: Letter) -> str:
    head = f' version="1.0" xmlns:xlink="{XLINK}"'
    return _in("edXMLManifest", *(_reference(attachment) for attachment in letter.attachments), head=head)


def _reference(attachment: Attachment) -> str:
    link = quoteattr(f"cid:{attachment.cid}")
    return _in(
        "Reference",
        _element("Description", attachment.description),
        _element("AttachmentName", attachment.name),
        _element("ContentType", attachment.content_type),
        _element("ContentId", attachment.cid),
        head=f' xlink:type="simple" xlink:href={link} xlink:role="attachment"',
    )


def _attachments(attachments: Iterable[Attachment]) -> str:
    return "<AttachmentEncoded>" + "".join(map(_attachment, attachments)) + "</AttachmentEncoded>"


def _attachment(attachment: Attachment) -> str:
    def plain(name: str, text: str) -> str:
        return f"<{name}>{escape(_clean(text))}</{name}>"

    return (
        "<Attachment>"
        + plain("ContentType", attachment.content_type)
        + plain("ContentId", attachment.cid)
        + plain("Description", attachment.description)
        # In one line: some receivers do not accept line breaks, none asks for them.
        + f"<ContentTransferEncoded>{base64.b64encode(attachment.content).decode('ascii')}</ContentTransferEncoded>"
        + plain("AttachmentName", attachment.name)
        + "</Attachment>"
    )
