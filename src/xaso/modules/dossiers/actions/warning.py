"""One working day before the deadline an apology is asked for, unless the work is done (NĐ 61/2018 Đ.19.9); what is
late is said so on the timeline, where the resident sees it."""

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.kit import clock
from xaso.modules.dossiers.actions.moving import happened
from xaso.modules.dossiers.models import Dossier, Step


@action("dossiers.ask_for_apology", "Nhắc xin lỗi, hẹn lại")
def ask_for_apology(by: Actor, dossier: Dossier, /) -> Dossier:
    """Mark the dossier so that its officer must apologise or finish; already apologised ones are left."""
    Dossier.objects.filter(pk=dossier.pk, state__in=[2, 4, 6], apologised_at=None).update(needs_apology=True)
    return dossier


@action("dossiers.note_overdue", "Ghi nhận quá hạn")
def note_overdue(by: Actor, dossier: Dossier, /) -> Dossier:
    """The promised date has passed and the work is not done."""
    if dossier.state in {2, 4, 6}:
        Step.objects.bulk_create([happened(dossier, by, "overdue", "Đã quá ngày hẹn trả", clock.now())])
    return dossier
