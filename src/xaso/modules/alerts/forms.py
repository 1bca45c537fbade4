"""Input of the pages. Checks shape only."""

from typing import Any

from django import forms

from xaso.modules.alerts.definitions import alerts
from xaso.modules.alerts.models import Alert
from xaso.modules.alerts.rules import mapping

CHANNELS = {
    "speakers": "Loa truyền thanh",
    "sms": "Tin nhắn SMS",
    "zalo": "Zalo",
    "web": "Trang tin của xã",
    "inbox": "Hộp tin của người dân",
}


class AlertFilter(forms.Form):
    klass = forms.ChoiceField(label="Loại", required=False, choices=[("", "Tất cả"), *mapping.CLASSES.items()])
    state = forms.ChoiceField(label="Tình trạng", required=False, choices=[("", "Tất cả"), *Alert.State.choices])


class TakeForm(forms.Form):
    text = forms.CharField(
        label="Dán nội dung XML",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )
    upload = forms.FileField(label="Hoặc chọn tệp .xml", required=False, allow_empty_file=True)


class ActForm(forms.Form):
    """Where and how it goes out; areas that name a unit are ticked already."""

    unit_paths = forms.MultipleChoiceField(label="Phát ở đâu", widget=forms.CheckboxSelectMultiple)
    channels = forms.MultipleChoiceField(
        label="Qua kênh nào", widget=forms.CheckboxSelectMultiple, choices=list(CHANNELS.items())
    )
    reason = forms.CharField(label="Lý do phát ngay", max_length=300, required=False)

    def __init__(self, *args: Any, places: list[Any], is_emergency: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_paths"].choices = [(one.path, str(one)) for one in places]
        if not is_emergency:
            del self.fields["channels"], self.fields["reason"]


class DismissForm(forms.Form):
    reason = forms.CharField(label="Vì sao không dùng", max_length=300)


class DrillForm(forms.Form):
    reason = forms.CharField(label="Diễn tập gì, theo kế hoạch nào", max_length=300)
    hours = forms.IntegerField(label="Trong mấy giờ", min_value=1, max_value=24, initial=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hours"].help_text = f"Nhiều nhất {alerts().drill_hours} giờ; hết giờ tự đóng."
