"""Input of the exchange pages. Checks shape only."""

from django import forms

from xaso.modules.exchange.models import Parcel


class ParcelFilter(forms.Form):
    direction = forms.ChoiceField(
        label="Chiều", required=False, choices=[("", "Gửi và nhận"), *Parcel.Direction.choices]
    )
    state = forms.ChoiceField(label="Tình trạng", required=False, choices=[("", "Tất cả"), *Parcel.State.choices])


class OrganisationFilter(forms.Form):
    words = forms.CharField(label="Tên hoặc mã", required=False, max_length=100)
    unknown = forms.BooleanField(label="Chỉ cơ quan chưa xác nhận", required=False)


class OrganisationForm(forms.Form):
    code = forms.CharField(
        label="Mã định danh cơ quan", max_length=35, help_text="Chép nguyên như nơi đó dùng, ví dụ H62.28.15"
    )
    name = forms.CharField(label="Tên cơ quan", max_length=200)
