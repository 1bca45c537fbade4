"""Which Zalo user stands behind a number of the book: as the person told the official account, until they leave it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from xaso.core.access import Actor
from xaso.core.access.queries import under
from xaso.core.actions import action, entry_for, note
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.audiences.actions.consent import give_consent, withdraw_consent
from xaso.modules.audiences.models import Contact
from xaso.modules.audiences.rules import phone_of

NO_USER = "Chưa rõ người dùng Zalo nào."


@dataclass(frozen=True, slots=True)
class ZaloShare:
    """A user said a number. Data of a person: the audit chain keeps the checksum only."""

    user: str
    phone: str


@action("audiences.link_zalo", "Ghi người dùng Zalo của một số điện thoại")
def link_zalo(by: Actor, unit: Unit, /, *, share: ZaloShare, agrees: bool, evidence: str) -> int:
    """How many entries under the unit have this user from now on; entries with another user keep theirs.

    A user stands behind one number only: what named the user before lets go. `agrees`: the user follows the account.
    """
    phone, user = phone_of(share.phone), share.user.strip()[:40]
    if not user:
        raise Refused(NO_USER)
    book, now = Contact.objects.filter(under(unit.path), is_active=True), clock.now()
    book.filter(zalo_user=user).exclude(phone=phone).update(zalo_user="", changed_at=now)
    found = list(book.filter(Q(zalo_user="") | Q(zalo_user=user), phone=phone).order_by("id"))
    new = [one for one in found if not one.zalo_user]
    Contact.objects.filter(pk__in=[one.pk for one in new], zalo_user="").update(zalo_user=user, changed_at=now)
    for one in new:
        entry_for(one)
        if agrees:
            give_consent(by, one, topic="", channel="zalo", how="zalo", evidence=evidence)
    note(linked=len(new), kept=len(found) - len(new))
    return len(found)


@action("audiences.unlink_zalo", "Bỏ người dùng Zalo khỏi sổ người nhận")
def unlink_zalo(by: Actor, unit: Unit, /, *, share: ZaloShare, evidence: str) -> int:
    """The user left the account: a refusal on record, and no entry under the unit names the user any more."""
    rows = Contact.objects.filter(under(unit.path), zalo_user=share.user, is_active=True).exclude(zalo_user="")
    found = list(rows.order_by("id"))
    for one in found:
        entry_for(one)
        withdraw_consent(by, one, topic="", channel="zalo", how="zalo", evidence=evidence)
    rows.update(zalo_user="", changed_at=clock.now())
    return len(found)
