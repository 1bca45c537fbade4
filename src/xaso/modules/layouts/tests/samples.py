"""Documents as a commune writes them, one for every kind."""

from datetime import date

from xaso.modules.layouts.definitions import kinds
from xaso.modules.layouts.rules import authority_lines, symbol_of
from xaso.modules.layouts.sheets import Sheet
from xaso.modules.layouts.typed import sheet_from

AGENCY = "Ủy ban nhân dân xã Ngũ Kiên"
HEAD = {
    "agency": AGENCY,
    "place": "Ngũ Kiên",
    "number": "7",
    "dated_on": date(2026, 2, 5),
    "authority_lines": authority_lines("TM", ["Ủy ban nhân dân"]),
    "signer_title": "Chủ tịch",
    "signer": "Nguyễn Thị Hoa",
    "recipients": ("Như trên", "Đảng ủy, HĐND xã", "Các thôn", "Lưu: VT, VP"),
}
BASES = """Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;
Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư;
Theo đề nghị của Trưởng phòng Văn hóa - Xã hội.
"""
DECISION = """Điều 1. Thành lập Tổ công nghệ số cộng đồng xã Ngũ Kiên gồm các ông, bà có tên sau đây:
1. Bà Nguyễn Thị Hoa, Chủ tịch Ủy ban nhân dân xã, Tổ trưởng;
2. Ông Trần Văn An, Công chức Văn hóa - Xã hội, Tổ phó.
Điều 2. Tổ công nghệ số cộng đồng có nhiệm vụ hướng dẫn người dân sử dụng dịch vụ công trực tuyến, thanh toán \
không dùng tiền mặt và các nền tảng số thiết yếu trên địa bàn.
Điều 3. Chánh Văn phòng, các bộ phận chuyên môn và các ông, bà có tên tại Điều 1 chịu trách nhiệm thi hành \
Quyết định này./.
"""
LETTER = """Thực hiện Công văn số 45/UBND-KSTT ngày 02 tháng 02 năm 2026 của Văn phòng Ủy ban nhân dân tỉnh về \
việc đẩy mạnh sử dụng chữ ký số, Ủy ban nhân dân xã Ngũ Kiên đề nghị các bộ phận thực hiện một số nội dung sau:
1. Ký số toàn bộ văn bản đi, trừ văn bản mật, từ ngày 01 tháng 3 năm 2026.
2. Rà soát chứng thư số của cán bộ, công chức:
a) Lập danh sách chứng thư số hết hạn trong quý II năm 2026;
b) Gửi đề nghị cấp lại trước khi hết hạn ít nhất 30 ngày.
Đề nghị các bộ phận nghiêm túc thực hiện./.
"""
PLAN = """I. MỤC ĐÍCH, YÊU CẦU
1. Mục đích
Nâng cao tỷ lệ hồ sơ nộp trực tuyến, giảm thời gian đi lại của người dân trên địa bàn xã, nhất là người cao \
tuổi và người ở thôn xa trung tâm.
2. Yêu cầu
a) Mỗi thôn có ít nhất một điểm hỗ trợ;
b) Kết quả được cập nhật hằng tuần trên hệ thống.
II. NỘI DUNG
Các nội dung cụ thể được nêu tại Phụ lục I và Phụ lục II kèm theo Kế hoạch này.
III. TỔ CHỨC THỰC HIỆN
Các bộ phận, các thôn căn cứ Kế hoạch này tổ chức thực hiện./.
Phụ lục I
DANH MỤC NHIỆM VỤ
TT | Nhiệm vụ | Chủ trì | Thời hạn
1 | Lập điểm hỗ trợ dịch vụ công trực tuyến tại các thôn | Văn phòng | 15/3/2026
2 | Tập huấn kỹ năng số cho tổ công nghệ số cộng đồng | Phòng Văn hóa - Xã hội | 31/3/2026
Phụ lục II (ngang)
PHÂN BỔ KINH PHÍ THEO THÔN
TT | Thôn | Quý I | Quý II | Quý III | Quý IV | Cả năm | Ghi chú
1 | Tân An | 10 | 12 | 8 | 9 | 39 | Kinh phí sự nghiệp
2 | Yên Lộc | 6 | 7 | 7 | 5 | 25 | Kinh phí sự nghiệp
"""
INVITATION = """Nội dung: Hội nghị sơ kết công tác chuyển đổi số quý I năm 2026.
Thời gian: 08 giờ 00 phút, thứ Sáu ngày 13 tháng 02 năm 2026.
Địa điểm: Phòng họp tầng 2, trụ sở Ủy ban nhân dân xã Ngũ Kiên.
Đề nghị các đại biểu dự họp đúng giờ./.
"""
TEXTS = {"quyet-dinh": DECISION, "nghi-quyet": DECISION, "cong-van": LETTER, "ke-hoach": PLAN, "giay-moi": INVITATION}
SUBJECTS = {
    "quyet-dinh": "Về việc thành lập Tổ công nghệ số cộng đồng",
    "cong-van": "V/v đẩy mạnh sử dụng chữ ký số",
    "ke-hoach": "Triển khai dịch vụ công trực tuyến năm 2026",
    "giay-moi": "Dự Hội nghị sơ kết công tác chuyển đổi số",
}


def sheet_of(code: str, **changed: object) -> Sheet:
    """A whole document of that kind."""
    kind = kinds()[code]
    text = TEXTS.get(code, LETTER)
    if kind.body == "articles" and code not in TEXTS:
        text = "Chương I\nQuy định chung\n" + DECISION
    if kind.bases != "none":
        text = BASES + text
    head: dict[str, object] = {
        **HEAD,
        "kind": code,
        "symbol": symbol_of(kind, AGENCY, "VP") if kind.numbered else "",
        "subject": SUBJECTS.get(code, "Về công tác chuyển đổi số năm 2026"),
        "addressees": () if kind.addressees == "none" else ("Các bộ phận chuyên môn", "Các thôn trên địa bàn xã"),
        "enacted_by": "Chủ tịch Ủy ban nhân dân xã Ngũ Kiên",
    }
    return sheet_from(text, **(head | changed))
