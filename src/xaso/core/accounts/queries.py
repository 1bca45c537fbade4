"""Who is behind a session or a token, and what posts they hold today."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.conf import settings
from django.db.models import Q

from xaso.core.access import ANONYMOUS, Actor, Grant
from xaso.core.access.roles import roles, titles
from xaso.core.accounts import rules
from xaso.core.accounts.models import Account, ApiToken, Attempt, OneTimeCode, Person, Post, SecondFactor
from xaso.core.units import queries as units
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused

NO_UNIT = "Tài khoản của bạn chưa giữ chức danh ở đơn vị nào. Hãy liên hệ người quản trị."
_ACTOR_COLUMNS = (
    "id",
    "person_id",
    "person__full_name",
    "posts__role",
    "posts__unit_id",
    "posts__unit_path",
    "posts__valid_from",
    "posts__valid_to",
    "posts__unit__valid_to",
)


def actor_of(account_id: int, via: str = "web", epoch: int | None = None) -> Actor:
    """The signed-in person with the posts of today; anonymous when the account is gone or closed, or when all its
    sessions were ended after the one that carries this epoch. One statement."""
    found = Account.objects.filter(pk=account_id, is_active=True)
    if epoch is not None:
        found = found.filter(session_epoch=epoch)
    return _actor(list(found.values_list(*_ACTOR_COLUMNS)), "person", via, None)


def actor_of_token(key: str) -> Actor | None:
    """The machine behind an API key, or None. One statement."""
    today = clock.today()
    rows = list(
        ApiToken.objects.filter(digest=digest_of_key(key), revoked_at=None, account__is_active=True).values_list(
            *(f"account__{column}" for column in _ACTOR_COLUMNS), "name", "scopes", "valid_to"
        )
    )
    if not rows or (rows[0][-1] and rows[0][-1] < today):
        return None
    name, scopes = rows[0][-3], rows[0][-2]
    return _actor(rows, "machine", f"api:{name}", frozenset(scopes))


def digest_of_key(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _actor(rows: list[Any], kind: Literal["person", "machine"], via: str, scopes: frozenset[str] | None) -> Actor:
    if not rows:
        return ANONYMOUS
    today = clock.today()
    grants = [Grant("anyone"), Grant("resident")] if kind == "person" else []
    for _, _, _, role, unit_id, path, valid_from, valid_to, unit_until, *_ in rows:
        ended = any(last is not None and last < today for last in (valid_to, unit_until))
        if role and valid_from <= today and not ended:
            grants.append(Grant(role, unit_id, path))
    account_id, person_id, name = rows[0][:3]
    return Actor(kind, account_id, person_id, name or "Tài khoản của tôi", tuple(grants), via, scopes)


def own_unit(by: Actor, permission: str = "") -> Unit:
    """Where the officer works: by the first post, or by the first that gives the permission. Raises Refused."""
    held = by.unit_id
    if permission:
        held = next((grant.unit_id for _, grant in by.scopes_of(permission) if grant.unit_id), None)
    if held is None:
        raise Refused(NO_UNIT)
    return units.unit(held)


def officers_of(unit_path: str, role: str) -> list[Post]:
    """Posts of a role in exactly that unit today, with their accounts."""
    posts = Post.objects.on(clock.today()).filter(unit_path=unit_path, role=role, account__is_active=True)
    return list(posts.select_related("account__person"))


def posts_in(unit_path: str) -> list[Post]:
    """Every post of the unit in force today or later, by name."""
    posts = Post.objects.filter(Q(valid_to=None) | Q(valid_to__gte=clock.today()), unit_path=unit_path)
    return list(
        posts.select_related("account__person", "unit", "substitutes__account__person").order_by(
            "account__person__folded_name", "id"
        )
    )


def tokens_in(unit_path: str) -> list[ApiToken]:
    tokens = ApiToken.objects.filter(unit_path=unit_path, revoked_at=None)
    return list(tokens.select_related("account__person").order_by("-id"))


def roles_to_give() -> dict[str, str]:
    """Roles a unit's administrator may appoint: none that reaches beyond the unit's own tree."""
    own = {"anyone", "resident"}
    return {
        role: title
        for role, title in titles().items()
        if role not in own and "all" not in roles().get(role, {}).values()
    }


def permissions_in(account: Account, unit_path: str, day: date) -> set[str]:
    """Permissions the account's posts give in exactly that unit on that day."""
    held = Post.objects.on(day).filter(account=account, unit_path=unit_path).values_list("role", flat=True)
    return {permission for role in held for permission in roles().get(role, {})}


