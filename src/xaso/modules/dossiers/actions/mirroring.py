"""Dossiers that another system decides about: they come in, follow it, and are never typed or decided here."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError

from xaso.core.access import Actor, require
from xaso.core.actions import action, note
from xaso.core.marks.watching import touch
from xaso.core.search.actions import index_many
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.rows import insert
from xaso.modules.dossiers import rules
from xaso.modules.dossiers.actions.filing import Filing, owner_of, row_of
from xaso.modules.dossiers.actions.moving import happened
from xaso.modules.dossiers.finding import item_of
from xaso.modules.dossiers.models import Dossier, ExternalRef

OURS = "Mã này đã gắn với một hồ sơ do xã xử lý nên không nhận trạng thái từ hệ thống khác được."
OTHER_PROCEDURE = "Hồ sơ này đã nhận về với thủ tục khác. Hãy kiểm tra lại mã hồ sơ gửi sang."


@dataclass(frozen=True, slots=True)
class Foreign:
    """A dossier as another system tells it; `version` grows with each change there."""

    source: str
    external_id: str
    version: int
    number: str
    state: rules.State
    filed: Filing
    channel: str
    submitted_at: datetime
    accepted_at: datetime | None = None
    due_at: datetime | None = None
    finished_at: datetime | None = None
    returned_at: datetime | None = None

    def for_audit(self) -> dict[str, Any]:
        return asdict(self) | {"filed": self.filed.for_audit()}


def mirror(by: Actor, unit: Unit, foreign: Foreign) -> Dossier:
    """Take it over; of two that bring the same dossier at once the second finds the first one's."""
    try:
        return mirror_dossier(by, unit, foreign=foreign)
    except IntegrityError:
        return mirror_dossier(by, unit, foreign=foreign)


@action("dossiers.mirror", "Nhận hồ sơ từ hệ thống khác")
def mirror_dossier(by: Actor, unit: Unit, /, *, foreign: Foreign) -> Dossier:
    """The dossier as it is there now. The same version twice, or an older one that comes late, changes nothing."""
    known = ExternalRef.objects.filter(source=foreign.source, external_id=foreign.external_id)
    link = known.select_for_update(of=("self",)).select_related("dossier__unit").first()
    note(source=foreign.source, external_id=foreign.external_id, version=foreign.version)
    if link is None:
        return _first_seen(by, unit, foreign)
    require(by, "dossiers.mirror", link.dossier)
    if not link.dossier.is_mirror:
        raise Refused(OURS)
    if link.dossier.procedure_id != foreign.filed.version.procedure_id:
        raise Refused(OTHER_PROCEDURE)
    if foreign.version > int(link.version):
        _follow(by, link, foreign)
    return link.dossier


def _first_seen(by: Actor, unit: Unit, foreign: Foreign) -> Dossier:
    now = clock.now()
    dossier = row_of(by, unit, foreign.filed, foreign.channel, now)
    dossier.owner_person_id = owner_of(by, foreign.filed)
    dossier.sync_state = Dossier.Sync.MIRROR
    dossier.is_new = True
    _set(dossier, foreign)
    links = [(foreign.source, foreign.external_id, str(foreign.version))]
    if foreign.number and Dossier.objects.filter(number=foreign.number).exists():
        links.append((f"{foreign.source}:number", foreign.number, ""))
    else:
        dossier.number = foreign.number or None
    insert([dossier])
    insert([ExternalRef(dossier=dossier, source=s, external_id=key, version=v) for s, key, v in links])
    insert([_told(by, dossier, foreign, now)])
    index_many([item_of(dossier)])
    return dossier


def _follow(by: Actor, link: ExternalRef, foreign: Foreign) -> None:
    """State and times as they are there. The number, the owner and the version of the procedure stay."""
    dossier = link.dossier
    before = dossier.state
    touch(dossier)
    changed = _set(dossier, foreign)
    if dossier.number is None and foreign.number and not Dossier.objects.filter(number=foreign.number).exists():
        dossier.number = foreign.number
        changed = [*changed, "number"]
    dossier.save(update_fields=changed)
    link.version = str(foreign.version)
    link.save(update_fields=["version"])
    index_many([item_of(dossier)])
    if before != dossier.state:
        insert([_told(by, dossier, foreign, clock.now())])


def _set(dossier: Dossier, foreign: Foreign) -> list[str]:
    finished, due = foreign.finished_at, foreign.due_at
    on_time = finished <= due if finished and due else None
    values = {
        "state": int(foreign.state),
        "submitted_at": foreign.submitted_at,
        "accepted_at": foreign.accepted_at,
        "due_at": due,
        "finished_at": finished,
        "returned_at": foreign.returned_at,
        "on_time_legal": on_time,
        "on_time_shown": on_time,
        "on_time_766": on_time,
        "delivery_state": _delivery(foreign.state),
    }
    for name, value in values.items():
        setattr(dossier, name, value)
    return list(values)


def _delivery(state: rules.State) -> str:
    done = {rules.State.FINISHED: Dossier.Delivery.READY, rules.State.RETURNED: Dossier.Delivery.DELIVERED}
    return done.get(state, Dossier.Delivery.NONE)


def _told(by: Actor, dossier: Dossier, foreign: Foreign, at: datetime) -> Any:
    return happened(dossier, by, "mirror", f"{rules.LABELS[foreign.state]} (theo {foreign.source})", at)
