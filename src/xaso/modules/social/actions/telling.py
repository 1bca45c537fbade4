"""Telling people, and being told by Facebook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from xaso.core.access import Actor
from xaso.core.accounts.models import Person
from xaso.core.actions import action, note
from xaso.core.outbox.actions import announce
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.notifications.actions import notify
from xaso.modules.social.events import FacebookTold
from xaso.modules.social.models import Notice, Post

LINK = "/desk/zalo/"


@action("social.tell_of_broken_chain", "Báo Zalo OA cần cấp quyền lại")
def tell_of_broken_chain(by: Actor, unit: Unit, /, *, account: Any, people: Sequence[Person], why: str) -> int:
    """Once for each break, to everybody who can mend it."""
    for person in people:
        notify(
            by, person, "zalo.broken", subject=account, unit_path=unit.path, link=LINK,
            values={"account": str(account), "unit": unit.full_name, "why": why},
            key=f"zalo-broken:{account.uuid}:{account.generation}:{person.pk}",
        )  # fmt: skip
    note(told=len(people))
    return len(people)


@action("social.receive_notice", "Nhận báo của Facebook")
def receive_notice(by: Actor, /, *, changes: Sequence[Sequence[str]], fingerprint: str) -> int:
    """Every change of a notice, the first time it is told; those about posts of ours are looked at by the worker."""
    known = 0
    for number, (kind, page_id, post_id) in enumerate(changes):
        values = {"kind": kind, "page_id": page_id, "post_id": post_id, "received_at": clock.now()}
        _, is_new = Notice.objects.get_or_create(fingerprint=f"{fingerprint[:58]}:{number}", defaults=values)
        if is_new and post_id and Post.objects.filter(facebook_id=post_id).exists():
            announce(FacebookTold(post_id=post_id, kind=kind))
        known += is_new
    return known


@action("social.forget_notices", "Xoá báo cũ của Facebook")
def forget_notices(by: Actor, /, *, before: datetime) -> int:
    return Notice.objects.filter(received_at__lt=before).delete()[0]
