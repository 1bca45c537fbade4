"""Templates as Zalo approved them: registered by hand, with the type and length of each value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import plain, tidy
from xaso.modules.zalo import rules
from xaso.modules.zalo.definitions import zalo
from xaso.modules.zalo.models import Template

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST = 2000
BAD_CODE = "Mã ngắn chỉ gồm chữ thường không dấu, số và dấu gạch nối, ví dụ ket-qua-ho-so."
KNOWN = "Đơn vị đã có mẫu mã “{code}”. Hãy sửa mẫu đó hoặc chọn mã khác."
NO_TEXT = "Hãy chép nội dung mẫu đã gửi Zalo duyệt, mỗi chỗ điền viết như <ten_nguoi_nhan>."
BAD_ID = "Mã mẫu ở Zalo chỉ gồm chữ số. Hãy xem trong trang quản lý ZNS của Zalo."
TOO_LONG = "Nội dung mẫu dài quá 2.000 ký tự."
NO_PARAMS = "Nội dung có chỗ điền {names} nhưng chưa khai kiểu. Mỗi dòng một chỗ điền, ví dụ: {first} name"
LOST_PARAMS = "Đã khai {names} nhưng nội dung mẫu không có chỗ điền đó."
BAD_TYPE = "Không có kiểu “{kind}”. Các kiểu: {kinds}."
BAD_LINE = "Dòng “{line}” không đúng. Mỗi dòng gồm tên chỗ điền và kiểu, ví dụ: ma_ho_so code"


@dataclass(frozen=True, slots=True)
class Given:
    """A template as typed. `params`: one line each, name and type."""

    code: str
    zalo_id: str
    title: str
    text: str
    params: str
    price: int | None = None


@action("zalo.register_template", "Ghi mẫu ZNS")
def register_template(by: Actor, unit: Unit, /, *, given: Given) -> Template:
    code = tidy(given.code).lower()
    if not CODE.fullmatch(code) or len(code) > 40:
        raise Refused(BAD_CODE)
    if Template.objects.filter(unit_path=unit.path, code=code).exists():
        raise Refused(KNOWN.format(code=code))
    return Template.objects.create(
        unit=unit,
        unit_path=unit.path,
        code=code,
        state=Template.State.WAITING,
        changed_at=clock.now(),
        **_values(given),
    )


@action("zalo.amend_template", "Sửa mẫu ZNS")
def amend_template(by: Actor, template: Template, /, *, given: Given) -> Template:
    """Its words and values; then it waits for approval again, as Zalo wants it."""
    for name, value in _values(given).items():
        setattr(template, name, value)
    template.state, template.changed_at = Template.State.WAITING, clock.now()
    template.save()
    return template


@action("zalo.set_template_state", "Ghi mẫu ZNS được duyệt hoặc ngừng dùng")
def set_template_state(by: Actor, template: Template, /, *, state: str) -> Template:
    template.state, template.changed_at = Template.State(state), clock.now()
    template.save(update_fields=["state", "changed_at"])
    return template


def _values(given: Given) -> dict[str, Any]:
    text, zalo_id = plain(given.text).replace("\r\n", "\n").strip(), tidy(given.zalo_id)
    if not text or not tidy(given.title):
        raise Refused(NO_TEXT)
    if len(text) > LONGEST:
        raise Refused(TOO_LONG)
    if not (zalo_id.isascii() and zalo_id.isdecimal() and len(zalo_id) <= 40):
        raise Refused(BAD_ID)
    params = params_of(given.params)
    _match(rules.names_in(text), [one["name"] for one in params])
    return {"text": text, "zalo_id": zalo_id, "title": tidy(given.title)[:120], "params": params, "price": given.price}


def params_of(typed: str) -> list[dict[str, Any]]:
    """`ma_ho_so code` per line → name, type and Zalo's length for that type."""
    found: dict[str, dict[str, Any]] = {}
    for line in filter(None, (tidy(one) for one in plain(typed).splitlines())):
        words = line.split()
        if len(words) != 2 or not rules.NAME.fullmatch(f"<{words[0]}>"):
            raise Refused(BAD_LINE.format(line=line[:60]))
        longest = zalo().longest(words[1])
        if longest is None:
            raise Refused(BAD_TYPE.format(kind=words[1][:30], kinds=", ".join(one.code for one in zalo().params)))
        found[words[0]] = {"name": words[0], "type": words[1], "longest": longest}
    return list(found.values())


def _match(in_text: Sequence[str], declared: Sequence[str]) -> None:
    if missing := [name for name in in_text if name not in declared]:
        raise Refused(NO_PARAMS.format(names=", ".join(missing), first=missing[0]))
    if lost := [name for name in declared if name not in in_text]:
        raise Refused(LOST_PARAMS.format(names=", ".join(lost)))
