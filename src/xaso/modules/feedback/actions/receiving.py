"""A report arrives: from a page, a message, the counter, a phone call or another system. Always the same way in."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.files.actions import Attachment, Place, Received, attach_many
from xaso.core.numbering.actions import next_value
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.audiences import queries as audiences
from xaso.modules.feedback.actions.moving import happened, paragraph, put_in_search, unseen_gone
from xaso.modules.feedback.actions.telling import tell_officers, tell_sender
from xaso.modules.feedback.actions.timing import begin, due_after, limits
from xaso.modules.feedback.definitions import Category, desk
from xaso.modules.feedback.models import Named, Photo, Report
from xaso.modules.feedback.queries.people import CONFIDENTIAL, confirm_code, named_in, person_of, watchers_of
from xaso.modules.feedback.queries.reports import of_arrival
from xaso.modules.feedback.rules import words
from xaso.modules.feedback.rules.moves import State

PHOTO_KIND = "phan-anh"
LEAST_WORDS = 3
NO_TEXT = "Hãy viết việc cần phản ánh: ở đâu, có chuyện gì."
TOO_SHORT = "Nội dung quá ngắn nên cán bộ không biết phải xem việc gì. Hãy viết rõ hơn: ở đâu, có chuyện gì."
NO_PLACE = "Hãy chọn thôn, hoặc ghi địa điểm, để cán bộ tìm được chỗ."
NO_CATEGORY = "Hãy chọn loại việc cần phản ánh."
NO_COMMUNE = "Hãy chọn xã, phường, thị trấn nơi có việc cần phản ánh."
NO_ACCOUNT = "Xã chỉ nhận phản ánh của người đã đăng nhập. Hãy đăng nhập, hoặc gọi điện cho Bộ phận Một cửa."
NO_PHONE = "Hãy ghi số điện thoại để xã trả lời và hỏi lại khi cần."
FLOOD_OF_PHONE = "Số điện thoại này đã gửi nhiều phản ánh hôm nay. Hãy gửi tiếp vào ngày mai, hoặc đến Bộ phận Một cửa."
FLOOD_OF_PERSON = "Hôm nay bạn đã gửi nhiều phản ánh. Hãy gửi tiếp vào ngày mai, hoặc đến Bộ phận Một cửa."
FLOOD_OF_UNIT = "Xã đang nhận rất nhiều phản ánh cùng lúc. Hãy đăng nhập rồi gửi, hoặc thử lại sau một giờ."
BAD_POINT = "Toạ độ không nằm ở Việt Nam. Hãy bỏ trống, hoặc lấy lại vị trí."


class Flood(Refused):
    """More than one place may send."""


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody reports. `key`: the same form or message sent again is the same report."""

    channel: str
    category: str
    text: str
    village: Unit | None = None
    place: str = ""
    point: words.Point | None = None
    name: str = ""
    phone: str = ""
    zalo_user: str = ""
    hides_name: bool = True
    may_publish: bool = False
    official: str = ""
    photos: Sequence[Received] = ()
    key: str = ""


@action("feedback.report", "Gửi phản ánh, kiến nghị")
def send_report(by: Actor, unit: Unit, /, *, given: Given) -> Report:
    """By the resident, signed in or not, or by a system that speaks for one."""
    person_id = by.person_id if by.kind == "person" else None
    return _receive(by, unit, given, person_id)


@action("feedback.take_in", "Nhận phản ánh tại quầy, qua điện thoại")
def take_in(by: Actor, unit: Unit, /, *, given: Given) -> Report:
    """An officer writes down what somebody said."""
    if given.channel not in {Report.Channel.COUNTER, Report.Channel.PHONE}:
        raise Refused("Hãy chọn cách nhận: tại quầy hay qua điện thoại.")
    return _receive(by, unit, given, None)


@action("feedback.take_message", "Nhận phản ánh qua tin nhắn")
def take_message(by: Actor, unit: Unit, /, *, given: Given) -> Report:
    """From SMS or Zalo, through the handler that heard it."""
    return _receive(by, unit, given, None)


def _receive(by: Actor, unit: Unit, given: Given, person_id: int | None) -> Report:
    if earlier := of_arrival(given.key):
        return earlier
    if unit.kind not in Unit.COMMUNE_KINDS or (unit.valid_to and unit.valid_to < clock.today()):
        raise Refused(NO_COMMUNE)
    category = desk().category(given.category)
    if category is None:
        raise Refused(NO_CATEGORY)
    values = _columns(given, category, person_id)
    _need_no_flood(unit, given, values)
    try:
        with transaction.atomic():
            made = _insert(by, unit, category, values)
    except IntegrityError:
        if earlier := of_arrival(given.key):  # the same form, sent twice at once
            return earlier
        raise
    _attach(by, made, given.photos)
    name_officials(made, f"{given.official} {made.text}" if category.confidential else given.official)
    note(number=made.number, category=category.code, channel=given.channel, photos=len(given.photos))
    if made.state == State.UNCONFIRMED:
        tell_sender(by, made, "feedback.confirm", note=confirm_code(made))
        return made
    return started(by, made)


def _columns(given: Given, category: Category, person_id: int | None) -> dict[str, Any]:
    """Tidied and checked. Raises Refused with the first thing that is missing."""
    text = paragraph(given.text, NO_TEXT)
    if len(words.words(text)) < LEAST_WORDS:
        raise Refused(TOO_SHORT)
    if given.point is not None and not words.in_vietnam(given.point):
        raise Refused(BAD_POINT)
    place = tidy(unseen_gone(given.place))[:300]
    typed = given.channel in {Report.Channel.WEB, Report.Channel.COUNTER, Report.Channel.PHONE}
    if category.needs_place and typed and not (given.village or place or given.point):
        raise Refused(NO_PLACE)
    return {
        "channel": given.channel,
        "category": category.code,
        "text": text,
        "village": given.village,
        "place": place,
        "latitude": round(given.point[0], 6) if given.point else None,
        "longitude": round(given.point[1], 6) if given.point else None,
        "hides_name": given.hides_name,
        "may_publish": given.may_publish and not category.confidential,
        "is_confidential": category.confidential,
        "official": tidy(unseen_gone(given.official))[:200],
        "arrival_key": given.key[:80] or None,
        **_sender(given, person_id),
    }


