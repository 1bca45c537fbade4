"""The leader's remark: who leads, who helps, who should know, until when. One document or a whole pile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from xaso.core.access import Actor
from xaso.core.accounts.models import Person, Post
from xaso.core.actions import action, entry_for, note
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.incoming import rules
from xaso.modules.incoming.actions.finding import put_in_search
from xaso.modules.incoming.actions.moving import end_parts, happened, move, reason_of, tell_sender
from xaso.modules.incoming.actions.telling import tell_assigned, tell_those
from xaso.modules.incoming.actions.timing import Due, deadline
from xaso.modules.incoming.models import Assignment, Document
from xaso.modules.incoming.queries.people import title_of, workers_of

Role = Assignment.Role
NOBODY = "Hãy ghi bút phê hoặc chọn người chủ trì."
NOT_HERE = "Chỉ giao được cho người đang giữ chức danh ở đơn vị này và được xử lý văn bản."
SAME_LEAD = "Người này đang chủ trì rồi. Hãy chọn người khác."
NOTHING_CHOSEN = "Hãy đánh dấu ít nhất một văn bản."
OTHER_UNIT = "Có văn bản không thuộc đơn vị này. Hãy tải lại trang rồi chọn lại."
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Remark:
    """Bút phê. Without a lead the document is kept for information and needs nothing more."""

    text: str = ""
    lead: Post | None = None
    support: Sequence[Post] = ()
    know: Sequence[Post] = ()
    due: Due = field(default_factory=Due)

    def for_audit(self) -> dict[str, Any]:
        people = {"lead": self.lead and self.lead.pk, "support": [one.pk for one in self.support]}
        return people | {"know": [one.pk for one in self.know], "due": asdict(self.due), "text": self.text}


@action("incoming.remark", "Bút phê văn bản đến")
def remark(by: Actor, document: Document, /, *, given: Remark) -> Document:
    """Given to one who leads, to those who help and to those who should know; or kept, when nobody leads."""
    text = tidy(given.text)[:2000]
    if given.lead is None and not text and not given.know:
        raise Refused(NOBODY)
    now = clock.now()
    values = {"remark": text, "remarked_at": now, "remarked_by": by.name[:120]}
    if given.due.is_said:
        values |= deadline(document.unit_path, given.due, now)
    parts = _parts(by, document, given)
    if given.lead is None:
        move(document, "keep", **values, **_kept(document, values))
    else:
        move(document, "remark", **values, **_leading(given.lead))
    end_parts(document)
    Assignment.objects.bulk_create(parts)
    label = "Bút phê" if given.lead else "Bút phê: để biết, lưu"
    happened(by, document, "remark", label, _told(text, parts))
    note(lead=given.lead.pk if given.lead else None)
    tell_sender(document)
    put_in_search(document)
    tell_assigned(by, document, parts, _people(given))
    return document


def _kept(document: Document, values: dict[str, Any]) -> dict[str, Any]:
    now = values["remarked_at"]
    due_at = values.get("due_at", document.due_at)
    return {"outcome": Document.Outcome.KEPT, "ended_at": now, "on_time": rules.on_time(now, due_at)}


def _leading(lead: Post) -> dict[str, Any]:
    return {
        "lead": lead,
        "lead_person_id": lead.account.person_id,
        "lead_name": lead.account.person.full_name[:120],
    }


def _parts(by: Actor, document: Document, given: Remark) -> list[Assignment]:
    """Each person once: leading comes before helping, helping before knowing."""
    able = {post.pk for post in workers_of(document.unit_path)}
    wanted = [(Role.LEAD, given.lead)] if given.lead else []
    wanted += [(Role.SUPPORT, post) for post in given.support] + [(Role.KNOW, post) for post in given.know]
    if any(post.pk not in able for _, post in wanted):
        raise Refused(NOT_HERE)
    parts: dict[int, Assignment] = {}
    for role, post in wanted:
        parts.setdefault(post.account.person_id, _part(by, document, role, post))
    return list(parts.values())


def _part(by: Actor, document: Document, role: str, post: Post) -> Assignment:
    person = post.account.person
    return Assignment(
        document=document, unit_path=document.unit_path, role=role, post=post, person_id=person.pk,
        name=person.full_name[:120], title=title_of(post)[:120], given_at=clock.now(), given_by=by.name[:120],
    )  # fmt: skip


def _people(given: Remark) -> dict[int, Person]:
    posts = [*([given.lead] if given.lead else []), *given.support, *given.know]
    return {post.account.person_id: post.account.person for post in posts}


def _told(text: str, parts: Sequence[Assignment]) -> str:
    named = {role: [part.name for part in parts if part.role == role] for role in Role}
    people = [f"{role.label}: {', '.join(names)}." for role, names in named.items() if names]
    return " ".join([text, *people] if text else people)


@action("incoming.remark_many", "Bút phê nhiều văn bản một lần")
def remark_many(by: Actor, unit: Unit, /, *, documents: Sequence[Document], given: Remark) -> int:
    """The same remark on each; all of them or none."""
    if not documents:
        raise Refused(NOTHING_CHOSEN)
    if len(documents) > AT_ONCE:
        raise Refused(f"Mỗi lần bút phê tối đa {AT_ONCE} văn bản.")
    if any(document.unit_path != unit.path for document in documents):
        raise Refused(OTHER_UNIT)
    for document in documents:
        try:
            remark(by, document, given=given)
        except Refused as refusal:
            raise Refused(f"{document}: {refusal.message} Chưa văn bản nào được bút phê.") from refusal
        entry_for(document, batch=len(documents))
    return len(documents)


@action("incoming.reassign", "Giao lại người chủ trì")
def reassign(by: Actor, document: Document, /, *, lead: Post, reason: str, due: Due | None = None) -> Document:
    """Somebody else of the unit leads from now on; those who help stay."""
    text = reason_of(reason, "Hãy ghi lý do giao lại.")
    if lead.pk not in {post.pk for post in workers_of(document.unit_path)}:
        raise Refused(NOT_HERE)
    if document.lead_person_id == lead.account.person_id:
        raise Refused(SAME_LEAD)
    before = document.lead_name
    values = deadline(document.unit_path, due, clock.now()) if due and due.is_said else {}
    move(document, "reassign", **_leading(lead), **values)
    end_parts(document, Role.LEAD)
    Assignment.objects.filter(document=document, person_id=lead.account.person_id, ended_at=None).update(
        ended_at=clock.now()
    )
    part = _part(by, document, Role.LEAD, lead)
    part.save(force_insert=True)
    happened(by, document, "reassign", f"Giao lại: {before} → {document.lead_name}"[:120], text)
    tell_sender(document)
    tell_assigned(by, document, [part], {part.person_id: lead.account.person})
    return document


@action("incoming.give_back", "Trả lại lãnh đạo")
def give_back(by: Actor, document: Document, /, *, reason: str) -> Document:
    """Not this person's to do: the leader decides anew."""
    text = reason_of(reason, "Hãy ghi lý do trả lại để lãnh đạo giao cho đúng người.")
    move(document, "give_back", lead=None, lead_person_id=None, lead_name="")
    end_parts(document, Role.LEAD)
    happened(by, document, "give_back", "Trả lại lãnh đạo", text)
    tell_those(by, document, "incoming.remark", "incoming.returned", who=by.name, note=text)
    return document
