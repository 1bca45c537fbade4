"""After a merger: what is open belongs to the successor; the book with its numbers stays where it was."""

from __future__ import annotations

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.files import actions as files
from xaso.core.marks.watching import touch
from xaso.core.units.models import Unit
from xaso.modules.incoming import rules
from xaso.modules.incoming.actions.finding import put_in_search
from xaso.modules.incoming.actions.moving import end_parts, happened
from xaso.modules.incoming.models import Document

AT_ONCE = 500


@action("incoming.hand_over", "Bàn giao văn bản đến cho đơn vị kế thừa")
def hand_over(by: Actor, predecessor: Unit, /, *, successor: Unit) -> int:
    """Open documents with their files. Under an unchanged path the people stay; else the successor's leader decides,
    because nobody of the old unit has a post in the new one."""
    stays = predecessor.path == successor.path
    open_there = Document.objects.filter(unit_path=predecessor.path, unit=predecessor, state__in=rules.OPEN)
    moved: list[str] = []
    for document in open_there.iterator(AT_ONCE):
        touch(document)
        values = {"unit": successor, "unit_path": successor.path}
        if not stays and document.state in {*rules.WITH_SOMEBODY, rules.State.SHOWN}:
            values |= {"state": rules.State.SHOWN, "leader": None, "lead": None, "lead_person_id": None}
            values |= {"lead_name": ""}
            end_parts(document)
        Document.objects.filter(pk=document.pk, unit=predecessor).update(**values)
        for name, value in values.items():
            setattr(document, name, value)
        happened(by, document, "hand_over", f"Bàn giao cho {successor.full_name}"[:120])
        moved.append(document.ref)
        put_in_search(document)
    for start in range(0, len(moved), AT_ONCE):
        files.hand_over(moved[start : start + AT_ONCE], successor.path)
    note(predecessor=predecessor, successor=successor, count=len(moved))
    return len(moved)
