"""Input of the signing pages. Checks shape only."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from xaso.core.accounts.models import Account
from xaso.kit import clock
from xaso.modules.signing import rules
from xaso.modules.signing.certificates import MAX_BYTES
from xaso.modules.signing.models import Ask, Certificate
from xaso.ui.forms import DayField

PIN_LABEL = "Mã PIN của thiết bị ký"
PIN_HELP = "Chỉ dùng cho lần ký này, không lưu lại ở đâu."


def pin_field(**options: Any) -> forms.CharField:
    secret = forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "text", "maxlength": 64})
    return forms.CharField(label=PIN_LABEL, help_text=PIN_HELP, max_length=64, strip=False, widget=secret, **options)


class CertificateChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.holder_name} – {obj.get_means_display()}, hết hạn {clock.local(obj.valid_to):%d/%m/%Y}"


class SignForm(forms.Form):
    """Which files of the list, and with what. The choice is shown only where there is one."""

    asks = forms.ModelMultipleChoiceField(Ask.objects.none(), to_field_name="uuid", required=False)
    person = CertificateChoice(
        Certificate.objects.none(), label="Ký cá nhân bằng", to_field_name="uuid", required=False
    )
    agency = CertificateChoice(
        Certificate.objects.none(), label="Ký cơ quan bằng", to_field_name="uuid", required=False
    )
    pin_password = pin_field(required=False)

    def __init__(
        self,
        data: MultiValueDict[str, Any] | None,
        *,
        asks: list[Ask],
        certificates: dict[str, list[Certificate]],
    ) -> None:
        super().__init__(data)
        self.fields["asks"].queryset = Ask.objects.filter(pk__in=[one.pk for one in asks])
        for role, found in certificates.items():
            self.fields[role].queryset = Certificate.objects.filter(pk__in=[one.pk for one in found])
            self.fields[role].empty_label = None
            self.initial[role] = found[0].uuid if found else None
            if not found or not any(one.role == role for one in asks):
                del self.fields[role]
        if not any(one.asks_pin for found in certificates.values() for one in found):
            del self.fields["pin_password"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not given.get("asks"):
            raise forms.ValidationError("Hãy đánh dấu ít nhất một tệp để ký.")
        return given


class PinForm(forms.Form):
    pin_password = pin_field()


class RegisterFilter(forms.Form):
    q = forms.CharField(label="Tên, mã số hoặc số sê-ri", max_length=120, required=False)
    kind = forms.ChoiceField(label="Loại", required=False, choices=[("", "Tất cả"), *rules.HOLDER_KINDS.items()])
    state = forms.ChoiceField(
        label="Tình trạng", required=False, choices=[("", "Tất cả"), *rules.CERTIFICATE_STATES.items()]
    )


class CertificateForm(forms.Form):
    """From the certificate's file where there is one; typed otherwise."""

    holder_kind = forms.ChoiceField(label="Loại", choices=list(rules.HOLDER_KINDS.items()))
    account = forms.ModelChoiceField(
        Account.objects.none(), label="Cán bộ giữ", to_field_name="uuid", required=False, empty_label="Không chọn",
        help_text="Chọn khi cán bộ ký trên XãSố bằng chứng thư này.",
    )  # fmt: skip
    means = forms.ChoiceField(label="Phương tiện", choices=list(rules.MEANS.items()))
    provider = forms.ChoiceField(label="Ký qua", required=False, help_text="Để trống nếu chỉ ghi vào sổ.")
    reference = forms.CharField(
        label="Tên ở dịch vụ ký", max_length=200, required=False, help_text="Mã chứng thư, số điện thoại SIM hoặc CCCD."
    )
    asks_pin = forms.BooleanField(label="Người ký nhập mã PIN mỗi lần ký", required=False)
    file = forms.FileField(
        label="Tệp chứng thư (.cer, .crt, .pem)", required=False, help_text="Có tệp thì không cần điền các ô dưới."
    )
    holder_name = forms.CharField(label="Tên người giữ", max_length=200, required=False)
    holder_code = forms.CharField(label="CCCD hoặc mã số thuế", max_length=30, required=False)
    serial = forms.CharField(label="Số sê-ri", max_length=64, required=False)
    issuer = forms.CharField(label="Tổ chức cấp", max_length=300, required=False)
    valid_from = DayField(label="Từ ngày", required=False)
    valid_to = DayField(label="Đến hết ngày", required=False)

    def __init__(self, *args: Any, officers: list[Account], providers: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = Account.objects.filter(pk__in=[one.pk for one in officers])
        self.fields["account"].label_from_instance = lambda one: one.person.full_name
        self.fields["provider"].choices = [("", "Chỉ ghi sổ"), *providers.items()]

    def clean_file(self) -> bytes:
        uploaded = self.cleaned_data["file"]
        return uploaded.read(MAX_BYTES + 1) if uploaded else b""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not given.get("file"):
            for name in ("holder_name", "serial", "issuer", "valid_from", "valid_to"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, "Cần điền khi không có tệp chứng thư.")
        return given

    def moments(self) -> tuple[datetime, datetime]:
        """From the first moment of the first day through the last day."""
        first, last = self.cleaned_data["valid_from"], self.cleaned_data["valid_to"]
        return (
            datetime.combine(first, time(), clock.VIETNAM),
            datetime.combine(last + timedelta(days=1), time(), clock.VIETNAM),
        )


class StateForm(forms.Form):
    state = forms.ChoiceField(label="Tình trạng mới")
    reason = forms.CharField(label="Lý do", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, certificate: Certificate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = rules.CERTIFICATE_MOVES[certificate.state]
        self.fields["state"].choices = [(state, rules.CERTIFICATE_STATES[state]) for state in offered]


class PictureForm(forms.Form):
    file = forms.FileField(
        label="Ảnh PNG nền trong suốt", help_text="Chữ ký tay màu xanh, hoặc con dấu màu đỏ đúng cỡ thật. Tối đa 2 MB."
    )


class ImportForm(forms.Form):
    file = forms.FileField(label="Tệp Excel hoặc CSV", help_text="Xem trước rồi mới ghi vào sổ.")


class AskForm(forms.Form):
    """Whom a file is laid before: an official, or nobody named for the keeper of the seal."""

    signer = forms.ModelChoiceField(
        Account.objects.none(),
        label="Trình ai ký?",
        to_field_name="uuid",
        required=False,
        empty_label="Văn thư (con dấu)",
    )

    def __init__(self, *args: Any, officers: list[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signer"].queryset = Account.objects.filter(pk__in=[one.pk for one in officers])
        self.fields["signer"].label_from_instance = lambda one: one.person.full_name
