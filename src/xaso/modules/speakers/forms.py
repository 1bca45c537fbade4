"""Checks what people typed about speakers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms

from xaso.kit import clock
from xaso.modules.speakers.models import Device
from xaso.modules.speakers.rules.entries import Entry
from xaso.modules.speakers.rules.scheduling import DAY_NAMES, Weekly, minute_of
from xaso.ui.forms import DayField, money_input, phone_input

TIME_HELP = "Viết như 05:30; nhiều giờ cách nhau bằng dấu phẩy."
KLASSES = [("normal", "Thông thường"), ("priority", "Ưu tiên"), ("emergency", "Khẩn cấp")]
WAYS = [("resume", "phát tiếp chỗ đang dở"), ("restart", "phát lại từ đầu"), ("drop", "bỏ, không phát nữa")]


class DeviceFilter(forms.Form):
    q = forms.CharField(label="Tên, số máy, thôn", required=False, max_length=80)
    tinh_trang = forms.ChoiceField(
        label="Tình trạng",
        required=False,
        choices=[("", "Tất cả"), ("mat", "Mất kết nối"), ("bao", "Có báo động"), *Device.State.choices],
    )


class DeviceForm(forms.Form):
    serial = forms.CharField(label="Số máy", max_length=40, help_text="In trên tem của loa, ví dụ: XS-2025-0001.")
    name = forms.CharField(label="Tên loa", max_length=120, help_text="Ví dụ: Nhà văn hoá thôn Đồng Mới.")
    unit = forms.ChoiceField(label="Thôn")
    place = forms.CharField(label="Nơi đặt", max_length=200, required=False, help_text="Cột điện, mái nhà nào.")
    zone = forms.ChoiceField(label="Cụm loa", required=False)
    latitude = forms.CharField(label="Vĩ độ", max_length=12, required=False)
    longitude = forms.CharField(label="Kinh độ", max_length=12, required=False)
    maker = forms.CharField(label="Hãng", max_length=80, required=False)
    model = forms.CharField(label="Kiểu máy", max_length=80, required=False)
    protocol = forms.ChoiceField(label="Giao thức", choices=Device.Protocol.choices)
    sim = forms.CharField(label="Số sê-ri SIM", max_length=22, required=False)
    sim_phone = forms.CharField(label="Số điện thoại của SIM", required=False, widget=phone_input())
    installed_on = DayField(label="Ngày lắp", required=False)

    def __init__(
        self, *args: Any, units: Iterable[tuple[int, str]], zones: Iterable[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["unit"].choices = [(str(pk), name) for pk, name in units]
        self.fields["zone"].choices = [("", "Không thuộc cụm nào"), *zones]

    def entry(self) -> Entry:
        said = self.cleaned_data
        plain = {
            name: said[name] for name in ("serial", "name", "place", "maker", "model", "sim", "sim_phone", "protocol")
        }
        day = said["installed_on"].isoformat() if said["installed_on"] else ""
        numbers = {name: said[name].replace(",", ".") for name in ("latitude", "longitude")}
        return Entry(**plain, **numbers, installed_on=day)


class StateForm(forms.Form):
    state = forms.ChoiceField(label="Tình trạng mới", choices=Device.State.choices)
    reason = forms.CharField(label="Lý do", max_length=300, required=False)


class ImportForm(forms.Form):
    file = forms.FileField(label="Tệp Excel hoặc CSV", help_text="Theo mẫu tải từ trang này, nhiều nhất 2.000 dòng.")


def times_of(text: str) -> tuple[str, ...]:
    """ "5:30, 17:00" → ("05:30", "17:00"). Raises ValidationError."""
    try:
        minutes = sorted({minute_of(part.strip()) for part in text.replace(";", ",").split(",") if part.strip()})
    except ValueError as error:
        raise forms.ValidationError(TIME_HELP) from error
    if not minutes or len(minutes) > 12:
        raise forms.ValidationError(f"Ghi từ 1 đến 12 giờ phát. {TIME_HELP}")
    return tuple(f"{at // 60:02d}:{at % 60:02d}" for at in minutes)


class OrderForm(forms.Form):
    recording = forms.ChoiceField(label="Bản thu", required=False)
    stream = forms.CharField(
        label="Hoặc địa chỉ tiếp sóng",
        required=False,
        max_length=500,
        help_text="Đài cấp trên, bắt đầu bằng https:// hoặc http://.",
    )
    minutes = forms.IntegerField(label="Tiếp sóng bao nhiêu phút", required=False, min_value=1, max_value=240)
    units = forms.MultipleChoiceField(label="Phát ở đâu", widget=forms.CheckboxSelectMultiple)
    zone = forms.ChoiceField(label="Chỉ cụm hoặc nhóm loa", required=False)
    klass = forms.ChoiceField(label="Loại bản tin", choices=KLASSES, initial="normal")
    when = forms.ChoiceField(
        label="Khi nào",
        choices=[("now", "Ngay bây giờ"), ("once", "Một lần, vào ngày giờ ghi dưới"), ("weekly", "Hằng tuần")],
        widget=forms.RadioSelect,
        initial="once",
    )
    day = DayField(label="Ngày phát, hoặc ngày bắt đầu lịch tuần", required=False)
    until = DayField(label="Phát đến hết ngày", required=False, help_text="Để trống: một lần, hoặc không hết hạn.")
    days = forms.MultipleChoiceField(
        label="Các thứ trong tuần",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(str(number), name) for number, name in enumerate(DAY_NAMES)],
    )
    times = forms.CharField(label="Giờ phát", required=False, max_length=80, help_text=TIME_HELP)
    loops = forms.IntegerField(label="Đọc mấy lần", min_value=1, max_value=20, initial=1)
    volume = forms.IntegerField(
        label="Âm lượng (%)", required=False, min_value=1, max_value=100, help_text="Để trống: theo quy định của xã."
    )
    when_interrupted = forms.ChoiceField(label="Khi bị bản tin khác chen ngang", choices=WAYS, initial="resume")

    def __init__(
        self,
        *args: Any,
        recordings: Sequence[tuple[str, str]],
        units: Sequence[tuple[str, str]],
        zones: Sequence[tuple[str, str]],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.fields["recording"].choices = [("", "– chọn bản thu –"), *recordings]
        self.fields["units"].choices = list(units)
        self.fields["zone"].choices = [("", "Mọi loa ở nơi đã chọn"), *zones]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        stream = said.get("stream", "")
        if bool(said.get("recording")) == bool(stream):
            self.add_error("recording", "Hãy chọn một bản thu, hoặc ghi địa chỉ tiếp sóng.")
        if stream and not stream.startswith(("https://", "http://")):
            self.add_error("stream", "Địa chỉ bắt đầu bằng https:// hoặc http://.")
        if said.get("when") != "now":
            self._clean_times(said)
        if said.get("when") == "weekly" and not said.get("days"):
            self.add_error("days", "Hãy chọn ít nhất một ngày trong tuần.")
        if said.get("when") == "once" and not said.get("day"):
            self.add_error("day", "Hãy ghi ngày phát, ví dụ 31/12/2026.")
        return said

    def _clean_times(self, said: dict[str, Any]) -> None:
        try:
            said["times"] = times_of(said.get("times", ""))
        except forms.ValidationError as error:
            self.add_error("times", error)
            return
        if said.get("when") == "once" and len(said["times"]) > 1:
            self.add_error("times", "Phát một lần thì ghi một giờ. Nhiều giờ: chọn “Hằng tuần”.")

    def wish(self) -> dict[str, Any]:
        """When and how, as `order_play` takes it."""
        said = self.cleaned_data
        found: dict[str, Any] = {
            "klass": said["klass"],
            "unit_paths": tuple(said["units"]),
            "loops": said["loops"],
            "volume": said["volume"],
            "when_interrupted": said["when_interrupted"],
            "stream": said["stream"],
            "minutes": said["minutes"] or 0,
            "until": end_of_day(said["until"]) if said["until"] else None,
        }
        if said["when"] == "weekly":
            found["weekly"] = Weekly(tuple(int(day) for day in said["days"]), said["times"])
            found["starts_at"] = moment_of(said["day"], "00:00") if said["day"] else None
        elif said["when"] == "once":
            found["starts_at"] = moment_of(said["day"], said["times"][0])
        return found


def moment_of(day: date, text: str) -> datetime:
    """That time of that day in Vietnam."""
    at = minute_of(text)
    return datetime.combine(day, time(at // 60, at % 60), clock.VIETNAM)


def end_of_day(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), clock.VIETNAM)


class LiveForm(forms.Form):
    title = forms.CharField(label="Nói về việc gì", max_length=120)
    units = forms.MultipleChoiceField(label="Phát ở đâu", widget=forms.CheckboxSelectMultiple)
    minutes = forms.IntegerField(label="Nhiều nhất bao nhiêu phút", min_value=1, max_value=240, initial=15)
    klass = forms.ChoiceField(label="Loại", choices=[KLASSES[1], KLASSES[2]], initial="priority")

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["units"].choices = list(units)


class RepairForm(forms.Form):
    problem = forms.CharField(label="Loa hỏng thế nào", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    out_of_use = forms.BooleanField(label="Ngừng dùng loa này đến khi sửa xong", required=False)


class AssignForm(forms.Form):
    to = forms.CharField(label="Người hoặc cơ sở nhận sửa", max_length=120)
    phone = forms.CharField(label="Số điện thoại", required=False, widget=phone_input())


class CloseForm(forms.Form):
    outcome = forms.CharField(label="Kết quả sửa", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    parts = forms.CharField(label="Linh kiện đã thay", max_length=500, required=False)
    cost = forms.CharField(label="Chi phí (đồng)", required=False, max_length=20, widget=money_input())
    budget_line = forms.CharField(label="Dòng ngân sách", max_length=60, required=False)

    def clean_cost(self) -> int:
        digits = self.cleaned_data["cost"].replace(".", "").replace(",", "").replace(" ", "").removesuffix("đ")
        if digits and not (digits.isascii() and digits.isdecimal()):
            raise forms.ValidationError("Ghi số tiền bằng chữ số, ví dụ 350.000.")
        return int(digits or 0)


class StopForm(forms.Form):
    reason = forms.CharField(label="Lý do dừng", max_length=300)


class RulesForm(forms.Form):
    quiet = forms.CharField(
        label="Giờ yên tĩnh",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Mỗi dòng một khoảng, ví dụ: 21:30-05:00.",
    )
    caps = forms.CharField(
        label="Âm lượng tối đa theo giờ",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Mỗi dòng một khoảng, ví dụ: 05:00-06:00 60.",
    )
    longest = forms.IntegerField(label="Bản tin dài nhất (phút)", min_value=1, max_value=120)
    by_village = forms.IntegerField(label="Thông báo của trưởng thôn dài nhất (phút)", min_value=1, max_value=60)
    first = forms.ChoiceField(
        label="Bản tin ưu tiên của tỉnh và của xã trùng giờ",
        choices=[("province", "Phát bản của tỉnh trước"), ("commune", "Phát bản của xã trước")],
    )

    def clean_quiet(self) -> tuple[tuple[str, str], ...]:
        return tuple((start, end) for start, end, _ in spans_of(self.cleaned_data["quiet"], with_volume=False))

    def clean_caps(self) -> tuple[tuple[str, str, int], ...]:
        return spans_of(self.cleaned_data["caps"], with_volume=True)


def spans_of(text: str, *, with_volume: bool) -> tuple[tuple[str, str, int], ...]:
    """Lines "05:00-06:00 60". Raises ValidationError naming the line."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        span, _, volume = line.strip().replace("–", "-").partition(" ")
        start, _, end = span.partition("-")
        is_right = volume.strip().isdecimal() if with_volume else not volume.strip()
        try:
            first, last = times_of(start)[0], times_of(end)[0]
        except forms.ValidationError as error:
            raise forms.ValidationError(f"Dòng {number} chưa đúng. {error.messages[0]}") from error
        if not is_right:
            example = "05:00-06:00 60" if with_volume else "21:30-05:00"
            raise forms.ValidationError(f"Dòng {number} chưa đúng; viết như {example}.")
        found.append((first, last, int(volume) if with_volume else 0))
    return tuple(found[:20])


