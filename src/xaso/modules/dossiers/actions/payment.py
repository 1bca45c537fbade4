"""The payment axis of a dossier follows its charges."""

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.kit import clock, subject
from xaso.kit.errors import Refused
from xaso.modules.dossiers.actions.moving import change, happened, need_ours
from xaso.modules.dossiers.models import Dossier, Step
from xaso.modules.payments.actions import request_payment
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


@action("dossiers.set_fee", "Xác định mức phí")
def set_fee(by: Actor, dossier: Dossier, /, *, amount: int, basis: str) -> Dossier:
    """Settle a fee the catalogue does not know: an amount in đồng, or 0 with the legal basis for taking nothing."""
    need_ours(dossier)
    if dossier.payment_state != Dossier.Payment.UNKNOWN:
        raise Refused("Mức phí của hồ sơ này đã xác định.")
    if amount < 0 or not basis.strip():
        raise Refused("Hãy ghi số tiền và căn cứ (biểu phí, nghị quyết, hoặc lý do không thu).")
    change(dossier, payment_state=Dossier.Payment.DUE if amount else Dossier.Payment.NONE)
    label = f"Xác định mức thu: {amount:,} đồng".replace(",", ".") if amount else "Xác định không thu phí"
    Step.objects.bulk_create([happened(dossier, by, "fee", label, clock.now(), basis)])
    if amount:
        line = {"label": "Phí, lệ phí", "kind": "charge", "quantity": 1, "unit_amount": amount, "amount": amount,
                "note": basis}  # fmt: skip
        request_payment(
            by,
            subject=subject.ref(dossier),
            unit=dossier.unit,
            payer_name=dossier.applicant_name,
            owner_person_id=dossier.owner_person_id,
            lines=[line],
            total=amount,
            collect_at="return",
        )
    return dossier
