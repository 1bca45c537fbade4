"""Official e-mail: the unit's register, an officer's address, and its confirmation by the officer."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from xaso.core.accounts import actions, queries, register
from xaso.core.accounts.forms import CodeForm, OfficialEmailForm
from xaso.core.accounts.models import Account, Post
from xaso.core.accounts.screens.officers import MANAGE, post_kept
from xaso.core.audit.actions import record_reading
from xaso.core.forms import checked, refusals_on
from xaso.core.screens import Answer, declare, screen, told
from xaso.kit.pages import Page

OWN = "accounts.manage_own"
MAIL_CODE = "mail_code"


@screen("accounts/register.html", permission=MANAGE)
def listed(request: HttpRequest) -> Answer:
    """Who has an account and an official address, and who uses them."""
    page = register.page(request.actor, request.GET.get("after", "")[:200])
    by_account = _posts(request, page)
    return {
        "rows": [(one, by_account.get(one.account.pk)) for one in page.rows],
        "counts": register.counts(request.actor),
        "page": page,
    }


def _posts(request: HttpRequest, page: Page[register.Officer]) -> dict[int, Post]:
    """Where each officer's address is written down."""
    accounts = [one.account.pk for one in page.rows]
    posts = register.posts_kept(request.actor).filter(account__in=accounts).order_by("-pk")
    return {post.account_id: post for post in posts}


@declare(MANAGE)
def sheet(request: HttpRequest) -> HttpResponseBase:
    record_reading(request.actor, f"units.Unit:{request.actor.unit_id}", request.actor.unit_path, request.path)
    response = StreamingHttpResponse(register.as_csv(request.actor), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="thu-cong-vu.csv"'
    return response


@require_POST
@declare("accounts.set_email")
def set_email(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    found = post_kept(request, uuid)
    address = checked(OfficialEmailForm(request.POST))["official_email"]
    account = actions.set_email(request.actor, found, address)
    sentence = f"Đã ghi thư công vụ của {found.account.person}. Cán bộ xác nhận ở trang Bảo mật của mình."
    told(request, sentence if account.official_email else f"Đã bỏ thư công vụ của {found.account.person}.")
    return redirect("accounts:register")


@screen("accounts/email.html", permission=OWN)
def confirm(request: HttpRequest) -> Answer:
    """The officer types the code that came by e-mail."""
    account = Account.objects.select_related("person").get(pk=request.actor.account_id)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form, "code"):
            actions.confirm_email(request.actor, account, form.cleaned_data["code"])
            told(request, "Đã xác nhận thư công vụ của bạn.")
            return redirect("accounts:security")
    return {"form": form, "account": account, "demo_code": _demo_code(request)}


def _demo_code(request: HttpRequest) -> Any:
    return (
        queries.code_of(request.session.get(MAIL_CODE, "")) if settings.DEMO and request.session.get(MAIL_CODE) else ""
    )


@require_POST
@declare(OWN)
def send_code(request: HttpRequest) -> HttpResponseBase:
    account = Account.objects.get(pk=request.actor.account_id)
    request.session[MAIL_CODE] = str(actions.request_email_code(request.actor, account).uuid)
    return redirect("accounts:email")
