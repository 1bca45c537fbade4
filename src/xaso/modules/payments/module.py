from typing import Any

from django.http import HttpRequest

from xaso.core.access import visible
from xaso.kit import subject
from xaso.kit.module import MenuItem, Module
from xaso.modules.payments.models import BankTransaction
from xaso.modules.payments.queries import charges_of, waiting_refunds


def charges_panel(request: HttpRequest, thing: Any) -> dict[str, Any] | None:
    """The charges of a thing, for its own page on any face. Whoever may see the thing's page sees what it costs."""
    charges = charges_of(subject.ref(thing))
    if not charges or not request.actor.may("payments.view", on=charges[0]):
        return None
    url = "desk-payments:charge" if request.path.startswith("/desk/") else "portal-payments:charge"
    return {"template": "payments/parts/charges.html", "charges": charges, "charge_url": url}


def money_to_settle(request: HttpRequest) -> dict[str, Any] | None:
    """On the cashier's first page: money nobody has placed yet, and refunds that wait."""
    by = request.actor
    if not by.may("payments.settle"):
        return None
    waiting = visible(by, "payments.settle", BankTransaction.objects.filter(settled_at=None)).count()
    refunds = len(waiting_refunds(by))
    return {"template": "payments/parts/work.html", "waiting": waiting, "refunds": refunds}


MODULE = Module(
    "payments",
    "Thu phí",
    menu=(
        MenuItem("desk", "Thu phí", "desk-payments:index", "payments.take_cash", "money", 40),
        MenuItem("desk", "Đối soát", "desk-payments:to_settle", "payments.settle", "list", 41),
        MenuItem("desk", "Khoá sổ ngày", "desk-payments:close_day", "payments.close_day", "lock", 42),
        MenuItem("desk", "Hoàn phí", "desk-payments:refunds", "payments.approve_refund", "undo", 43),
        MenuItem("desk", "Tài khoản thu phí", "desk-payments:accounts", "payments.set_account", "money", 80),
    ),
    slots={"panel:dossiers.Dossier": (charges_panel,), "desk.work": (money_to_settle,)},
)
