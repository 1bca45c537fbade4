"""Letters and files for the tests of this module."""

from dataclasses import replace
from datetime import date, datetime

from xaso.modules.exchange.rules.message import Answered, Attachment, Letter, Organ, Staff, Trace

NGU_KIEN, LIEN_CHAU, PROVINCE = "H62.28.15", "H62.27.11", "000.00.00.H62"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\nxref\n0 4\n0000000000 65535 f \n"
    b"0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \n"
    b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n166\n%%EOF\n"
)


def letter(**changes) -> Letter:
    """A letter of Ngũ Kiên to Liên Châu with one file."""
    made = Letter(
        sender=Organ(NGU_KIEN, "UBND xã Ngũ Kiên", email="ubnd@ngukien.example"),
        receivers=(Organ(LIEN_CHAU, "UBND xã Liên Châu"),),
        number="45",
        notation="UBND-VP",
        subject="V/v phối hợp tổ chức Ngày Chuyển đổi số “2024” & hội nghị <tổng kết>",
        place="Ngũ Kiên",
        dated_on=date(2024, 10, 7),
        content="Đề nghị phối hợp",
        competence="TM. UỶ BAN NHÂN DÂN",
        position="Chủ tịch",
        signer="Vũ Thị Hoa",
        due_on=date(2024, 10, 31),
        to_places=("Như trên", "Lưu: VT"),
        priority=1,
        pages=2,
        appendixes=("Danh sách kèm theo",),
        answers=(Answered(LIEN_CHAU, "12/UBND-VP", date(2024, 9, 30), f"{LIEN_CHAU},2024/09/30,12/UBND-VP"),),
        document_id=f"{NGU_KIEN},2024/10/07,45/UBND-VP",
        staff=Staff("Văn phòng", "Bùi Thị Vân", "van@ngukien.example", "0912345607"),
        traces=(Trace(NGU_KIEN, datetime(2024, 10, 7, 8, 5, 9)),),  # noqa: DTZ001
        attachments=(Attachment("Công văn 45.pdf", PDF, "application/pdf", "Bản chính", "tep-1"),),
    )
    return replace(made, **changes)
