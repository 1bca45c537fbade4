"""What authorities say about revocation: where to ask is noted, asked outside transactions, the answer kept."""

import hashlib
from collections.abc import Iterable

from xaso.core.access import SYSTEM, Actor
from xaso.core.actions import action
from xaso.kit import clock
from xaso.modules.trust.fetching import Fetched, NotFetchedError, fetch_list, fetch_status
from xaso.modules.trust.models import RevocationEntry
from xaso.modules.trust.queries import key_of
from xaso.modules.trust.rules import Source


@action("trust.note_sources", "Ghi nơi hỏi trạng thái thu hồi")
def note_sources(by: Actor, sources: Iterable[Source], /) -> None:
    """Addresses that trusted certificates name. Known ones stay as they are."""
    rows = {
        key_of(one): RevocationEntry(
            kind=one.kind,
            url=one.url,
            question=one.question,
            key=key_of(one),
            issuer=one.issuer,
            noted_at=clock.now(),
        )
        for one in sources
    }
    RevocationEntry.objects.bulk_create([rows[key] for key in sorted(rows)], ignore_conflicts=True)


@action("trust.record_answer", "Ghi trả lời về thu hồi")
def record_answer(
    by: Actor, entry: RevocationEntry, /, *, fetched: Fetched | None = None, error: str = ""
) -> RevocationEntry:
    """A newer answer replaces an older one; an older or failed one leaves what is kept."""
    entry.tried_at, entry.error = clock.now(), error[:300]
    if fetched is not None:
        entry.fetched_at = clock.now()
        if entry.this_update is None or fetched.answer.this_update >= entry.this_update:
            entry.body, entry.sha256 = fetched.content, hashlib.sha256(fetched.content).hexdigest()
            entry.this_update, entry.next_update = fetched.answer.this_update, fetched.answer.next_update
            entry.issuer = fetched.answer.issuer or entry.issuer
    entry.save()
    return entry


def ask_authorities(entries: Iterable[RevocationEntry]) -> int:
    """Ask each address and keep what it says. NOT inside a transaction. Returns how many answered."""
    answered = 0
    for entry in entries:
        try:
            if entry.kind == RevocationEntry.Kind.CRL:
                fetched = fetch_list(entry.url)
            else:
                fetched = fetch_status(entry.url, bytes(entry.question))
        except NotFetchedError as why:
            record_answer(SYSTEM, entry, error=str(why))
            continue
        record_answer(SYSTEM, entry, fetched=fetched)
        answered += 1
    return answered
