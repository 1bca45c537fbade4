"""What payments announces."""

from xaso.kit.events import event


@event
class PaymentConfirmed:
    """Nothing more is due on this charge: it was paid, or the rest was waived. `amount` is what came in."""

    subject: str
    charge_id: int
    amount: int


@event
class PaymentChanged:
    """The charge stands otherwise than before and is not settled by it: paid in part, or money was taken back."""

    subject: str
    charge_id: int
