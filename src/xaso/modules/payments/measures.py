"""What payments give to indicators: money received by book day, charges by the moment they were paid."""

from django.db.models import Aggregate, Exists, OuterRef, Q, Sum

from xaso.core.measures.declaring import Family, Measure, declare
from xaso.modules.payments.models import Payment


def _amount(where: Q | None) -> Aggregate:
    return Sum("amount", filter=where)


def _without_cash() -> Q:
    """Every đồng came by transfer or through the portal."""
    payments = Payment.objects.filter(charge=OuterRef("pk"))
    return Q(Exists(payments)) & ~Q(Exists(payments.filter(method=Payment.Method.CASH)))


PAID = Q(state__in=["paid", "overpaid"])
declare(
    Family(
        "payments.charges",
        "payments.Charge",
        "paid_at",
        "payments.view",
        (
            Measure("payments.paid", "Khoản phí, lệ phí đã nộp", "khoản", where=PAID),
            Measure("payments.paid_online", "Nộp không dùng tiền mặt", "khoản", where=PAID & _without_cash()),
        ),
    )
)
declare(
    Family(
        "payments.money",
        "payments.Payment",
        "book_on",
        "payments.view",
        (
            Measure("payments.amount", "Tiền phí, lệ phí đã thu", "đồng", amount=_amount),
            Measure(
                "payments.amount_online",
                "Tiền thu không dùng tiền mặt",
                "đồng",
                where=~Q(method=Payment.Method.CASH),
                amount=_amount,
            ),
        ),
    )
)
