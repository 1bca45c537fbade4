"""What one edXML message says, whoever wrote it. Pure.

Dates are dates here and text only on the wire. Codes of organisations are text: both forms are alive and neither is
taken apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from xaso.kit.fold import fold

NEW, RECALL, UPDATE, REPLACE = 0, 1, 2, 3
BUSINESS_TITLES = {NEW: "Văn bản mới", RECALL: "Thu hồi", UPDATE: "Cập nhật", REPLACE: "Thay thế"}

# The place of a kind in the list of NĐ 30/2020: the only code seen in the field, 18 for công văn, is its place there.
TYPES = (
    "Nghị quyết", "Quyết định", "Chỉ thị", "Quy chế", "Quy định", "Thông cáo", "Thông báo", "Hướng dẫn", "Chương trình",
    "Kế hoạch", "Phương án", "Đề án", "Dự án", "Báo cáo", "Biên bản", "Tờ trình", "Hợp đồng", "Công văn", "Công điện",
    "Bản ghi nhớ", "Bản thoả thuận", "Giấy uỷ quyền", "Giấy mời", "Giấy giới thiệu", "Giấy nghỉ phép", "Phiếu gửi",
    "Phiếu chuyển", "Phiếu báo", "Thư công",
)  # fmt: skip
LETTER_TYPE = 18
_PLACES = {fold(name): place for place, name in enumerate(TYPES, 1)}


@dataclass(frozen=True, slots=True)
class Organ:
    """A sender or receiver, as the message names it."""

    code: str
    name: str = ""
    in_charge: str = ""
    address: str = ""
    email: str = ""
    telephone: str = ""
    fax: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of the message. `cid` is what ties the encoded content to its line in the manifest."""

    name: str
    content: bytes
    content_type: str = "application/octet-stream"
    description: str = ""
    cid: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """The document that this one answers, recalls or replaces."""

    organ_code: str
    notation: str
    dated_on: date | None
    document_id: str


@dataclass(frozen=True, slots=True)
class Trace:
    """A station the message passed, and when (Vietnamese time, as the message has it)."""

    organ_code: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Staff:
    """Whom to ask about the message."""

    department: str = ""
    name: str = ""
    email: str = ""
    mobile: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message. `number` and `notation` are the two halves of 12/QĐ-UBND."""

    sender: Organ
    receivers: tuple[Organ, ...]
    number: str
    notation: str
    subject: str
    place: str = ""
    dated_on: date | None = None
    type_code: str = str(LETTER_TYPE)
    type_name: str = "Công văn"
    type_detail: str = ""
    content: str = ""
    competence: str = ""
    position: str = ""
    signer: str = ""
    due_on: date | None = None
    to_places: tuple[str, ...] = ()
    priority: int = 0
    sphere: str = ""
    typer: str = ""
    amount: int = 1
    pages: int = 1
    appendixes: tuple[str, ...] = ()
    answers: tuple[Answered, ...] = ()
    steering: str = "0"
    document_id: str = ""
    business: int = NEW
    reason: str = ""
    staff: Staff = Staff()
    paper: int = 0
    traces: tuple[Trace, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    @property
    def code(self) -> str:
        """12/QĐ-UBND."""
        return "/".join(part for part in (self.number, self.notation) if part)


def type_code_of(kind_name: str) -> str:
    """The code of a kind of document by its Vietnamese name; công văn's where it is unknown."""
    return str(_PLACES.get(fold(kind_name), LETTER_TYPE))


def document_id_of(organ_code: str, dated_on: date, code: str) -> str:
    """`OrganId,YYYY/MM/DD,number/notation`: the same document has it everywhere."""
    return f"{organ_code},{dated_on:%Y/%m/%d},{code}"
