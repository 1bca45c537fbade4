"""Out of the house: to whom, by which way, when; and what becomes of the copies."""

from __future__ import annotations

import re
from datetime import datetime

from django.urls import reverse

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.deadlines.calendar import calendar_for
from xaso.core.files import actions as files
from xaso.core.files.models import StoredFile
from xaso.core.outbox.actions import announce
from xaso.core.units.models import Unit
from xaso.kit import clock, subject
from xaso.kit.errors import Refused
from xaso.kit.fold import fold, tidy
from xaso.kit.sure import sure
from xaso.modules.notifications.actions import Contact, notify
from xaso.modules.outgoing.actions.drafting import Words, create
from xaso.modules.outgoing.actions.moving import move, need, need_open, step
from xaso.modules.outgoing.actions.numbering import take_number
from xaso.modules.outgoing.events import DocumentIssued, DocumentRecalled
from xaso.modules.outgoing.models import Book, Document, Follow, Recipient
from xaso.modules.outgoing.rules import moves, naming

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
MOST_RECIPIENTS = 300
SCAN = "outgoing.scan"
TOO_LATE = "Văn bản đã phát hành nên không đổi nơi nhận được. Muốn gửi thêm, hãy dùng văn bản mới hoặc bản sao."
NO_SCAN = "Hãy tải lên bản quét của văn bản đã ký, ghi số và đóng dấu rồi phát hành."
WAITS = "Văn bản đang chờ chữ ký số của cơ quan. Hãy bấm “Dừng ký số” nếu muốn phát hành bản giấy."
PORTAL = "Cổng thông tin của đơn vị"


@action("outgoing.address", "Ghi nơi nhận")
def add_recipient(
    by: Actor, document: Document, /, *, name: str, channel: str, organ_code: str = "", address: str = "",
    unit: Unit | None = None,
) -> Recipient:  # fmt: skip
    """One copy. The same one twice is the same row. `unit`: one of ours, whose code and name it takes."""
    need_open(document)
    if document.state not in moves.BEFORE_ISSUE | {moves.SIGNING}:
        raise Refused(TOO_LATE)
    if unit is not None:
        name, organ_code = unit.full_name, unit.agency_code
    shown = PORTAL if channel == "portal" else tidy(name)[:300]
    _checked(shown, channel, organ_code, address)
    if Recipient.objects.filter(document=document).count() >= MOST_RECIPIENTS:
        raise Refused(f"Một văn bản có nhiều nhất {MOST_RECIPIENTS} nơi nhận. Hãy gộp theo nhóm cơ quan.")
    values = {"unit_path": document.unit_path, "address": address.strip()[:254], "unit": unit}
    return Recipient.objects.get_or_create(
        document=document, channel=channel, name=shown, organ_code=organ_code.strip()[:35], defaults=values
    )[0]


def _checked(name: str, channel: str, organ_code: str, address: str) -> None:
    if channel not in moves.CHANNELS:
        raise Refused("Hãy chọn cách gửi: trục liên thông, thư điện tử, cổng thông tin hoặc bản giấy.")
    if not name:
        raise Refused("Hãy ghi tên nơi nhận.")
    if channel == "edxml" and not organ_code.strip():
        raise Refused(f"Gửi qua trục liên thông cần mã định danh của “{name}”. Hãy ghi mã, hoặc chọn cách gửi khác.")
    if channel == "email" and not EMAIL.fullmatch(address.strip()):
        raise Refused(f"Hãy ghi địa chỉ thư điện tử của “{name}”, ví dụ vanphong@xa.gov.vn.")


@action("outgoing.remove_recipient", "Bỏ nơi nhận")
def remove_recipient(by: Actor, document: Document, /, *, recipient: Recipient) -> Document:
    if document.state not in moves.BEFORE_ISSUE | {moves.SIGNING}:
        raise Refused(TOO_LATE)
    Recipient.objects.filter(pk=recipient.pk, document=document).delete()
    return document


@action("outgoing.issue", "Phát hành bản ký tay")
def issue(by: Actor, document: Document, /, *, scan: files.Received | None = None) -> Document:
    """A document signed by hand, or sealed by hand: its scan goes out, marked as not digital."""
    need(document, "issue")
    if document.request:
        raise Refused(WAITS)
    if scan is None:
        raise Refused(NO_SCAN)
    stored = files.attach(by, scan, subject=subject.ref(document), unit_path=document.unit_path, kind=SCAN)
    return finish(by, document, stored)


def finish(by: Actor, document: Document, final: StoredFile) -> Document:
    """The moment of issue, whoever brings it about. Inside an action."""
    now = clock.now()
    copies = list(Recipient.objects.filter(document=document).order_by("id"))
    ways = {one.channel for one in copies}
    move(
        by, document, "issue", "Phát hành",
        file=final, pages=final.pages or document.pages or 1, issued_at=now, issued_by=by.name[:120],
        is_on_time=_on_time(document, now),
        is_electronic=any(moves.CHANNELS[way].is_electronic for way in ways),
        is_public="portal" in ways,
    )  # fmt: skip
    Recipient.objects.filter(document=document).exclude(channel="edxml").update(sent_at=now)
    for one in copies:
        if one.channel == "email":
            _write_to(by, document, one, "outgoing.issued")
    _settle_older(by, document)
    announce(DocumentIssued(str(document.uuid), document.answers))
    return document


