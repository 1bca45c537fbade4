"""Reports on their way, made through the real actions."""

import io
from datetime import datetime

from PIL import Image

from xaso.core.access import ANONYMOUS, Actor
from xaso.core.accounts.models import Post
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.feedback import actions
from xaso.modules.feedback.actions import Given
from xaso.modules.feedback.models import Report

MONDAY = datetime(2026, 3, 16, 8, 0, tzinfo=clock.VIETNAM)
TEXT = "Đèn đường trước nhà văn hoá thôn Đồng Mới hỏng đã một tuần, buổi tối rất tối."
ANSWER = "Xã đã thay bóng đèn ngày 18/3. Cảm ơn ông/bà đã báo."


def given(**more) -> Given:
    values = {"channel": "web", "category": "den", "text": TEXT, "place": "Trước nhà văn hoá", "phone": "0912 345 699"}
    return Given(**values | {"name": "Nguyễn Văn Dân", "may_publish": True} | more)


def sent(unit: Unit, by: Actor = ANONYMOUS, **more) -> Report:
    return actions.send_report(by, unit, given=given(**more))


def post(actor: Actor) -> Post:
    return Post.objects.select_related("account__person").get(account_id=actor.account_id)


def assigned(unit: Unit, minh: Actor, lead: Actor, **more) -> Report:
    return actions.accept(minh, sent(unit, **more), lead=post(lead))


def answered(unit: Unit, minh: Actor, lead: Actor, **more) -> Report:
    """`by`: who sent it; a stranger when left out."""
    report = actions.take(lead, assigned(unit, minh, lead, **more))
    return actions.answer(lead, report, said=actions.Words(ANSWER))


def photo(size=(900, 600), kind="JPEG", name="anh.jpg", exif: bytes | None = None):
    """What a phone sends: a picture with the camera's data."""
    written = io.BytesIO()
    options = {"exif": exif} if exif else {}
    Image.new("RGB", size, (120, 90, 40)).save(written, kind, **options)
    written.seek(0)
    written.name = name
    return written
