"""The words of a bulletin for each channel: what somebody wrote, or what the text gives."""

from __future__ import annotations

from typing import Any

from xaso.kit import clock
from xaso.modules.bulletins.models import Bulletin
from xaso.modules.bulletins.queries.places import sender_name, sender_of
from xaso.modules.bulletins.rules import texts
from xaso.modules.sms import queries as sms
from xaso.modules.zalo import queries as zalo


def speech_of(bulletin: Bulletin) -> str:
    if bulletin.speech.strip():
        return bulletin.speech.strip()
    if not bulletin.text.strip():
        return ""
    sender = sender_name(bulletin.unit)
    return texts.spoken(sender, bulletin.title, bulletin.text, is_emergency=bulletin.is_emergency)


def sms_with_marks(bulletin: Bulletin) -> str:
    if bulletin.sms.strip():
        return bulletin.sms.strip()
    sender = sender_name(bulletin.unit)
    return texts.short(sender, bulletin.title, bulletin.text, is_emergency=bulletin.is_emergency)


def sms_of(bulletin: Bulletin) -> str:
    """As it is sent: without marks unless somebody wants them, for a part then holds more than twice as much."""
    said = sms_with_marks(bulletin)
    return said if bulletin.with_marks else sms.without_marks(said)


def post_of(bulletin: Bulletin) -> str:
    return bulletin.post.strip() or texts.posted(sender_name(bulletin.unit), bulletin.title, bulletin.text)


def zalo_text_of(bulletin: Bulletin) -> str:
    return texts.posted(sender_name(bulletin.unit), bulletin.title, bulletin.text)


def zalo_template_of(bulletin: Bulletin) -> Any:
    """The template as Zalo knows it, or None."""
    return zalo.template_named(sender_of(bulletin.unit), bulletin.zalo_template) if bulletin.zalo_template else None


def zalo_values_of(bulletin: Bulletin) -> dict[str, str]:
    """Every field of the template: what somebody wrote, or what its name asks for."""
    template = zalo_template_of(bulletin)
    if template is None:
        return dict(bulletin.zalo_values)
    facts = {
        "title": bulletin.title,
        "short": sms_with_marks(bulletin),
        "sender": sender_name(bulletin.unit),
        "date": f"{clock.local(bulletin.starts_at or bulletin.decided_at or clock.now()):%d/%m/%Y}",
    }
    return {
        one["name"]: bulletin.zalo_values.get(one["name"], "")
        or texts.zalo_value(one["name"], facts, one.get("longest") or 0)
        for one in template.params
    }
