"""Input of the pages about trust. Checks shape only."""

import base64
import binascii
from typing import Any

from django import forms

from xaso.kit import clock
from xaso.modules.trust import rules
from xaso.modules.trust.certificates import MAX_BYTES
from xaso.modules.trust.models import Anchor
from xaso.ui.forms import DayField

LONG = forms.Textarea(attrs={"rows": 3})


class CertificateForm(forms.Form):
    """First step: the file. Nothing is kept yet."""

    file = forms.FileField(label="Tệp chứng thư", help_text=".cer, .crt, .der hoặc .pem của cơ quan cấp chứng thư.")


class TrustForm(forms.Form):
    """Second step: what the person decides after comparing the fingerprint. The certificate travels along unseen."""

    certificate = forms.CharField(widget=forms.HiddenInput, max_length=MAX_BYTES * 2)
    fingerprint = forms.CharField(
        label="Dấu vân tay do cơ quan cấp công bố",
        max_length=200,
        help_text="Chép từ văn bản hoặc trang của cơ quan cấp (SHA-256 hoặc SHA-1), đừng chép từ trang này.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    purpose = forms.ChoiceField(label="Dùng cho", choices=Anchor.Purpose.choices, widget=forms.RadioSelect)
    trusted_from = DayField(label="Tin từ ngày", help_text="Chữ ký làm trước ngày này không được tin.")
    trusted_to = DayField(label="Đến hết ngày", required=False, help_text="Để trống nếu chưa có ngày thôi.")
    reason = forms.CharField(
        label="Căn cứ và cách đã so",
        max_length=500,
        widget=LONG,
        help_text="Ví dụ: Công văn 12/CV của Sở, so qua điện thoại ngày 5/3.",
    )

    def clean_certificate(self) -> bytes:
        try:
            return base64.b64decode(self.cleaned_data["certificate"], validate=True)
        except (binascii.Error, ValueError) as broken:
            raise forms.ValidationError("Trang đã mở quá lâu. Hãy chọn lại tệp chứng thư.") from broken

    @classmethod
    def starting(cls, content: bytes, valid_from: Any) -> "TrustForm":
        day = clock.local(valid_from).date()
        return cls(initial={"certificate": base64.b64encode(content).decode(), "trusted_from": day})


class WithdrawForm(forms.Form):
    trusted_to = DayField(
        label="Ngày cuối còn tin",
        required=False,
        help_text="Để trống là hôm nay. Ghi ngày đã qua nếu khoá của cơ quan cấp bị lộ từ ngày đó.",
    )
    reason = forms.CharField(label="Lý do rút", max_length=500, widget=LONG)


class FileForm(forms.Form):
    """A paper to be checked by anybody."""

    file = forms.FileField(label="Tệp PDF đã ký", help_text="Không quá 50 MB. Tệp chỉ được đọc rồi bỏ, không lưu lại.")

    def clean_file(self) -> Any:
        found = self.cleaned_data["file"]
        if found.size > rules.MAX_BYTES:
            raise forms.ValidationError(rules.TOO_LARGE)
        return found


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Mã tra cứu in trên văn bản",
        max_length=200,
        help_text="12 chữ và số, ví dụ ABCD-2345-EFGH.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
