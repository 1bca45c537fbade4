"""Core's own things to find, kept up by what their parts announce. Imported when Django is ready."""

from xaso.core.accounts.events import OfficerChanged
from xaso.core.search.actions import forget, index_many
from xaso.core.search.officers import item_of, posts
from xaso.kit.events import on


@on(OfficerChanged)
def an_officer_changed(fact: OfficerChanged) -> None:
    index_many([item_of(post) for post in posts().filter(account_id=fact.account_id)])
    if fact.gone:
        forget(fact.gone)
