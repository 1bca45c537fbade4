"""The one form: a file, and what kind of document it is meant to be."""

from __future__ import annotations

from typing import Any

from django import forms

from xaso.core.files.rules import accept_attribute
from xaso.modules.layouts.queries import kinds

MAX_MEGABYTES = 30
TOO_LARGE = f"Tệp lớn hơn {MAX_MEGABYTES} MB. Hãy bỏ bớt ảnh hoặc tách phụ lục rồi chọn lại."


class CheckForm(forms.Form):
    file = forms.FileField(
        label="Tệp cần kiểm tra",
        help_text=f"Word (.docx) hoặc PDF, không quá {MAX_MEGABYTES} MB. Tệp chỉ được đọc rồi bỏ, không lưu lại.",
        widget=forms.ClearableFileInput(attrs={"accept": accept_attribute(("docx", "pdf"))}),
        error_messages={"required": "Hãy chọn tệp Word (.docx) hoặc PDF.", "empty": "Tệp rỗng. Hãy chọn tệp khác."},
    )
    kind = forms.ChoiceField(
        label="Loại văn bản", required=False, help_text="Để trống thì nhận theo tên loại ghi trong tệp."
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        named = [(code, one.title) for code, one in kinds().items()]
        self.fields["kind"].choices = [("", "Tự nhận theo tệp"), *named]

    def clean_file(self) -> Any:
        uploaded = self.cleaned_data["file"]
        if uploaded.size > MAX_MEGABYTES * 1024 * 1024:
            raise forms.ValidationError(TOO_LARGE)
        return uploaded
