"""What payments announces."""

from xaso.kit.events import event


@event
class PaymentConfirmed:
    """Nothing more is due on this charge: it was paid, or the rest was waived. `amount` is what came in."""

    subject: str
    charge_id: int
    amount: int
