"""Input of the catalogue's officers."""

from __future__ import annotations

from typing import Any

from django import forms

ROWS = 4
UNITS = (
    ("", "– chọn –"),
    ("workday", "ngày làm việc"),
    ("day", "ngày"),
    ("hour", "giờ"),
    ("month", "tháng"),
    ("same_day", "trong ngày"),
)
FEES = (
    ("", "Để như hiện nay"),
    ("known", "Có thu, mức cố định"),
    ("free", "Không thu, có căn cứ"),
    ("unknown", "Chưa rõ"),
)


class SettleForm(forms.Form):
    """Up to four cases, the fee, and why."""

    fee_status = forms.ChoiceField(label="Phí, lệ phí", choices=FEES, required=False)
    fee_amount = forms.IntegerField(label="Mức thu (đồng)", min_value=1, max_value=10_000_000_000, required=False)
    fee_basis = forms.CharField(label="Căn cứ thu hoặc không thu", max_length=200, required=False)
    reason = forms.CharField(
        label="Căn cứ xác nhận",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ghi văn bản hoặc trang đã đối chiếu.",
        error_messages={"required": "Hãy ghi căn cứ xác nhận."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(ROWS):
            self.fields[f"label_{n}"] = forms.CharField(label="Trường hợp", max_length=200, required=False)
            self.fields[f"amount_{n}"] = forms.IntegerField(
                label="Thời hạn", min_value=0, max_value=1000, required=False
            )
            self.fields[f"unit_{n}"] = forms.ChoiceField(label="Đơn vị", choices=UNITS, required=False)

    def rows(self) -> list[list[forms.BoundField]]:
        """The boxes of each case, for the template."""
        return [[self[f"{name}_{n}"] for name in ("label", "amount", "unit")] for n in range(ROWS)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        cases: list[tuple[str, int, str]] = []
        for n in range(ROWS):
            label, amount, unit = (data.get(f"{name}_{n}") for name in ("label", "amount", "unit"))
            if not unit and not amount:
                continue
            if not unit:
                self.add_error(f"unit_{n}", "Hãy chọn đơn vị của thời hạn.")
            elif unit != "same_day" and not amount:
                self.add_error(f"amount_{n}", "Hãy ghi số của thời hạn.")
            cases.append((label or ("Thông thường" if not cases else f"Trường hợp {n + 1}"), amount or 0, unit or ""))
        if not cases:
            self.add_error("amount_0", "Hãy ghi thời hạn cho ít nhất một trường hợp.")
        if data.get("fee_status") == "known" and not data.get("fee_amount"):
            self.add_error("fee_amount", "Hãy ghi mức thu.")
        if data.get("fee_status") == "free" and not data.get("fee_basis"):
            self.add_error("fee_basis", "Không thu thì phải có căn cứ. Chưa có căn cứ, hãy chọn Chưa rõ.")
        data["cases"] = cases
        return data


class VisibilityForm(forms.Form):
    reason = forms.CharField(label="Lý do", max_length=500, error_messages={"required": "Hãy ghi lý do."})
    visible = forms.BooleanField(required=False, widget=forms.HiddenInput)