def account_for_sign_in(name: str) -> Account | None:
    """By username, or by the phone number of the account."""
    return Account.objects.filter(Q(username=name) | Q(phone=name), is_active=True).first()


def code_of(code_uuid: str) -> str | None:
    """The digits of a one-time code while it may still be used; None afterwards."""
    alive = OneTimeCode.objects.filter(
        uuid=code_uuid, used_at=None, expires_at__gt=clock.now(), tries__lt=rules.CODE_TRIES
    )
    return rules.code_for(secret(), str(code_uuid)) if alive.exists() else None


def authenticator_secret(factor: SecondFactor) -> str:
    return rules.totp_secret(secret(), str(factor.uuid))


def secret() -> bytes:
    return settings.SECRET_KEY.encode()


def is_shut(door: str, key: str) -> bool:
    """Whether too many failed tries at this door, by this key, lie within its window."""
    limit = rules.LIMITS[door]
    now = clock.now()
    recent = Attempt.objects.filter(door=door, key=key[:80], succeeded=False, at__gt=now - limit.window)
    return rules.too_many(recent.values_list("at", flat=True), now, limit)


@dataclass(slots=True)
class Door:
    """A try that runs now; the caller says whether it succeeded."""

    succeeded: bool = False


@contextmanager
def guarded(door: str, key: str, most: int, window: timedelta = timedelta(minutes=15)) -> Iterator[Door]:
    """A public look-up that may not be guessed at. Raises Refused after `most` failed tries within the window.

    The try is kept although the look-up is a question: a limit that forgets is none.
    """
    now = clock.now()
    recent = Attempt.objects.filter(door=door, key=key[:80], succeeded=False, at__gt=now - window)
    if rules.too_many(recent.values_list("at", flat=True), now, rules.Limit(most, window)):
        minutes = int(window.total_seconds() // 60)
        raise Refused(f"Đã thử quá nhiều lần. Hãy đợi {minutes} phút rồi thử lại.")
    this = Door()
    try:
        yield this
    finally:
        Attempt.objects.create(door=door, key=key[:80], at=now, succeeded=this.succeeded)


def person_of(by: Actor) -> Person | None:
    """The person who asks; None for a machine's caller or nobody."""
    return Person.objects.filter(pk=by.person_id).first() if by.person_id else None


def needs_second_factor(account: Account) -> bool:
    return account.second_factor_required or has_factor(account)


def has_factor(account: Account) -> bool:
    return confirmed_factors(account).exists()


def confirmed_factors(account: Account) -> Any:
    """Authenticator apps and passkeys in use; recovery codes are only the way out."""
    kinds = [SecondFactor.Kind.TOTP, SecondFactor.Kind.PASSKEY]
    return SecondFactor.objects.filter(account=account, kind__in=kinds).exclude(confirmed_at=None)


@dataclass(frozen=True, slots=True)
class Security:
    """What the security page shows of an account."""

    factors: list[SecondFactor]
    recovery_left: int
    recent: list[tuple[datetime, bool]]
    has_password: bool
    required: bool


def security_of(account: Account) -> Security:
    recent = Attempt.objects.filter(door="sign_in", key=str(account.pk)).order_by("-at")[:10]
    return Security(
        factors=list(confirmed_factors(account).order_by("id")),
        recovery_left=SecondFactor.objects.filter(account=account, kind=SecondFactor.Kind.RECOVERY).count(),
        recent=list(recent.values_list("at", "succeeded")),
        has_password=account.has_usable_password(),
        required=account.second_factor_required,
    )


def person_by_personal_id(personal_id: str) -> Person | None:
    return Person.objects.filter(personal_id=personal_id).first()


def demo_officers() -> list[Account]:
    """Made-up officers, for the list of demo sign-ins."""
    demo = Account.objects.filter(person__is_demo=True, is_active=True, posts__isnull=False)
    return list(demo.select_related("person").prefetch_related("posts__unit").distinct().order_by("id"))


def titled_roles(posts: list[Post]) -> list[tuple[Post, str]]:
    known = titles()
    return [(post, post.title or known.get(post.role, post.role)) for post in posts]
