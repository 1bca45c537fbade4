"""Made-up fillings of every paper: as full as a busy day makes them, and as bare as the form allows."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
NUMBER = "H44.249-251001-0007"
ISSUED = datetime(2025, 10, 1, 8, 15, tzinfo=VIETNAM)
DUE = datetime(2025, 10, 6, 17, 0, tzinfo=VIETNAM)

BARE: dict[str, Any] = {"agency_name": "UBND xã Ngũ Kiên", "place": "Ngũ Kiên", "issued_at": ISSUED}
AGENCY = BARE | {
    "department_name": "Trung tâm Phục vụ hành chính công",
    "number": "07/TNHS",
    "hotline": "0211 000 000",
    "lookup_address": "dichvu.ngukien.example/tra-cuu",
}
DOSSIER = {"dossier_number": NUMBER, "procedure_name": "Đăng ký khai sinh"}
PERSON = {
    "applicant_name": "Nguyễn Thị Lan",
    "applicant_id": "026000000001",
    "applicant_address": "Thôn Đồng Tâm, xã Ngũ Kiên, tỉnh Phú Thọ",
    "applicant_phone": "0900 000 001",
    "applicant_email": "lan@example.test",
}
OFFICER = {"officer_name": "Trần Quang Minh", "officer_phone": "0900 000 002"}
SIGNER = {"signer_authority": "TM. Ủy ban nhân dân", "signer_title": "Chủ tịch", "signer_name": "Lê Thu Hòa"}
FACTS = [
    {"label": "Họ, chữ đệm, tên", "value": "NGUYỄN GIA BẢO"},
    {
        "label": "Ngày, tháng, năm sinh",
        "value": "20/9/2025 (ngày hai mươi tháng chín năm hai nghìn không trăm hai mươi lăm)",
    },
    {"label": "Giới tính", "value": "Nam"},
    {"label": "Dân tộc", "value": "Kinh"},
    {"label": "Quốc tịch", "value": "Việt Nam"},
    {"label": "Nơi sinh", "value": "Trạm Y tế xã Ngũ Kiên, tỉnh Phú Thọ"},
    {"label": "Họ, chữ đệm, tên người mẹ", "value": "NGUYỄN THỊ LAN"},
    {"label": "Họ, chữ đệm, tên người cha", "value": "PHẠM VĂN KHƯƠNG"},
]
RESULT = {
    "result_subject": "Về việc đăng ký khai sinh",
    "bases": [
        {"text": "Luật Hộ tịch ngày 20 tháng 11 năm 2014"},
        {"text": "hồ sơ đề nghị đăng ký khai sinh của bà Nguyễn Thị Lan"},
    ],
    "opening": "Ủy ban nhân dân xã Ngũ Kiên xác nhận các thông tin đã ghi vào Sổ đăng ký khai sinh như sau:",
    "facts": FACTS,
    "conclusion": "Thông tin được ghi vào Sổ đăng ký khai sinh số 12, ngày 01 tháng 10 năm 2025.",
    "recipients": [{"name": "Bà Nguyễn Thị Lan"}, {"name": "Công an xã Ngũ Kiên"}],
}


def register_rows(count: int) -> list[dict[str, Any]]:
    return [
        {
            "entry": number,
            "dossier_number": f"H44.249-251001-{number:04d}",
            "procedure_name": (
                "Đăng ký khai sinh",
                "Chứng thực bản sao từ bản chính giấy tờ",
                "Xác nhận tình trạng hôn nhân",
            )[number % 3],
            "sets": 1,
            "applicant_name": ("Nguyễn Thị Lan", "Hợp tác xã nông nghiệp Đồng Tâm", "Phạm Văn Khương")[number % 3],
            "contact": "Thôn Đồng Tâm, xã Ngũ Kiên; 0900 000 001",
            "handling_agency": "UBND xã Ngũ Kiên",
            "received_at": ISSUED,
            "due_at": DUE,
            "returned_at": DUE,
            "result_channel": "Trực tiếp",
            "note": "",
        }
        for number in range(1, count + 1)
    ]


FULL: dict[str, dict[str, Any]] = {
    "mau-01": AGENCY
    | DOSSIER
    | PERSON
    | OFFICER
    | {
        "lookup_secret": "K7MX4Q",
        "papers": [
            {"name": "Tờ khai đăng ký khai sinh", "originals": 1, "note": "Theo mẫu"},
            {"name": "Giấy chứng sinh", "originals": 1},
            {"name": "Giấy chứng nhận kết hôn của cha, mẹ", "copies": 1, "electronic": 1, "note": "Đã đối chiếu"},
        ],
        "papers_missing": "Không",
        "sets": 1,
        "duration": "03 ngày làm việc",
        "received_at": ISSUED,
        "due_at": DUE,
        "result_channel": "Trung tâm Phục vụ hành chính công xã Ngũ Kiên",
        "fees": [{"name": "Lệ phí đăng ký khai sinh", "amount": 8000, "status": "đã nộp"}],
        "book_number": "01/2025",
        "entry_number": "1207",
        "note": "Mời Ông/Bà đến trong giờ hành chính.",
    },
    "mau-02": AGENCY
    | DOSSIER
    | PERSON
    | OFFICER
    | {
        "number": "03/HDHS",
        "missing": [
            {"name": "Giấy chứng sinh", "originals": 1, "request": "Bản do cơ sở y tế cấp, còn rõ dấu"},
            {"name": "Văn bản ủy quyền", "certified": 1, "request": "Nếu người nộp không phải cha, mẹ"},
        ],
        "reason": "Giấy chứng sinh nộp kèm bị mờ, chưa đọc được ngày sinh.\n"
        "Người nộp là bà ngoại của trẻ nên cần thêm văn bản ủy quyền.",
        "supplement_by": "2025-10-15",
    },
    "mau-03": AGENCY
    | DOSSIER
    | PERSON
    | OFFICER
    | {
        "number": "01/TCHS",
        "reason": "Việc này thuộc thẩm quyền của Công an xã, không thuộc thẩm quyền của Ủy ban nhân dân xã.",
        "refusal_basis": "Luật Cư trú năm 2020",
        "next_steps": "nộp hồ sơ tại Công an xã Ngũ Kiên, thôn Đồng Tâm",
        "complaint_address": "Chủ tịch Ủy ban nhân dân xã Ngũ Kiên",
    },
    "mau-04": AGENCY
    | DOSSIER
    | PERSON
    | SIGNER
    | {
        "number": "02/XLHS",
        "received_at": ISSUED,
        "original_due_at": DUE,
        "reason": "Cần chờ kết quả xác minh nơi cư trú do xã bạn trả lời chậm.",
        "new_due_at": datetime(2025, 10, 10, 17, 0, tzinfo=VIETNAM),
        "extension_no": 1,
    },
    "mau-05": AGENCY
    | DOSSIER
    | PERSON
    | SIGNER
    | {
        "number": "01/TB-DHS",
        "requested_by": "bà Nguyễn Thị Lan",
        "requested_at": ISSUED,
        "received_at": ISSUED,
        "stage": "Chuyên viên đang thẩm định",
        "reason": "Gia đình chuyển nơi cư trú và sẽ nộp tại xã mới",
        "stopped_at": ISSUED,
        "papers_returned": "Đã trả lại 01 bộ cho người nộp",
        "refund": "Không phát sinh",
    },
    "mau-06": AGENCY
    | DOSSIER
    | OFFICER
    | {
        "number": "07/KSHS",
        "handling_agency": "Phòng Văn hóa – Xã hội",
        "joint_agencies": "Công an xã",
        "received_at": ISSUED,
        "due_at": DUE,
        "steps": [
            {
                "giver": "Bộ phận Một cửa, Trần Quang Minh",
                "receiver": "Phòng Văn hóa – Xã hội, Đỗ Văn Quân",
                "at": ISSUED,
                "due_at": DUE,
                "verdict": "Đúng hạn",
            },
            {
                "giver": "Đỗ Văn Quân",
                "receiver": "Lãnh đạo UBND, Lê Thu Hòa",
                "at": datetime(2025, 10, 2, 9, 5, tzinfo=VIETNAM),
                "verdict": "Trước hạn",
                "note": "Đã đủ giấy tờ",
            },
            {
                "giver": "Lê Thu Hòa",
                "receiver": "Bộ phận Một cửa, Trần Quang Minh",
                "at": datetime(2025, 10, 3, 15, 40, tzinfo=VIETNAM),
                "verdict": "Trước hạn",
            },
        ],
    },
    "mau-07": AGENCY
    | OFFICER
    | SIGNER
    | {
        "number": "01/STD",
        "period_from": "2025-10-01",
        "period_to": "2025-12-31",
        "rows": register_rows(60),
    },
    "bien-lai": AGENCY
    | DOSSIER
    | {
        "number": "15/BNPL",
        "payer_name": "Nguyễn Thị Lan",
        "payer_address": "Thôn Đồng Tâm, xã Ngũ Kiên",
        "items": [
            {"name": "Lệ phí đăng ký khai sinh (quá hạn)", "quantity": 1, "amount": 8000},
            {"name": "Phí cấp bản sao trích lục", "quantity": 5, "amount": 40000, "note": "8.000 đồng/bản"},
        ],
        "total": 48000,
        "total_in_words": "Bốn mươi tám nghìn đồng",
        "paid_at": ISSUED,
        "method": "Chuyển khoản qua mã QR",
        "transaction_number": "FT25274000001",
        "receipt_number": "0000123",
        "cashier_name": "Vũ Thị Thơm",
    },
    "phieu-doc-lai": AGENCY
    | DOSSIER
    | {
        "number": "04/PDL",
        "applicant_name": "Nguyễn Thị Lan",
        "helper_name": "Trần Quang Minh",
        "helper_role": "cán bộ tiếp nhận",
        "answers": [{"label": fact["label"], "value": fact["value"]} for fact in FACTS],
        "due_text": "17 giờ, thứ Hai ngày 06/10/2025",
        "fee_text": "không phải nộp",
    },
    "phieu-so": BARE
    | {
        "department_name": "Trung tâm Phục vụ hành chính công",
        "ticket": "A 027",
        "field_name": "Hộ tịch – Chứng thực",
        "counter": "03",
        "waiting": 4,
        "expected_at": datetime(2025, 10, 1, 8, 40, tzinfo=VIETNAM),
        "priority": True,
    },
    "ket-qua": AGENCY | DOSSIER | SIGNER | RESULT | {"number": "12/KQ", "result_title": "Giấy xác nhận"},
    "ket-qua-khai-sinh": AGENCY | DOSSIER | SIGNER | RESULT | {"number": "12/TLKS-TD"},
    "bao-cao": AGENCY
    | SIGNER
    | {
        "number": "05/BC-UBND",
        "subject": "Kết quả thực hiện nhiệm vụ chuyển đổi số",
        "period": "(9 tháng năm 2025)",
        "as_of": "2025-09-30",
        "opening": "Thực hiện chế độ báo cáo định kỳ, Ủy ban nhân dân xã báo cáo như sau:",
        "addressees": [{"name": "Ban Chỉ đạo chuyển đổi số của xã"}, {"name": "Sở Khoa học và Công nghệ"}],
        "recipients": [{"name": "Như trên"}, {"name": "TT. Đảng ủy, TT. HĐND"}],
        "sections": [
            {"title": "I. Công tác chỉ đạo", "text": "Đã ban hành 03 văn bản.\nĐã họp 02 cuộc."},
            {"title": "II. Khó khăn, vướng mắc"},
        ],
        "tables": [
            {
                "title": "1. Giải quyết thủ tục",
                "head_no": "TT",
                "head_label": "Chỉ tiêu",
                "note": "Nguồn: phần mềm một cửa.",
            }
        ],
        "rows": [
            {
                "table": 0,
                "no": "1",
                "label": "Tỷ lệ đúng hạn",
                "unit": "%",
                "first": "98,6 % (71/72)",
                "second": "99 %",
            },
            {"table": 0, "label": "Tổng", "first": "1.412", "second": "chưa có số liệu", "strong": True},
        ],
    },
    "goi-so-lieu": AGENCY
    | SIGNER
    | {
        "number": "03/GSL-UBND",
        "period": "Quý I năm 2025",
        "pack_number": "12",
        "sha256": " ".join(["01234567"] * 8),
        "sealed_by": "Lê Thu Hòa",
        "sealed_at": ISSUED,
        "figures": [
            {"label": "Hồ sơ giải quyết đúng hạn", "value": "98,6 % (71/72)", "origin": "máy tính từ dữ liệu gốc"},
            {"label": "Thôn có tổ công nghệ số cộng đồng", "value": "14/14", "origin": "kê khai"},
            {"label": "Vùng phủ sóng di động", "value": "chưa có số liệu"},
        ],
        "documents": [{"name": "12/QĐ-UBND – Kiện toàn tổ công nghệ số cộng đồng"}],
    },
}

MINIMAL: dict[str, dict[str, Any]] = {
    "mau-01": BARE | DOSSIER | {"applicant_name": "Lan", "received_at": ISSUED},
    "mau-02": BARE
    | {
        "applicant_name": "Lan",
        "procedure_name": "Đăng ký khai tử",
        "missing": [{"name": "Tờ khai"}],
        "reason": "Thiếu tờ khai.",
    },
    "mau-03": BARE
    | {"applicant_name": "Lan", "procedure_name": "Đăng ký khai tử", "reason": "Không thuộc thẩm quyền."},
    "mau-04": BARE
    | DOSSIER
    | {
        "applicant_name": "Lan",
        "received_at": ISSUED,
        "original_due_at": DUE,
        "reason": "Chờ xác minh.",
        "new_due_at": "2025-10-10",
    },
    "mau-05": BARE | DOSSIER | {"applicant_name": "Lan", "requested_at": ISSUED, "stopped_at": ISSUED},
    "mau-06": BARE | DOSSIER | {"steps": [{"at": ISSUED}]},
    "mau-07": BARE | {"period_from": "2025-10-01", "period_to": "2025-10-31", "rows": []},
    "bien-lai": BARE
    | {
        "payer_name": "Lan",
        "items": [{"name": "Lệ phí", "amount": 0}],
        "total": 0,
        "total_in_words": "Không đồng",
        "paid_at": ISSUED,
    },
    "phieu-doc-lai": BARE
    | {"applicant_name": "Lan", "procedure_name": "Đăng ký khai tử", "answers": [{"label": "Họ tên"}]},
    "phieu-so": BARE | {"ticket": "1", "field_name": "Đất đai"},
    "ket-qua": BARE | DOSSIER | {"result_title": "Giấy xác nhận", "facts": [{"label": "Họ tên", "value": "Lan"}]},
    "ket-qua-khai-sinh": BARE | DOSSIER | {"facts": [{"label": "Họ tên", "value": "Lan"}]},
    "bao-cao": BARE | {"subject": "Việc thử", "period": "(Năm 2025)", "as_of": "2025-09-30"},
    "goi-so-lieu": BARE
    | {"period": "Năm 2025", "pack_number": "1", "sha256": "f" * 64, "sealed_by": "Lan", "sealed_at": ISSUED},
}
