"""Questions about documents: one, what waits, the book of a year, what is public. Lists are keyset pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from xaso.core.access import Actor, visible
from xaso.core.access.queries import under
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.kit.fold import fold
from xaso.kit.pages import Page, cut, newest, number_in
from xaso.modules.outgoing.models import Book, Document, Follow, Recipient, Version
from xaso.modules.outgoing.rules import comparing, moves, naming
from xaso.modules.outgoing.rules.comparing import Piece

PAGE = 20
FIRST_YEAR = 2020
GONE = "Không tìm thấy văn bản này, hoặc bạn không được xem. Hãy mở lại danh sách văn bản đi."
NO_RECIPIENT = "Không tìm thấy nơi nhận này. Hãy tải lại trang."
NO_VERSION = "Không có phiên bản {number} của dự thảo này. Hãy chọn trong danh sách phiên bản."
BESIDE = ("unit", "book", "draft_file__blob", "sheet__blob", "file__blob", "corrects", "replaces", "delegation")
HEAVY = ("text", "boxes", "addressees", "authority")


def document(key: UUID | str) -> Document:
    """For other modules and the worker, who ask no permission. Raises Missing."""
    copies = Prefetch("recipients", Recipient.objects.order_by("id"))
    found = Document.objects.select_related(*BESIDE).prefetch_related(copies).filter(uuid=key).first()
    if found is None:
        raise Missing(GONE)
    return found


def document_for(by: Actor, key: UUID, permission: str = "outgoing.view") -> Document:
    """One the actor has the permission on. Raises Missing."""
    rows = visible(by, permission, Document.objects.select_related(*BESIDE))
    found = rows.prefetch_related(Prefetch("recipients", Recipient.objects.order_by("id"))).filter(uuid=key).first()
    if found is None:
        raise Missing(GONE)
    return found


def documents_of(subject: str) -> list[Document]:
    """Every document that answers a thing, oldest first."""
    return list(Document.objects.select_related("unit", "file").filter(answers=subject).order_by("id"))


def _listed(rows: QuerySet[Document]) -> QuerySet[Document]:
    return rows.select_related("unit").defer(*HEAVY)


def drafts_of(by: Actor, after: str = "", size: int = PAGE) -> Page[Document]:
    """What this person is writing, newest first."""
    return newest(_listed(Document.objects.filter(owner_person=by.person_id, state=moves.DRAFT)), after, size)


DUTIES = {
    moves.AT_HEAD: "outgoing.pass_on",
    moves.AT_LEADER: "outgoing.approve",
    moves.CHECKING: "outgoing.check",
    moves.SIGNED: "outgoing.number",
    moves.NUMBERED: "outgoing.issue",
}
"""State → the permission of whoever has to do something then."""


def waiting_for(by: Actor, after: str = "", size: int = PAGE) -> Page[Document]:
    """What stands still until this person does something, newest first."""
    mine = [state for state, permission in DUTIES.items() if by.may(permission)]
    asked = Q(state__in=mine) | Q(state=moves.TO_SIGN, signer=by.account_id)
    if by.may("outgoing.sign_on_paper"):
        asked |= Q(state=moves.TO_SIGN)
    returned = Q(state=moves.DRAFT, owner_person=by.person_id) & ~Q(return_reason="")
    return newest(_listed(visible(by, "outgoing.view", Document.objects.filter(asked | returned))), after, size)


def years() -> list[int]:
    """Years whose books may be opened, newest first."""
    return list(range(clock.today().year, FIRST_YEAR - 1, -1))


def in_book(
    by: Actor, book: Book, year: int, filters: Mapping[str, str], after: str = "", size: int = PAGE
) -> Page[Document]:
    """A book of a year, the highest number first. Filters: kind, state, words. One range of an index."""
    rows = visible(by, "outgoing.view", Document.objects.filter(book=book, year=year, number__isnull=False))
    rows = _narrowed(rows, filters)
    number, _, pk = after.partition(".")
    if at := number_in(number):
        rows = rows.filter(Q(number__lt=at) | Q(number=at, pk__lt=number_in(pk)))
    found = list(_listed(rows).order_by("-number", "-pk")[: size + 1])
    return cut(found, size, lambda row: f"{row.number}.{row.pk}")


def in_year(by: Actor, year: int, filters: Mapping[str, str], after: str = "", size: int = PAGE) -> Page[Document]:
    """Everything of a year, drafts too, newest first."""
    rows = visible(by, "outgoing.view", Document.objects.filter(year=year))
    return newest(_listed(_narrowed(rows, filters)), after, size)


def _narrowed(rows: QuerySet[Document], filters: Mapping[str, str]) -> QuerySet[Document]:
    for name in ("kind", "state"):
        if filters.get(name):
            rows = rows.filter(**{name: filters[name]})
    words = (filters.get("words") or "").strip()
    if not words:
        return rows
    number = naming.parsed_number(words)
    if number is not None:
        return rows.filter(number=number)
    for word in fold(words).split()[:6]:
        rows = rows.filter(folded__contains=word)
    return rows


def register_of(by: Actor, book: Book, year: int) -> list[Document]:
    """The whole book of a year by number, for printing; cancelled numbers stay in it."""
    rows = visible(by, "outgoing.view", Document.objects.filter(book=book, year=year, number__isnull=False))
    return list(_listed(rows).prefetch_related("recipients").order_by("number", "pk"))


def published(unit_path: str, words: str = "", after: str = "", size: int = PAGE) -> Page[Document]:
    """What stands on the portal, newest first; with a unit's path only of that unit and those under it."""
    rows = Document.objects.filter(is_public=True)
    if unit_path:
        rows = rows.filter(under(unit_path))
    return newest(_listed(_narrowed(rows, {"words": words})), after, size)