class DrillForm(forms.Form):
    hours = forms.IntegerField(
        label="Mở diễn tập trong mấy giờ", min_value=0, max_value=12, help_text="Ghi 0 để kết thúc."
    )


class ZoneForm(forms.Form):
    name = forms.CharField(label="Tên", max_length=120)
    code = forms.SlugField(label="Mã", max_length=20, help_text="Chữ không dấu, số hoặc gạch, ví dụ: dong-moi.")
    caps = forms.CharField(
        label="Âm lượng tối đa riêng",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Mỗi dòng một khoảng, ví dụ: 05:00-06:00 50.",
    )
    devices = forms.MultipleChoiceField(label="Các loa", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, devices: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["devices"].choices = list(devices)

    def clean_caps(self) -> tuple[tuple[str, str, int], ...]:
        return spans_of(self.cleaned_data["caps"], with_volume=True)


class NoticeForm(forms.Form):
    """The village head's first step: what shall be heard."""

    text = forms.CharField(
        label="Viết lời thông báo, máy sẽ đọc",
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    recording = forms.ChoiceField(label="Hoặc chọn bản thu có sẵn", required=False)
    file = forms.FileField(
        label="Hoặc ghi âm, chọn tệp âm thanh",
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "audio/*", "capture": "user"}),
    )
    day = forms.ChoiceField(label="Ngày phát", widget=forms.RadioSelect)
    time = forms.ChoiceField(label="Giờ phát")
    loops = forms.ChoiceField(
        label="Đọc mấy lần", choices=[("1", "1 lần"), ("2", "2 lần"), ("3", "3 lần")], initial="2"
    )

    def __init__(self, *args: Any, recordings: Sequence[tuple[str, str]], days: Sequence[tuple[str, str]],
                 times: Sequence[str], **more: Any) -> None:  # fmt: skip
        super().__init__(*args, **more)
        self.fields["recording"].choices = [("", "– không –"), *recordings]
        self.fields["day"].choices = list(days)
        self.fields["time"].choices = [(one, one) for one in times]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        chosen = [name for name in ("text", "recording", "file") if said.get(name)]
        if len(chosen) != 1:
            self.add_error("text", "Hãy viết lời thông báo, hoặc chọn một bản thu, hoặc ghi âm – một trong ba cách.")
        return said


class SendForm(forms.Form):
    """The second step: heard, and when."""

    day = forms.ChoiceField(label="Ngày phát", widget=forms.RadioSelect)
    time = forms.ChoiceField(label="Giờ phát")
    loops = forms.ChoiceField(label="Đọc mấy lần", choices=[("1", "1 lần"), ("2", "2 lần"), ("3", "3 lần")])

    def __init__(self, *args: Any, days: Sequence[tuple[str, str]], times: Sequence[str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["day"].choices = list(days)
        self.fields["time"].choices = [(one, one) for one in times]

    def starts_at(self) -> datetime:
        said = self.cleaned_data
        return moment_of(date.fromisoformat(said["day"]), said["time"])
