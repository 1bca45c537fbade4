"""How far a resident has read."""

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.kit import clock
from xaso.modules.push.models import LastLook


@action("push.mark_seen", "Đánh dấu đã xem hộp thư")
def mark_seen(by: Actor, look: LastLook, /) -> None:
    """`look` is new, with the person; there is one for each."""
    del by
    LastLook.objects.update_or_create(person_id=look.person_id, defaults={"until": clock.now()})
