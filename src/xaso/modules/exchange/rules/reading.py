"""The tolerant reader: any namespace, any prefix, also wrapped in SOAP; what is missing is empty. Pure."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from xaso.kit.fold import tidy
from xaso.modules.exchange.rules.message import Answered, Attachment, Letter, Organ, Staff, Trace
from xaso.modules.exchange.rules.tree import Node, Unreadable, tree_of

NOT_EDXML = (
    "Gói nhận được không phải văn bản edXML: không thấy phần đầu thư (MessageHeader). Hãy đề nghị nơi gửi gửi lại."
)
NO_SENDER = "Gói văn bản không ghi mã cơ quan gửi. Hãy gọi nơi gửi để gửi lại."
NO_BASE64 = "Tệp “{name}” trong gói bị hỏng: phần mã hoá base64 sai. Hãy đề nghị nơi gửi gửi lại tệp này."
NO_CONTENT = "Tệp “{name}” có tên trong gói nhưng không có nội dung. Hãy đề nghị nơi gửi gửi lại tệp này."
NOT_IN_MANIFEST = (
    "Tệp “{name}” có trong gói nhưng không có trong danh mục tệp của gói. Hãy hỏi lại nơi gửi trước khi dùng."
)
FILE_TOO_LARGE = "Tệp “{name}” nặng quá 20 MB nên không lấy ra. Bản gốc của gói vẫn được giữ."
TOO_MANY_FILES = "Gói có hơn 100 tệp; chỉ 100 tệp đầu được lấy ra. Bản gốc của gói vẫn được giữ."

LARGEST_FILE = 20 * 1024 * 1024
MOST_FILES = 100
LONGEST_TEXT = 2000
_DAY = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_OTHER_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_SPACE = re.compile(r"\s+")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")


@dataclass(frozen=True, slots=True)
class Reading:
    """A message and what is wrong with it that does not stop it: one sentence each."""

    letter: Letter
    remarks: tuple[str, ...] = ()


def read(raw: bytes) -> Reading:
    """Raises Unreadable with a sentence when there is no message to read at all."""
    root = tree_of(raw)
    header = root.find("MessageHeader")
    if header is None:
        raise Unreadable(NOT_EDXML)
    sender = _organ(header.first("From"))
    if not sender.code:
        raise Unreadable(NO_SENDER)
    attachments, remarks = _attachments(root)
    return Reading(_letter(root, header, sender, attachments), tuple(remarks))


def _letter(root: Node, header: Node, sender: Organ, attachments: tuple[Attachment, ...]) -> Letter:
    other = header.first("OtherInfo") or Node("", {})
    number, notation = _code(header)
    return Letter(
        sender=sender,
        receivers=tuple(_organ(to) for to in header.all("To")),
        number=number,
        notation=notation,
        subject=_said(header, "Subject"),
        place=_said(header, "PromulgationInfo", "Place"),
        dated_on=_day(_said(header, "PromulgationInfo", "PromulgationDate")),
        type_code=_said(header, "DocumentType", "Type"),
        type_name=_said(header, "DocumentType", "TypeName"),
        type_detail=_said(header, "DocumentType", "TypeDetail"),
        content=_said(header, "Content"),
        competence=_said(header, "SignerInfo", "Competence") or _said(header, "Author", "Competence"),
        position=_said(header, "SignerInfo", "Position"),
        signer=_said(header, "SignerInfo", "FullName") or _said(header, "Author", "FullName"),
        due_on=_day(_said(header, "DueDate") or _said(header, "ResponseDate")),
        to_places=_texts(header.first("ToPlaces"), "Place"),
        priority=_number(_said(other, "Priority"), 0),
        sphere=_said(other, "SphereOfPromulgation"),
        typer=_said(other, "TyperNotation"),
        amount=_number(_said(other, "PromulgationAmount"), 1),
        pages=_number(_said(other, "PageAmount"), 1),
        appendixes=_texts(other.first("Appendixes"), "Appendix"),
        answers=tuple(_answered(node) for node in header.all("ResponseFor")),
        steering=_said(header, "SteeringType"),
        document_id=_said(header, "DocumentId") or _said(root.find("TraceHeaderList"), "DocumentId"),
        attachments=attachments,
        **_traced(root),
    )


def _traced(root: Node) -> dict[str, Any]:
    """What the list of traces says: why the message was sent, by whom, over which stations."""
    business = root.find("Bussiness") or root.find("Business") or Node("", {})
    staff = business.first("StaffInfo") or Node("", {})
    stations = [node for node in root.walk() if node.name == "TraceHeader"]
    return {
        "business": _number(_said(business, "BussinessDocType") or _said(business, "BusinessDocType"), 0),
        "reason": _said(business, "BussinessDocReason") or _said(business, "BusinessDocReason"),
        "staff": Staff(*(_said(staff, name) for name in ("Department", "Staff", "Email", "Mobile"))),
        "paper": _number(_said(business, "Paper"), 0),
        "traces": tuple(Trace(_said(node, "OrganId"), _moment(_said(node, "Timestamp"))) for node in stations),
    }


def _said(node: Node | None, *path: str) -> str:
    """One line of text of bounded length: what goes on into rows and pages."""
    return tidy(node.said(*path))[:LONGEST_TEXT] if node else ""


def _texts(node: Node | None, name: str) -> tuple[str, ...]:
    """The lines of a list; some write one text without lines."""
    if node is None:
        return ()
    found = tuple(tidy(child.text)[:LONGEST_TEXT] for child in node.all(name)[:500])
    return tuple(text for text in found if text) or tuple(filter(None, [_said(node)]))


def _organ(node: Node | None) -> Organ:
    if node is None:
        return Organ("")
    return Organ(
        code=_said(node, "OrganId"),
        name=_said(node, "OrganName"),
        in_charge=_said(node, "OrganizationInCharge"),
        address=_said(node, "OrganAdd"),
        email=_said(node, "Email"),
        telephone=_said(node, "Telephone"),
        fax=_said(node, "Fax"),
        website=_said(node, "Website"),
    )


def _code(header: Node) -> tuple[str, str]:
    """Number and notation; some write 12/QĐ-UBND into one of the two."""
    number, notation = _said(header, "Code", "CodeNumber"), _said(header, "Code", "CodeNotation")
    if "/" in number and not notation:
        number, _, notation = number.partition("/")
    return number, notation.removeprefix(f"{number}/") if number else notation


def _answered(node: Node) -> Answered:
    return Answered(
        organ_code=_said(node, "OrganId"),
        notation=_said(node, "Code") or "/".join(_code(node)).strip("/"),
        dated_on=_day(_said(node, "PromulgationDate")),
        document_id=_said(node, "DocumentId"),
    )


def _day(text: str) -> date | None:
    moment = _moment(text)
    return moment.date() if moment else None


def _moment(text: str) -> datetime | None:
    """Year first or day first; None for what is no day."""
    found, order = _DAY.match(text), (0, 1, 2)
    if found is None:
        found, order = _OTHER_DAY.match(text), (2, 1, 0)
    if found is None:
        return None
    parts = [int(part or 0) for part in found.groups()]
    year, month, day = (parts[place] for place in order)
    try:
        return datetime(year, month, day, parts[3], parts[4], parts[5])  # noqa: DTZ001 - the wire has no zone; the caller knows it
    except ValueError:
        return None


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else otherwise


# Attachments


def _attachments(root: Node) -> tuple[tuple[Attachment, ...], list[str]]:
    """Contents, in the order of the manifest; contents it does not name come last and are remarked on."""
    remarks: list[str] = []
    listed = {_cid(node): node for node in root.walk() if node.name == "Reference"}
    found = [node for node in root.walk() if node.name == "Attachment"]
    if len(found) > MOST_FILES:
        remarks.append(TOO_MANY_FILES)
    made: dict[str, Attachment] = {}
    for place, node in enumerate(found[:MOST_FILES]):
        cid = _said(node, "ContentId").removeprefix("cid:") or node.attributes.get("id", "") or f"khong-ma-{place}"
        one = _attachment(node, listed.get(cid), cid, remarks)
        if one is not None:
            made[cid if cid not in made else f"{cid}#{place}"] = one
        if listed and cid not in listed:
            remarks.append(NOT_IN_MANIFEST.format(name=_name(node, None, cid)))
    known = {_said(node, "ContentId").removeprefix("cid:") for node in found}
    remarks += [NO_CONTENT.format(name=_name(None, node, cid)) for cid, node in listed.items() if cid not in known]
    order = [cid for cid in listed if cid in made]
    return tuple(made[cid] for cid in [*order, *(cid for cid in made if cid not in listed)]), remarks


def _attachment(node: Node, listed: Node | None, cid: str, remarks: list[str]) -> Attachment | None:
    name = _name(node, listed, cid)
    holder = node.first("ContentTransferEncoded") or node.first("Content") or node.first("AttachmentContent")
    content = _decoded(holder.text if holder else "", name, remarks)
    if content is None:
        return None
    kind = _said(node, "ContentType") or _said(listed, "ContentType") or "application/octet-stream"
    return Attachment(name, content, kind, _said(node, "Description") or _said(listed, "Description"), cid)


def _cid(reference: Node) -> str:
    """From the link or from the line itself; writers fill one, the other, or both."""
    return reference.attributes.get("href", "").removeprefix("cid:") or _said(reference, "ContentId").removeprefix(
        "cid:"
    )


def _name(node: Node | None, listed: Node | None, cid: str) -> str:
    return _said(node, "AttachmentName") or _said(listed, "AttachmentName") or _said(node, "Description") or cid[:60]


def _decoded(text: str, name: str, remarks: list[str]) -> bytes | None:
    """Lines of any length, with or without the padding, plain or of the URL alphabet."""
    packed = _SPACE.sub("", text.removeprefix("base64,")).translate({ord("-"): "+", ord("_"): "/"})
    if not packed:
        remarks.append(NO_CONTENT.format(name=name))
        return None
    if len(packed) * 3 // 4 > LARGEST_FILE + 2:
        remarks.append(FILE_TOO_LARGE.format(name=name))
        return None
    try:
        if not _BASE64.fullmatch(packed):
            raise binascii.Error("characters that are not base64")
        return base64.b64decode(packed.rstrip("=") + "=" * (-len(packed.rstrip("=")) % 4), validate=True)
    except binascii.Error:
        remarks.append(NO_BASE64.format(name=name))
        return None
