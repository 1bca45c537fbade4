"""Which of our three classes an alert is, and what may become of it. Pure."""

from __future__ import annotations

from datetime import datetime

from xaso.modules.alerts.rules.cap import CapAlert, Info

EMERGENCY, PRIORITY, NORMAL = "emergency", "priority", "normal"
CLASSES = {EMERGENCY: "Khẩn cấp", PRIORITY: "Ưu tiên", NORMAL: "Thường"}
_ORDER = (NORMAL, PRIORITY, EMERGENCY)
LONGEST_TEXT = 3000
LONGEST_TITLE = 160
DRILL_BEGINS = "Đây là diễn tập. Đây là diễn tập, bà con không phải làm gì.\n"
DRILL_ENDS = "\nVừa rồi là nội dung diễn tập."


def class_of(alert: CapAlert) -> str:
    """The highest of its parts. Exercises and tests get the class they would have: a drill shows what would happen."""
    return max((_class(info) for info in alert.infos), key=_ORDER.index, default=NORMAL)


def _class(info: Info) -> str:
    if info.urgency == "Immediate" and info.severity in {"Extreme", "Severe"}:
        return EMERGENCY
    if info.urgency in {"Past", "Unknown"} and info.severity in {"Minor", "Unknown"}:
        return NORMAL
    return PRIORITY if info.urgency == "Expected" or info.severity == "Moderate" else NORMAL


def is_over(alert: CapAlert, now: datetime) -> bool:
    """Every part that says when it expires has expired, and each says so."""
    moments = [datetime.fromisoformat(info.expires) for info in alert.infos if info.expires]
    return bool(moments) and len(moments) == len(alert.infos) and max(moments) <= now


def until_of(alert: CapAlert) -> datetime | None:
    main = alert.main
    return datetime.fromisoformat(main.expires) if main and main.expires else None


def title_of(alert: CapAlert) -> str:
    main = alert.main
    if main is None:
        return alert.note[:LONGEST_TITLE] or alert.message_type
    return (main.headline or main.event)[:LONGEST_TITLE]


def text_of(alert: CapAlert) -> str:
    """What is read out: what happens, what to do, who says so."""
    main = alert.main
    if main is None:
        return alert.note[:LONGEST_TEXT]
    parts = [main.headline or main.event, main.description, main.instruction]
    said = list(dict.fromkeys(part.strip() for part in parts if part.strip()))
    if main.sender_name:
        said.append(f"Nguồn tin: {main.sender_name}.")
    return "\n".join(said)[:LONGEST_TEXT]


def drill_text(text: str) -> str:
    return f"{DRILL_BEGINS}{text}{DRILL_ENDS}"
