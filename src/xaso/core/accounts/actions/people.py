"""A person's own data, password and sessions."""

from dataclasses import dataclass, fields
from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import F

from xaso.core.access import Actor
from xaso.core.accounts import rules
from xaso.core.accounts.actions.signing_in import failed, refuse_if_shut
from xaso.core.accounts.events import OfficerChanged
from xaso.core.accounts.models import Account, ApiToken, Person, Post
from xaso.core.actions import action, note
from xaso.core.outbox.actions import announce
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import fold, tidy

OTHERS_ID = (
    "Số định danh này đã gắn với một tài khoản khác. Hãy kiểm tra lại, hoặc mang thẻ căn cước đến Bộ phận Một cửa."
)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a resident tells about themselves."""

    full_name: str
    personal_id: str = ""
    birth_on: date | None = None
    sex: str = ""
    address: str = ""
    email: str = ""


@action("accounts.complete_profile", "Khai thông tin cá nhân")
def complete_profile(by: Actor, account: Account, profile: Profile, /) -> Person:
    """Raises Refused when the id contradicts the birth year, or is somebody else's."""
    checked = _checked(profile)
    person = _person_to_fill(account, checked)
    before = {field.name: getattr(person, field.name) for field in fields(Profile)}
    _fill(person, checked)
    note(changed=[name for name, value in before.items() if value != getattr(person, name)])
    if by.is_officer:
        announce(OfficerChanged(account.pk))
    return person


def _checked(profile: Profile) -> Profile:
    name = tidy(profile.full_name)
    if len(name) < 2:
        raise Refused("Hãy ghi họ và tên đúng như trên thẻ căn cước.")
    if profile.birth_on and profile.birth_on > clock.today():
        raise Refused("Ngày sinh ở tương lai. Hãy kiểm tra lại.")
    year = profile.birth_on.year if profile.birth_on else None
    number = rules.normal_personal_id(profile.personal_id, year, profile.sex) if profile.personal_id.strip() else ""
    return Profile(name, number, profile.birth_on, profile.sex, tidy(profile.address), profile.email.strip())


def _person_to_fill(account: Account, profile: Profile) -> Person:
    """Usually the account's own person.

    When the counter already met this person, the account moves over, but only if the phone proven by a code and the
    name agree: typing somebody's id must never open that person's dossiers.
    """
    own = account.person
    if own.personal_id and profile.personal_id != own.personal_id:
        raise Refused("Số định danh đã khai không đổi được ở đây. Hãy mang thẻ căn cước đến Bộ phận Một cửa.")
    if not profile.personal_id or own.personal_id:
        return own
    known = Person.objects.filter(personal_id=profile.personal_id).first()
    if known is None:
        return own
    if Account.objects.filter(person=known).exists():
        raise Refused(OTHERS_ID)
    if not account.phone or known.phone != account.phone or known.folded_name != fold(profile.full_name):
        raise Refused(
            "Xã đã có thông tin của số định danh này với tên hoặc số điện thoại khác. "
            "Hãy mang thẻ căn cước đến Bộ phận Một cửa để nối tài khoản."
        )
    account.person = known
    account.save(update_fields=["person"])
    return known


def _fill(person: Person, profile: Profile) -> None:
    person.full_name, person.folded_name = profile.full_name, fold(profile.full_name)
    person.personal_id = profile.personal_id or person.personal_id
    person.birth_on = profile.birth_on or person.birth_on
    person.sex = profile.sex or (rules.sex_in(person.personal_id) if person.personal_id else person.sex)
    person.address, person.email = profile.address, profile.email
    person.save()


def know_person(profile: Profile, phone: str = "") -> Person:
    """The person behind a personal id, met at the counter or in an import; made when nobody met them yet.

    Called inside another module's action. What a known person told before is not overwritten.
    """
    checked = _checked(profile)
    number = rules.normal_phone(phone) if phone else ""
    known = Person.objects.filter(personal_id=checked.personal_id).first() if checked.personal_id else None
    if known is not None:
        return known
    person = Person(phone=number)
    _fill(person, checked)
    return person


def change_password(by: Actor, account: Account, old: str, new: str, /) -> None:
    """Set a password, or change it with the old one. Every session ends. Raises Refused."""
    if account.has_usable_password():
        refuse_if_shut("password.account", account.username)
        if not account.check_password(old):
            _record_wrong_password(by, account)
            raise Refused("Mật khẩu hiện tại không đúng. Hãy nhập lại.")
    check_strength(account, new)
    changed = Account(password="")
    changed.set_password(new)
    _set_password(by, account, changed.password)


def check_strength(account: Account, password: str) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


@action("accounts.change_password", "Đổi mật khẩu")
def _set_password(by: Actor, account: Account, encoded: str, /) -> None:
    del by
    store_password(account, encoded)


@action("accounts.fail_password", "Nhập sai mật khẩu hiện tại")
def _record_wrong_password(by: Actor, account: Account, /) -> None:
    del by
    failed(("password.account", account.username))


def store_password(account: Account, encoded: str) -> None:
    """A new password ends every session that began with the old one."""
    Account.objects.filter(pk=account.pk).update(password=encoded, session_epoch=F("session_epoch") + 1)
    account.refresh_from_db()


@action("accounts.end_sessions", "Đăng xuất mọi thiết bị")
def end_sessions(by: Actor, account: Account, /) -> None:
    """Every session of the account ends, this one too; the screen opens a new one for the person who asked."""
    del by
    Account.objects.filter(pk=account.pk).update(session_epoch=F("session_epoch") + 1)
    account.refresh_from_db()


@action("accounts.close_account", "Đóng tài khoản")
def close_account(by: Actor, account: Account, /) -> None:
    """The person's dossiers stay; nobody signs in with this account again, and the phone is free for a new one."""
    del by
    if Post.objects.on(clock.today()).filter(account=account).exists():
        raise Refused("Tài khoản đang giữ chức danh. Hãy đề nghị người quản trị đơn vị kết thúc chức danh trước.")
    ApiToken.objects.filter(account=account, revoked_at=None).update(revoked_at=clock.now())
    Account.objects.filter(pk=account.pk).update(is_active=False, phone=None, session_epoch=F("session_epoch") + 1)
    account.refresh_from_db()
