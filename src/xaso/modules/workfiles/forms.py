"""Checks what was typed about a work file."""

from __future__ import annotations

from typing import Any

from django import forms

from xaso.modules.workfiles import rules
from xaso.modules.workfiles.definitions import headings
from xaso.ui.forms import DayField

ELECTRONIC = "Bản điện tử (ký số, hoặc sinh ra trên phần mềm)"


class WorkFileForm(forms.Form):
    title = forms.CharField(
        label="Tên hồ sơ công việc", max_length=300, help_text="Nói rõ việc gì, của ai, năm nào.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    heading = forms.ChoiceField(label="Đề mục", help_text="Đề mục quyết định hồ sơ được giữ bao lâu.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["heading"].choices = [
            (one.code, f"{one.title} (giữ {rules.kept_words(one.years).lower()})") for one in headings().headings
        ]


class PaperForm(forms.Form):
    title = forms.CharField(label="Tên tài liệu", max_length=500, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    dated_on = DayField(label="Ngày của tài liệu", required=False)
    file = forms.FileField(label="Tệp", required=False, help_text="PDF, ảnh, Word hoặc Excel. Bản giấy thì để trống.")
    is_electronic = forms.BooleanField(label=ELECTRONIC, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("is_electronic") and not given.get("file"):
            self.add_error("file", "Tài liệu điện tử phải có tệp. Nếu là bản giấy thì bỏ chọn “Bản điện tử”.")
        return given


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Lý do", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class FilterForm(forms.Form):
    q = forms.CharField(label="Tìm theo tên hoặc số", required=False, max_length=100)
