"""Officials as they are found: by who keeps the people of their unit, with the address of their post."""

from datetime import datetime, time

from django.db.models import QuerySet
from django.urls import reverse

from xaso.core.access.roles import titles
from xaso.core.accounts.models import Post
from xaso.core.search.feeds import Feed, Item, declare
from xaso.kit import clock

MANAGE = "accounts.manage"


def posts() -> QuerySet[Post]:
    return Post.objects.select_related("account__person", "unit")


def item_of(post: Post) -> Item:
    account, person = post.account, post.account.person
    return Item(
        thing=post,
        permission=MANAGE,
        unit_path=post.unit_path,
        title=person.full_name or account.username,
        line=f"{post.title or titles().get(post.role, post.role)} – {post.unit}",
        url=reverse("accounts:post", args=[post.uuid]),
        moment=datetime.combine(post.valid_from, time(), tzinfo=clock.VIETNAM),
        texts=[account.username, account.official_email],
        whole=[person.personal_id or "", account.phone or person.phone],
    )


declare(Feed("accounts.Post", "Cán bộ", posts, item_of, permissions=(MANAGE,)))
