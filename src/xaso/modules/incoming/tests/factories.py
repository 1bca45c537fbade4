"""Documents as the tests need them, made through the actions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from xaso.core.access import SYSTEM, Actor
from xaso.core.accounts.models import Post
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.incoming.actions import Due, Registration, Remark, arrive, register, remark, take
from xaso.modules.incoming.models import Document

MONDAY = datetime(2024, 3, 4, 9, 0, tzinfo=clock.VIETNAM)
SUBJECT = "Về việc rà soát nhà ở nông thôn"
SENDER = "UBND huyện Vĩnh Tường"


def given(**more: Any) -> Registration:
    values = {
        "book": "chung", "issuer": SENDER, "subject": SUBJECT, "number": "12", "symbol": "UBND-KT",
        "dated_on": date(2024, 3, 1), "kind": "cong-van", "signer": "Lê Văn Ba",
    }  # fmt: skip
    return Registration(**values | more)


def arrived(unit: Unit, by: Actor = SYSTEM, **more: Any) -> Document:
    told = {"origin": "edxml", "sender": SENDER, "sender_code": "H62.28", "number": "12", "symbol": "UBND-KT",
            "dated_on": date(2024, 3, 1), "subject": SUBJECT}  # fmt: skip
    return arrive(by, unit, **told | more)


def registered(van: Actor, unit: Unit, *, show: bool = True, **more: Any) -> Document:
    return register(van, arrived(unit), given=given(**more), show=show)


def post(actor: Actor) -> Post:
    return Post.objects.select_related("account__person").get(account_id=actor.account_id)


def assigned(van: Actor, hoa: Actor, lead: Actor, unit: Unit, *, days: int | None = 3, **more: Any) -> Document:
    document = registered(van, unit)
    wanted = Remark("Giao chủ trì tham mưu.", post(lead), due=Due(days), **more)
    return remark(hoa, document, given=wanted)


def working(van: Actor, hoa: Actor, lead: Actor, unit: Unit, **more: Any) -> Document:
    return take(lead, assigned(van, hoa, lead, unit, **more))
