"""The register of pages and groups: written down, looked at again, closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import fold, tidy
from xaso.modules.social import rules
from xaso.modules.social.models import Page

NO_NAME = "Hãy ghi tên kênh và người phụ trách."
BAD_ADDRESS = "Địa chỉ phải bắt đầu bằng https:// và viết liền, không dấu cách. Nhóm không có địa chỉ thì để trống."
NEEDS_ADDRESS = "Trang và kênh công khai phải có địa chỉ. Hãy mở trang đó và chép địa chỉ trên thanh trình duyệt."
KNOWN = "Đơn vị đã có {kind} tên “{name}”. Hãy mở kênh đó để sửa."
AHEAD = "Ngày bắt đầu không thể sau hôm nay."
TOO_MANY = "Số thành viên lớn quá mức. Hãy kiểm tra lại."
GONE = "Kênh này đã đóng. Hãy tải lại trang."
GROUPS = (Page.Kind.ZALO_GROUP, Page.Kind.FACEBOOK_GROUP, Page.Kind.OTHER)


@dataclass(frozen=True, slots=True)
class Entry:
    """A page or group as typed."""

    kind: str
    name: str
    address: str
    run_by: str
    since_on: date
    members: int | None = None
    run_by_phone: str = ""
    page_key: str = ""


@action("social.add_page", "Ghi kênh thông tin mới")
def add_page(by: Actor, unit: Unit, /, *, entry: Entry) -> Page:
    values = _values(entry)
    _need_new(unit.path, values)
    now = clock.today()
    counted = {"members": entry.members, "members_on": now if entry.members is not None else None}
    return Page.objects.create(
        unit=unit, unit_path=unit.path, checked_on=now, checked_by=by.name[:120], **values, **counted
    )


@action("social.amend_page", "Sửa kênh thông tin")
def amend_page(by: Actor, page: Page, /, *, entry: Entry) -> Page:
    _need_open(page)
    values = _values(entry)
    _need_new(page.unit_path, values, besides=page)
    if entry.members != page.members:
        page.members, page.members_on = entry.members, clock.today()
    for name, value in values.items():
        setattr(page, name, value)
    page.save()
    return page


@action("social.check_page", "Ghi đã kiểm tra kênh")
def check_page(by: Actor, page: Page, /, *, is_active: bool, members: int | None) -> Page:
    """Somebody opened it and saw whether it still lives."""
    _need_open(page)
    page.is_active, page.checked_on, page.checked_by = is_active, clock.today(), by.name[:120]
    if members is not None:
        if members > rules.MOST_MEMBERS:
            raise Refused(TOO_MANY)
        page.members, page.members_on = members, clock.today()
    page.save()
    return page


@action("social.close_page", "Đóng kênh thông tin")
def close_page(by: Actor, page: Page, /) -> Page:
    """It stays in the register with the day it ended."""
    _need_open(page)
    page.closed_on = clock.today()
    page.save(update_fields=["closed_on"])
    return page


@action("social.count_followers", "Ghi số người quan tâm Zalo OA")
def count_followers(by: Actor, page: Page, /, *, members: int) -> Page:
    page.members, page.members_on = members, clock.today()
    page.save(update_fields=["members", "members_on"])
    return page


def _need_open(page: Page) -> None:
    if page.closed_on is not None:
        raise Refused(GONE)


def _need_new(path: str, values: dict[str, Any], besides: Page | None = None) -> None:
    rows = Page.objects.filter(unit_path=path, kind=values["kind"], folded=values["folded"], closed_on=None)
    if besides is not None:
        rows = rows.exclude(pk=besides.pk)
    if rows.exists():
        label = Page.Kind(values["kind"]).label
        raise Refused(KNOWN.format(kind=label[:1].lower() + label[1:], name=values["name"]))


def _values(entry: Entry) -> dict[str, Any]:
    name, run_by, address = tidy(entry.name)[:150], tidy(entry.run_by)[:120], entry.address.strip()
    if not name or not run_by:
        raise Refused(NO_NAME)
    if address and (not rules.is_address(address) or len(address) > 300):
        raise Refused(BAD_ADDRESS)
    if not address and entry.kind not in GROUPS:
        raise Refused(NEEDS_ADDRESS)
    if entry.since_on > clock.today():
        raise Refused(AHEAD)
    if entry.members is not None and entry.members > rules.MOST_MEMBERS:
        raise Refused(TOO_MANY)
    return {
        "kind": Page.Kind(entry.kind), "name": name, "folded": fold(name)[:200], "address": address, "run_by": run_by,
        "run_by_phone": tidy(entry.run_by_phone)[:15],
        "since_on": entry.since_on, "page_key": entry.page_key.strip()[:40],
    }  # fmt: skip
