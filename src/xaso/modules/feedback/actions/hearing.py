"""A message came, by SMS or Zalo: a new report, an answer to our question, a picture that belongs to one, or nothing.

Whoever writes gets one answer on the same way: the code, what is missing, or how to write. A flood gets none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.files.actions import Received
from xaso.core.units.models import Unit
from xaso.core.units.queries import communes
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import fold
from xaso.modules.audiences.queries import contact_by_phone, contact_by_zalo
from xaso.modules.feedback.actions.moving import Words
from xaso.modules.feedback.actions.receiving import Flood, Given, add_photos, take_message
from xaso.modules.feedback.actions.resident import give_more
from xaso.modules.feedback.definitions import desk
from xaso.modules.feedback.models import Report
from xaso.modules.feedback.queries.messages import last_of, local_phone, waiting_of
from xaso.modules.feedback.queries.reports import of_arrival, villages_of
from xaso.modules.feedback.rules import words
from xaso.modules.sms.actions import queue as queue_sms
from xaso.modules.zalo.actions import queue_text

HOW = "Chưa rõ gửi xã nào. Hãy nhắn: {keyword} <tên xã> <nội dung>, ví dụ: {keyword} {name} đèn đường thôn Đông hỏng."
PICTURE_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Heard:
    """One message. `sender` is 84… of an SMS, `user` whoever wrote on Zalo, `unit` the one whose account heard it."""

    channel: str
    key: str
    text: str
    sender: str = ""
    user: str = ""
    unit: Unit | None = None
    photos: Sequence[Received] = field(default_factory=tuple)


@action("feedback.hear", "Nghe tin nhắn của người dân")
def hear(by: Actor, _: None, /, *, heard: Heard) -> Report | None:
    """None when it was no report of ours."""
    if earlier := of_arrival(heard.key):
        return earlier
    if heard.sender and not local_phone(heard.sender):
        return None  # a bank or an operator: nobody reads an answer there
    rest = words.rest_after_keyword(heard.text, desk().sms.keywords)
    if rest is None:
        return _belongs(by, heard)
    unit, text = unit_meant(heard, rest)
    if unit is None:
        example = next((one.name for one in communes(clock.today())), "…")
        _answer(by, heard, None, HOW.format(keyword=desk().sms.keywords[0], name=example))
        return None
    try:
        return take_message(by, unit, given=_given(heard, unit, text))
    except Flood:  # an answer to each of a thousand messages would be paid by the commune
        note(flood=True)
        return None
    except Refused as refusal:
        _answer(by, heard, unit, refusal.message)
        return None


def _belongs(by: Actor, heard: Heard) -> Report | None:
    """Words without the keyword answer our question, if we asked one; a picture belongs to what was sent lately."""
    if heard.text.strip() and (asked := waiting_of(heard.sender, heard.user)):
        return give_more(by, asked, more=Words(heard.text), photos=heard.photos)
    if heard.photos and (last := last_of(heard.user, clock.now() - PICTURE_FOR)):
        try:
            return add_photos(by, last, photos=heard.photos)
        except Refused as refusal:
            _answer(by, heard, last.unit, refusal.message)
    return None


def unit_meant(heard: Heard, text: str) -> tuple[Unit | None, str]:
    """The commune that is named first; else whose account heard it, where the sender lives, the only one there is."""
    known = communes(clock.today())
    by_code = {one.code: one for one in known}
    code, rest = words.place_first(text, {fold(one.name): one.code for one in known})
    if code:
        return by_code[code], rest
    contact = contact_by_phone(heard.sender) if heard.sender else contact_by_zalo(heard.user)
    contacts = [contact.unit] if contact and contact.unit else []
    for unit in [heard.unit, *contacts]:
        commune = unit if unit is None or unit.kind in Unit.COMMUNE_KINDS else unit.parent
        if commune is not None and commune.code in by_code:
            return by_code[commune.code], text
    if desk().sms.fallback_unit in by_code:
        return by_code[desk().sms.fallback_unit], text
    return (known[0], text) if len(known) == 1 else (None, text)


def _given(heard: Heard, unit: Unit, text: str) -> Given:
    keywords = {one.code: one.keywords for one in desk().categories}
    villages = {one.code: one for one in villages_of(unit)}
    names = {_short(one.name): one.code for one in villages.values()}
    return Given(
        channel=heard.channel,
        category=words.guessed(text, keywords, desk().categories[-1].code),
        text=text,
        village=villages.get(words.place_named(text, names)),
        point=words.point_in(text),
        phone=heard.sender,
        zalo_user=heard.user,
        photos=heard.photos,
        key=heard.key,
    )


def _short(name: str) -> str:
    """“Thôn Đồng Mới” is written “đồng mới”."""
    folded = fold(name)
    for kind in ("thon ", "to dan pho ", "khu pho ", "tdp "):
        folded = folded.removeprefix(kind)
    return folded


def _answer(by: Actor, heard: Heard, unit: Unit | None, text: str) -> None:
    if heard.sender:
        queue_sms(by, unit, to=heard.sender, text=text, purpose=heard.key, kind="answer", key=f"feedback:{heard.key}")
    elif unit or heard.unit:
        where = heard.unit or unit
        if where is not None:
            queue_text(by, where, user=heard.user, text=text, purpose=heard.key, key=f"feedback:{heard.key}")
