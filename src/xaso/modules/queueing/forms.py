"""Checks what a visitor or an administrator chose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from xaso.ui.forms import DayField

WHO_GOES_FIRST = "Người cao tuổi, người khuyết tật, phụ nữ mang thai hoặc bế con nhỏ"


class IssueForm(forms.Form):
    field = forms.ChoiceField(required=False)
    priority = forms.ChoiceField(required=False, choices=[("", "Thường"), ("1", "Ưu tiên")])
    idempotency_key = forms.CharField(required=False, max_length=80)

    def __init__(self, *args: Any, fields_served: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["field"].choices = [("", "Việc khác"), *((name, name) for name in fields_served)]


class CounterForm(forms.Form):
    number = forms.IntegerField(label="Số quầy", min_value=1, max_value=99)
    label = forms.CharField(
        label="Tên quầy", max_length=80, help_text="Hiện trên bảng gọi số, ví dụ: Hộ tịch, Chứng thực."
    )
    served = forms.MultipleChoiceField(
        label="Lĩnh vực nhận tại quầy",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Không chọn lĩnh vực nào: quầy nhận mọi việc.",
    )

    def __init__(self, *args: Any, fields_known: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["served"].choices = [(name, name) for name in fields_known]


class DayForm(forms.Form):
    ngay = DayField(label="Ngày")
