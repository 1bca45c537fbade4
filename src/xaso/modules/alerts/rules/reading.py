"""XML of strangers read as an alert: limits first, nothing expanded or fetched, every trap with its sentence. Pure.

What the standard demands and a reader needs is refused when it is wrong; what only disturbs (order, unknown elements)
is forgiven and remarked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from xaso.kit.errors import Refused
from xaso.modules.alerts.rules import cap, schema

MOST_BYTES = 1024 * 1024
MOST_ELEMENTS = 20_000
SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"

EMPTY = "Cảnh báo rỗng. Hãy chọn lại tệp hoặc dán lại nội dung."
TOO_LARGE = "Cảnh báo nặng quá 1 MB nên không mở. Hãy đề nghị nơi gửi bỏ tệp kèm theo rồi gửi lại."
HAS_DOCTYPE = (
    "Cảnh báo có khai báo DOCTYPE hoặc thực thể, là cách tấn công thường gặp, nên không mở. "
    "Hãy gọi nơi gửi để xác minh."
)
NOT_XML = "Nội dung này không phải XML đọc được (dòng {line}). Hãy lấy lại nguyên tệp cảnh báo từ nơi gửi."
NOT_CAP = "Nội dung này không phải cảnh báo CAP. Phần tử ngoài cùng phải là <alert> của CAP 1.2."
OLD = "Cảnh báo viết theo CAP {version}, hệ thống chỉ nhận CAP 1.2. Hãy đề nghị nơi gửi chuyển sang bản 1.2."
TOO_MUCH = "Cảnh báo có cấu trúc bất thường (quá nhiều phần tử) nên không mở. Hãy gọi nơi gửi."
NOT_STRICT = "Không đúng lược đồ CAP 1.2 ở vài chỗ, vẫn đọc được: {what}"


def read(content: bytes) -> cap.CapAlert:
    """Raises Refused with the sentence of the first thing that makes it unusable."""
    root = _tree(content)
    remarks = [NOT_STRICT.format(what=fault) for fault in schema.faults(root)[:2]]
    infos = tuple(_info(one, number) for number, one in enumerate(_all(root, "info"), 1))
    references = _references(root)
    found = cap.CapAlert(
        identifier=_name(root, "identifier"),
        sender=_name(root, "sender"),
        sent=_moment(root, "sent", needed=True),
        status=_one_of(root, "status", cap.STATUSES),
        message_type=_one_of(root, "msgType", cap.MESSAGE_TYPES),
        scope=_one_of(root, "scope", cap.SCOPES),
        source=_text(root, "source"),
        restriction=_text(root, "restriction"),
        addresses=_text(root, "addresses"),
        codes=tuple(_words(one) for one in _all(root, "code")),
        note=_text(root, "note"),
        references=references,
        incidents=_text(root, "incidents"),
        infos=infos,
        is_signed=root.find(SIGNATURE) is not None,
        remarks=tuple(remarks),
    )
    _whole(found)
    return found


def _tree(content: bytes) -> Any:
    if not content.strip():
        raise Refused(EMPTY)
    if len(content) > MOST_BYTES:
        raise Refused(TOO_LARGE)
    if re.search(rb"<!(DOCTYPE|ENTITY)", content.replace(b"\0", b""), re.IGNORECASE):
        raise Refused(HAS_DOCTYPE)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise Refused(NOT_XML.format(line=getattr(error, "lineno", 1) or 1)) from error
    if root.getroottree().docinfo.doctype:
        raise Refused(HAS_DOCTYPE)
    if sum(1 for _ in root.iter()) > MOST_ELEMENTS:
        raise Refused(TOO_MUCH)
    name = etree.QName(root)
    if name.namespace in cap.OLDER:
        raise Refused(OLD.format(version=cap.OLDER[name.namespace]))
    if name.localname != "alert" or name.namespace != cap.NAMESPACE:
        raise Refused(NOT_CAP)
    return root


def _all(node: Any, name: str) -> list[Any]:
    return list(node.iterchildren(f"{{{cap.NAMESPACE}}}{name}"))


def _words(node: Any) -> str:
    """The text with its lines, without control characters or spaces at the ends."""
    text = "".join(node.itertext()).strip()
    return "".join(c for c in text if c in "\n\t" or c.isprintable())


def _text(node: Any, name: str) -> str:
    found = _all(node, name)
    return _words(found[0]) if found else ""


def _needed(node: Any, name: str) -> str:
    text = _text(node, name)
    if not text:
        raise Refused(f"Cảnh báo thiếu mục <{name}>. Hãy đề nghị nơi gửi gửi lại cho đủ.")
    return text


def _name(node: Any, name: str) -> str:
    text = _needed(node, name)
    if not cap.NAME.fullmatch(text):
        raise Refused(
            f"Mục <{name}> có dấu cách, dấu phẩy hoặc ký tự < &, là điều CAP không cho phép. Hãy gọi nơi gửi."
        )
    return text


def _one_of(node: Any, name: str, allowed: Collection[str]) -> str:
    text = _needed(node, name)
    if text not in allowed:
        raise Refused(f"Mục <{name}> ghi “{text[:40]}”, không nằm trong các giá trị của CAP 1.2. Hãy gọi nơi gửi.")
    return text


def _moment(node: Any, name: str, *, needed: bool = False) -> str:
    text = _needed(node, name) if needed else _text(node, name)
    if not text or cap.MOMENT.fullmatch(text):
        return text
    if text.upper().endswith("Z"):
        raise Refused(f"Mục <{name}> dùng chữ Z cho múi giờ; CAP bắt buộc ghi số, ví dụ +07:00. Hãy gọi nơi gửi.")
    raise Refused(f"Mục <{name}> thiếu múi giờ hoặc viết sai, phải như 2026-11-22T14:05:00+07:00. Hãy gọi nơi gửi.")


def _references(root: Any) -> tuple[cap.Reference, ...]:
    found = cap.references_in(_text(root, "references"))
    if found is None:
        raise Refused(
            "Mục <references> viết sai, phải là nơi gửi,mã,thời điểm cách nhau bằng dấu cách. Hãy gọi nơi gửi."
        )
    return found


def _info(node: Any, number: int) -> cap.Info:
    categories = tuple(_words(one) for one in _all(node, "category"))
    if not categories or any(one not in cap.CATEGORIES for one in categories):
        raise Refused(f"Phần <info> thứ {number} thiếu hoặc sai loại <category>. Hãy gọi nơi gửi.")
    return cap.Info(
        categories=categories,
        event=_needed(node, "event"),
        urgency=_one_of(node, "urgency", cap.URGENCIES),
        severity=_one_of(node, "severity", cap.SEVERITIES),
        certainty=_one_of(node, "certainty", cap.CERTAINTIES),
        language=_text(node, "language") or "en-US",
        responses=tuple(_words(one) for one in _all(node, "responseType")),
        effective=_moment(node, "effective"),
        onset=_moment(node, "onset"),
        expires=_moment(node, "expires"),
        sender_name=_text(node, "senderName"),
        headline=_text(node, "headline"),
        description=_text(node, "description"),
        instruction=_text(node, "instruction"),
        web=_text(node, "web"),
        contact=_text(node, "contact"),
        areas=tuple(_area(one) for one in _all(node, "area")),
    )


def _area(node: Any) -> cap.Area:
    return cap.Area(
        description=_needed(node, "areaDesc"),
        polygons=tuple(_words(one) for one in _all(node, "polygon")),
        circles=tuple(_words(one) for one in _all(node, "circle")),
        geocodes=tuple((_text(one, "valueName"), _text(one, "value")) for one in _all(node, "geocode")),
    )


def _whole(found: cap.CapAlert) -> None:
    """What one element demands of another."""
    checks: tuple[tuple[Callable[[], bool], str], ...] = (
        (
            lambda: found.message_type in cap.NEEDS_REFERENCES and not found.references,
            f"Bản tin {found.message_type} phải ghi <references> đến cảnh báo trước. Hãy gọi nơi gửi.",
        ),
        (
            lambda: found.scope == "Restricted" and not found.restriction,
            "Cảnh báo phạm vi Restricted phải ghi <restriction>. Hãy gọi nơi gửi.",
        ),
        (
            lambda: found.scope == "Private" and not found.addresses,
            "Cảnh báo phạm vi Private phải ghi <addresses>. Hãy gọi nơi gửi.",
        ),
        (
            lambda: found.message_type in {"Alert", "Update"} and not found.infos,
            "Cảnh báo không có phần <info> nên không biết phải báo gì. Hãy gọi nơi gửi.",
        ),
    )
    for is_wrong, sentence in checks:
        if is_wrong():
            raise Refused(sentence)
