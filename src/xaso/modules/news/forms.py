"""Checks what an officer typed; what is allowed is asked of the actions."""

from datetime import datetime
from typing import Any

from django import forms

from xaso.core.files.rules import accept_attribute
from xaso.kit import clock
from xaso.modules.news.models import Article
from xaso.modules.news.rules import steps
from xaso.ui.forms import DayField

HOW = (
    "Dòng bắt đầu bằng “## ” là đề mục, “- ” là một gạch đầu dòng, “1. ” là một mục đánh số; để trống một dòng để sang "
    "đoạn mới. Đường dẫn: chép địa chỉ https://… hoặc ghi [chữ](https://…)."
)


class WordsForm(forms.Form):
    """The words of an article."""

    title = forms.CharField(label="Tiêu đề", max_length=steps.TITLE_MOST)
    lead = forms.CharField(
        label="Đoạn mở đầu",
        required=False,
        max_length=steps.LEAD_MOST,
        widget=forms.Textarea({"rows": 3}),
        help_text="Một, hai câu nói điều chính; hiện trong danh sách.",
    )
    text = forms.CharField(
        label="Nội dung", max_length=steps.TEXT_MOST, widget=forms.Textarea({"rows": 14}), help_text=HOW
    )


class ArticleForm(WordsForm):
    category = forms.ChoiceField(label="Mục", choices=Article.Category.choices)
    picture = forms.FileField(
        label="Ảnh", required=False, widget=forms.FileInput({"accept": accept_attribute(["image"])})
    )
    picture_alt = forms.CharField(
        label="Ảnh nói gì",
        required=False,
        max_length=200,
        help_text="Một câu cho người không nhìn thấy ảnh. Bắt buộc khi có ảnh.",
    )
    source = forms.CharField(label="Nguồn", required=False, max_length=160, help_text="Ví dụ: Công an xã, Trạm Y tế.")
    valid_until = DayField(label="Còn hiệu lực đến hết ngày", required=False)
    field_order = ("category", "title", "lead", "text", "picture", "picture_alt", "source", "valid_until")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("picture") and not cleaned.get("picture_alt"):
            self.add_error("picture_alt", "Hãy mô tả ảnh bằng một câu.")
        return cleaned


class CorrectionForm(WordsForm):
    reason = forms.CharField(
        label="Lý do đính chính", max_length=500, help_text="Hiện dưới bài để người đọc biết đã sửa điều gì."
    )


class WhyForm(forms.Form):
    reason = forms.CharField(label="Lý do", max_length=500)


class ApproveForm(forms.Form):
    """At once, or at a moment to come."""

    on = DayField(label="Đăng vào ngày", required=False, help_text="Để trống: đăng ngay.")
    at = forms.TimeField(
        label="Lúc", required=False, widget=forms.TimeInput({"placeholder": "07:00"}), input_formats=["%H:%M", "%Hh%M"]
    )

    @property
    def moment(self) -> datetime | None:
        day, hour = self.cleaned_data["on"], self.cleaned_data["at"]
        if day is None:
            return None
        return datetime.combine(day, hour or datetime.min.time(), tzinfo=clock.VIETNAM)
