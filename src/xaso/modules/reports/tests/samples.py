"""A report as full as a real one, made up."""

from dataclasses import replace
from decimal import Decimal

from xaso.modules.reports.printed import FIGURE_HEADS, SET_HEADS, Cell, Part, Printed, Row, Table

SHARE = Cell.of("98,6 % (986/1.000)", Decimal("98.6"), Decimal(986), Decimal(1000))
COUNT = Cell.of("1.412", Decimal(1412))
MISSING = Cell("chưa có số liệu")
UNSURE = Cell.of("hơn 46 % – chưa kiểm chứng", Decimal(46))

FIGURES = Table(
    "1. Tiếp nhận và giải quyết thủ tục hành chính",
    FIGURE_HEADS,
    (
        Row("1", "Hồ sơ tiếp nhận", "hồ sơ", COUNT, COUNT, key="dossiers_received"),
        Row("2", "Tỷ lệ hồ sơ giải quyết trước hạn, đúng hạn", "%", SHARE, SHARE, key="on_time_share"),
        Row("3", "Tỷ lệ hồ sơ nộp trực tuyến", "%", UNSURE, UNSURE, "nguồn: Công văn 12/UBND", key="online_share"),
        Row("4", "Hộ kinh doanh đang hoạt động", "hộ", MISSING, MISSING, key="business_households"),
    ),
)
SCORES = Table(
    "Điểm tự chấm theo bộ chỉ số",
    SET_HEADS,
    (
        Row("1", "Nhận thức số", "", Cell.of("100", Decimal(100)), Cell.of("82,5", Decimal("82.5")), is_group=True),
        Row(
            "1.1", "Ban Chỉ đạo", "Đã chấm", Cell.of("20", Decimal(20)), Cell.of("20", Decimal(20)), "Bí thư."
        ),
        Row("1.2", "Nghị quyết", "Thiếu số liệu", Cell.of("20", Decimal(20)), Cell("–"), "Chưa có số liệu."),
        Row("", "Tổng điểm", "", Cell("1.000", "1000"), Cell("640,25", "640.25"), "Bậc 3", is_group=True),
    ),
    "Bộ chỉ số: DTI cấp xã, bản 2025.",
)  # fmt: skip
FULL = Printed(
    agency="Ủy ban nhân dân xã Ngũ Kiên",
    place="Ngũ Kiên",
    number="02/BC-UBND",
    signed_at="2024-04-08T09:30",
    subject="Kết quả thực hiện nhiệm vụ phát triển khoa học, công nghệ, đổi mới sáng tạo và chuyển đổi số",
    period="(Quý 1 năm 2024)",
    as_of="2024-03-31",
    addressees=("Ban Chỉ đạo chuyển đổi số của xã", "Sở Khoa học và Công nghệ"),
    recipients=("Như trên", "TT. Đảng ủy, TT. HĐND", "Lãnh đạo UBND"),
    opening="",
    parts=(
        Part(
            "I. Công tác lãnh đạo, chỉ đạo, điều hành",
            "Trong quý I, UBND xã đã ban hành 03 văn bản & 02 cuộc họp <giao ban>.\nPhân công 14 tổ công nghệ số.",
        ),
        Part("II. Kết quả thực hiện", "{{ 7 * 7 }} =1+1 #import \"x\"; chi tiết ở các bảng dưới đây."),
        Part("III. Khó khăn, vướng mắc và nguyên nhân", ""),
    ),
    tables=(FIGURES, SCORES),
    authority="TM. Ủy ban nhân dân\nKT. Chủ tịch",
    signer_title="Phó Chủ tịch",
    signer="Vũ Thị Hoa",
)  # fmt: skip


def without_words() -> Printed:
    return replace(FULL, parts=(), tables=(FIGURES,), number="")
