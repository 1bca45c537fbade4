"""Who works in a unit: to whom a report can be given, who is told of it, and who must not see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Q

from xaso.core.access.queries import under
from xaso.core.access.roles import roles, titles
from xaso.core.accounts.models import Person, Post
from xaso.core.accounts.queries import secret
from xaso.core.accounts.rules import code_for
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.fold import words
from xaso.modules.feedback.definitions import Category
from xaso.modules.feedback.models import Report

CONFIDENTIAL = "feedback.view_confidential"


def posts_with(unit_path: str, permission: str) -> list[Post]:
    """Posts of exactly that unit, in force today, whose role gives the permission; by name, each person once."""
    return _able(permission, Q(unit_path=unit_path))


def _able(permission: str, where: Q) -> list[Post]:
    able = [role for role, permissions in roles().items() if permission in permissions]
    posts = Post.objects.on(clock.today()).filter(where, role__in=able, account__is_active=True)
    found = posts.select_related("account__person", "unit").order_by("account__person__folded_name", "id")
    return list({post.account_id: post for post in found}.values())


def workers_of(unit_path: str, but: Iterable[int] = ()) -> list[Post]:
    """Everybody in the unit and in the agencies under it who can be given a report, without those it names."""
    hidden = set(but)
    here = Q(unit_path=unit_path) | (under(unit_path) & Q(unit__kind=Unit.Kind.AGENCY))
    return [post for post in _able("feedback.take", here) if post.account.person_id not in hidden]


def owner_in(unit: Unit, category: Category, posts: Sequence[Post]) -> Post | None:
    """Who gets a category when nobody is chosen: of the unit that owns it here, else of the commune, by the role.

    In the owning unit somebody of another role will do; `posts` are those who may be given the report.
    """
    named = category.owner_units.get(unit.code, "")
    there = [post for post in posts if named and post.unit.code == named]
    of_role = [post for post in there if post.role == category.owner]
    here = [post for post in posts if post.unit_path == unit.path and post.role == category.owner]
    return next(iter([*of_role, *there, *here]), None)


def watchers_of(unit_path: str, permission: str, but: Iterable[int] = ()) -> list[Person]:
    """Those of the unit with the permission; where only named people have it, those above, the nearest first."""
    hidden = set(but)
    parts = unit_path.rstrip(".").split(".")
    for length in range(len(parts), 0, -1):
        posts = posts_with(".".join(parts[:length]) + ".", permission)
        people = [post.account.person for post in posts if post.account.person_id not in hidden]
        if people:
            return people
    return []


def named_in(unit_path: str, text: str) -> list[Person]:
    """Officials of the unit whose full name stands in the text: as whole words, with marks or without."""
    folded = f" {' '.join(words(text))} "
    if not folded.strip():
        return []
    posts = Post.objects.on(clock.today()).filter(unit_path=unit_path).select_related("account__person")
    people = {post.account.person_id: post.account.person for post in posts}
    return [one for one in people.values() if f" {' '.join(words(one.full_name))} " in folded]


def chosen(posts: Sequence[Post], keys: Iterable[UUID | str]) -> list[Post]:
    """Those of the posts whose uuids were chosen, in the order of the choice."""
    known = {str(post.uuid): post for post in posts}
    return [known[key] for key in dict.fromkeys(str(one) for one in keys) if key in known]


def titled(post: Post) -> str:
    """“Phạm Thị An, Chuyên viên”."""
    return f"{post.account.person.full_name}, {post.title or titles().get(post.role, post.role)}"


def person_of(person_id: int | None) -> Person | None:
    return Person.objects.filter(pk=person_id).first() if person_id else None


def confirm_code(report: Report) -> str:
    """Six digits that belong to the report, sent to its phone and stored with no row of ours."""
    return code_for(secret(), f"feedback {report.uuid}")
