"""Checks what writers, leaders and the duty officer type."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms

from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.audiences import queries as audiences
from xaso.modules.bulletins.models import Bulletin
from xaso.modules.bulletins.rules import content as contents
from xaso.modules.bulletins.rules.content import Content, Weekly
from xaso.modules.zalo import queries as zalo
from xaso.ui.forms import DayField

DAYS = [
    ("0", "Thứ 2"), ("1", "Thứ 3"), ("2", "Thứ 4"), ("3", "Thứ 5"), ("4", "Thứ 6"), ("5", "Thứ 7"),
    ("6", "Chủ nhật"),
]  # fmt: skip
NOW, AT, WEEKLY = "now", "at", "weekly"
WHEN = [
    (NOW, "Ngay khi được duyệt"),
    (AT, "Vào giờ đã chọn"),
    (WEEKLY, "Loa phát hằng tuần, các kênh khác gửi ngay khi được duyệt"),
]
TIME_FORMATS = ["%H:%M", "%Hh%M", "%Hg%M", "%Hh"]
ZALO = "zalo_"


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _time_input() -> forms.TextInput:
    return forms.TextInput(
        attrs={"inputmode": "numeric", "placeholder": "19:30", "maxlength": 5, "autocomplete": "off"}
    )


class TimeField(forms.TimeField):
    """19:30 or 19h30."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("input_formats", TIME_FORMATS)
        options.setdefault("widget", _time_input())
        options.setdefault("error_messages", {"invalid": "Ghi giờ theo mẫu 19:30."})
        super().__init__(**options)


