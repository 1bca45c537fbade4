"""Opening and closing a browser's session. Only here are the session's own keys written."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from xaso.core.access import ANONYMOUS, Actor
from xaso.core.accounts.middleware import ACCOUNT, DEVICE, EPOCH, device_of
from xaso.core.accounts.models import Account
from xaso.core.accounts.queries import actor_of, needs_second_factor
from xaso.kit import clock

PENDING = "pending_account"
PENDING_AT = "pending_at"
NEXT = "next"
CODE_PHONE = "code_phone"
CODE_UUID = "code_uuid"
PENDING_SECONDS = 600


def address_of(request: HttpRequest) -> str:
    return request.META.get("REMOTE_ADDR", "")


def remember_next(request: HttpRequest) -> None:
    """Keep where the person wanted to go, if it is a page of ours."""
    wanted = request.GET.get("next", "")
    if wanted and is_ours(request, wanted):
        request.session[NEXT] = wanted


def is_ours(request: HttpRequest, url: str) -> bool:
    return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())


def enter(request: HttpRequest, account: Account) -> bool:
    """Open a full session; or half of one, and False, when a second factor must follow."""
    if not needs_second_factor(account):
        open_session(request, account)
        return True
    wanted = request.session.get(NEXT, "")
    request.session.flush()
    request.session.update(
        {PENDING: account.pk, PENDING_AT: int(clock.now().timestamp()), DEVICE: device_of(request), NEXT: wanted}
    )
    return False


def open_session(request: HttpRequest, account: Account) -> Actor:
    """A session with a new key and nothing of whoever used this browser before but where they wanted to go."""
    wanted = request.session.get(NEXT, "")
    request.session.flush()
    request.session.cycle_key()
    request.session.update(
        {ACCOUNT: account.pk, DEVICE: device_of(request), EPOCH: account.session_epoch, NEXT: wanted}
    )
    request.actor = actor_of(account.pk, epoch=account.session_epoch)
    return request.actor


def pending(request: HttpRequest) -> Account | None:
    """Who passed the first step in this browser within the last ten minutes."""
    account_id = request.session.get(PENDING)
    if account_id is None or request.session.get(DEVICE) != device_of(request):
        return None
    if clock.now().timestamp() - request.session.get(PENDING_AT, 0) > PENDING_SECONDS:
        return None
    return Account.objects.select_related("person").filter(pk=account_id, is_active=True).first()


def take_next(request: HttpRequest) -> str:
    wanted = request.session.pop(NEXT, "")
    if wanted and is_ours(request, wanted):
        return wanted
    return "/desk/" if request.actor.is_officer else "/"


def close(request: HttpRequest) -> None:
    request.session.flush()
    request.actor = ANONYMOUS
