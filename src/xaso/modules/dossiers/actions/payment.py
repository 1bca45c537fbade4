"""The payment axis of a dossier follows its charges."""

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.kit import subject
from xaso.modules.dossiers.models import Dossier
from xaso.modules.payments.queries import charges_of

_STATES = {
    "paid": Dossier.Payment.PAID,
    "overpaid": Dossier.Payment.PAID,
    "part_paid": Dossier.Payment.PART,
    "waived": Dossier.Payment.WAIVED,
    "open": Dossier.Payment.DUE,
}
_WORST_FIRST = (Dossier.Payment.DUE, Dossier.Payment.PART, Dossier.Payment.PAID, Dossier.Payment.WAIVED)


@action("dossiers.mark_fee", "Ghi nhận tình trạng phí")
def mark_fee(by: Actor, dossier: Dossier, /) -> Dossier:
    """The worst state of the charges that still count is the state of the dossier."""
    states = {_STATES[charge.state] for charge in charges_of(subject.ref(dossier)) if charge.state in _STATES}
    state = next((one for one in _WORST_FIRST if one in states), dossier.payment_state)
    Dossier.objects.filter(pk=dossier.pk).update(payment_state=state)
    dossier.payment_state = state
    return dossier
