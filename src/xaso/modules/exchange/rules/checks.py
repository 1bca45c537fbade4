"""What a receiving axis refuses, said before anything is sent. Pure.

`id` is the receiver's own: `N.` missing, `R.` out of range, `M.` does not match.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xaso.modules.exchange.rules.message import BUSINESS_TITLES, NEW, Letter

LONGEST_CODE, LONGEST_SUBJECT, LONGEST_CONTENT = 35, 500, 500
LONGEST_PLACE, LONGEST_APPENDIX, LONGEST_NAME = 150, 250, 200
MOST_BYTES = 40 * 1024 * 1024
SECRET_LEVELS = {"mat": "Mật", "toi_mat": "Tối mật", "tuyet_mat": "Tuyệt mật"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend before the message can go."""

    id: str
    sentence: str


def faults(letter: Letter) -> list[Fault]:
    """Everything that would be refused, in the order of the message; empty when it may go."""
    return [
        *_organs(letter),
        *_missing(letter),
        *_too_long(letter),
        *_about(letter),
        *_attachments(letter),
    ]


def _organs(letter: Letter) -> Iterator[Fault]:
    if not letter.sender.code:
        yield Fault("N.From.OrganId", "Đơn vị gửi chưa có mã định danh cơ quan. Nhờ người quản trị ghi mã cho đơn vị.")
    if not letter.receivers:
        yield Fault("N.To", "Văn bản chưa có nơi nhận qua trục. Hãy thêm ít nhất một cơ quan nhận.")
    codes = [receiver.code for receiver in letter.receivers]
    for receiver in letter.receivers:
        if not receiver.code:
            yield Fault("N.To.OrganId", f"Nơi nhận “{receiver.name}” chưa có mã định danh. Hãy chọn lại từ danh bạ.")
    for code in sorted({code for code in codes if code and codes.count(code) > 1}):
        yield Fault("M.To", f"Nơi nhận {code} được ghi hai lần. Hãy bỏ bớt một dòng.")
    if letter.sender.code and letter.sender.code in codes:
        yield Fault("M.To", "Đơn vị gửi cũng đứng trong nơi nhận. Hãy bỏ dòng đó.")
    for code in [letter.sender.code, *codes]:
        if len(code) > LONGEST_CODE:
            yield Fault("R.OrganId", f"Mã định danh “{code[:40]}…” dài quá {LONGEST_CODE} ký tự. Hãy kiểm tra lại mã.")


def _missing(letter: Letter) -> Iterator[Fault]:
    wanted = {
        "N.Code.CodeNumber": (letter.number, "Văn bản chưa có số. Hãy cấp số trước khi gửi."),
        "N.Code.CodeNotation": (letter.notation, "Văn bản chưa có ký hiệu. Hãy ghi ký hiệu trước khi gửi."),
        "N.PromulgationDate": (letter.dated_on, "Văn bản chưa có ngày ban hành. Hãy ghi ngày trước khi gửi."),
        "N.Subject": (letter.subject.strip(), "Văn bản chưa có trích yếu. Hãy ghi trích yếu trước khi gửi."),
        "N.DocumentId": (letter.document_id, "Văn bản chưa có mã liên thông. Hãy cấp số và ngày rồi gửi lại."),
    }
    for fault_id, (value, sentence) in wanted.items():
        if not value:
            yield Fault(fault_id, sentence)


def _too_long(letter: Letter) -> Iterator[Fault]:
    texts = [
        ("R.Subject", "Trích yếu", letter.subject, LONGEST_SUBJECT),
        ("R.Content", "Nội dung tóm tắt", letter.content, LONGEST_CONTENT),
        *(("R.ToPlaces", f"Nơi nhận “{text[:30]}…”", text, LONGEST_PLACE) for text in letter.to_places),
        *(("R.Appendixes", f"Tên phụ lục “{text[:30]}…”", text, LONGEST_APPENDIX) for text in letter.appendixes),
        *(("R.AttachmentName", f"Tên tệp “{a.name[:30]}…”", a.name, LONGEST_NAME) for a in letter.attachments),
    ]
    for fault_id, what, text, longest in texts:
        if len(text) > longest:
            yield Fault(fault_id, f"{what} dài {len(text)} ký tự, trục chỉ nhận {longest}. Hãy rút ngắn rồi gửi lại.")


def _about(letter: Letter) -> Iterator[Fault]:
    if letter.business not in BUSINESS_TITLES:
        yield Fault("R.BussinessDocType", "Loại gửi không rõ. Hãy chọn văn bản mới, thu hồi, cập nhật hoặc thay thế.")
    if letter.business != NEW and not letter.reason.strip():
        yield Fault("N.BussinessDocReason", "Thu hồi, cập nhật hoặc thay thế phải nêu lý do. Hãy ghi lý do.")
    if not 0 <= letter.priority <= 3:
        yield Fault("R.Priority", "Độ khẩn không đúng: chỉ có thường, khẩn, thượng khẩn, hoả tốc.")


def _attachments(letter: Letter) -> Iterator[Fault]:
    if letter.business == NEW and not letter.attachments:
        yield Fault("N.Attachment", "Văn bản chưa có tệp kèm theo. Hãy ký và ban hành để có tệp rồi gửi.")
    ids = [attachment.cid for attachment in letter.attachments]
    if len(set(ids)) < len(ids) or "" in ids:
        yield Fault("M.ContentId", "Các tệp kèm theo không được đánh mã riêng. Hãy gửi lại từ trang văn bản.")
    if sum(len(attachment.content) for attachment in letter.attachments) > MOST_BYTES:
        yield Fault(
            "R.Attachment", "Các tệp kèm theo nặng quá 40 MB. Hãy quét lại ở 150–200 dpi hoặc gửi bằng đường khác."
        )
    for attachment in letter.attachments:
        if not attachment.content:
            yield Fault("N.Attachment", f"Tệp “{attachment.name}” rỗng. Hãy thay tệp rồi gửi lại.")
