"""The book of contacts: add, amend, take out, merge, join by oneself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xaso.core.access import Actor
from xaso.core.access.queries import under
from xaso.core.accounts.models import Person
from xaso.core.actions import action, entry_for, note
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Forbidden, Refused
from xaso.kit.fold import fold, tidy
from xaso.modules.audiences.models import Contact
from xaso.modules.audiences.rules import phone_of

Source = Contact.Source
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Entry:
    """What an officer writes into the book. Phone as typed. The audit entry keeps only which fields were filled."""

    name: str
    phone: str = ""
    zalo_user: str = ""
    note: str = ""

    def for_audit(self) -> Any:
        return [name for name in ("name", "phone", "zalo_user", "note") if getattr(self, name)]


@action("audiences.add_contact", "Thêm người nhận tin")
def add_contact(
    by: Actor, unit: Unit, /, *, entry: Entry, person: Person | None = None, source: str = "hand"
) -> Contact:
    """A new entry of a village or commune. Refused when the number already stands in that unit's book."""
    del by
    values = _checked(entry)
    _need_new(values["phone"], unit)
    now = clock.now()
    return Contact.objects.create(
        unit=unit, unit_path=unit.path, person=person, source=source, created_at=now, changed_at=now, **values
    )


@action("audiences.amend_contact", "Sửa người nhận tin")
def amend_contact(by: Actor, contact: Contact, /, *, entry: Entry, unit: Unit) -> Contact:
    """Another name, number or village. A new number starts without the fault of the old one."""
    if not by.may("audiences.amend_contact", on=unit):
        raise Forbidden("Bạn không được chuyển người nhận sang đơn vị này.")
    values = _checked(entry)
    if values["phone"] != contact.phone or unit.path != contact.unit_path:
        _need_new(values["phone"], unit, besides=contact)
    if values["phone"] != contact.phone:
        values["phone_fault"] = ""
    note(changed=sorted(name for name, value in values.items() if getattr(contact, name) != value))
    changed = Contact.objects.filter(pk=contact.pk, is_active=True).update(
        unit=unit, unit_path=unit.path, changed_at=clock.now(), **values
    )
    if not changed:
        raise Refused("Người này không còn trong sổ. Hãy tải lại trang.")
    contact.refresh_from_db()
    return contact


@action("audiences.remove_contact", "Đưa ra khỏi sổ người nhận")
def remove_contact(by: Actor, contact: Contact, /, *, reason: str) -> Contact:
    """Nobody is told through this entry any more. What was said stays on record."""
    del by
    if not tidy(reason):
        raise Refused("Hãy ghi lý do đưa ra khỏi sổ.")
    if not Contact.objects.filter(pk=contact.pk, is_active=True).update(is_active=False, changed_at=clock.now()):
        raise Refused("Người này không còn trong sổ. Hãy tải lại trang.")
    contact.refresh_from_db()
    return contact


@action("audiences.merge_contacts", "Gộp người nhận trùng")
def merge_contacts(by: Actor, contact: Contact, /, *, others: list[Contact]) -> Contact:
    """One entry stays; the others point to it. Only entries with the same number are one and the same for us."""
    if not others:
        raise Refused("Hãy chọn ít nhất một người để gộp vào.")
    for other in others:
        if other.pk == contact.pk or not contact.phone or other.phone != contact.phone:
            raise Refused("Chỉ gộp được các mục có cùng số điện thoại.")
        if not by.may("audiences.merge_contacts", on=other):
            raise Forbidden("Có mục thuộc đơn vị bạn không quản lý. Hãy nhờ quản trị của đơn vị đó.")
        if other.person_id and contact.person_id and other.person_id != contact.person_id:
            raise Refused("Hai mục là hai người có tài khoản khác nhau, nên không gộp được.")
        entry_for(other)
    keys = [other.pk for other in others]
    now = clock.now()
    if Contact.objects.filter(pk__in=keys, is_active=True).update(
        is_active=False, merged_into=contact, changed_at=now
    ) != len(keys):
        raise Refused("Sổ vừa có người sửa. Hãy tải lại trang rồi gộp lại.")
    known = {
        name: next((getattr(o, name) for o in others if getattr(o, name)), None) for name in ("person", "zalo_user")
    }
    gained = {name: value for name, value in known.items() if value and not getattr(contact, name)}
    Contact.objects.filter(pk=contact.pk).update(changed_at=now, **gained)
    note(merged=len(keys))
    contact.refresh_from_db()
    return contact


@action("audiences.join", "Đăng ký nhận tin của xã")
def join(by: Actor, unit: Unit, /, *, person: Person) -> Contact:
    """A resident puts the own number into a commune's or village's book, or moves there."""
    if by.person_id != person.pk:
        raise Forbidden("Bạn chỉ đăng ký được cho chính mình.")
    if not person.phone:
        raise Refused("Tài khoản của bạn chưa có số điện thoại di động. Hãy thêm số ở mục Tài khoản rồi đăng ký.")
    phone = phone_of(person.phone)
    now = clock.now()
    contact = Contact.objects.filter(person=person, is_active=True).order_by("id").first()
    if contact is None:
        contact = Contact.objects.filter(under(unit.path), phone=phone, person=None, is_active=True).first()
    if contact is None:
        contact = Contact(source=Source.PORTAL, created_at=now)
    contact.unit, contact.unit_path, contact.person = unit, unit.path, person
    if contact.phone != phone:
        contact.phone, contact.phone_fault = phone, ""
    contact.name, contact.folded_name, contact.changed_at = person.full_name, fold(person.full_name), now
    contact.save()
    return contact


@action("audiences.mark_phone", "Ghi số điện thoại không dùng được")
def mark_phone(by: Actor, contact: Contact, /, *, fault: str) -> None:
    """A gateway says that the number reaches nobody; empty takes the mark away."""
    del by
    Contact.objects.filter(pk=contact.pk).update(phone_fault=fault[:200], changed_at=clock.now())
    contact.refresh_from_db()


def _checked(entry: Entry) -> dict[str, str]:
    name = tidy(entry.name)
    if not name:
        raise Refused("Hãy ghi họ và tên.")
    if len(name) > LONGEST_NAME:
        raise Refused(f"Họ và tên dài {len(name)} chữ; nhiều nhất {LONGEST_NAME}.")
    phone = phone_of(entry.phone) if entry.phone.strip() else ""
    zalo = tidy(entry.zalo_user)[:40]
    if not phone and not zalo:
        raise Refused("Hãy ghi số điện thoại: không có số thì không gửi được tin nào cho người này.")
    values = {"name": name, "folded_name": fold(name)[:LONGEST_NAME], "phone": phone, "note": tidy(entry.note)[:200]}
    return values | ({"zalo_user": zalo} if zalo else {})


def _need_new(phone: str, unit: Unit, besides: Contact | None = None) -> None:
    same = Contact.objects.filter(phone=phone, unit_path=unit.path, is_active=True).exclude(phone="")
    found = same.exclude(pk=besides.pk if besides else None).first()
    if found is not None:
        raise Refused(f"Số này đã có trong sổ của {unit}: {found.name}. Hãy mở người đó để sửa.")