def _on_time(document: Document, issued_at: datetime) -> bool:
    signed = clock.local(sure(document.signed_at)).date()
    calendar = calendar_for(document.unit_path, signed)
    return naming.is_on_time(signed, clock.local(issued_at).date(), lambda day: bool(calendar.shifts_on(day)))


def _write_to(by: Actor, document: Document, copy: Recipient, text: str, **more: str) -> None:
    """A mail with the private link, once for each copy and text."""
    values = {"code": document.code, "subject": document.subject, "unit": document.unit.full_name, "name": copy.name}
    notify(
        by,
        Contact(name=copy.name[:120], email=copy.address),
        text,
        subject=document,
        unit_path=document.unit_path,
        values=values | more,
        link=reverse("portal-outgoing:letter", args=[copy.uuid]),
        key=f"{text}:{copy.uuid}",
    )


def _settle_older(by: Actor, document: Document) -> None:
    """What the new document corrects or replaces says so from now on."""
    for older, verb, title in ((document.corrects, "correct", "Được đính chính"),
                               (document.replaces, "replace", "Được thay thế")):  # fmt: skip
        if older is not None and moves.target(verb, older.state):
            move(by, older, verb, title, note=document.code, closed_at=clock.now(), closed_by=by.name[:120],
                 is_public=older.is_public and verb == "correct")  # fmt: skip


@action("outgoing.recall", "Thu hồi văn bản")
def recall(by: Actor, document: Document, /, *, reason: str) -> Document:
    """Take an issued document back. Whoever got it electronically is told to remove the copy and to answer."""
    if not tidy(reason):
        raise Refused("Hãy ghi lý do thu hồi; lý do được gửi đến mọi nơi nhận.")
    now = clock.now()
    move(
        by, document, "recall", "Thu hồi", note=tidy(reason), closed_at=now, closed_by=by.name[:120],
        close_reason=tidy(reason)[:1000], is_public=False,
    )  # fmt: skip
    for copy in Recipient.objects.filter(document=document).exclude(channel="portal"):
        _follow(by, copy, "13", now, tidy(reason)[:500])
        if copy.channel == "email":
            _write_to(by, document, copy, "outgoing.recalled", reason=tidy(reason))
    announce(DocumentRecalled(str(document.uuid), tidy(reason)[:1000]))
    return document


@action("outgoing.record_follow", "Ghi tình trạng nơi nhận")
def record_follow(by: Actor, recipient: Recipient, /, *, state: str, at: datetime, note: str = "") -> Recipient:
    """What a recipient, or the exchange for it, says of its copy. Each state once; told again it changes nothing."""
    document = Document.objects.only("state", "unit_path").get(pk=recipient.document_id)
    if sentence := moves.follow_refusal(state, document.state):
        raise Refused(sentence)
    _follow(by, recipient, state, at, tidy(note)[:500])
    return recipient


def _follow(by: Actor, recipient: Recipient, state: str, at: datetime, note: str) -> None:
    values = {"at": at, "by_name": by.name[:120], "note": note}
    Follow.objects.get_or_create(recipient=recipient, state=state, defaults=values)
    told = Follow.objects.filter(recipient=recipient).values_list("state", flat=True)
    recipient.state = moves.latest_follow(list(told))
    if recipient.sent_at is None:
        recipient.sent_at = at
    Recipient.objects.filter(pk=recipient.pk).update(state=recipient.state, sent_at=recipient.sent_at)


@action("outgoing.correct", "Soạn công văn đính chính")
def begin_correction(by: Actor, document: Document, /, *, words: Words) -> Document:
    """A letter that mends a mistake of an issued document; issued itself, it marks the older one."""
    return _follow_up(by, document, words, "correct")


@action("outgoing.replace", "Soạn văn bản thay thế")
def begin_replacement(by: Actor, document: Document, /, *, words: Words) -> Document:
    return _follow_up(by, document, words, "replace")


def _follow_up(by: Actor, document: Document, words: Words, verb: str) -> Document:
    need(document, verb)
    made = create(by, document.unit, words, **{"corrects" if verb == "correct" else "replaces": document})
    copies = Recipient.objects.filter(document=document)
    Recipient.objects.bulk_create(
        Recipient(document=made, unit_path=made.unit_path, name=one.name, organ_code=one.organ_code,
                  unit_id=one.unit_id, channel=one.channel, address=one.address)
        for one in copies
    )  # fmt: skip
    return made


@action("outgoing.register_secret", "Đăng ký số văn bản mật")
def register_secret(by: Actor, unit: Unit, /, *, kind: str, level: str, book: Book | None = None) -> Document:
    """A number and a day for a secret document that is written, kept and sent on paper only."""
    if level not in moves.LEVELS or not level:
        raise Refused("Hãy chọn độ mật: Mật, Tối mật hoặc Tuyệt mật.")
    now = clock.now()
    made = Document.objects.create(
        unit=unit, unit_path=unit.path, owner_person_id=by.person_id, kind=kind, level=level, state=moves.SIGNED,
        year=clock.local(now).year, begun_at=now, begun_by=by.name[:120], signed_at=now, folded=fold(level),
    )  # fmt: skip
    take_number(by, made, "number", book)
    move(by, made, "issue", "Đăng ký số văn bản mật", issued_at=now, issued_by=by.name[:120], is_on_time=True)
    step(by, made, "Bản giấy do văn thư giữ", moves.KEPT_ON_PAPER)
    return made
