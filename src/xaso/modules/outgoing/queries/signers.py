"""Who may sign for a unit on a day, and how the block over the name reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from xaso.core.access import Actor, visible
from xaso.core.access.roles import roles
from xaso.core.accounts.models import Post
from xaso.core.units.models import Unit
from xaso.kit.errors import Missing
from xaso.modules.layouts import queries as layouts
from xaso.modules.outgoing.models import Delegation
from xaso.modules.outgoing.rules import capacity
from xaso.modules.outgoing.rules.capacity import Capacity
from xaso.modules.outgoing.rules.naming import ORGANS

LEADER = "leader"
HEAD_TITLE = "Chủ tịch"
NO_DELEGATION = "Không tìm thấy uỷ quyền này ở đơn vị của bạn. Hãy mở lại danh sách."


@dataclass(frozen=True, slots=True)
class Signer:
    """An officer who holds a post with the right to sign. `capacity` is None without the delegation it would need."""

    account_id: int
    name: str
    title: str
    capacity: Capacity | None


def signers_of(unit: Unit, kind: str, day: date) -> list[Signer]:
    """Leaders first. Two statements."""
    signing = [role for role, may in roles().items() if "outgoing.sign" in may]
    posts = Post.objects.on(day).filter(unit_path=unit.path, role__in=signing, account__is_active=True)
    given = [one.given for one in delegations_on(unit.path, day)]
    found: dict[int, Signer] = {}
    for post in sorted(posts.select_related("account__person"), key=lambda one: (one.role != LEADER, one.pk)):
        how = capacity.capacity_of(
            post.account_id, post.title, is_leader=post.role == LEADER, delegations=given, kind=kind, day=day
        )
        known = found.get(post.account_id)
        if known is None or (known.capacity is None and how):
            found[post.account_id] = Signer(post.account_id, post.account.person.full_name, post.title, how)
    return list(found.values())


def signer_of(unit: Unit, account_id: int, kind: str, day: date) -> Signer | None:
    return next((one for one in signers_of(unit, kind, day) if one.account_id == account_id), None)


def head_title(unit: Unit, day: date) -> str:
    """What the head of the agency is called: the title of the leader who is no deputy."""
    titles = Post.objects.on(day).filter(unit_path=unit.path, role=LEADER).values_list("title", flat=True)
    return next((title for title in titles if title and not capacity.is_deputy(title)), HEAD_TITLE)


def block_of(unit: Unit, how: Capacity, organ: str, day: date, *, is_collective: bool) -> tuple[list[str], str]:
    """The lines over the signature and the signer's own title under them."""
    block = capacity.block_of(how, head_title(unit, day), ORGANS[organ], is_collective=is_collective)
    return list(layouts.authority_lines(block.mode, block.titles)), block.own


def delegations_on(unit_path: str, day: date) -> list[Delegation]:
    """In force that day."""
    ongoing = Q(valid_to=None) | Q(valid_to__gte=day)
    return list(Delegation.objects.filter(ongoing, unit_path=unit_path, valid_from__lte=day).order_by("id"))


def delegations(by: Actor) -> list[Delegation]:
    """Every one the actor may see, those in force first; the last hundred."""
    rows = visible(by, "outgoing.view", Delegation.objects.select_related("unit"))
    return list(rows.order_by("-valid_from", "-id")[:100])


def delegation(by: Actor, permission: str, key: object) -> Delegation:
    found = visible(by, permission, Delegation.objects.all()).filter(uuid=key).first()
    if found is None:
        raise Missing(NO_DELEGATION)
    return found
