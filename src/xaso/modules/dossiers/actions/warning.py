"""One working day before the deadline an apology is asked for, unless the work is done (NĐ 61/2018 Đ.19.9)."""

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.modules.dossiers.models import Dossier


@action("dossiers.ask_for_apology", "Nhắc xin lỗi, hẹn lại")
def ask_for_apology(by: Actor, dossier: Dossier, /) -> Dossier:
    """Mark the dossier so that its officer must apologise or finish; already apologised ones are left."""
    Dossier.objects.filter(pk=dossier.pk, state__in=[2, 4, 6], apologised_at=None).update(needs_apology=True)
    return dossier
