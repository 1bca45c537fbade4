"""Who looks after speakers."""

from __future__ import annotations

from xaso.core.access.roles import roles
from xaso.core.accounts.models import Person, Post
from xaso.kit import clock
from xaso.modules.speakers.queries.targets import prefixes


def keepers_of(unit_path: str) -> list[Person]:
    """People of the commune (and of the village) who are told when a speaker breaks."""
    able = [role for role, may in roles().items() if "speakers.open_repair" in may]
    posts = Post.objects.on(clock.today()).filter(
        unit_path__in=prefixes(unit_path), role__in=able, account__is_active=True
    )
    return list({one.account.person_id: one.account.person for one in posts.select_related("account__person")}.values())
