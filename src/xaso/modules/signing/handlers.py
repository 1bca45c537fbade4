"""The worker's part of signing."""

from django.urls import reverse

from xaso.core.access import SYSTEM
from xaso.kit.events import on
from xaso.modules.signing import actions, performing
from xaso.modules.signing import queries as signing
from xaso.modules.signing.events import SignatureAsked, SignatureRefused
from xaso.modules.signing.rules import CANCELLED


@on(SignatureAsked, reaches_out=True)
def a_signature_was_asked(fact: SignatureAsked) -> None:
    performing.perform(fact.request)


@on(SignatureRefused)
def a_signature_was_not_given(fact: SignatureRefused) -> None:
    """Whoever pressed the button may have left the page; one who cancelled knows."""
    if fact.state == CANCELLED:
        return
    request = signing.request(fact.request)
    actions.tell_of_loss(SYSTEM, request, link=reverse("desk-signing:request", args=[request.uuid]))
