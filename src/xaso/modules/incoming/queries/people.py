"""Who works in a unit: whom a document can be shown to, and to whom it can be given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from xaso.core.access import Actor
from xaso.core.access.roles import roles, titles
from xaso.core.accounts.models import Post
from xaso.kit import clock


def posts_with(unit_path: str, permission: str) -> list[Post]:
    """Posts of exactly that unit, in force today, whose role gives the permission; by name, each person once."""
    able = [role for role, permissions in roles().items() if permission in permissions]
    posts = Post.objects.on(clock.today()).filter(unit_path=unit_path, role__in=able, account__is_active=True)
    found = posts.select_related("account__person").order_by("account__person__folded_name", "id")
    return list({post.account_id: post for post in reversed(list(found))}.values())[::-1]


def workers_of(unit_path: str) -> list[Post]:
    """Everybody in the unit who can be given a document."""
    return posts_with(unit_path, "incoming.take")


def leaders_of(unit_path: str) -> list[Post]:
    return posts_with(unit_path, "incoming.remark")


def post_of(by: Actor, unit_path: str) -> Post | None:
    """The post in which this officer works in the unit."""
    return Post.objects.on(clock.today()).filter(unit_path=unit_path, account_id=by.account_id).first()


def chosen(posts: Sequence[Post], keys: Iterable[UUID | str]) -> list[Post]:
    """Those of the posts whose uuids were chosen, in the order of the choice."""
    known = {str(post.uuid): post for post in posts}
    return [known[key] for key in dict.fromkeys(str(one) for one in keys) if key in known]


def titled(post: Post) -> str:
    """“Phạm Thị An, Chuyên viên”."""
    return f"{post.account.person.full_name}, {title_of(post)}"


def title_of(post: Post) -> str:
    return post.title or titles().get(post.role, post.role)
