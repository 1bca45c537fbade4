"""Posts that wait for Facebook, and what happens at Zalo: followers are counted, a broken chain reaches a person."""

from xaso.core.access import SYSTEM
from xaso.core.accounts.queries import officers_of
from xaso.kit.errors import Missing
from xaso.kit.events import on
from xaso.modules.social import queries
from xaso.modules.social.actions import register, telling
from xaso.modules.social.carrying import carry, noticed
from xaso.modules.social.events import FacebookTold, PostWaits
from xaso.modules.zalo import queries as zalo
from xaso.modules.zalo.events import ZaloChainBroken, ZaloFollowed, ZaloUnfollowed

ADMIN = "unit_admin"


@on(PostWaits, reaches_out=True)
def a_post_waits(fact: PostWaits) -> None:
    """Tried at once; what fails is tried again by the clock."""
    post = queries.post_with(fact.post)
    if post is None:
        raise Missing(queries.NO_POST)
    carry(post)


@on(FacebookTold, reaches_out=True)
def facebook_told_something(fact: FacebookTold) -> None:
    noticed(fact.post_id, fact.kind)


@on(ZaloFollowed)
def somebody_follows(fact: ZaloFollowed) -> None:
    _count(fact.unit_path)


@on(ZaloUnfollowed)
def somebody_leaves(fact: ZaloUnfollowed) -> None:
    _count(fact.unit_path)


def _count(unit_path: str) -> None:
    """The register's Zalo OA shows how many follow, where it is written down."""
    page = queries.zalo_page_of(unit_path)
    if page is not None:
        register.count_followers(SYSTEM, page, members=zalo.follower_count(unit_path))


@on(ZaloChainBroken)
def a_chain_broke(fact: ZaloChainBroken) -> None:
    """Only a person can mend it, so the administrators of the unit are told."""
    account = zalo.account_by_uuid(fact.account)
    if account is None:
        return
    people = [post.account.person for post in officers_of(account.unit_path, ADMIN)]
    telling.tell_of_broken_chain(SYSTEM, account.unit, account=account, people=people, why=fact.why)
