"""Input of the cashier's pages. Checks shape only."""

import re
from typing import Any

from django import forms

from xaso.kit import clock
from xaso.modules.payments.models import BankTransaction, CollectingAccount, RefundTask
from xaso.ui.forms import DayField, money_input

How = BankTransaction.How


class MoneyField(forms.Field):
    """1.234.000 → 1234000; a minus where the form allows money out."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", money_input(maxlength=20))
        super().__init__(**options)

    def to_python(self, value: Any) -> int | None:
        text = re.sub(r"[\s.,]|đồng|đ", "", str(value or ""))
        if not text:
            return None
        if not re.fullmatch(r"-?\d{1,13}", text):
            raise forms.ValidationError("Ghi số tiền bằng chữ số, ví dụ 50.000.")
        return int(text)


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Lý do", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class RefundForm(ReasonForm):
    amount = MoneyField(label="Số tiền hoàn (đồng)")
    field_order = ("amount", "reason")


class SettleForm(forms.Form):
    """Only the ways that fit the direction of the money are offered."""

    how = forms.ChoiceField(label="Khoản tiền này là gì?", widget=forms.RadioSelect)
    reference = forms.CharField(
        label="Mã khoản phí", max_length=14, required=False, help_text="Cần khi gán vào khoản phí. Bắt đầu bằng XS."
    )
    refund = forms.ModelChoiceField(
        RefundTask.objects.none(),
        label="Đề nghị hoàn đã duyệt",
        required=False,
        empty_label="Không chọn",
        to_field_name="uuid",
    )
    reason = forms.CharField(
        label="Ghi rõ", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Cần khi hoàn lại hoặc giải trình.",
    )  # fmt: skip

    IN = ((How.CHARGE, "Gán vào khoản phí"), (How.REFUND, "Đề nghị hoàn lại người nộp"))
    OUT = ((How.PAID_REFUND, "Chi hoàn phí đã duyệt"), (How.REVERSAL, "Ngân hàng rút lại tiền của khoản phí"))
    BOTH = ((How.EXPLAIN, "Không phải tiền phí, hoặc để chờ: giải trình"),)

    def __init__(self, *args: Any, transaction: BankTransaction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_out = transaction.amount < 0
        self.fields["how"].choices = [*(self.OUT if is_out else self.IN), *self.BOTH]
        if is_out:
            approved = RefundTask.objects.filter(unit_id=transaction.unit_id, state=RefundTask.State.APPROVED)
            self.fields["refund"].queryset = approved.filter(amount=-transaction.amount)
            self.fields["refund"].label_from_instance = lambda task: f"{task.amount:,} đồng – {task.reason}"
        else:
            del self.fields["refund"]

    def clean_reference(self) -> str:
        return re.sub(r"\s", "", self.cleaned_data["reference"]).upper()


class StatementForm(forms.Form):
    account = forms.ModelChoiceField(
        CollectingAccount.objects.none(), label="Tài khoản", to_field_name="uuid", empty_label=None
    )
    file = forms.FileField(label="Tệp sao kê (CSV)", help_text="Tải từ ngân hàng. Nhập lại cùng tệp không ghi hai lần.")

    def __init__(self, *args: Any, accounts: list[CollectingAccount], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = CollectingAccount.objects.filter(pk__in=[one.pk for one in accounts])


class CloseDayForm(forms.Form):
    day = DayField(label="Ngày")
    cash_counted = MoneyField(label="Tiền mặt đếm được (đồng)")
    statement_movement = MoneyField(
        label="Phát sinh trên sao kê (đồng)", help_text="Tiền vào trừ tiền ra trong ngày. Ghi 0 nếu không có."
    )
    note = forms.CharField(
        label="Giải thích nếu lệch", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class AccountForm(forms.Form):
    bank_name = forms.CharField(label="Ngân hàng", max_length=80)
    bank_bin = forms.CharField(label="Mã BIN ngân hàng", max_length=6, help_text="6 chữ số, ví dụ 970405 (Agribank).")
    account_number = forms.CharField(label="Số tài khoản", max_length=24)
    holder = forms.CharField(label="Chủ tài khoản", max_length=120)
    valid_from = DayField(label="Dùng từ ngày", initial=clock.today)


class SearchForm(forms.Form):
    q = forms.CharField(label="Mã khoản hoặc tên người nộp", max_length=120, required=False)
