"""The register of officers' accounts and official e-mail: who has them, and who uses them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from xaso.core.access import Actor
from xaso.core.access.queries import visible
from xaso.core.access.roles import titles
from xaso.core.accounts.models import Account, Attempt, Post
from xaso.kit import clock
from xaso.kit.pages import Page, cut, number_in

MANAGE = "accounts.manage"
IN_USE = timedelta(days=30)
PAGE = 30
HEAD = ("Họ và tên", "Tên đăng nhập", "Chức danh", "Thư công vụ", "Xác nhận ngày", "Đăng nhập gần nhất", "Tình trạng")
BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Officer:
    """A line of the register."""

    account: Account
    posts: str
    last_in: datetime | None

    @property
    def state(self) -> str:
        """In use means both: the address is confirmed, and the officer signed in within thirty days."""
        if not self.account.official_email:
            return "Chưa có thư công vụ"
        if self.account.email_confirmed_at is None:
            return "Chưa xác nhận thư"
        return "Đang dùng" if self.is_active else "Lâu không đăng nhập"

    @property
    def is_active(self) -> bool:
        return self.last_in is not None and self.last_in > clock.now() - IN_USE

    @property
    def tone(self) -> str:
        return "good" if self.state == "Đang dùng" else "warn"


def after(day: date) -> datetime:
    """The moment at which the day is over in Vietnam."""
    return datetime(day.year, day.month, day.day, tzinfo=clock.VIETNAM) + timedelta(days=1)


def signed_in_around(day: date) -> Exists:
    """For posts: the officer came in during the thirty days that end with that day."""
    end = after(day)
    came = Attempt.objects.filter(
        door="sign_in", succeeded=True, key=Cast(OuterRef("account_id"), CharField()), at__gte=end - IN_USE, at__lt=end
    )
    return Exists(came)


def posts_kept(by: Actor) -> QuerySet[Post]:
    """Posts in force today that this administrator keeps; machines are not people."""
    return visible(by, MANAGE, Post.objects.on(clock.today())).exclude(role="partner")


def _officers(by: Actor) -> QuerySet[Account]:
    """Accounts with a post in force today where this administrator keeps the people."""
    posts = posts_kept(by)
    last = Attempt.objects.filter(door="sign_in", succeeded=True, key=Cast(OuterRef("pk"), CharField())).order_by("-at")
    accounts = Account.objects.filter(Exists(posts.filter(account=OuterRef("pk"))), is_active=True)
    return accounts.annotate(last_in=Subquery(last.values("at")[:1])).select_related("person")


def page(by: Actor, after: str = "", size: int = PAGE) -> Page[Officer]:
    """By name. `after` is `name|id` of the last line shown. Two statements."""
    accounts = _officers(by).order_by("person__folded_name", "pk")
    name, _, number = after.rpartition("|")
    if pk := number_in(number):
        accounts = accounts.filter(Q(person__folded_name__gt=name) | Q(person__folded_name=name, pk__gt=pk))
    found = cut(list(accounts[: size + 1]), size, lambda row: f"{row.person.folded_name}|{row.pk}")
    return Page(_lines(by, found.rows), found.after)


def _lines(by: Actor, accounts: list[Account]) -> list[Officer]:
    held: dict[int, list[str]] = {}
    known = titles()
    posts = posts_kept(by).filter(account__in=accounts).order_by("pk")
    for post in posts:
        held.setdefault(post.account_id, []).append(post.title or known.get(post.role, post.role))
    return [Officer(one, ", ".join(dict.fromkeys(held.get(one.pk, []))), one.last_in) for one in accounts]


def counts(by: Actor) -> dict[str, int]:
    """Officers, those with an address, those who use it. One statement."""
    rows = list(_officers(by).values_list("official_email", "email_confirmed_at", "last_in"))
    since = clock.now() - IN_USE
    active = [row for row in rows if row[2] and row[2] > since]
    return {
        "officers": len(rows),
        "with_email": sum(1 for row in rows if row[0]),
        "active": len(active),
        "in_use": sum(1 for row in active if row[0] and row[1]),
    }


def as_csv(by: Actor) -> Iterator[str]:
    """The whole register, a piece at a time."""
    after, is_first = "", True
    while is_first or after:
        found = page(by, after, 200)
        written = io.StringIO(newline="")
        writer = csv.writer(written)
        if is_first:
            written.write("\ufeff")
            writer.writerow(HEAD)
        writer.writerows(_cells(one) for one in found.rows)
        yield written.getvalue()
        after, is_first = found.after, False


def _cells(one: Officer) -> list[str]:
    """Text that a spreadsheet would run as a formula begins with an apostrophe."""
    account = one.account
    confirmed = f"{clock.local(account.email_confirmed_at):%d/%m/%Y}" if account.email_confirmed_at else ""
    last = f"{clock.local(one.last_in):%d/%m/%Y}" if one.last_in else ""
    cells = [account.person.full_name, account.username, one.posts, account.official_email, confirmed, last, one.state]
    return [f"'{cell}" if cell.startswith(BEGINS_FORMULA) else cell for cell in cells]
