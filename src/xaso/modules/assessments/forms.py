"""Input of the assessment's pages. Checks shape only; what was typed comes back when something is wrong."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from xaso.ui.forms import DayField, name_input, phone_input

TEXT = {"rows": 3}


class PointsField(forms.Field):
    """12,5 or 12.5; empty stays empty, because missing is not 0."""

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "maxlength": 8}
        options.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}".replace(".", ",") if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value or "").strip().replace(" ", "").replace(",", ".")
        if not text:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation as error:
            raise forms.ValidationError("Ghi điểm bằng số, ví dụ 12,5.") from error
        if not number.is_finite():
            raise forms.ValidationError("Ghi điểm bằng số, ví dụ 12,5.")
        return number


class SelfScoreForm(forms.Form):
    """A score, its explanation and one more proof, in one form: sending one of them loses none of the others."""

    points = PointsField(label="Điểm tự chấm", required=False)
    note = forms.CharField(
        label="Giải trình", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Bắt buộc khi điểm khác điểm máy tính, hoặc khi chưa có minh chứng.",
    )  # fmt: skip
    proof_title = forms.CharField(label="Minh chứng: tên văn bản", required=False, max_length=300)
    proof_number = forms.CharField(label="Số, ký hiệu", required=False, max_length=60)
    proof_on = DayField(label="Ngày ban hành", required=False)
    proof_file = forms.FileField(label="Tệp minh chứng", required=False, help_text="PDF hoặc ảnh chụp.")

    @property
    def has_proof(self) -> bool:
        return any(self.cleaned_data.get(name) for name in ("proof_title", "proof_number", "proof_file"))


class ReviewForm(forms.Form):
    points = PointsField(label="Điểm thẩm định")
    note = forms.CharField(
        label="Lý do", required=False, max_length=2000, widget=forms.Textarea(attrs=TEXT),
        help_text="Bắt buộc khi khác điểm tự chấm.",
    )  # fmt: skip


class AdjustForm(forms.Form):
    points = PointsField(label="Điểm chốt")
    note = forms.CharField(
        label="Lý do", required=False, max_length=2000, widget=forms.Textarea(attrs=TEXT),
        help_text="Bắt buộc khi khác điểm thẩm định.",
    )  # fmt: skip


class DeclineForm(forms.Form):
    reason = forms.CharField(label="Vì sao không chấp nhận", max_length=1000, widget=forms.Textarea(attrs=TEXT))
    file = forms.FileField(label="Tệp kèm theo", required=False, help_text="PDF hoặc ảnh chụp.")


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Lý do", max_length=1000, widget=forms.Textarea(attrs=TEXT))


class RejectForm(ReasonForm):
    is_final = forms.BooleanField(label="Chốt không đạt, đơn vị không nộp lại", required=False)


class GeneralForm(forms.Form):
    address = forms.CharField(label="Địa chỉ trụ sở", required=False, max_length=200)
    officials = forms.IntegerField(label="Số cán bộ, công chức", required=False, min_value=0, max_value=100_000)
    enterprises = forms.IntegerField(label="Số doanh nghiệp", required=False, min_value=0, max_value=1_000_000)
    inhabitants = forms.IntegerField(label="Số dân", required=False, min_value=0, max_value=10_000_000)
    contact_name = forms.CharField(label="Người liên hệ", required=False, max_length=120, widget=name_input())
    contact_title = forms.CharField(label="Chức vụ", required=False, max_length=120)
    contact_phone = forms.CharField(label="Điện thoại", required=False, max_length=20, widget=phone_input())
    contact_email = forms.EmailField(label="Thư điện tử", required=False, max_length=120)


class AppealForm(forms.Form):
    codes = forms.MultipleChoiceField(label="Thành phần khiếu nại", widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(label="Vì sao không đồng ý", max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))
    file = forms.FileField(label="Tệp kèm theo", required=False, help_text="PDF hoặc ảnh chụp.")

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["codes"].choices = choices


class AnswerForm(forms.Form):
    """The new points of each component complained about are fields of their own: `points_1.1`."""

    answer = forms.CharField(label="Nội dung trả lời", max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, parts: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.codes = [code for code, _ in parts]
        for code, label in parts:
            self.fields[f"points_{code}"] = PointsField(
                label=f"Điểm mới của {label}", required=False, help_text="Để trống nếu giữ nguyên."
            )  # fmt: skip

    @property
    def points(self) -> dict[str, Decimal]:
        given = {code: self.cleaned_data.get(f"points_{code}") for code in self.codes}
        return {code: value for code, value in given.items() if value is not None}


class RoundForm(forms.Form):
    chosen_set = forms.ChoiceField(label="Bộ chỉ số")
    title = forms.CharField(label="Tên kỳ đánh giá", max_length=200)
    self_score_until = DayField(label="Hạn tự chấm")
    review_until = DayField(label="Hạn thẩm định")
    publish_on = DayField(label="Ngày công bố")
    appeal_days = forms.IntegerField(label="Số ngày được khiếu nại", min_value=1, max_value=90, initial=10)
    excluded = forms.MultipleChoiceField(
        label="Đơn vị không xếp hạng", required=False, widget=forms.SelectMultiple(attrs={"size": 8})
    )
    exclusion_reason = forms.CharField(label="Lý do không xếp hạng", required=False, max_length=500)

    def __init__(self, *args: Any, sets: list[tuple[str, str]], units: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["chosen_set"].choices = sets
        self.fields["excluded"].choices = units

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("excluded") and not given.get("exclusion_reason"):
            self.add_error("exclusion_reason", "Hãy ghi lý do không xếp hạng các đơn vị đã chọn.")
        return given
