"""Input of the pages of signed figures. Checks shape only."""

from typing import Any

from django import forms

from xaso.core.measures.periods import Period, find_period, this
from xaso.ui.forms import DayField


def period_choices() -> list[tuple[str, str]]:
    """Quarters, halves, nine months and years of this year and the two before, newest first."""
    year = this("year").since.year
    parts = ("", "-Q4", "-9M", "-Q3", "-H1", "-Q2", "-Q1")
    found = [find_period(f"{one}{part}") for one in (year, year - 1, year - 2) for part in parts]
    return [(period.key, period.label[0].upper() + period.label[1:]) for period in found if period]


class PeriodField(forms.ChoiceField):
    """A period by its key, cleaned to a `Period`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=period_choices, **options)

    def clean(self, value: Any) -> Period | None:
        return find_period(super().clean(value))


class LockForm(forms.Form):
    period = PeriodField(label="Kỳ cần khoá")
    reason = forms.CharField(label="Lý do", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    until = DayField(
        label="Tự mở sau ngày", required=False, help_text="Để trống nếu chỉ mở khi có người mở khoá."
    )  # fmt: skip
    file = forms.FileField(label="Văn bản kèm theo", required=False, help_text="PDF hoặc ảnh chụp.")


class UnlockForm(forms.Form):
    reason = forms.CharField(label="Lý do mở khoá", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class FilterForm(forms.Form):
    kind = forms.ChoiceField(
        label="Loại", required=False, choices=[("", "Tất cả"), ("report", "Báo cáo"), ("assessment", "Đánh giá")]
    )
    period = forms.ChoiceField(label="Kỳ", required=False)

    def __init__(self, *args: Any, kinds: list[tuple[str, str]] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["period"].choices = [("", "Tất cả"), *period_choices()]
        if kinds is not None:
            self.fields["kind"].choices = kinds
