"""Officers' official e-mail: the administrator writes it down, the officer proves by a code that it is in use.

Addresses are passed by position: the audit chain never forgets.
"""

from xaso.core.access import Actor
from xaso.core.accounts import rules
from xaso.core.accounts.actions.signing_in import failed, fault_of_code, new_code, refuse_if_shut
from xaso.core.accounts.events import OfficerChanged
from xaso.core.accounts.models import Account, OneTimeCode, Post
from xaso.core.actions import action, note
from xaso.core.outbox.actions import announce
from xaso.kit import clock
from xaso.kit.errors import Refused

NO_ADDRESS = "Người quản trị đơn vị chưa ghi thư công vụ của bạn. Hãy báo địa chỉ cho người quản trị."


@action("accounts.set_email", "Ghi thư công vụ của cán bộ")
def set_email(by: Actor, post: Post, address: str, /) -> Account:
    """The address of the officer who holds the post; empty takes it away. A new one is not confirmed yet."""
    del by
    email = rules.normal_email(address) if address.strip() else ""
    account = Account.objects.select_for_update().get(pk=post.account_id)
    if email == account.official_email:
        return account
    if email and Account.objects.filter(official_email=email, is_active=True).exclude(pk=account.pk).exists():
        raise Refused("Địa chỉ này đã ghi cho cán bộ khác. Thư công vụ là của riêng từng người; hãy kiểm tra lại.")
    account.official_email, account.email_confirmed_at = email, None
    account.email_set_at = clock.now() if email else None
    account.save(update_fields=["official_email", "email_confirmed_at", "email_set_at"])
    announce(OfficerChanged(account.pk))
    return account


def request_email_code(by: Actor, account: Account, /) -> OneTimeCode:
    """Send a code to the officer's address; an earlier one stops working."""
    if not account.official_email:
        raise Refused(NO_ADDRESS)
    refuse_if_shut("code.email", str(account.pk))
    return _make_email_code(by, account)


@action("accounts.request_email_code", "Gửi mã xác nhận thư công vụ")
def _make_email_code(by: Actor, account: Account, /) -> OneTimeCode:
    del by
    failed(("code.email", str(account.pk)))
    return new_code(rules.EMAIL_CODE_LIFE, email=account.official_email)


def confirm_email(by: Actor, account: Account, code: str, /) -> Account:
    """The officer read the code: the address is in use. Raises Refused; a wrong try stays counted."""
    if sentence := _use_email_code(by, account, rules.normal_code(code)):
        raise Refused(sentence)
    account.refresh_from_db()
    return account


@action("accounts.confirm_email", "Xác nhận thư công vụ")
def _use_email_code(by: Actor, account: Account, code: str, /) -> str:
    del by
    sent = (
        OneTimeCode.objects.filter(email=account.official_email)
        if account.official_email
        else OneTimeCode.objects.none()
    )
    if sentence := fault_of_code(sent.order_by("-id").first(), code):
        note(fault=sentence)
        return sentence
    confirmed = Account.objects.filter(pk=account.pk, official_email=account.official_email)
    return "" if confirmed.update(email_confirmed_at=clock.now()) else "Địa chỉ vừa được đổi. Hãy bấm gửi mã mới."
