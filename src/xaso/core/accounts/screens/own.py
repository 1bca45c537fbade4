"""One's own account: profile, second factors, password, sessions."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from xaso.core.accounts import actions, queries, sessions
from xaso.core.accounts.actions.factors import uri_of
from xaso.core.accounts.forms import CodeForm, NewPasswordForm, ProfileForm
from xaso.core.accounts.models import Account, SecondFactor
from xaso.core.accounts.screens.qr import qr_image
from xaso.core.accounts.screens.signing_in import read_passkey
from xaso.core.forms import refusals_on
from xaso.core.screens import Answer, declare, screen, told
from xaso.kit.errors import Missing

OWN = "accounts.manage_own"


def _account(request: HttpRequest) -> Account:
    return Account.objects.select_related("person").get(pk=request.actor.account_id)


@screen("accounts/profile.html", permission=OWN)
def profile(request: HttpRequest) -> Answer:
    account = _account(request)
    person = account.person
    names = list(ProfileForm.base_fields)
    form = ProfileForm(request.POST or None, initial={name: getattr(person, name) for name in names})
    if form.is_valid():
        told_of = form.cleaned_data
        with refusals_on(form):
            actions.complete_profile(request.actor, account, actions.Profile(**told_of))
            told(request, "Đã lưu thông tin của bạn.")
            return redirect(sessions.take_next(request) if request.session.get(sessions.NEXT) else "accounts:profile")
    return {"form": form, "account": account, "person": person}


@screen("accounts/security.html", permission=OWN)
def security(request: HttpRequest) -> Answer:
    account = _account(request)
    options, request.session[actions.PASSKEY_STATE] = actions.begin_passkey(account)
    found = queries.security_of(account)
    form = NewPasswordForm(has_password=found.has_password)
    return {"account": account, "security": found, "password_form": form, "options": options}


@screen("accounts/totp.html", permission=OWN)
def totp(request: HttpRequest) -> Answer:
    """Set up an authenticator app."""
    account = _account(request)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form, "code"):
            actions.confirm_totp(request.actor, account, form.cleaned_data["code"])
            told(request, "Đã thêm ứng dụng xác thực.")
            return redirect("accounts:security")
    waiting = account.factors.filter(kind=SecondFactor.Kind.TOTP, confirmed_at=None).first()
    factor = waiting or actions.enrol_totp(request.actor, account)
    return {"form": form, "qr": qr_image(uri_of(factor)), "secret": queries.authenticator_secret(factor)}


@require_POST
@declare(OWN)
def passkey(request: HttpRequest) -> HttpResponseBase:
    state = request.session.pop(actions.PASSKEY_STATE, {})
    name = request.POST.get("name", "")
    actions.enrol_passkey(request.actor, _account(request), state, read_passkey(request), name=name)
    told(request, "Đã thêm khoá truy cập.")
    return redirect("accounts:security")


@screen("accounts/shown_once.html", permission=OWN)
def recovery(request: HttpRequest) -> Answer:
    """New recovery codes, shown on the answer to the POST and never again."""
    if request.method != "POST":
        return redirect("accounts:security")
    codes = actions.make_recovery_codes(request.actor, _account(request))
    return {
        "title": "Mã khôi phục",
        "text": "In hoặc chép ra giấy, cất nơi an toàn. Mỗi mã dùng một lần. Trang này không hiện lại.",
        "values": [(f"Mã {number}", value) for number, value in enumerate(codes, start=1)],
        "back": "accounts:security",
    }


@require_POST
@declare(OWN)
def remove_factor(request: HttpRequest, uuid: Any) -> HttpResponseBase:
    account = _account(request)
    factor = account.factors.filter(uuid=uuid).first()
    if factor is None:
        raise Missing("Không còn bước xác thực này.")
    actions.remove_factor(request.actor, account, factor)
    told(request, "Đã gỡ.")
    return redirect("accounts:security")


@screen("accounts/password.html", permission=OWN)
def password(request: HttpRequest) -> Answer:
    account = _account(request)
    form = NewPasswordForm(request.POST or None, has_password=account.has_usable_password())
    if form.is_valid():
        with refusals_on(form):
            actions.change_password(request.actor, account, form.cleaned_data.get("old", ""), form.cleaned_data["new"])
            sessions.open_session(request, account)
            told(request, "Đã đổi mật khẩu. Các thiết bị khác đã đăng xuất.")
            return redirect("accounts:security")
    return {"form": form}


@require_POST
@declare(OWN)
def end_sessions(request: HttpRequest) -> HttpResponseBase:
    account = _account(request)
    actions.end_sessions(request.actor, account)
    sessions.open_session(request, account)
    told(request, "Các thiết bị khác đã đăng xuất.")
    return redirect("accounts:security")


@require_POST
@declare(OWN)
def close(request: HttpRequest) -> HttpResponseBase:
    actions.close_account(request.actor, _account(request))
    sessions.close(request)
    told(request, "Tài khoản đã đóng.")
    return redirect("/")
