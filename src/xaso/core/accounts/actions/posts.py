"""Officers' posts and machines' keys, kept by the administrator of a unit."""

import secrets
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from xaso.core.access import Actor
from xaso.core.accounts import queries, rules
from xaso.core.accounts.actions.people import store_password
from xaso.core.accounts.actions.signing_in import new_account
from xaso.core.accounts.events import OfficerChanged
from xaso.core.accounts.models import Account, ApiToken, Person, Post
from xaso.core.actions import action
from xaso.core.outbox.actions import announce
from xaso.core.units.models import Unit
from xaso.kit import clock, subject
from xaso.kit.errors import Refused
from xaso.kit.fold import fold, tidy

PARTNER = "partner"
KEY_PREFIX = "xs_"


def open_officer(
    by: Actor, unit: Unit, username: str, full_name: str, phone: str = "", /, **post: Any
) -> tuple[Account, str]:
    """A new officer's account with its first post (keywords of `appoint`) and first password, shown once.

    A phone that already has an account gives that account, untouched and without a password to show: an administrator
    may appoint a resident, not take the resident's account over.
    """
    name = tidy(username).lower()
    if not 3 <= len(name) <= 60 or not all(c.isascii() and (c.isalnum() or c in "._-") for c in name):
        raise Refused("Tên đăng nhập dài 3 đến 60 ký tự: chữ không dấu, chữ số, dấu chấm hoặc gạch nối.")
    password = secrets.token_urlsafe(9)
    blank = Account(password="")
    blank.set_password(password)
    account, made = _open_officer(by, unit, (name, tidy(full_name), phone, blank.password), **post)
    return account, password if made else ""


@action("accounts.open_officer", "Mở tài khoản cán bộ")
def _open_officer(by: Actor, unit: Unit, who: tuple[str, str, str, str], /, **post: Any) -> tuple[Account, bool]:
    username, full_name, phone, encoded = who
    number = rules.normal_phone(phone) if phone else None
    known = Account.objects.filter(phone=number).first() if number else None
    account = known or _new_officer(username, full_name, number, encoded)
    appoint(by, unit, account=account, **post)
    return account, known is None


def _new_officer(username: str, full_name: str, phone: str | None, encoded: str) -> Account:
    if username[:1].isdigit() or Account.objects.filter(username=username).exists():
        raise Refused("Tên đăng nhập này đã có hoặc bắt đầu bằng chữ số. Hãy chọn tên khác.")
    if len(full_name) < 2:
        raise Refused("Hãy ghi họ và tên của cán bộ.")
    person = Person.objects.create(full_name=full_name, folded_name=fold(full_name), phone=phone or "")
    account = new_account(person, phone=phone, username=username)
    account.password, account.second_factor_required = encoded, True
    account.save(update_fields=["password", "second_factor_required"])
    return account


def renew_password(by: Actor, post: Post, /) -> str:
    """A new first password for an officer who forgot it, shown once."""
    password = secrets.token_urlsafe(9)
    blank = Account(password="")
    blank.set_password(password)
    _renew_password(by, post, blank.password)
    return password


@action("accounts.renew_password", "Cấp lại mật khẩu cán bộ")
def _renew_password(by: Actor, post: Post, encoded: str, /) -> None:
    _not_oneself(by, post.account, "Hãy đổi mật khẩu của mình ở trang Bảo mật.")
    if not post.account.has_usable_password():
        raise Refused("Cán bộ này đăng nhập bằng điện thoại và tự đặt mật khẩu ở trang Bảo mật.")
    if Post.objects.on(clock.today()).filter(account=post.account).exclude(unit_path=post.unit_path).exists():
        raise Refused("Cán bộ này còn giữ chức danh ở đơn vị khác. Hãy để cán bộ tự đổi mật khẩu.")
    store_password(post.account, encoded)


def _alive(unit: Unit, day: date) -> None:
    if unit.valid_to is not None and unit.valid_to < day:
        raise Refused(f"{unit} đã kết thúc ngày {unit.valid_to:%d/%m/%Y}. Hãy chọn đơn vị thay thế.")
    if unit.valid_from > day:
        raise Refused(f"{unit} chỉ có từ ngày {unit.valid_from:%d/%m/%Y}. Hãy chọn ngày bắt đầu từ ngày đó.")


def _not_oneself(by: Actor, account: Account, instead: str) -> None:
    if by.account_id == account.pk:
        raise Refused(f"Bạn không tự làm việc này cho mình được. {instead}")


def _in_order(valid_from: date, valid_to: date | None) -> None:
    if valid_to is not None and valid_to < valid_from:
        raise Refused("Ngày kết thúc trước ngày bắt đầu. Hãy sửa lại.")


