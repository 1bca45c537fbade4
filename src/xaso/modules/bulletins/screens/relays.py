"""Bulletins of upper levels at this commune: it decides when, not what."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import path

from xaso.core.forms import refusals_on
from xaso.core.screens import Answer, screen, told
from xaso.kit import clock
from xaso.modules.bulletins.actions.relaying import order_relay
from xaso.modules.bulletins.forms import RelayForm
from xaso.modules.bulletins.queries import listing


@screen("bulletins/desk/relays.html", permission="bulletins.view")
def relays(request: HttpRequest) -> Answer:
    page = listing.relays_of(request.actor, request.GET.get("after", ""))
    return {"rows": page.rows, "after": page.after, "may_order": request.actor.may("bulletins.order_relay")}


@screen("bulletins/desk/relay.html", permission="bulletins.order_relay")
def relay(request: HttpRequest, key: UUID) -> Answer:
    """The words as they came, and the two boxes the commune may fill."""
    found = listing.relay_for(request.actor, key)
    wanted = clock.local(found.starts_at)
    form = RelayForm(request.POST or None, initial={"day": wanted.date(), "hour": f"{wanted:%H:%M}"})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = order_relay(request.actor, found, starts_at=form.moment)
            told(request, f"Đã xếp giờ phát: {clock.local(made.starts_at):%H:%M ngày %d/%m/%Y}.")
            return redirect("desk-bulletins:relays")
    return {"relay": found, "bulletin": found.bulletin, "form": form, "may_order": found.state in {"waiting", "broken"}}


urlpatterns = [path("cap-tren/", relays, name="relays"), path("cap-tren/<uuid:key>/", relay, name="relay")]
