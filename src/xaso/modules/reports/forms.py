"""Checks what writers, signers and readers of reports type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from xaso.modules.reports.definitions import Section, report_kinds
from xaso.modules.reports.models import Export, Report
from xaso.ui.forms import DayField


class TextForm(forms.Form):
    """One box for each section. `revision` is that of the text the page was opened with."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, sections: Sequence[Section], **options: Any) -> None:
        super().__init__(*args, **options)
        for section in sections:
            hint = section.hint if not section.required else f"{section.hint} Bắt buộc khi trình ký.".strip()
            self.fields[section.key] = forms.CharField(
                label=section.title, required=False, help_text=hint, widget=forms.Textarea(attrs={"rows": 6})
            )

    @property
    def texts(self) -> dict[str, str]:
        return {key: value for key, value in self.cleaned_data.items() if key != "revision"}


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label="Lý do trả lại",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Hãy ghi lý do trả lại để người viết biết cần sửa gì."},
    )


class SentForm(forms.Form):
    to = forms.CharField(
        label="Gửi đến",
        max_length=300,
        error_messages={"required": "Hãy ghi nơi nhận báo cáo, ví dụ: Sở Khoa học và Công nghệ."},
    )
    on = DayField(label="Ngày gửi")


class FilterForm(forms.Form):
    kind = forms.ChoiceField(label="Loại báo cáo", required=False)
    state = forms.ChoiceField(label="Tình trạng", required=False, choices=[("", "Tất cả"), *Report.State.choices])
    period_key = forms.CharField(label="Kỳ", required=False, max_length=10, help_text="Ví dụ 2024, 2024-Q1, 2024-H1.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = [(kind.code, kind.short) for kind in report_kinds().values()]
        self.fields["kind"].choices = [("", "Tất cả"), *known]


class ExportForm(forms.Form):
    unit = forms.ChoiceField(label="Đơn vị")
    measure = forms.ChoiceField(label="Danh sách", help_text="Các dòng đứng sau số đo này.")
    period = forms.CharField(
        label="Kỳ", max_length=10, help_text="Năm 2024, quý 2024-Q1, 6 tháng 2024-H1, 9 tháng 2024-9M, tháng 2024-03."
    )
    form = forms.ChoiceField(label="Dạng tệp", choices=Export.Form.choices)
    is_personal = forms.BooleanField(
        label="Kèm thông tin cá nhân (họ tên, số định danh, điện thoại, địa chỉ)",
        required=False,
        help_text="Chỉ chọn khi việc cần đến từng người.",
    )
    reason = forms.CharField(
        label="Lý do xuất",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Được ghi vào nhật ký cùng mỗi lần mở tệp.",
        error_messages={"required": "Hãy ghi lý do xuất danh sách, ví dụ: đối chiếu báo cáo quý 1."},
    )

    def __init__(
        self, *args: Any, units: Sequence[tuple[str, str]], measures: Sequence[tuple[str, str]], **options: Any
    ):
        super().__init__(*args, **options)
        self.fields["unit"].choices = units
        self.fields["measure"].choices = measures
