"""Coming in and going out."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from xaso.core.access import PUBLIC
from xaso.core.accounts import actions, queries, sessions
from xaso.core.accounts.actions.factors import uri_of
from xaso.core.accounts.forms import CodeForm, PasswordSignInForm, PhoneForm, RecoveryForm
from xaso.core.accounts.models import Account, SecondFactor
from xaso.core.accounts.providers import PROVIDERS, outside
from xaso.core.accounts.queries import actor_of
from xaso.core.accounts.screens.qr import qr_image
from xaso.core.forms import refusals_on
from xaso.core.screens import Answer, declare, screen, told
from xaso.kit.errors import Missing, Refused


def _after(request: HttpRequest, account: Account) -> HttpResponseBase:
    """Where to go after the first step."""
    if not sessions.enter(request, account):
        return redirect("accounts:second_factor")
    return _welcome(request, account)


def _welcome(request: HttpRequest, account: Account) -> HttpResponseBase:
    if not account.person.full_name:
        told(request, "Đã đăng nhập. Hãy khai họ tên để nộp hồ sơ.")
        return redirect("accounts:profile")
    return redirect(sessions.take_next(request))


@screen("accounts/sign_in.html", permission=PUBLIC)
def sign_in(request: HttpRequest) -> Answer:
    """A resident's phone."""
    if request.method == "GET" and request.actor.is_signed_in:
        return redirect(sessions.take_next(request))
    sessions.remember_next(request)
    form = PhoneForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form, "phone"):
            code = actions.request_code(request.actor, form.cleaned_data["phone"], address=sessions.address_of(request))
            request.session[sessions.CODE_PHONE] = code.phone
            request.session[sessions.CODE_UUID] = str(code.uuid)
            return redirect("accounts:code")
    return {"form": form, "outside": outside("resident")}


@screen("accounts/code.html", permission=PUBLIC)
def code(request: HttpRequest) -> Answer:
    """The code that was sent to it."""
    phone = request.session.get(sessions.CODE_PHONE)
    if not phone:
        return redirect("accounts:sign_in")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form, "code"):
            return _after(request, PROVIDERS["phone"].finish(request))
    shown = queries.code_of(request.session[sessions.CODE_UUID]) if settings.DEMO else None
    return {"form": form, "phone": phone, "demo_code": shown}


@screen("accounts/officer.html", permission=PUBLIC)
def officer(request: HttpRequest) -> Answer:
    if request.method == "GET" and request.actor.is_officer:
        return redirect(sessions.take_next(request))
    sessions.remember_next(request)
    form = PasswordSignInForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            return _after(request, PROVIDERS["password"].finish(request))
    return {"form": form, "outside": outside("officer"), "demo": _demo_places() if settings.DEMO else {}}


def _demo_places() -> dict[str, list[dict[str, Any]]]:
    """Made-up officers by the name of the unit of their first post."""
    places: dict[str, list[dict[str, Any]]] = {}
    for account in queries.demo_officers():
        posts = queries.titled_roles(list(account.posts.all()))
        roles = "; ".join(title for _, title in posts)
        places.setdefault(str(posts[0][0].unit), []).append({"account": account, "roles": roles})
    return places


@require_POST
@declare(PUBLIC)
def demo(request: HttpRequest, uuid: Any) -> HttpResponseBase:
    """One click into a made-up officer's place, only in a demo installation."""
    account = Account.objects.select_related("person").filter(uuid=uuid).first()
    if account is None:
        raise Missing("Không có tài khoản dùng thử này.")
    sessions.open_session(request, actions.sign_in_as_demo(request.actor, account))
    return redirect(sessions.take_next(request))


@declare(PUBLIC)
def begin(request: HttpRequest, name: str) -> HttpResponseBase:
    """To an outside provider."""
    if name not in PROVIDERS:
        raise Missing("Cách đăng nhập này chưa có. Hãy chọn cách khác.")
    sessions.remember_next(request)
    return redirect(PROVIDERS[name].start(request))


@declare(PUBLIC)
def back(request: HttpRequest, name: str) -> HttpResponseBase:
    """Back from it."""
    if name not in PROVIDERS or not PROVIDERS[name].is_outside:
        raise Missing("Cách đăng nhập này chưa có. Hãy chọn cách khác.")
    return _after(request, PROVIDERS[name].finish(request))


@screen("accounts/second_factor.html", permission=PUBLIC)
def second_factor(request: HttpRequest) -> Answer:
    account = sessions.pending(request)
    if account is None:
        return redirect("accounts:officer")
    if not queries.has_factor(account):
        return _first_factor(request, account)
    how = request.POST.get("how", "")
    form = CodeForm(request.POST if how == "totp" else None)
    recovery = RecoveryForm(request.POST if how == "recovery" else None)
    passkey_error = ""
    try:
        if _prove(request, account, how, form, recovery):
            sessions.open_session(request, account)
            return _welcome(request, account)
    except Refused as refusal:  # a passkey has no form to stand on
        passkey_error = refusal.message
    kinds = {factor.kind for factor in queries.confirmed_factors(account)}
    return {
        "form": form,
        "recovery": recovery,
        "has_totp": SecondFactor.Kind.TOTP in kinds,
        "options": _challenge(request, account) if SecondFactor.Kind.PASSKEY in kinds else None,
        "passkey_error": passkey_error,
    }


def _prove(request: HttpRequest, account: Account, how: str, form: CodeForm, recovery: RecoveryForm) -> bool:
    by = actor_of(account.pk)
    if how == "passkey":
        state = request.session.pop(actions.PASSKEY_STATE, {})
        actions.use_passkey(by, account, state, read_passkey(request))
        return True
    if how == "totp" and form.is_valid():
        with refusals_on(form, "code"):
            actions.use_totp(by, account, form.cleaned_data["code"])
            return True
    if how == "recovery" and recovery.is_valid():
        with refusals_on(recovery, "code"):
            actions.use_recovery_code(by, account, recovery.cleaned_data["code"])
            return True
    return False


def _challenge(request: HttpRequest, account: Account) -> dict[str, Any]:
    options, request.session[actions.PASSKEY_STATE] = actions.begin_passkey_use(account)
    return options


def read_passkey(request: HttpRequest) -> dict[str, Any]:
    """What passkey.js put into the form."""
    try:
        response = json.loads(request.POST.get("response", ""))
    except ValueError:
        response = None
    if not isinstance(response, dict):
        raise Refused("Trình duyệt chưa gửi khoá truy cập. Hãy bấm nút và làm theo hướng dẫn trên máy.")
    return response


def _first_factor(request: HttpRequest, account: Account) -> Answer:
    """The unit asks for a second factor and there is none yet: it is set up now, in the half session."""
    by = actor_of(account.pk)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form, "code"):
            actions.confirm_totp(by, account, form.cleaned_data["code"])
            sessions.open_session(request, account)
            told(request, "Đã bật xác thực hai bước. Hãy tạo mã khôi phục phòng khi mất điện thoại.")
            return redirect("accounts:security")
    waiting = account.factors.filter(kind=SecondFactor.Kind.TOTP, confirmed_at=None).first()
    factor = waiting or actions.enrol_totp(by, account)
    return {"enrol": True, "form": form, "qr": qr_image(uri_of(factor)), "secret": queries.authenticator_secret(factor)}


@require_POST
@declare(PUBLIC)
def sign_out(request: HttpRequest) -> HttpResponseBase:
    sessions.close(request)
    return redirect("/")
