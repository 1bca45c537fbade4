"""The officer who serves a number and accepts a dossier need not type which belongs to which."""

from xaso.core.access import SYSTEM
from xaso.kit import clock, subject
from xaso.kit.events import on
from xaso.modules.dossiers.events import DossierAccepted
from xaso.modules.queueing.actions import link_dossier
from xaso.modules.queueing.models import Ticket


@on(DossierAccepted)
def link_ticket(fact: DossierAccepted) -> None:
    """The number at the counter of the officer who typed the dossier."""
    reference = f"dossiers.Dossier:{fact.dossier_id}"
    dossier = subject.resolve(reference)
    here = dossier.received_by_unit.path
    rows = Ticket.objects.filter(unit_path=here, day=clock.today(), state=Ticket.State.SERVED)
    served = rows.filter(counter__officer_id=dossier.created_by_id, finished_at=None, dossier="").first()
    if dossier.created_by_id and served is not None:
        link_dossier(SYSTEM, served, dossier=reference)
