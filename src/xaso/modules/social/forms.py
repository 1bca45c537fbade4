"""Input of the pages about pages, groups and posts. Checks shape only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.social.models import Page, Post

SHOW = [
    ("", "Chưa đóng"),
    ("unchecked", "Lâu chưa kiểm tra"),
    ("silent", "Không còn hoạt động"),
    ("closed", "Đã đóng"),
]


class PageFilter(forms.Form):
    words = forms.CharField(label="Tên kênh", required=False, max_length=100)
    kind = forms.ChoiceField(label="Loại", required=False, choices=[("", "Tất cả"), *Page.Kind.choices])
    show = forms.ChoiceField(label="Tình trạng", required=False, choices=SHOW)


class PageForm(forms.Form):
    unit = forms.TypedChoiceField(label="Của đơn vị, thôn", coerce=int)
    kind = forms.ChoiceField(label="Loại kênh", choices=Page.Kind.choices)
    name = forms.CharField(label="Tên kênh", max_length=150)
    address = forms.CharField(
        label="Địa chỉ", max_length=300, required=False, help_text="Chép từ trình duyệt; nhóm kín thì để trống",
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )  # fmt: skip
    run_by = forms.CharField(label="Người phụ trách", max_length=120)
    run_by_phone = forms.CharField(label="Điện thoại người phụ trách", max_length=15, required=False)
    members = forms.IntegerField(label="Số thành viên, người theo dõi", min_value=0, required=False)
    since_on = forms.DateField(label="Hoạt động từ ngày", widget=forms.DateInput(attrs={"type": "date"}))
    page_key = forms.CharField(
        label="Tên kết nối Facebook", max_length=40, required=False,
        help_text="Do người quản trị hệ thống cho; để trống nếu đăng tay",
    )  # fmt: skip

    def __init__(self, *args: Any, units: Sequence[Unit], page: Page | None = None, **more: Any) -> None:
        more["initial"] = {"since_on": clock.today(), "unit": units[0].pk if units else None}
        if page is not None:
            names = ("kind", "name", "address", "run_by", "run_by_phone", "members", "since_on", "page_key")
            more["initial"] = {name: getattr(page, name) for name in names} | {"unit": page.unit_id}
        super().__init__(*args, **more)
        choices = [(unit.pk, str(unit)) for unit in units]
        self.fields["unit"].choices = choices if page is None else [(page.unit_id, str(page.unit))]
        if page is not None:
            self.fields["unit"].disabled = True


class CheckForm(forms.Form):
    members = forms.IntegerField(label="Số thành viên lúc này", min_value=0, required=False)


class PostFilter(forms.Form):
    state = forms.ChoiceField(label="Tình trạng", required=False, choices=[("", "Tất cả"), *Post.State.choices])


class PostForm(forms.Form):
    page = forms.TypedChoiceField(label="Đăng lên trang", coerce=int)
    text = forms.CharField(label="Nội dung", max_length=10_000, widget=forms.Textarea(attrs={"rows": 8}))
    link = forms.CharField(
        label="Đường dẫn kèm theo", max_length=300, required=False, widget=forms.TextInput(attrs={"inputmode": "url"})
    )
    picture = forms.FileField(label="Ảnh", required=False, widget=forms.FileInput(attrs={"accept": "image/*"}))
    publish_at = forms.DateTimeField(
        label="Hẹn giờ đăng", required=False, help_text="Để trống: nằm ở Facebook dạng bản nháp, có người bấm đăng",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"],
    )  # fmt: skip
    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, pages: Sequence[Page], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["page"].choices = [(page.pk, f"{page.name} – {page.unit}") for page in pages]


class AddressForm(forms.Form):
    address = forms.CharField(
        label="Địa chỉ bài đã đăng", max_length=300, help_text="Mở bài trên Facebook, bấm vào giờ đăng, chép địa chỉ",
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )  # fmt: skip
