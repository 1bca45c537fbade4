"""Many dossiers in one go: a paper register typed in, or another system's intake. One transaction, all or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action, entry_for, note
from xaso.core.deadlines import actions as deadlines
from xaso.core.numbering.actions import next_number
from xaso.core.outbox.actions import announce
from xaso.core.units.models import Unit
from xaso.kit import clock, subject
from xaso.kit.errors import Refused
from xaso.kit.rows import insert
from xaso.modules.dossiers.actions.filing import Filing, attach_all, check_helper, owners_of, row_of
from xaso.modules.dossiers.actions.reception import (
    Price,
    accept_row,
    charge_of,
    check_papers,
    first_stints,
    limit_of,
    payment_state_of,
    quote_of,
)
from xaso.modules.dossiers.events import DossierAccepted
from xaso.modules.dossiers.models import Dossier
from xaso.modules.payments.actions import new_charge, request_payments

MOST = 100
TOO_MANY = f"Mỗi lần tiếp nhận được nhiều nhất {MOST} hồ sơ. Hãy chia thành nhiều lần."


@dataclass(frozen=True, slots=True)
class Intake:
    """One of many: what is filed and what it costs."""

    filed: Filing
    price: Price

    def for_audit(self) -> Any:
        return [self.filed, str(self.price)]


@action("dossiers.bulk_receive", "Tiếp nhận nhiều hồ sơ")
def receive_many(
    by: Actor, unit: Unit, /, *, intakes: Sequence[Intake], channel: str = "counter", forward: bool = False
) -> list[Dossier]:
    """As `receive_dossier` for each of them; numbers come as one block, rows as one statement per table."""
    if not 1 <= len(intakes) <= MOST:
        raise Refused(TOO_MANY)
    now = clock.now()
    for intake in intakes:
        check_helper(intake.filed)
        check_papers(intake.filed)
    owners = owners_of(intake.filed for intake in intakes)
    numbers = next_number("dossier", unit, now, len(intakes))
    made = []
    for intake, number in zip(intakes, numbers, strict=True):
        dossier = row_of(by, unit, intake.filed, channel, now)
        dossier.owner_person_id = owners.get(intake.filed.applicant.personal_id)
        dossier.number, dossier.is_new = number, True
        accept_row(dossier, intake.filed.version, now, forward=forward)
        made.append((dossier, intake))
    _store(by, made, now)
    note(count=len(made))
    return [dossier for dossier, _ in made]


def _store(by: Actor, made: list[tuple[Dossier, Intake]], now: datetime) -> None:
    quotes = [quote_of(dossier, intake.filed.version, intake.price, now) for dossier, intake in made]
    for (dossier, _), quote in zip(made, quotes, strict=True):
        dossier.payment_state = payment_state_of(quote)
    insert([dossier for dossier, _ in made])
    attach_all(by, [(dossier, intake.filed) for dossier, intake in made], now)
    clocks, stints, charges = [], [], []
    for (dossier, intake), quote in zip(made, quotes, strict=True):
        pinned = intake.filed.version
        limit = limit_of(dossier, pinned)
        clocks.append(deadlines.new_clock(subject.ref(dossier), dossier.unit_path, limit, now, "dossier"))
        stints += first_stints(by, dossier, pinned, now)
        charges.append(new_charge(**charge_of(dossier, quote, pinned)) if quote.total else None)
        _record(dossier, intake.filed)
    deadlines.start_many(clocks)
    insert(stints)
    request_payments(by, [charge for charge in charges if charge is not None])


def _record(dossier: Dossier, filed: Filing) -> None:
    facts: dict[str, Any] = {"procedure": filed.version.code, "filing": filed.filing, "number": dossier.number}
    entry_for(dossier, **facts)
    announce(DossierAccepted(dossier_id=dossier.pk))
