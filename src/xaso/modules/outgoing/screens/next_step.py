"""The one thing to do next with a document, for whoever looks at it."""

from __future__ import annotations

from dataclasses import dataclass

from xaso.core.access import Actor
from xaso.modules.outgoing.models import Document
from xaso.modules.outgoing.rules import moves


@dataclass(frozen=True, slots=True)
class NextStep:
    """`kind` names the part of the page that does it; "wait" only says whose turn it is."""

    kind: str
    title: str
    text: str

    @property
    def is_over(self) -> bool:
        """Nothing is left to do on this page."""
        return self.kind in {"follow", "done", "secret"}


def next_step(by: Actor, document: Document) -> NextStep:
    if document.is_secret:
        return NextStep("secret", "Văn bản mật", moves.KEPT_ON_PAPER)
    return _STEPS[document.state](by, document)


def _draft(by: Actor, document: Document) -> NextStep:
    if not by.may("outgoing.write", on=document):
        return NextStep("wait", "Đang soạn thảo", f"{document.begun_by} đang soạn văn bản này.")
    if not document.text and document.draft_file_id is None:
        return NextStep("write", "Viết nội dung", "Gõ nội dung, hoặc tải tệp Word, PDF đã soạn lên.")
    if document.signer_id is None:
        return NextStep("write", "Chọn người ký", "Mở trang sửa dự thảo và chọn người ký.")
    return NextStep("submit", "Trình duyệt", "Nội dung đã có. Chọn nơi trình; sau khi trình không sửa được.")


def _at_head(by: Actor, document: Document) -> NextStep:
    if by.may("outgoing.pass_on", on=document):
        return NextStep("head", "Xem và quyết định", "Duyệt nội dung, chuyển lãnh đạo, hoặc trả lại kèm lý do.")
    return NextStep("wait", "Chờ phụ trách bộ phận", "Phụ trách bộ phận xem, duyệt hoặc trả lại.")


def _at_leader(by: Actor, document: Document) -> NextStep:
    if by.may("outgoing.decide", on=document):
        return NextStep("leader", "Xem và quyết định", "Duyệt nội dung, hoặc trả lại kèm lý do.")
    return NextStep("wait", "Chờ lãnh đạo duyệt", "Lãnh đạo duyệt hoặc trả lại kèm lý do.")


def _checking(by: Actor, document: Document) -> NextStep:
    if by.may("outgoing.check", on=document) and not document.recipients.all():
        return NextStep("address", "Ghi nơi nhận", "Nơi nhận được in trên văn bản nên cần ghi trước khi trình ký.")
    if by.may("outgoing.check", on=document):
        return NextStep("check", "Kiểm tra thể thức", "Xem bản in thử và các điểm máy tìm thấy, rồi trình ký.")
    return NextStep("wait", "Chờ văn thư kiểm tra thể thức", "Văn thư kiểm tra cách trình bày rồi trình ký.")


def _to_sign(by: Actor, document: Document) -> NextStep:
    if by.account_id == document.signer_id and by.may("outgoing.sign", on=document):
        return NextStep("sign", "Ký văn bản", "Xem bản in thử, rồi ký số; hoặc in ra ký tay và đưa văn thư.")
    if by.may("outgoing.sign_on_paper", on=document):
        text = f"Chờ {document.signer_name} ký số. Nếu đã ký tay trên giấy, ghi ngày ký ở đây."
        return NextStep("paper", "Chờ ký", text)
    return NextStep("wait", "Chờ ký", f"Chờ {document.signer_name} ký.")


def _signing(_: Actor, __: Document) -> NextStep:
    return NextStep("pending", "Đang ký số", "Hãy xác nhận trên thiết bị ký. Trang tự đổi khi ký xong.")


def _signed(by: Actor, document: Document) -> NextStep:
    if not by.may("outgoing.number", on=document):
        return NextStep("wait", "Chờ văn thư cấp số", "Văn bản đã ký. Văn thư cấp số, đóng dấu và phát hành.")
    if not document.recipients.all():
        return NextStep("address", "Ghi nơi nhận", "Chọn nơi nhận và cách gửi trước khi cấp số.")
    return NextStep("number", "Cấp số và phát hành", "Số được lấy ngay bây giờ và không đổi được.")


def _numbered(by: Actor, document: Document) -> NextStep:
    if not by.may("outgoing.issue", on=document):
        return NextStep("wait", "Chờ văn thư đóng dấu", "Văn bản đã có số. Văn thư đóng dấu và phát hành.")
    if document.request:
        return NextStep("pending", "Đang ký số của cơ quan", "Xác nhận trên thiết bị ký; ký xong là phát hành.")
    if document.is_person_signed:
        return NextStep("seal", "Ký số của cơ quan", "Ký số của cơ quan xong, văn bản được phát hành ngay.")
    return NextStep("scan", "Tải bản quét và phát hành", "Ghi số, ngày lên bản giấy, đóng dấu, quét lại rồi tải lên.")


def _issued(_: Actor, __: Document) -> NextStep:
    return NextStep("follow", "Đã phát hành", "Theo dõi tình trạng của từng nơi nhận ở dưới.")


def _replaced(_: Actor, __: Document) -> NextStep:
    return NextStep("done", "Đã được thay thế", "Văn bản này không còn dùng; xem văn bản thay thế ở dưới.")


def _recalled(_: Actor, document: Document) -> NextStep:
    return NextStep("follow", "Đã thu hồi", f"Lý do: {document.close_reason}")


def _cancelled(_: Actor, document: Document) -> NextStep:
    return NextStep("done", "Đã huỷ", f"Lý do: {document.close_reason}")


_STEPS = {
    moves.DRAFT: _draft,
    moves.AT_HEAD: _at_head,
    moves.AT_LEADER: _at_leader,
    moves.CHECKING: _checking,
    moves.TO_SIGN: _to_sign,
    moves.SIGNING: _signing,
    moves.SIGNED: _signed,
    moves.NUMBERED: _numbered,
    moves.ISSUED: _issued,
    moves.CORRECTED: _issued,
    moves.REPLACED: _replaced,
    moves.RECALLED: _recalled,
    moves.CANCELLED: _cancelled,
}
