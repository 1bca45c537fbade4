"""Who comes in: one-time codes, passwords, outside providers.

A wrong try must stay counted, so the inner action ends well and tells a sentence; only then is the try refused.
"""

import uuid as uuids
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password
from django.db.models import F

from xaso.core.access import Actor
from xaso.core.accounts import queries, rules
from xaso.core.accounts.events import CodeRequested
from xaso.core.accounts.models import Account, Attempt, Identity, OneTimeCode, Person
from xaso.core.actions import action, note
from xaso.core.outbox.actions import announce
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import fold, tidy

WAIT = "Đã thử quá nhiều lần. Hãy đợi {minutes} phút rồi thử lại, hoặc đến Bộ phận Một cửa để được giúp."
WRONG = "Tên đăng nhập hoặc mật khẩu không đúng. Hãy kiểm tra rồi nhập lại."


def refuse_if_shut(door: str, key: str) -> None:
    if key and queries.is_shut(door, key):
        minutes = int(rules.LIMITS[door].window.total_seconds() // 60)
        raise Refused(WAIT.format(minutes=minutes))


def failed(*doors: tuple[str, str]) -> None:
    """Count a wrong try at each door."""
    now = clock.now()
    Attempt.objects.bulk_create([Attempt(door=door, key=key[:80], at=now) for door, key in doors if key])


def came_in(account: Account) -> None:
    Attempt.objects.create(door="sign_in", key=str(account.pk), at=clock.now(), succeeded=True)


def request_code(by: Actor, phone: str, /, *, address: str = "") -> OneTimeCode:
    """Send a new code to the phone; an earlier one stops working."""
    number = rules.normal_phone(phone)
    refuse_if_shut("code.phone", number)
    refuse_if_shut("code.address", address)
    return _make_code(by, number, address)


@action("accounts.request_code", "Gửi mã đăng nhập")
def _make_code(by: Actor, phone: str, address: str, /) -> OneTimeCode:
    del by
    failed(("code.phone", phone), ("code.address", address))
    return new_code(rules.CODE_LIFE, phone=phone)


def new_code(life: timedelta, *, phone: str = "", email: str = "") -> OneTimeCode:
    """A code that lives so long, on its way to the phone or the address. Inside an action."""
    now = clock.now()
    made = OneTimeCode(uuid=uuids.uuid4(), phone=phone, email=email, created_at=now, expires_at=now + life)
    nonce = str(made.uuid)
    made.digest = rules.digest_of(queries.secret(), nonce, rules.code_for(queries.secret(), nonce))
    made.save(force_insert=True)
    announce(CodeRequested(nonce, phone, int(life.total_seconds() // 60), email))
    return made


def sign_in_with_code(by: Actor, phone: str, code: str, /, *, address: str = "") -> Account:
    """The account of the phone; a first sign-in makes the person and the account. Raises Refused."""
    number = rules.normal_phone(phone)
    refuse_if_shut("code_try.address", address)
    found = _use_code(by, number, rules.normal_code(code), address)
    if isinstance(found, str):
        raise Refused(found)
    return found


@action("accounts.sign_in_with_code", "Đăng nhập bằng mã")
def _use_code(by: Actor, phone: str, code: str, address: str, /) -> Account | str:
    del by
    sentence = fault_of_code(OneTimeCode.objects.filter(phone=phone).order_by("-id").first(), code)
    if sentence:
        failed(("code_try.address", address))
        note(fault=sentence)
        return sentence
    account = Account.objects.filter(phone=phone).first() or _first_time(phone)
    if not account.is_active:
        return "Tài khoản này đã đóng. Hãy liên hệ Bộ phận Một cửa nếu cần mở lại."
    came_in(account)
    return account


def fault_of_code(made: OneTimeCode | None, code: str) -> str:
    """Empty when the code is right; it is used up then."""
    now = clock.now()
    if made is None:
        return "Chưa có mã nào gửi tới đây. Hãy bấm gửi mã."
    open_codes = OneTimeCode.objects.filter(pk=made.pk, used_at=None)
    if made.used_at is not None:
        return "Mã này đã dùng rồi. Hãy bấm gửi mã mới."
    if now >= made.expires_at:
        minutes = round((made.expires_at - made.created_at).total_seconds() / 60)
        return f"Mã đã hết hạn ({minutes} phút). Hãy bấm gửi mã mới."
    # The try is counted by the database before the digits are looked at, so parallel guesses get no extra tries.
    if not open_codes.filter(tries__lt=rules.CODE_TRIES).update(tries=F("tries") + 1):
        return "Đã nhập sai quá 5 lần. Hãy bấm gửi mã mới."
    if not rules.same(rules.digest_of(queries.secret(), str(made.uuid), code), made.digest):
        left = rules.CODE_TRIES - made.tries - 1
        return f"Mã không đúng. Bạn còn {left} lần nhập." if left else "Mã không đúng. Hãy bấm gửi mã mới."
    return "" if open_codes.update(used_at=now) else "Mã này đã dùng rồi. Hãy bấm gửi mã mới."


def _first_time(phone: str) -> Account:
    """A resident nobody has met yet; the name follows with the profile."""
    return new_account(Person.objects.create(full_name="", folded_name="", phone=phone), phone=phone)


def new_account(person: Person, *, phone: str | None, username: str = "") -> Account:
    account = Account(username=username or f"nd-{uuids.uuid4().hex[:16]}", person=person, phone=phone)
    account.set_unusable_password()
    account.save(force_insert=True)
    return account


def sign_in_with_password(by: Actor, username: str, password: str, /, *, address: str = "") -> Account:
    """The officer behind a username (or phone) and password. Raises Refused.

    The slow hash runs before the action, outside its transaction: on SQLite it would hold up every writer.
    An unknown name costs the same work as a known one.
    """
    name = tidy(username).lower()[:60]
    refuse_if_shut("password.account", name)
    refuse_if_shut("password.address", address)
    account = queries.account_for_sign_in(name) if name else None
    right = check_password(password, account.password if account else UNUSABLE_PASSWORD_PREFIX)
    if not _record_password(by, account, name, address, right) or account is None:
        raise Refused(WRONG)
    return account


@action("accounts.sign_in_with_password", "Đăng nhập bằng mật khẩu")
def _record_password(by: Actor, account: Account | None, name: str, address: str, right: bool, /) -> bool:
    del by
    note(right=right)
    if not right or account is None:
        failed(("password.account", name), ("password.address", address))
        if account:
            failed(("sign_in", str(account.pk)))
        return False
    came_in(account)
    return True


@action("accounts.sign_in_with_identity", "Đăng nhập qua nhà cung cấp")
def sign_in_with_identity(by: Actor, subject: str, full_name: str = "", /, *, provider: str) -> Account:
    """The account of somebody an outside provider vouches for; made at the first sign-in."""
    del by
    known = Identity.objects.select_related("account").filter(provider=provider, subject=subject).first()
    if known is None:
        name = tidy(full_name)
        account = new_account(Person.objects.create(full_name=name, folded_name=fold(name)), phone=None)
        known = Identity.objects.create(provider=provider, subject=subject, account=account, created_at=clock.now())
    if not known.account.is_active:
        raise Refused("Tài khoản này đã đóng. Hãy liên hệ Bộ phận Một cửa nếu cần mở lại.")
    came_in(known.account)
    return known.account


@action("accounts.sign_in_as_demo", "Đăng nhập thử")
def sign_in_as_demo(by: Actor, account: Account, /) -> Account:
    """A made-up officer, only in a demo installation."""
    del by
    if not settings.DEMO or not account.person.is_demo or not account.is_active:
        raise Refused("Đăng nhập thử chỉ có ở bản dùng thử. Hãy đăng nhập bằng tài khoản của bạn.")
    came_in(account)
    return account
