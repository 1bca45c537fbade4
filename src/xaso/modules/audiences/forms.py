"""Input of the pages about contacts. Checks shape only."""

from __future__ import annotations

from typing import Any

from django import forms

from xaso.core.units.models import Unit
from xaso.modules.audiences import rules
from xaso.modules.audiences.definitions import topics
from xaso.ui.forms import DayField, name_input, phone_input

STATES = [
    ("", "Tất cả"),
    ("no_phone", "Chưa có số điện thoại"),
    ("bad_phone", "Số không dùng được"),
    ("resident", "Người dân tự đăng ký"),
]
COUNTER_WAYS = [(code, rules.WAYS[code]) for code in ("counter", "phone", "paper")]


class BookFilter(forms.Form):
    q = forms.CharField(label="Tên hoặc số điện thoại", max_length=60, required=False)
    state = forms.ChoiceField(label="Nhóm", required=False, choices=STATES)


class ContactForm(forms.Form):
    name = forms.CharField(label="Họ và tên", max_length=120, widget=name_input(autocomplete="off"))
    phone = forms.CharField(label="Số điện thoại di động", max_length=40, required=False,
                            widget=phone_input(autocomplete="off", maxlength=40))  # fmt: skip
    unit = forms.ChoiceField(label="Thôn, tổ dân phố hoặc xã")
    note = forms.CharField(label="Ghi chú", max_length=200, required=False)

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in units}
        self.fields["unit"].choices = [(key, str(unit)) for key, unit in self.units.items()]

    @property
    def place(self) -> Unit:
        return self.units[self.cleaned_data["unit"]]


class SaidForm(forms.Form):
    """What a resident said at the counter, on the phone or on paper."""

    given = forms.ChoiceField(
        label="Người dân nói gì?", choices=[("0", "Từ chối nhận tin"), ("1", "Đồng ý nhận tin")],
        widget=forms.RadioSelect,
    )  # fmt: skip
    topic = forms.ChoiceField(label="Chủ đề", required=False)
    channel = forms.ChoiceField(label="Kênh", required=False, choices=[("", "Mọi kênh"), *rules.CHANNELS.items()])
    how = forms.ChoiceField(label="Cách nói", choices=COUNTER_WAYS)
    evidence = forms.CharField(
        label="Bằng chứng", max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ví dụ: phiếu số 12/2026 lưu tại bộ phận một cửa; gọi lúc 9 giờ 15 từ số đã ghi.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(one.code, one.label) for one in topics().values() if not one.emergency_exempt]
        self.fields["topic"].choices = [("", "Mọi chủ đề (trừ khẩn cấp)"), *offered]


class RemoveForm(forms.Form):
    reason = forms.CharField(label="Lý do", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class ImportForm(forms.Form):
    file = forms.FileField(label="Tệp Excel hoặc CSV", help_text="Xem trước rồi mới ghi vào sổ. Tối đa 4 MB.")


class RefusalListForm(forms.Form):
    file = forms.FileField(label="Tệp danh sách", help_text="CSV hoặc Excel, mỗi dòng một số ở cột đầu. Tối đa 20 MB.")
    as_of = DayField(label="Danh sách tính đến ngày")
    title = forms.CharField(label="Tên danh sách", max_length=160, required=False, initial="Danh sách không quảng cáo")


class PlaceForm(forms.Form):
    """Where a resident lives: the commune, then the village."""

    unit = forms.ChoiceField(label="Bạn ở đâu?")

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in units}
        self.fields["unit"].choices = [("", "– chọn –"), *((key, str(unit)) for key, unit in self.units.items())]

    @property
    def place(self) -> Unit:
        return self.units[self.cleaned_data["unit"]]
