"""How the gateway does, as whoever talks to it says."""

from __future__ import annotations

from django.db.models import F

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.kit import clock
from xaso.modules.sms.models import Gateway


@action("sms.report_gateway", "Ghi tình trạng tổng đài SMS")
def report_gateway(by: Actor, only: Gateway | None, /, *, provider: str, state: str, said: str = "", throttled: int = 0,
                   reconnects: int = 0) -> None:  # fmt: skip
    """`state`: bound, ok, down or off. Counters are added to what is there."""
    del by, only
    now = clock.now()
    row, made = Gateway.objects.get_or_create(
        provider=provider,
        defaults={"state": state, "said": said[:300], "changed_at": now, "seen_at": now, "throttled": throttled,
                  "reconnects": reconnects},
    )  # fmt: skip
    if not made:
        Gateway.objects.filter(pk=row.pk).update(
            state=state,
            said=said[:300],
            seen_at=now,
            changed_at=row.changed_at if (row.state, row.said) == (state, said[:300]) else now,
            throttled=F("throttled") + throttled,
            reconnects=F("reconnects") + reconnects,
        )
