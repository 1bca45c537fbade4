"""Texts of messages, from `content/messages/<template>.yaml`. A folder later in CONTENT_DIRS replaces whole files."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from django.conf import settings

from xaso.kit.declared import line_of, parse
from xaso.kit.errors import ContentFault

CHANNEL_TEXTS = ("inapp", "sms", "email")
KEYS = {"title", "needs", *CHANNEL_TEXTS}
LONGEST_SMS = 320


class TextFault(ContentFault):
    """A message text is wrong or was given too little: names the file and what to mend."""


@dataclass(frozen=True, slots=True)
class MessageText:
    """One template: `needs` are the names its texts may use and every caller must give."""

    name: str
    title: str
    texts: dict[str, str]
    needs: frozenset[str]

    def render(self, channel: str, values: dict[str, Any]) -> tuple[str, str]:
        """(title, body). Raises TextFault when a value is missing or empty, rather than tell a person half a thing."""
        missing = sorted(name for name in self.needs if values.get(name) in (None, ""))
        if missing:
            raise TextFault(f"Tin {self.name}: thiếu giá trị cho {', '.join(missing)}.")
        plain = {name: str(value) for name, value in values.items()}
        return self.title.format_map(plain), self.texts[channel].format_map(plain).strip()


@cache
def texts() -> dict[str, MessageText]:
    """template name → its texts."""
    found: dict[str, MessageText] = {}
    for folder in settings.CONTENT_DIRS:
        for file in sorted((folder / "messages").glob("*.yaml")):
            found[file.stem] = read(file)
    return found


def text_named(name: str) -> MessageText:
    if name not in texts():
        raise TextFault(f"Không có mẫu tin {name!r}. Hãy thêm content/messages/{name}.yaml.")
    return texts()[name]


def read(file: Path) -> MessageText:
    """One file. Raises TextFault or ContentError naming the file and the line."""
    tree, declared = parse(file, str(file))
    if not isinstance(declared, dict) or set(declared) - KEYS or not isinstance(declared.get("title"), str):
        raise TextFault(f"{file}, dòng 1: chỉ dùng các mục {', '.join(sorted(KEYS))}; mục title bắt buộc.")
    needs = declared.get("needs") or []
    if not isinstance(needs, list) or not all(isinstance(name, str) for name in needs):
        raise TextFault(f"{file}, dòng {line_of(tree, ('needs',))}: mục needs là danh sách tên, ví dụ [number, due].")
    bodies = {channel: declared[channel] for channel in CHANNEL_TEXTS if declared.get(channel)}
    if not bodies:
        raise TextFault(f"{file}, dòng 1: chưa có nội dung nào trong {', '.join(CHANNEL_TEXTS)}.")
    for part, text in {"title": declared["title"], **bodies}.items():
        _check(f"{file}, dòng {line_of(tree, (part,))}, mục {part}", part, text, frozenset(needs))
    return MessageText(file.stem, declared["title"], bodies, frozenset(needs))


def _check(place: str, part: str, text: Any, needs: frozenset[str]) -> None:
    if not isinstance(text, str):
        raise TextFault(f"{place}: phải là chữ; đặt trong dấu nháy nếu là số.")
    try:
        fields = [(name, spec, conversion) for _, name, spec, conversion in Formatter().parse(text) if name is not None]
    except ValueError as error:
        raise TextFault(f"{place}: dấu ngoặc nhọn không đóng đúng ({error}).") from error
    for name, spec, conversion in fields:
        if not name.isidentifier() or spec or conversion:
            raise TextFault(f"{place}: chỉ dùng dạng {{ten}}, không dùng {{{name}}}.")
        if name not in needs:
            raise TextFault(f"{place}: {{{name}}} chưa khai trong mục needs.")
    if part == "sms" and len(text) > LONGEST_SMS:
        raise TextFault(f"{place}: dài {len(text)} ký tự, nhiều nhất {LONGEST_SMS}.")
