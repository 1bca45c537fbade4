"""What is typed on the account pages."""

from typing import Any

from django import forms

from xaso.core.access.roles import titles
from xaso.core.accounts.models import Person, Post
from xaso.core.accounts.queries import roles_to_give
from xaso.kit import clock
from xaso.ui.forms import DayField, name_input, personal_id_input, phone_input

CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 9}


class PhoneForm(forms.Form):
    phone = forms.CharField(label="Số điện thoại di động", max_length=20, widget=phone_input())


class CodeForm(forms.Form):
    code = forms.CharField(label="Mã 6 số", max_length=9, widget=forms.TextInput(attrs=CODE))


class PasswordSignInForm(forms.Form):
    username = forms.CharField(
        label="Tên đăng nhập hoặc số điện thoại",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label="Mật khẩu",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class RecoveryForm(forms.Form):
    code = forms.CharField(
        label="Mã khôi phục",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )


class ProfileForm(forms.Form):
    full_name = forms.CharField(label="Họ và tên", max_length=120, widget=name_input())
    birth_on = DayField(label="Ngày sinh")
    personal_id = forms.CharField(
        label="Số định danh cá nhân",
        help_text="12 số trên thẻ căn cước.",
        max_length=20,
        required=False,
        widget=personal_id_input(),
    )
    sex = forms.ChoiceField(label="Giới tính", choices=[("", "Theo số định danh"), *Person.Sex.choices], required=False)
    address = forms.CharField(
        label="Nơi ở hiện nay",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    email = forms.EmailField(label="Thư điện tử", required=False)


class NewPasswordForm(forms.Form):
    old = forms.CharField(
        label="Mật khẩu hiện tại",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="Mật khẩu mới",
        help_text="Ít nhất 10 ký tự.",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, has_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_password:
            del self.fields["old"]


def _role_choices() -> list[tuple[str, str]]:
    return sorted(roles_to_give().items(), key=lambda item: item[1])


class OfficerForm(forms.Form):
    """A new officer with the first post."""

    full_name = forms.CharField(label="Họ và tên", max_length=120, widget=name_input(autocomplete="off"))
    username = forms.CharField(
        label="Tên đăng nhập",
        help_text="Chữ không dấu, ví dụ minh.le",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    phone = forms.CharField(
        label="Số điện thoại", required=False, max_length=20, widget=phone_input(autocomplete="off")
    )
    role = forms.ChoiceField(label="Vai trò", choices=_role_choices)
    title = forms.CharField(label="Chức danh ghi trên giấy", max_length=120, required=False)
    valid_from = DayField(label="Từ ngày", initial=clock.today)
    valid_to = DayField(label="Đến hết ngày", required=False, help_text="Để trống nếu chưa biết.")


class _Colleague(forms.Form):
    """A form that picks somebody who holds a post in the unit."""

    def __init__(self, *args: Any, posts: list[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = titles()
        people = {
            str(post.account.uuid): f"{post.account.person} ({known.get(post.role, post.role)})" for post in posts
        }
        self.fields["account"].choices = list(people.items())


class AppointForm(_Colleague):
    account = forms.ChoiceField(label="Cán bộ")
    role = forms.ChoiceField(label="Vai trò", choices=_role_choices)
    title = forms.CharField(label="Chức danh ghi trên giấy", max_length=120, required=False)
    valid_from = DayField(label="Từ ngày", initial=clock.today)
    valid_to = DayField(label="Đến hết ngày", required=False, help_text="Để trống nếu chưa biết.")


class EndPostForm(forms.Form):
    last_day = DayField(label="Ngày làm việc cuối", initial=clock.today)


class OfficialEmailForm(forms.Form):
    official_email = forms.CharField(
        label="Thư công vụ",
        help_text="Hộp thư công vụ riêng của cán bộ. Để trống nếu chưa có.",
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class SubstituteForm(_Colleague):
    account = forms.ChoiceField(label="Người làm thay")
    valid_from = DayField(label="Từ ngày", initial=clock.today)
    valid_to = DayField(label="Đến hết ngày")


class TokenForm(_Colleague):
    account = forms.ChoiceField(label="Tài khoản")
    name = forms.CharField(label="Tên hệ thống", max_length=60)
    scopes = forms.MultipleChoiceField(label="Quyền của khoá", widget=forms.CheckboxSelectMultiple)
    valid_to = DayField(label="Dùng đến hết ngày", required=False)

    def __init__(self, *args: Any, scopes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(scope, scope) for scope in scopes]
