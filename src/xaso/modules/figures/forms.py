"""Input of the pages of figures. Checks shape only; what a value must be is in rules."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms

from xaso.core.measures.periods import Period, find_period
from xaso.modules.figures.definitions import SHARES, FigureKind
from xaso.modules.figures.models import Declared
from xaso.modules.figures.rules.given import Given, completed, fault, read_value
from xaso.modules.figures.rules.numbers import Unreadable, read_number
from xaso.modules.figures.rules.showing import NO, TRENDS, YES
from xaso.ui.forms import DayField

COMPARATORS = (
    ("=", "đúng bằng"), (">", "hơn, trên"), (">=", "ít nhất"), ("~<", "gần"), ("~>", "nhỉnh hơn"), ("<", "dưới"),
    ("<=", "không quá"),
)  # fmt: skip
EXAMPLES = {
    "percent": "Ví dụ 98,6. Nếu biết tử số và mẫu số thì để trống ô này.",
    "money": "Ví dụ 90 triệu hoặc 90.000.000.",
    "count": "Ví dụ 1.412.",
    "rank": "Ví dụ 10.",
    "date": "Ví dụ 04/10/2022, 04/2022 hoặc 2022.",
}


class NumberField(forms.Field):
    """1.412 or 98,6, as it is written in Vietnam."""

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": 24})
        )
        super().__init__(**options)

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return read_number(text)
        except Unreadable as unreadable:
            raise forms.ValidationError(f"{unreadable}.") from unreadable


class DeclareForm(forms.Form):
    """One figure for one period. What a type has no use for is not asked."""

    comparator = forms.ChoiceField(label="So sánh", choices=COMPARATORS, initial="=", required=False)
    value = forms.CharField(label="Giá trị", max_length=60, required=False)
    numerator = NumberField(label="Tử số", required=False)
    denominator = NumberField(label="Mẫu số", required=False)
    as_of = DayField(label="Tính đến ngày", required=False, help_text="Để trống: ngày cuối của kỳ.")
    sub_population = forms.CharField(
        label="Chỉ tính cho nhóm", max_length=120, required=False,
        help_text="Để trống nếu tính cho tất cả. Ví dụ: cán bộ và công an phường.",
    )  # fmt: skip
    source = forms.CharField(
        label="Nguồn", max_length=300, help_text="Số này lấy ở đâu: sổ, phần mềm, báo cáo, khảo sát."
    )
    supplier = forms.CharField(label="Bên cung cấp", max_length=200, required=False)
    document_number = forms.CharField(label="Số văn bản", max_length=60, required=False)
    document_on = DayField(label="Ngày văn bản", required=False)
    document_title = forms.CharField(label="Tên văn bản", max_length=300, required=False)
    confidence = forms.ChoiceField(
        label="Độ tin cậy", choices=Declared.Confidence.choices, initial=Declared.Confidence.MEDIUM
    )
    evidence = forms.FileField(label="Tệp minh chứng", required=False, help_text="PDF hoặc ảnh chụp văn bản.")

    def __init__(self, *args: Any, kind: FigureKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        value = self.fields["value"]
        value.help_text = EXAMPLES.get(kind.type, "")
        value.label = f"Giá trị ({kind.unit})" if kind.unit else "Giá trị"
        if choices := _choices(kind):
            self.fields["value"] = forms.ChoiceField(
                label="Giá trị", choices=choices, widget=forms.RadioSelect, required=True
            )
        if choices or kind.type == "date":
            del self.fields["comparator"]
        if kind.type not in SHARES:
            del self.fields["numerator"], self.fields["denominator"]
        if kind.type == "ratio":
            del self.fields["value"]
        if kind.kind == "flow":
            del self.fields["as_of"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            try:
                self.given = self._given(given)
            except Unreadable as unreadable:
                self.add_error("value" if "value" in self.fields else "numerator", f"{unreadable}.")
        return given

    def _given(self, said: dict[str, Any]) -> Given:
        text, kind = str(said.get("value") or ""), self.kind
        read = read_value(text, kind.type, kind.unit, dict(kind.options)) if text.strip() else Given()
        above, below = said.get("numerator"), said.get("denominator")
        if above is not None or below is not None:
            read = replace(read, numerator=above, denominator=below)
        if read.comparator == "=":
            read = replace(read, comparator=said.get("comparator") or "=")
        names = ("as_of", "sub_population", "source", "supplier", "document_number", "document_on", "document_title")
        rest: dict[str, Any] = {name: said[name] for name in (*names, "confidence") if name in said}
        found = completed(replace(read, **rest), kind.type)
        if wrong := fault(found, kind.type, dict(kind.options)):
            raise Unreadable(wrong[0].upper() + wrong[1:])
        return found


def _choices(kind: FigureKind) -> list[tuple[str, str]]:
    if kind.type == "yes_no":
        return [(YES, "Có"), (NO, "Không")]
    if kind.type == "trend":
        return [(key, words.capitalize()) for key, words in TRENDS.items()]
    return list(kind.options)


class ImportForm(forms.Form):
    period = forms.ChoiceField(label="Kỳ số liệu")
    file = forms.FileField(label="Tệp số liệu", help_text="Excel (.xlsx) hoặc CSV theo mẫu, không quá 2 MB.")

    def __init__(self, *args: Any, periods: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = periods

    def clean_period(self) -> Period | None:
        return find_period(self.cleaned_data["period"])