def publishing_units() -> list[Unit]:
    """Units with something on the portal."""
    theirs = Document.objects.filter(is_public=True, unit_path=OuterRef("path"))
    return list(Unit.objects.on(clock.today()).filter(Exists(theirs)).order_by("path"))


def published_one(key: UUID) -> Document:
    """Raises Missing, also for what was taken off the portal."""
    found = Document.objects.select_related("unit", "file__blob").filter(uuid=key, is_public=True).first()
    if found is None:
        raise Missing("Không tìm thấy văn bản này trên cổng. Có thể văn bản đã được thu hồi hoặc thay thế.")
    return found


def recipient(by: Actor, permission: str, key: UUID) -> Recipient:
    rows = visible(by, permission, Recipient.objects.select_related("document__unit"))
    found = rows.filter(uuid=key).first()
    if found is None:
        raise Missing(NO_RECIPIENT)
    return found


def letter_for(key: UUID) -> Recipient:
    """The copy behind the link of an e-mail: whoever has the link was sent it. Raises Missing."""
    rows = Recipient.objects.select_related("document__unit", "document__file__blob")
    found = rows.filter(uuid=key, channel="email", document__state__in=moves.GONE_OUT).first()
    if found is None:
        raise Missing("Đường dẫn này không còn dùng được. Hãy liên hệ cơ quan đã gửi văn bản cho bạn.")
    return found


def follows_of(document: Document) -> dict[int, list[Follow]]:
    """Recipient → what was told about its copy, oldest first. One statement."""
    found: dict[int, list[Follow]] = {}
    for one in Follow.objects.filter(recipient__document=document).order_by("at", "id"):
        found.setdefault(one.recipient_id, []).append(one)
    return found


def version(document: Document, number: int) -> Version:
    found = Version.objects.select_related("file__blob").filter(document=document, number=number).first()
    if found is None:
        raise Missing(NO_VERSION.format(number=number))
    return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions beside each other."""

    old: Version
    new: Version
    subject: list[Piece]
    text: list[Piece]

    @property
    def changes(self) -> int:
        return comparing.changes(self.subject) + comparing.changes(self.text)


def comparison(document: Document, old: int, new: int) -> Comparison:
    before, after = version(document, old), version(document, new)
    return Comparison(
        before,
        after,
        comparing.compared(before.subject, after.subject),
        comparing.compared(before.text, after.text),
    )


def has_waiting(unit: Unit) -> bool:
    """Is there anything of this unit that is not issued yet?"""
    return Document.objects.filter(unit=unit, unit_path=unit.path, state__in=moves.BEFORE_ISSUE).exists()
