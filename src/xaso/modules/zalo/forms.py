"""Input of the Zalo pages. Checks shape only."""

from __future__ import annotations

from typing import Any

from django import forms

from xaso.modules.zalo.models import Message, Template


class MessageFilter(forms.Form):
    state = forms.ChoiceField(label="Tình trạng", required=False, choices=[("", "Tất cả"), *Message.State.choices])
    template = forms.CharField(label="Mã mẫu", required=False, max_length=40)
    purpose = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)


class TemplateForm(forms.Form):
    """The same for a new one and for a change; the code stays once it is given."""

    code = forms.CharField(
        label="Mã ngắn trong XãSố", max_length=40, help_text="Chữ thường không dấu, ví dụ ket-qua-ho-so"
    )
    title = forms.CharField(label="Tên mẫu", max_length=120)
    zalo_id = forms.CharField(label="Mã mẫu ở Zalo", max_length=40, help_text="Dãy số trong trang quản lý ZNS")
    text = forms.CharField(
        label="Nội dung đã gửi Zalo duyệt", max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Mỗi chỗ điền viết như &lt;ma_ho_so&gt;",
    )  # fmt: skip
    params = forms.CharField(
        label="Kiểu của từng chỗ điền", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Mỗi dòng một chỗ điền: tên, dấu cách, kiểu. Ví dụ: ma_ho_so code",
    )  # fmt: skip
    price = forms.IntegerField(
        label="Giá một tin (đồng)", required=False, min_value=0, max_value=100_000, help_text="Theo hợp đồng với Zalo"
    )

    def __init__(self, *args: Any, template: Template | None = None, **more: Any) -> None:
        if template is not None:
            more["initial"] = {
                "code": template.code, "title": template.title, "zalo_id": template.zalo_id, "text": template.text,
                "price": template.price,
                "params": "\n".join(f"{one['name']} {one['type']}" for one in template.params),
            }  # fmt: skip
        super().__init__(*args, **more)
        if template is not None:
            self.fields["code"].disabled = True


class ValuesForm(forms.Form):
    """One field for each value of a template. Too long is allowed here: the preview says what is too long."""

    def __init__(self, *args: Any, template: Template, with_phone: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        for one in template.params:
            self.fields[f"v_{one['name']}"] = forms.CharField(
                label=one["name"], required=False, max_length=400, help_text=f"nhiều nhất {one['longest']} ký tự"
            )
        if with_phone:
            self.fields["to"] = forms.CharField(
                label="Gửi thử đến số", max_length=20, required=False,
                help_text="Chỉ đến được người quản trị ứng dụng hoặc quản trị trang OA",
            )  # fmt: skip

    @property
    def values(self) -> dict[str, str]:
        return {name[2:]: value for name, value in self.cleaned_data.items() if name.startswith("v_") and value}