def _sender(given: Given, person_id: int | None) -> dict[str, Any]:
    wanted = desk().anonymous
    person = person_of(person_id)
    if person is not None:
        return {"sender_person_id": person.pk, "sender_name": person.full_name, "sender_phone": person.phone}
    phone = audiences.dialled(audiences.phone_of(given.phone)) if given.phone.strip() else ""
    if given.channel == Report.Channel.WEB:
        if not wanted.allowed:
            raise Refused(NO_ACCOUNT)
        if wanted.phone == "none":
            phone = ""
        elif wanted.phone in {"required", "confirmed"} and not phone:
            raise Refused(NO_PHONE)
    confirmed = given.channel == Report.Channel.SMS
    waits = given.channel == Report.Channel.WEB and wanted.phone == "confirmed"
    return {
        "sender_name": tidy(unseen_gone(given.name))[:120],
        "sender_phone": phone,
        "sender_zalo": given.zalo_user[:80],
        "phone_confirmed_at": clock.now() if confirmed else None,
        "state": State.UNCONFIRMED if waits else State.RECEIVED,
    }


def _need_no_flood(unit: Unit, given: Given, values: dict[str, Any]) -> None:
    """Counted from the reports themselves. What officers write down is never a flood."""
    if given.channel in {Report.Channel.COUNTER, Report.Channel.PHONE}:
        return
    allowed, now = desk().limits, clock.now()
    today = Report.objects.filter(received_at__gt=now - timedelta(days=1))
    if person_id := values.get("sender_person_id"):
        if today.filter(sender_person_id=person_id).count() >= allowed.person_day:
            raise Flood(FLOOD_OF_PERSON)
        return
    if values["sender_phone"] and today.filter(sender_phone=values["sender_phone"]).count() >= allowed.phone_day:
        raise Flood(FLOOD_OF_PHONE)
    if given.zalo_user and today.filter(sender_zalo=given.zalo_user).count() >= allowed.phone_day:
        raise Flood(FLOOD_OF_PHONE)
    recent = Report.objects.filter(unit_path=unit.path, received_at__gt=now - timedelta(hours=1))
    if recent.filter(sender_person_id=None).count() >= allowed.unit_hour:
        raise Flood(FLOOD_OF_UNIT)


def _insert(by: Actor, unit: Unit, category: Category, values: dict[str, Any]) -> Report:
    now = clock.now()
    year = clock.local(now).year
    made = Report(
        unit=unit,
        unit_path=unit.path,
        register_path=unit.path,
        year=year,
        number=next_value("feedback", unit.path, str(year)),
        code="".join(secrets.choice(words.LETTERS) for _ in range(words.CODE_LENGTH)),
        received_at=now,
        updated_at=now,
        created_by_id=by.account_id,
        **values,
    )
    made.save(force_insert=True)
    made.is_new = True
    return made


def _attach(by: Actor, made: Report, photos: Sequence[Received]) -> None:
    """No unit and no owner: the only doors to a photo are ours, which know what is confidential and what is public."""
    if len(photos) > desk().photos.most:
        raise Refused(f"Nhiều nhất {desk().photos.most} ảnh cho một phản ánh. Hãy chọn những ảnh rõ nhất.")
    stored = attach_many(by, [Attachment(one, Place(made.ref, ""), PHOTO_KIND) for one in photos])
    now = clock.now()
    Photo.objects.bulk_create([Photo(report=made, file=one, added_at=now) for one in stored])


def name_officials(made: Report, text: str) -> int:
    """Whoever of the unit is named in the text is kept away from the report."""
    people = named_in(made.unit_path, text)
    rows = [Named(report=made, person_id=one.pk, name=one.full_name) for one in people]
    Named.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def started(by: Actor, made: Report) -> Report:
    """It counts from now on: the clock, the timeline, the index, the word to the sender."""
    now = clock.now()
    begin(made, now)
    made.triage_due_at = due_after(made.unit_path, limits(now).triage, now)
    Report.objects.filter(pk=made.pk).update(due_at=made.due_at, triage_due_at=made.triage_due_at)
    happened(by, made, "received", f"Đã nhận: {made.get_channel_display()}", told=True)
    put_in_search(made)
    tell_sender(by, made, "feedback.received")
    if made.is_confidential:
        but = made.named.values_list("person_id", flat=True)
        tell_officers(by, made, watchers_of(made.unit_path, CONFIDENTIAL, but), "feedback.confided")
    return made


@action("feedback.add_photo", "Thêm ảnh vào phản ánh đã gửi")
def add_photos(by: Actor, made: Report, /, *, photos: Sequence[Received]) -> Report:
    """A picture that came in a message of its own, after the words."""
    if not made.is_open:
        raise Refused("Phản ánh này đã kết thúc nên không thêm ảnh được. Hãy gửi phản ánh mới.")
    room = desk().photos.most - made.photos.count()
    if room < len(photos):
        raise Refused(f"Phản ánh này đã đủ {desk().photos.most} ảnh.")
    _attach(by, made, photos)
    happened(by, made, "add_photo", f"Thêm {len(photos)} ảnh", told=True)
    return made


__all__ = ["Flood", "Given", "add_photos", "send_report", "started", "take_in", "take_message"]
