"""Every component in every state. The code shown is the very file that was rendered."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

from xaso.kit import clock
from xaso.ui.charts import Area, Bar, Part, Point, Square, TileMap, bar_chart, line_chart, spark, stacked_chart, trend
from xaso.ui.forms import DayField, name_input, personal_id_input, phone_input

HERE = Path(__file__).parent
SHOWN = HERE / "templates" / "ui" / "gallery"
SPRITE = HERE / "static" / "ui" / "icons.svg"

EXAMPLES = {
    "buttons": "Nút",
    "action_form": "Nút gửi một việc",
    "form": "Biểu mẫu có lỗi",
    "form_fields": "Ô nhập xếp hai cột",
    "radio_cards": "Lựa chọn có giải thích",
    "badge": "Tình trạng",
    "due": "Thời hạn",
    "table": "Bảng",
    "filters": "Bộ lọc",
    "search_box": "Ô tìm",
    "pager": "Chuyển trang",
    "tabs": "Các phần",
    "breadcrumbs": "Đường dẫn",
    "tile": "Ô số liệu",
    "link_card": "Lối vào",
    "card": "Khung và cặp tên – giá trị",
    "notice": "Thông báo",
    "timeline": "Quá trình",
    "steps": "Các bước",
    "file_list": "Danh sách tệp",
    "dialog": "Hộp thoại",
    "empty": "Trang trống",
    "rating": "Đánh giá",
    "ticket": "Số thứ tự",
    "charts_tiles": "Số liệu có bằng chứng",
    "charts_line": "Biểu đồ đường",
    "charts_bars": "Biểu đồ xếp hạng",
    "charts_stacked": "Biểu đồ cơ cấu",
    "charts_sparks": "Nhiều xu hướng cạnh nhau",
    "charts_trend": "Xu hướng trong một dòng của bảng",
    "charts_map": "Bản đồ ô vuông",
    "copy_field": "Chép và in",
    "sound": "Thu âm và micrô",
    "filters_text": "Cách ghi số, tiền, ngày",
    "icons": "Biểu tượng",
}


@dataclass(frozen=True)
class Example:
    name: str
    title: str
    html: str
    source: str


class SampleForm(forms.Form):
    name = forms.CharField(label="Họ và tên", widget=name_input(), help_text="Ghi như trên căn cước.")
    personal_id = forms.CharField(label="Số định danh cá nhân", widget=personal_id_input(), min_length=12)
    phone = forms.CharField(label="Số điện thoại", widget=phone_input(), required=False)
    born_on = DayField(label="Ngày sinh")
    village = forms.ChoiceField(label="Thôn", choices=[("", "– chọn thôn –"), ("1", "Thôn Đông"), ("2", "Thôn Đoài")])
    channel = forms.ChoiceField(
        label="Nhận kết quả", choices=[("a", "Tại bộ phận một cửa"), ("b", "Qua bưu điện")], widget=forms.RadioSelect
    )
    papers = forms.MultipleChoiceField(
        label="Giấy tờ có sẵn",
        choices=[("1", "Giấy chứng sinh"), ("2", "Giấy kết hôn")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    scan = forms.FileField(label="Ảnh chụp giấy tờ", required=False, help_text="Ảnh hoặc PDF, không quá 20 MB.")
    note = forms.CharField(label="Ghi chú", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agreed = forms.BooleanField(label="Tôi đã đọc lại và thấy đúng")


class SampleFilters(forms.Form):
    state = forms.ChoiceField(label="Tình trạng", choices=[("", "Tất cả"), ("1", "Đang xử lý")], required=False)
    since = DayField(label="Từ ngày", required=False)


def gallery(request: HttpRequest) -> HttpResponse:
    """Public on purpose: it holds made-up data only, and partners copy from it."""
    context = _samples()
    examples = []
    for name, title in EXAMPLES.items():
        html = get_template(f"ui/gallery/{name}.html").render(context, request)
        source = (SHOWN / f"{name}.html").read_text(encoding="utf-8")
        examples.append(Example(name, title, html, source.strip()))
    page = {"examples": examples, "menu": context["menu"], "dense": "dense" in request.GET}
    return render(request, "ui/gallery.html", page)


def _samples() -> dict[str, object]:
    now = clock.now()
    return {
        "now": now,
        "tomorrow": now + timedelta(days=1),
        "form": SampleForm({"name": "Nguyễn Thị Lan", "personal_id": "0261"}, auto_id="mau_%s"),
        "blank": SampleForm(auto_id="moi_%s"),
        "filters": SampleFilters({}, auto_id="loc_%s"),
        "channels": [
            {"value": "counter", "label": "Tại bộ phận một cửa", "text": "Mang giấy hẹn và căn cước"},
            {"value": "post", "label": "Qua bưu điện", "text": "Trả cước khi nhận"},
            {"value": "online", "label": "Bản điện tử", "text": "Có ngay khi lãnh đạo ký"},
        ],
        "menu": [
            {"label": "Hôm nay", "url": "#buttons", "icon": "home", "current": True},
            {"label": "Hồ sơ", "url": "#table", "icon": "folder", "count": 12},
            {"label": "Gọi số", "url": "#ticket", "icon": "ticket"},
            {"label": "Tra cứu", "url": "#search_box", "icon": "search"},
        ],
        "dossiers": [
            _dossier("0004", "Nguyễn Thị Lan", "Đăng ký khai sinh", 5, "Đang xử lý", "info", 0),
            _dossier("0003", "Trần Văn Bình", "Xác nhận tình trạng hôn nhân", 1, "Chờ bổ sung", "warn", 15000),
            _dossier("0001", "Phạm Đức Hòa", "Chứng thực bản sao từ bản chính", -1, "Đang xử lý", "info", 1234000),
        ],
        "icons": re.findall(r'<symbol id="([\w-]+)"', SPRITE.read_text(encoding="utf-8")),
    } | _more_samples(now)


def _more_samples(now: datetime) -> dict[str, object]:
    """What happened, and what was handed in."""
    return {
        "facts": [
            ("Họ và tên", "Nguyễn Thị Lan"),
            ("Số định danh", "026••••••123"),
            ("Số điện thoại", "0912 345 678"),
            ("Thư điện tử", ""),
        ],
        "events": [
            {"at": now, "title": "Lãnh đạo ký kết quả", "by": "Hoa", "tone": "good", "now": True},
            {"at": now - timedelta(hours=5), "title": "Chuyên viên thẩm tra", "by": "Tâm", "text": "Đủ điều kiện."},
            {"at": now - timedelta(days=1), "title": "Tiếp nhận hồ sơ", "by": "Minh, quầy số 2"},
        ],
        "files": [
            {
                "name": "giay-chung-sinh.pdf",
                "url": "#file_list",
                "size": 245_000,
                "status": "Đã kiểm tra",
                "tone": "good",
            },
            {"name": "can-cuoc.jpg", "size": 1_300_000, "note": "ảnh chụp", "remove_url": "?"},
        ],
        "charts": _charts() | {"trends": TRENDS},
    }


TRENDS = (
    ("Ngũ Kiên", trend([91, 93, None, 95, 98.6], 2.4, most=100)),
    ("Liên Châu", trend([99, 97, 96, 94, 91], -3, most=100)),
    ("Hướng Đạo", trend([], None)),
)
SHARES = (91.2, 93, 92.4, 95, None, 94.1, 96.6, 97, 96.2, 98, 98.4, 98.6)


def _charts() -> dict[str, object]:
    """One of each chart, with a hole in the line and a commune that sent nothing."""
    months = [
        Point(f"Tháng {number}/2024", share, f"{str(share).replace('.', ',')} %", f"T{number}")
        for number, share in enumerate(SHARES, start=1)
    ]
    self_filed = [Point(p.label, None if p.value is None else float(p.value) - 31, short=p.short) for p in months]
    small = spark("Đúng hạn", months, target=98, most=100)
    squares = [Square(f"Xã mẫu {n}", "XM", "#charts_map", "95 %", "ABCD–"[n % 5], n % 5 + 1) for n in range(1, 9)]
    return {
        "line": line_chart(
            "Đúng hạn theo luật", {"Đúng hạn": months}, target=98, target_text="mục tiêu 98 %", most=100
        ),
        "two": line_chart("Hai cách nộp", {"Đúng hạn": months, "Tự nộp": self_filed}, most=100),
        "bars": bar_chart(
            "Đúng hạn, xếp hạng các xã",
            [
                Bar("Ngũ Kiên", 98.6, "98,6 %", "(71/72)", "#charts_bars", "#charts_bars", "1"),
                Bar("Liên Châu", 91, "91 %", "(91/100)", "#charts_bars", rank="2"),
                Bar("Hướng Đạo", 100, "100 %", notes=("chưa kiểm chứng",), pattern=2),
                Bar("Tam Sơn", None),
            ],
            most=100,
            target=98,
            target_text="mục tiêu 98 %",
        ),
        "stacked": stacked_chart(
            "Cách nộp hồ sơ", [Part("Tự nộp", 120), Part("Được hỗ trợ nộp", 64), Part("Nộp giấy", 16)], unit="hồ sơ"
        ),
        "spark": small,
        "sparks": [
            {"label": "Đúng hạn", "text": "98,6 %", "chart": small, "url": "#charts_sparks", "points": months},
            {"label": "Tự nộp", "text": "67,6 %", "chart": spark("Tự nộp", self_filed), "points": self_filed},
        ],
        "map": TileMap(
            "Đúng hạn",
            (Area("Huyện bắc", 1, 1, 6, 1, tuple(squares)), Area("Huyện nam", 5, 2, 6, 1, tuple(squares[:3]))),
            (("A", 1, "từ 98 %", 2), ("–", 5, "chưa có số liệu", 1)),
        ),
    }


def _dossier(number: str, name: str, procedure: str, days: int, status: str, tone: str, fee: int) -> dict[str, object]:
    row = "is-bad" if days < 0 else "is-warn" if days <= 1 else ""
    return {
        "code": f"H25.01-260721-{number}",
        "name": name,
        "procedure": procedure,
        "days": days,
        "status": status,
        "tone": tone,
        "fee": fee,
        "row": row,
    }
