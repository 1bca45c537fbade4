"""The words of each channel, made from the one text when nobody wrote others. Pure."""

from __future__ import annotations

import re

SMS_AIM = 300
"""Characters a derived SMS does not exceed: two parts without marks. Who wants more writes it."""
_ENDS = re.compile(r"(?<=[.!?…])\s+")
_SPACES = re.compile(r"\s+")
EMERGENCY_WORD = "KHẨN CẤP"


def sentence(text: str) -> str:
    """With a full stop, for what is spoken."""
    text = _SPACES.sub(" ", text).strip()
    return text if not text or text[-1] in ".!?…" else f"{text}."


def spoken(sender: str, title: str, text: str, *, is_emergency: bool = False) -> str:
    """What the loudspeaker says: who speaks, what about, the text, and twice that it is urgent."""
    call = f"Thông báo khẩn cấp. Thông báo khẩn cấp. {sentence(sender)}" if is_emergency else sentence(sender)
    paragraphs = [sentence(line) for line in text.splitlines() if line.strip()]
    return "\n".join(part for part in (call, sentence(title), *paragraphs) if part)


def short(sender: str, title: str, text: str, *, is_emergency: bool = False, most: int = SMS_AIM) -> str:
    """What an SMS says: the title and as many whole sentences as fit."""
    head = f"{EMERGENCY_WORD}: {sentence(title)}" if is_emergency else sentence(title)
    said = f"{sender}: {head}"
    for one in _ENDS.split(_SPACES.sub(" ", text).strip()):
        if not one or len(said) + 1 + len(one) > most:
            break
        said = f"{said} {one}"
    return said[:most] if len(said) > most else said


def posted(sender: str, title: str, text: str) -> str:
    """What stands on Facebook."""
    return "\n\n".join(part for part in (title.strip(), text.strip(), f"— {sender}") if part)


def lead(text: str, most: int = 200) -> str:
    """The first sentence or two, for lists."""
    text = _SPACES.sub(" ", text).strip()
    if len(text) <= most:
        return text
    cut = text[:most].rsplit(" ", 1)[0]
    return f"{cut}…"


def zalo_value(name: str, facts: dict[str, str], most: int) -> str:
    """What goes into a field of a Zalo template, by what such fields are called."""
    known = (
        (("tieu_de", "title", "chu_de", "subject"), "title"),
        (("noi_dung", "content", "text", "thong_bao", "message"), "short"),
        (("don_vi", "xa", "unit", "sender", "co_quan"), "sender"),
        (("ngay", "date", "thoi_gian", "time", "gio"), "date"),
    )
    folded = name.lower()
    for names, fact in known:
        if any(one in folded for one in names):
            return facts.get(fact, "")[: most or None]
    return ""