class BulletinForm(forms.Form):
    """One text for all channels; what a channel says differently stands in the fold below."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)
    title = forms.CharField(
        label="Tiêu đề", max_length=contents.MAX_TITLE, error_messages={"required": "Hãy ghi tiêu đề."}
    )
    text = forms.CharField(
        label="Nội dung", required=False, widget=_area(10), strip=True,
        help_text="Viết một lần cho mọi kênh. Mỗi ý một dòng, câu ngắn; loa đọc đúng như viết.",
    )  # fmt: skip
    klass = forms.ChoiceField(
        label="Mức tin", choices=[(key, contents.CLASSES[key]) for key in (contents.NORMAL, contents.PRIORITY)],
        widget=forms.RadioSelect, initial=contents.NORMAL,
        help_text="Ưu tiên được phát trước tin thường. Việc khẩn cấp thì người trực ban gửi ở trang riêng.",
    )  # fmt: skip
    topic = forms.ChoiceField(label="Chủ đề", initial="general")
    unit_paths = forms.MultipleChoiceField(label="Gửi tới đâu", required=False, widget=forms.CheckboxSelectMultiple)
    channels = forms.MultipleChoiceField(
        label="Qua kênh nào", required=False, choices=list(contents.CHANNELS.items()),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    when = forms.ChoiceField(label="Khi nào", choices=WHEN, widget=forms.RadioSelect, initial=NOW)
    day = DayField(label="Ngày", required=False)
    hour = TimeField(label="Giờ", required=False)
    days = forms.MultipleChoiceField(
        label="Các ngày trong tuần", required=False, choices=DAYS, widget=forms.CheckboxSelectMultiple
    )
    times = forms.CharField(label="Các giờ phát", required=False, max_length=60, help_text="Ví dụ 05:30, 17:00.")
    until_day = DayField(label="Đến hết ngày", required=False)
    speech = forms.CharField(
        label="Lời loa đọc", required=False, widget=_area(4), max_length=contents.MAX_TEXT,
        help_text="Bỏ trống: loa đọc tên đơn vị, tiêu đề và nội dung.",
    )  # fmt: skip
    recording = forms.FileField(
        label="Bản ghi âm giọng người", required=False, help_text="MP3, WAV, M4A … Có bản này thì loa phát bản này."
    )
    drop_recording = forms.BooleanField(label="Bỏ bản ghi âm đã tải, để máy đọc", required=False)
    loops = forms.IntegerField(label="Loa đọc mấy lần", min_value=1, max_value=contents.MAX_LOOPS, initial=1)
    volume = forms.IntegerField(
        label="Âm lượng (%)", required=False, min_value=1, max_value=100, help_text="Bỏ trống: theo cài đặt của loa."
    )
    sms = forms.CharField(
        label="Lời SMS", required=False, widget=_area(3), max_length=contents.MAX_SMS,
        help_text="Bỏ trống: lấy tiêu đề và các câu đầu. Mỗi đoạn không dấu được 160 ký tự, có dấu được 70.",
    )  # fmt: skip
    with_marks = forms.BooleanField(
        label="Gửi SMS có dấu", required=False, help_text="Dễ đọc hơn, thường tốn gấp đôi. Trang xem trước có so giá."
    )
    budget_line = forms.CharField(label="Nguồn kinh phí SMS", required=False, max_length=40)
    zalo_template = forms.ChoiceField(label="Mẫu tin Zalo (ZNS)", required=False)
    post = forms.CharField(
        label="Lời bài Facebook", required=False, widget=_area(4), max_length=contents.MAX_TEXT,
        help_text="Bỏ trống: tiêu đề và nội dung.",
    )  # fmt: skip
    picture = forms.FileField(label="Ảnh", required=False, help_text="JPG, PNG, HEIC hoặc WEBP.")
    drop_picture = forms.BooleanField(label="Bỏ ảnh đã tải", required=False)
    series = forms.CharField(
        label="Thuộc loạt tin", required=False, max_length=80, help_text="Ví dụ: Bản tin nông vụ. Để tìm lại cho dễ."
    )

    MAIN = ("title", "text", "klass", "topic", "unit_paths", "channels", "when")
    TIMES = ("day", "hour", "days", "times", "until_day")

    def __init__(
        self, *args: Any, places: Sequence[Unit], unit: Unit, bulletin: Bulletin | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["topic"].choices = [
            (code, one.label) for code, one in audiences.topics().items() if not one.emergency_exempt
        ]
        first, *rest = places
        whole = f"Cả {first.get_kind_display()} {first.name}" if rest else str(first)
        self.fields["unit_paths"].choices = [(first.path, whole), *((one.path, str(one)) for one in rest)]
        known = zalo.templates(unit)
        self.fields["zalo_template"].choices = [
            ("", "Không dùng mẫu, chỉ gửi người quan tâm trang Zalo"), *((one.code, one.title) for one in known)
        ]  # fmt: skip
        asked = self.data.get("zalo_template") if self.is_bound else (bulletin.zalo_template if bulletin else "")
        template = next((one for one in known if one.code == asked), None)
        self.zalo_names = [one["name"] for one in template.params] if template else []
        for name in self.zalo_names:
            self.fields[f"{ZALO}{name}"] = forms.CharField(
                label=f"Mẫu Zalo: {name}", required=False, max_length=400, help_text="Bỏ trống: tự điền từ bản tin."
            )
        if bulletin is None or bulletin.own_recording is None:
            del self.fields["drop_recording"]
        if bulletin is None or bulletin.picture_id is None:
            del self.fields["drop_picture"]

    def clean_text(self) -> str:
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        if sentence := contents.too_long(text):
            raise forms.ValidationError(sentence)
        return text

    def clean_times(self) -> tuple[str, ...]:
        typed = self.cleaned_data["times"].replace(";", ",").replace(" và ", ",")
        found = [TimeField().clean(one.strip()) for one in typed.split(",") if one.strip()]
        return tuple(f"{one:%H:%M}" for one in found if one is not None)

    def clean(self) -> dict[str, Any]:
        kept = self.cleaned_data
        when = kept.get("when")
        if when == AT:
            self._need("day", "Hãy ghi ngày gửi.")
            self._need("hour", "Hãy ghi giờ gửi, ví dụ 19:30.")
        elif when == WEEKLY:
            self._need("days", "Hãy chọn các ngày trong tuần.")
            self._need("times", "Hãy ghi giờ phát, ví dụ 05:30.")
            self._need("until_day", "Hãy ghi ngày kết thúc.")
        return kept

    def _need(self, name: str, sentence: str) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, sentence)

    @property
    def content(self) -> Content:
        kept = self.cleaned_data
        weekly = kept["when"] == WEEKLY
        until = kept["until_day"]
        return Content(
            title=kept["title"], text=kept["text"], klass=kept["klass"], topic=kept["topic"],
            unit_paths=tuple(kept["unit_paths"]), channels=tuple(kept["channels"]),
            starts_at=moment(kept["day"], kept["hour"]) if kept["when"] == AT else None,
            until=moment(until, time(23, 59, 59)) if until else None,
            weekly=Weekly(tuple(int(one) for one in kept["days"]), kept["times"]) if weekly else None,
            loops=kept["loops"], volume=kept["volume"], speech=kept["speech"], sms=kept["sms"],
            with_marks=kept["with_marks"], zalo_template=kept["zalo_template"],
            zalo_values={name: value for name in self.zalo_names if (value := kept[f"{ZALO}{name}"])},
            post=kept["post"], budget_line=kept["budget_line"],
        )  # fmt: skip


def moment(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=clock.VIETNAM)


def initial_of(bulletin: Bulletin) -> dict[str, Any]:
    """What the boxes show."""
    content = bulletin.content
    starts, until = content.starts_at, content.until
    return {
        "revision": bulletin.revision, "title": content.title, "text": content.text, "klass": content.klass,
        "topic": content.topic, "unit_paths": list(content.unit_paths), "channels": list(content.channels),
        "when": WEEKLY if content.weekly else AT if starts else NOW,
        "day": clock.local(starts).date() if starts else None,
        "hour": f"{clock.local(starts):%H:%M}" if starts else "",
        "days": [str(one) for one in content.weekly.days] if content.weekly else [],
        "times": ", ".join(content.weekly.times) if content.weekly else "",
        "until_day": clock.local(until).date() if until else None,
        "loops": content.loops, "volume": content.volume, "speech": content.speech, "sms": content.sms,
        "with_marks": content.with_marks, "zalo_template": content.zalo_template, "post": content.post,
        "budget_line": content.budget_line, "series": bulletin.series,
    } | {f"{ZALO}{name}": value for name, value in content.zalo_values.items()}  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Lý do", max_length=1000, widget=_area(3), error_messages={"required": "Hãy ghi lý do."}
    )


class EmergencyForm(forms.Form):
    """Three boxes and a button. Everything else has the widest answer: the whole commune, every channel, now."""

    title = forms.CharField(
        label="Chuyện gì, ở đâu", max_length=contents.MAX_TITLE,
        error_messages={"required": "Hãy ghi chuyện gì, ở đâu."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "Nước sông dâng nhanh ở thôn …"}),
    )  # fmt: skip
    text = forms.CharField(
        label="Người dân phải làm gì", widget=_area(4), max_length=contents.MAX_TEXT,
        error_messages={"required": "Hãy ghi người dân phải làm gì."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Lý do phát khẩn cấp", max_length=1000, widget=_area(2),
        help_text="Căn cứ để phát ngay không chờ duyệt. Lãnh đạo sẽ xem xét sau.",
        error_messages={"required": "Hãy ghi lý do phát khẩn cấp."},
    )  # fmt: skip
    unit_paths = forms.MultipleChoiceField(label="Nơi nhận", required=False, widget=forms.CheckboxSelectMultiple)
    channels = forms.MultipleChoiceField(
        label="Kênh", required=False, choices=list(contents.CHANNELS.items()), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, places: Sequence[Unit], **options: Any) -> None:
        super().__init__(*args, **options)
        first, *rest = places
        whole = f"Cả {first.get_kind_display()} {first.name}" if rest else str(first)
        self.fields["unit_paths"].choices = [(first.path, whole), *((one.path, str(one)) for one in rest)]
        self.initial.setdefault("unit_paths", [first.path])
        self.initial.setdefault("channels", list(contents.CHANNELS))


class ReviewForm(forms.Form):
    verdict = forms.ChoiceField(
        label="Phát khẩn cấp như vậy có đúng không?", choices=Bulletin.Verdict.choices, widget=forms.RadioSelect,
        error_messages={"required": "Hãy chọn đúng hoặc không đúng."},
    )  # fmt: skip
    remark = forms.CharField(
        label="Nhận xét", required=False, max_length=1000, widget=_area(3), help_text="Bắt buộc khi không đúng."
    )


class RelayForm(forms.Form):
    day = DayField(label="Ngày", error_messages={"required": "Hãy ghi ngày."})
    hour = TimeField(
        label="Giờ", error_messages={"required": "Hãy ghi giờ, ví dụ 19:30.", "invalid": "Ghi giờ theo mẫu 19:30."}
    )

    @property
    def moment(self) -> datetime:
        return moment(self.cleaned_data["day"], self.cleaned_data["hour"])
