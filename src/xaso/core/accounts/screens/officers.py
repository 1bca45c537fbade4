"""The administrator of a unit: officers, their posts, stand-ins, machines' keys."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from xaso.core.access import visible
from xaso.core.accounts import actions, queries
from xaso.core.accounts.forms import AppointForm, EndPostForm, OfficerForm, OfficialEmailForm, SubstituteForm, TokenForm
from xaso.core.accounts.models import Account, ApiToken, Post
from xaso.core.forms import checked
from xaso.core.screens import Answer, declare, screen, told
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Missing

MANAGE = "accounts.manage"


def _colleague(unit: Unit, uuid: str) -> Account:
    held = Post.objects.filter(unit_path=unit.path, account__uuid=UUID(uuid)).select_related("account").first()
    if held is None:
        raise Missing("Người này không có chức danh trong đơn vị.")
    return held.account


def post_kept(request: HttpRequest, uuid: Any) -> Post:
    """A post this administrator keeps. Raises Missing."""
    found = visible(request.actor, MANAGE, Post.objects.select_related("account__person", "unit")).filter(uuid=uuid)
    post = found.first()
    if post is None:
        raise Missing("Không tìm thấy chức danh này trong đơn vị của bạn.")
    return post


@screen("accounts/officers.html", permission=MANAGE)
def officers(request: HttpRequest) -> Answer:
    unit = queries.own_unit(request.actor, MANAGE)
    posts = queries.posts_in(unit.path)
    today = clock.today()
    rows = [
        {"post": post, "title": title, "future": post.valid_from > today} for post, title in queries.titled_roles(posts)
    ]
    machine = [post for post in posts if post.role == "partner"]
    return {
        "unit": unit,
        "rows": rows,
        "tokens": queries.tokens_in(unit.path),
        "open_form": OfficerForm(auto_id="open_%s"),
        "appoint_form": AppointForm(posts=posts, auto_id="appoint_%s"),
        "token_form": TokenForm(posts=machine, scopes=_scopes(machine), auto_id="token_%s") if machine else None,
    }


def _scopes(posts: list[Post]) -> list[str]:
    today = clock.today()
    return sorted({scope for post in posts for scope in queries.permissions_in(post.account, post.unit_path, today)})


@screen("accounts/shown_once.html", permission="accounts.open_officer")
def open_officer(request: HttpRequest) -> Answer:
    if request.method != "POST":
        return redirect("accounts:officers")
    unit = queries.own_unit(request.actor, MANAGE)
    typed = checked(OfficerForm(request.POST))
    who = [typed.pop(name) for name in ("username", "full_name", "phone")]
    account, password = actions.open_officer(request.actor, unit, *who, **typed)
    if not password:
        told(request, f"Số điện thoại này đã có tài khoản của {account.person}; đã giao chức danh cho tài khoản đó.")
        return redirect("accounts:officers")
    return {
        "title": "Đã mở tài khoản",
        "text": "Trao cho cán bộ ngay; trang này không hiện lại. Lần đăng nhập đầu sẽ hỏi cài xác thực hai bước.",
        "values": [("Tên đăng nhập", account.username), ("Mật khẩu lần đầu", password)],
        "back": "accounts:officers",
    }


@require_POST
@declare("accounts.appoint")
def appoint(request: HttpRequest) -> HttpResponseBase:
    unit = queries.own_unit(request.actor, MANAGE)
    typed = checked(AppointForm(request.POST, posts=queries.posts_in(unit.path)))
    account = _colleague(unit, typed.pop("account"))
    actions.appoint(request.actor, unit, account=account, **typed)
    told(request, f"Đã giao chức danh cho {account.person}.")
    return redirect("accounts:officers")


@screen("accounts/post.html", permission=MANAGE)
def post(request: HttpRequest, uuid: UUID) -> Answer:
    """One post: end it, name a stand-in, renew the password."""
    found = post_kept(request, uuid)
    colleagues = [one for one in queries.posts_in(found.unit_path) if one.account_id != found.account_id]
    return {
        "post": found,
        "title": queries.titled_roles([found])[0][1],
        "email_form": OfficialEmailForm(initial={"official_email": found.account.official_email}, auto_id="email_%s"),
        "end_form": EndPostForm(auto_id="end_%s"),
        "substitute_form": SubstituteForm(posts=colleagues, auto_id="substitute_%s") if colleagues else None,
    }


@require_POST
@declare("accounts.end_post")
def end_post(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    found = post_kept(request, uuid)
    last_day = checked(EndPostForm(request.POST))["last_day"]
    actions.end_post(request.actor, found, last_day=last_day)
    told(request, f"Chức danh của {found.account.person} kết thúc sau ngày {last_day:%d/%m/%Y}.")
    return redirect("accounts:officers")


@require_POST
@declare("accounts.substitute")
def substitute(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    found = post_kept(request, uuid)
    typed = checked(SubstituteForm(request.POST, posts=queries.posts_in(found.unit_path)))
    account = _colleague(found.unit, typed.pop("account"))
    actions.substitute(request.actor, found, account=account, **typed)
    told(request, f"{account.person} làm thay {found.account.person}.")
    return redirect("accounts:officers")


@screen("accounts/shown_once.html", permission="accounts.renew_password")
def renew_password(request: HttpRequest, uuid: UUID) -> Answer:
    if request.method != "POST":
        return redirect("accounts:officers")
    found = post_kept(request, uuid)
    value = actions.renew_password(request.actor, found)
    return {
        "title": "Mật khẩu mới",
        "text": "Trao cho cán bộ ngay; trang này không hiện lại. Mọi thiết bị của cán bộ đã đăng xuất.",
        "values": [("Tên đăng nhập", found.account.username), ("Mật khẩu mới", value)],
        "back": "accounts:officers",
    }


@screen("accounts/shown_once.html", permission="accounts.make_token")
def make_token(request: HttpRequest) -> Answer:
    if request.method != "POST":
        return redirect("accounts:officers")
    unit = queries.own_unit(request.actor, MANAGE)
    machine = [one for one in queries.posts_in(unit.path) if one.role == "partner"]
    typed = checked(TokenForm(request.POST, posts=machine, scopes=_scopes(machine)))
    account = _colleague(unit, typed.pop("account"))
    _, key = actions.make_token(request.actor, unit, account=account, **typed)
    return {
        "title": "Khoá kết nối",
        "text": "Chép khoá vào hệ thống kết nối ngay; trang này không hiện lại.",
        "values": [("Khoá", key)],
        "back": "accounts:officers",
    }


@require_POST
@declare("accounts.revoke_token")
def revoke_token(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    token = ApiToken.objects.filter(uuid=uuid, unit_path=queries.own_unit(request.actor, MANAGE).path).first()
    if token is None:
        raise Missing("Không tìm thấy khoá này trong đơn vị của bạn.")
    actions.revoke_token(request.actor, token)
    told(request, "Đã thu hồi khoá.")
    return redirect("accounts:officers")
