"""Input of the SMS pages. Checks shape only."""

from __future__ import annotations

from django import forms

from xaso.modules.sms.models import Sms

STATES = [("", "Tất cả"), *((value, label) for value, label in Sms.State.choices if value != "sending")]


class OutboxFilter(forms.Form):
    state = forms.ChoiceField(label="Tình trạng", required=False, choices=STATES)
    words = forms.CharField(label="Số điện thoại", required=False, max_length=20)


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Lý do", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class VerdictForm(forms.Form):
    delivered = forms.ChoiceField(
        label="Kết luận",
        choices=[("1", "Người dân đã nhận được tin"), ("0", "Tin không tới")],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Căn cứ", max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Đã hỏi ai, nhà mạng trả lời thế nào.",
    )  # fmt: skip


class MonthForm(forms.Form):
    month = forms.CharField(label="Tháng", required=False, max_length=7, help_text="Ghi như 11/2026.")
