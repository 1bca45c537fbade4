"""What every channel would bring and cost, before anybody decides. Nothing is sent by looking."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from xaso.core.units.models import Unit
from xaso.modules.audiences import queries as audiences
from xaso.modules.audio import queries as audio
from xaso.modules.bulletins.models import Bulletin
from xaso.modules.bulletins.queries import wording
from xaso.modules.bulletins.queries.places import names_of, sender_of, villages_of
from xaso.modules.bulletins.rules import content as contents
from xaso.modules.bulletins.rules import texts
from xaso.modules.sms import queries as sms
from xaso.modules.social import queries as social
from xaso.modules.speakers import queries as speakers
from xaso.modules.zalo import queries as zalo

MOST_COUNTED = 20_000
"""Beyond this the page says “more than”; the report counts exactly."""
NO_SPEAKERS = "Nơi đã chọn chưa có loa nào đang dùng."
NO_ZALO = "Đơn vị chưa nối trang Zalo OA, nên Zalo sẽ không gửi được."
NO_PAGE = "Đơn vị chưa khai báo trang Facebook. Thêm ở mục Trang, nhóm mạng xã hội."
NOBODY = "Không có ai trong danh bạ nhận được qua kênh này ở nơi đã chọn."


@dataclass(slots=True)
class Shown:
    """One channel as it would be. `stops`: it would not go out; `warns`: it would, but look."""

    channel: str
    facts: dict[str, Any] = field(default_factory=dict)
    stops: list[str] = field(default_factory=list)
    warns: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        return contents.CHANNELS[self.channel]

    @property
    def template(self) -> str:
        return f"bulletins/parts/preview_{self.channel}.html"


@dataclass(frozen=True, slots=True)
class Counted:
    people: int
    is_more: bool

    def __str__(self) -> str:
        shown = f"{self.people:,}".replace(",", ".")
        return f"hơn {shown}" if self.is_more else shown


def preview(bulletin: Bulletin, *, refusal: str = "") -> list[Shown]:
    """In the order of the channels. `refusal`: what the loudspeakers would say to the order."""
    made = {
        contents.SPEAKERS: lambda: _speakers(bulletin, refusal),
        contents.SMS: lambda: _sms(bulletin),
        contents.ZALO: lambda: _zalo(bulletin),
        contents.FACEBOOK: lambda: _facebook(bulletin),
        contents.WEB: lambda: _web(bulletin),
        contents.INBOX: lambda: _inbox(bulletin),
    }
    return [made[channel]() for channel in bulletin.channels]


def open_channels(unit: Unit) -> list[str]:
    """What this unit has set up: an emergency goes through all of it without anybody choosing."""
    sender = sender_of(unit)
    closed = set()
    if not speakers.devices_under([unit.path]).exists():
        closed.add(contents.SPEAKERS)
    if not zalo.is_connected(sender):
        closed.add(contents.ZALO)
    if social.facebook_page(sender) is None:
        closed.add(contents.FACEBOOK)
    return [one for one in contents.CHANNELS if one not in closed]


def _counted(bulletin: Bulletin, channel: str) -> Counted:
    people = audiences.recipients(bulletin.unit_paths, bulletin.topic, channel, emergency=bulletin.is_emergency)
    count = sum(1 for _ in islice(people, MOST_COUNTED + 1))
    return Counted(min(count, MOST_COUNTED), count > MOST_COUNTED)


def _speakers(bulletin: Bulletin, refusal: str) -> Shown:
    words = wording.speech_of(bulletin)
    sound = audio.recording(bulletin.recording) if bulletin.recording else None
    is_current = sound is not None and (bulletin.own_recording is not None or sound.text == words)
    devices = speakers.devices_under(bulletin.unit_paths).count()
    without = speakers.villages_without(bulletin.unit_paths)
    shown = Shown(contents.SPEAKERS)
    shown.facts = {
        "words": audio.spoken(words) if words else "",
        "sound": sound if is_current else None,
        "seconds": round(sound.seconds) if sound and is_current and sound.seconds else audio.seconds_of(words or " "),
        "devices": devices,
        "without": [str(one) for one in without],
        "loops": bulletin.loops,
        "is_human": bulletin.own_recording is not None,
    }
    if not devices:
        shown.stops.append(NO_SPEAKERS)
    elif refusal:
        shown.stops.append(refusal)
    if sound is not None and is_current and sound.state == "failed":
        shown.stops.append(f"Chưa tạo được lời đọc: {sound.why}")
    return shown


def _sms(bulletin: Bulletin) -> Shown:
    said, people = wording.sms_with_marks(bulletin), _counted(bulletin, "sms")
    plain = sms.without_marks(said)
    kind = "emergency" if bulletin.is_emergency else "notice"
    chosen, other = (said, plain) if bulletin.with_marks else (plain, said)
    shown = Shown(contents.SMS)
    shown.facts = {
        "people": people,
        "chosen": _variant(chosen, people.people, kind),
        "other": _variant(other, people.people, kind) if other != chosen else None,
        "with_marks": bulletin.with_marks,
        "budget_line": bulletin.budget_line,
        "to_verify": sms.price_is_to_verify(chosen, kind),
    }
    costs = [sms.price(text, people.people, kind) for text in (said, plain)]
    if costs[0] is not None and costs[1] is not None:
        shown.facts["saves"] = costs[0] - costs[1]
    if not people.people:
        shown.stops.append(NOBODY)
    return shown


def _variant(text: str, people: int, kind: str) -> dict[str, Any]:
    measured = sms.segments(text)
    return {
        "text": measured.text,
        "units": measured.units,
        "parts": measured.parts,
        "encoding": "không dấu (GSM-7)" if measured.encoding == "gsm7" else "có dấu (UCS-2)",
        "messages": measured.parts * people,
        "cost": sms.price(text, people, kind),
    }


def _zalo(bulletin: Bulletin) -> Shown:
    unit, people = sender_of(bulletin.unit), _counted(bulletin, "zalo")
    template, shown = wording.zalo_template_of(bulletin), Shown(contents.ZALO)
    shown.facts = {"people": people, "template": template, "text": wording.zalo_text_of(bulletin)}
    if template is not None:
        values = wording.zalo_values_of(bulletin)
        text, faults = zalo.preview(template, values)
        shown.facts |= {"text": text, "fields": list(values.items())}
        shown.stops += faults
    elif bulletin.zalo_template:
        shown.stops.append("Mẫu Zalo đã chọn không còn dùng được. Hãy chọn mẫu khác.")
    else:
        shown.warns.append("Không dùng mẫu: chỉ người đang quan tâm trang Zalo của xã nhận được.")
    if not zalo.is_connected(unit):
        shown.stops.append(NO_ZALO)
    if not people.people:
        shown.stops.append(NOBODY)
    return shown


def _facebook(bulletin: Bulletin) -> Shown:
    page = social.facebook_page(sender_of(bulletin.unit))
    shown = Shown(contents.FACEBOOK, {"page": page, "text": wording.post_of(bulletin), "picture": bulletin.picture})
    if page is None:
        shown.stops.append(NO_PAGE)
    return shown


def _web(bulletin: Bulletin) -> Shown:
    return Shown(contents.WEB, {"lead": texts.lead(bulletin.text), "url": bulletin.public_url})


def _inbox(bulletin: Bulletin) -> Shown:
    return Shown(contents.INBOX, {"people": _counted(bulletin, "push")})


def places(bulletin: Bulletin) -> dict[str, Any]:
    """Where it is for: names, and how many villages that is."""
    names = names_of(bulletin.unit_paths)
    return {
        "names": [names.get(path, path) for path in bulletin.unit_paths],
        "villages": len(villages_of(bulletin.unit_paths)),
    }