@action("accounts.appoint", "Giao chức danh")
def appoint(
    by: Actor,
    unit: Unit,
    /,
    *,
    account: Account,
    role: str,
    valid_from: date,
    valid_to: date | None = None,
    title: str = "",
) -> Post:
    """Give a post in a unit for a period. Raises Refused."""
    if by.kind != "system":
        _not_oneself(by, account, "Hãy nhờ người quản trị khác hoặc cấp trên.")
        if role not in queries.roles_to_give():
            raise Refused("Đơn vị không giao được vai trò này. Hãy đề nghị cấp tỉnh.")
    if not account.is_active:
        raise Refused("Tài khoản này đã đóng. Hãy mở tài khoản mới cho cán bộ.")
    _in_order(valid_from, valid_to)
    _alive(unit, valid_from)
    overlapping = Q(valid_to=None) | Q(valid_to__gte=valid_from)
    same = Post.objects.filter(overlapping, account=account, unit=unit, role=role, substitutes=None)
    if (same.filter(valid_from__lte=valid_to) if valid_to else same).exists():
        raise Refused("Cán bộ đã giữ chức danh này trong thời gian đó. Hãy kết thúc chức danh cũ trước.")
    if by.kind != "system" and not account.second_factor_required:
        Account.objects.filter(pk=account.pk).update(second_factor_required=True)
    announce(OfficerChanged(account.pk))
    return Post.objects.create(
        account=account,
        unit=unit,
        unit_path=unit.path,
        role=role,
        title=tidy(title)[:120],
        valid_from=valid_from,
        valid_to=valid_to,
    )


@action("accounts.end_post", "Kết thúc chức danh")
def end_post(by: Actor, post: Post, /, *, last_day: date) -> Post:
    """The post ends after that day, and so do its stand-ins."""
    del by
    if post.valid_to is not None and post.valid_to < last_day:
        raise Refused(f"Chức danh này đã kết thúc ngày {post.valid_to:%d/%m/%Y}.")
    for one in [*post.substitutions.filter(Q(valid_to=None) | Q(valid_to__gt=last_day)), post]:
        _end(one, last_day)
    return post


def _end(post: Post, last_day: date) -> None:
    if last_day < post.valid_from:
        announce(OfficerChanged(post.account_id, gone=subject.ref(post)))
        post.delete()  # it never came into force; the audit chain remembers that it was planned
        return
    post.valid_to = last_day
    post.save(update_fields=["valid_to"])


@action("accounts.substitute", "Cử người làm thay")
def substitute(by: Actor, post: Post, /, *, account: Account, valid_from: date, valid_to: date) -> Post:
    """Somebody of the same unit stands in for an absent officer, within the officer's own period."""
    _not_oneself(by, account, "Hãy nhờ người quản trị khác hoặc cấp trên.")
    if account.pk == post.account_id:
        raise Refused("Người làm thay phải là người khác.")
    _in_order(valid_from, valid_to)
    _alive(post.unit, valid_from)
    if not rules.within((valid_from, valid_to), (post.valid_from, post.valid_to)):
        raise Refused("Thời gian làm thay phải nằm trong thời gian của chức danh.")
    if not account.is_active or not Post.objects.on(valid_from).filter(account=account, unit=post.unit).exists():
        raise Refused("Người làm thay phải đang giữ một chức danh trong cùng đơn vị.")
    announce(OfficerChanged(account.pk))
    return Post.objects.create(
        account=account,
        unit=post.unit,
        unit_path=post.unit_path,
        role=post.role,
        title=post.title,
        valid_from=valid_from,
        valid_to=valid_to,
        substitutes=post,
    )


@action("accounts.make_token", "Tạo khoá kết nối")
def make_token(
    by: Actor, unit: Unit, /, *, account: Account, name: str, scopes: list[str], valid_to: date | None = None
) -> tuple[ApiToken, str]:
    """A key for a machine, shown once. It acts as the account, so only one's own account or a partner system's."""
    held = Post.objects.on(clock.today()).filter(account=account)
    is_partner = held.exists() and not held.exclude(role=PARTNER).exists()
    if by.kind != "system" and account.pk != by.account_id and not is_partner:
        raise Refused("Chỉ tạo được khoá cho chính bạn hoặc cho tài khoản của hệ thống kết nối.")
    if valid_to is not None and not clock.today() <= valid_to <= clock.today() + timedelta(days=731):
        raise Refused("Khoá dùng được nhiều nhất hai năm, tính từ hôm nay.")
    missing = set(scopes) - queries.permissions_in(account, unit.path, clock.today())
    if missing or not scopes:
        raise Refused(f"Tài khoản không có quyền: {', '.join(sorted(missing)) or 'chưa chọn quyền nào'}.")
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        name=tidy(name)[:60] or "Khoá kết nối",
        digest=queries.digest_of_key(key),
        account=account,
        unit_path=unit.path,
        scopes=sorted(set(scopes)),
        valid_to=valid_to,
    )
    return token, key


@action("accounts.revoke_token", "Thu hồi khoá kết nối")
def revoke_token(by: Actor, token: ApiToken, /) -> None:
    del by
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=clock.now()):
        raise Refused("Khoá này đã được thu hồi trước đó.")
    token.refresh_from_db()
