"""A resident switches notices on and off, device by device."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.conf import settings

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.outbox.actions import announce
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.push import rules
from xaso.modules.push.events import NoticeQueued
from xaso.modules.push.models import Device, Notice, Push
from xaso.modules.push.queries import digest_of

MOST_DEVICES = 10
BETWEEN_TESTS = timedelta(seconds=20)
TAKEN = "Địa chỉ này đã là của một máy khác. Hãy bật lại thông báo trên trang Hộp thư."
TEST_TEXT = "Đây là tin thử. Máy này nhận được thông báo."


@action("push.subscribe", "Bật thông báo trên máy")
def subscribe(by: Actor, device: Device, /) -> Device:
    """`device` is new. The same browser again is the same row, whoever uses it now."""
    del by
    fault = rules.endpoint_fault(device.endpoint, settings.PUSH_SERVICES, loopback=settings.PUSH_LOOPBACK)
    if why := fault or rules.keys_fault(device.p256dh, device.auth):
        raise Refused(why)
    digest = digest_of(device.endpoint)
    others = Device.objects.filter(person_id=device.person_id).exclude(digest=digest)
    if others.count() >= MOST_DEVICES:
        raise Refused(f"Bạn đã bật thông báo trên {MOST_DEVICES} máy. Hãy tắt một máy không dùng nữa rồi bật lại.")
    values = {"person_id": device.person_id, "p256dh": device.p256dh, "auth": device.auth, "name": device.name[:80]}
    kept, _ = Device.objects.update_or_create(
        digest=digest, defaults={**values, "endpoint": device.endpoint, "created_at": clock.now()}
    )
    note(service=rules.service_of(device.endpoint))
    return kept


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a browser says of its new subscription. The audit chain keeps the checksum only."""

    endpoint: str
    p256dh: str
    auth: str


@action("push.renew", "Đổi địa chỉ nhận thông báo của máy")
def renew(by: Actor, device: Device, /, *, fresh: Fresh) -> Device:
    """The browser has another address now: the same row, so that what waits goes there. Twice is once."""
    del by
    fault = rules.endpoint_fault(fresh.endpoint, settings.PUSH_SERVICES, loopback=settings.PUSH_LOOPBACK)
    if why := fault or rules.keys_fault(fresh.p256dh, fresh.auth):
        raise Refused(why)
    digest = digest_of(fresh.endpoint)
    Device.objects.filter(digest=digest, person_id=device.person_id).exclude(pk=device.pk).delete()
    if Device.objects.filter(digest=digest).exclude(pk=device.pk).exists():
        raise Refused(TAKEN)
    values = {"endpoint": fresh.endpoint, "digest": digest, "p256dh": fresh.p256dh, "auth": fresh.auth}
    Device.objects.filter(pk=device.pk).update(**values)
    device.refresh_from_db()
    note(service=rules.service_of(device.endpoint))
    return device


@action("push.unsubscribe", "Tắt thông báo trên máy")
def unsubscribe(by: Actor, device: Device, /) -> None:
    del by
    Push.objects.filter(device=device, state=Push.State.QUEUED).update(state=Push.State.GONE, settled_at=clock.now())
    Device.objects.filter(pk=device.pk).delete()


@action("push.test", "Gửi tin thử tới máy")
def tell_device(by: Actor, device: Device, /) -> Notice:
    """To this one device, to see that it works."""
    del by
    now = clock.now()
    lately = Notice.objects.filter(purpose__startswith="push.Test:", created_at__gt=now - BETWEEN_TESTS)
    if lately.filter(pushes__device=device).exists():
        raise Refused("Tin thử vừa được gửi. Hãy chờ vài giây; nếu máy không báo, hãy xem cài đặt thông báo của máy.")
    notice = Notice.objects.create(purpose=f"push.Test:{uuid4()}", text=TEST_TEXT, url="/portal/push/", created_at=now)
    Push.objects.create(notice=notice, device=device, device_uuid=device.uuid, person_id=device.person_id, next_at=now)
    announce(NoticeQueued(str(notice.uuid)))
    return notice
