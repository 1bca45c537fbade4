"""The register of organisations, and how the connections do."""

from __future__ import annotations

from collections.abc import Sequence

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import fold, tidy
from xaso.modules.exchange.models import Connection, Organisation
from xaso.modules.exchange.rules.checks import LONGEST_CODE
from xaso.modules.exchange.rules.message import Organ

NO_NAME = "Hãy ghi tên và mã định danh của cơ quan."
LONG_CODE = f"Mã định danh dài quá {LONGEST_CODE} ký tự. Hãy kiểm tra lại mã."
KNOWN = "Mã {code} đã có trong danh bạ với tên “{name}”. Hãy tìm theo mã."


@action("exchange.add_organisation", "Thêm cơ quan vào danh bạ liên thông")
def add_organisation(by: Actor, unit: Unit, /, *, code: str, name: str) -> Organisation:
    code, name = tidy(code), tidy(name)[:200]
    if not code or not name:
        raise Refused(NO_NAME)
    if len(code) > LONGEST_CODE:
        raise Refused(LONG_CODE)
    if known := Organisation.objects.filter(code=code).first():
        raise Refused(KNOWN.format(code=code, name=known.name))
    return Organisation.objects.create(
        code=code, name=name, folded=fold(name), origin=Organisation.Origin.HAND, changed_at=clock.now()
    )


@action("exchange.set_active", "Xác nhận hoặc ngừng một cơ quan")
def set_active(by: Actor, unit: Unit, /, *, organisation: Organisation, is_active: bool) -> Organisation:
    """Nothing is sent to an organisation that is not confirmed; what it sends still arrives."""
    organisation.is_active, organisation.changed_at = is_active, clock.now()
    if organisation.origin == Organisation.Origin.LETTER:
        organisation.origin = Organisation.Origin.HAND  # from now on a person has decided
    organisation.save(update_fields=["is_active", "origin", "changed_at"])
    return organisation


@action("exchange.sync_organisations", "Đồng bộ danh bạ cơ quan từ trục")
def sync_organisations(by: Actor, unit: Unit, /, *, agencies: Sequence[tuple[str, str]]) -> int:
    """Codes and names as the axis has them. What people decided stays; whom the axis knows is no stranger."""
    known = {row.code: row for row in Organisation.objects.filter(code__in=[code for code, _ in agencies])}
    now = clock.now()
    fresh: dict[str, Organisation] = {}
    mended: list[Organisation] = []
    for code, given in agencies:
        name = tidy(given)[:200] or code
        row = known.get(code)
        if row is None:
            fresh[code] = Organisation(code=code, name=name, folded=fold(name), origin="axis", changed_at=now)
        elif row.name != name or row.origin == Organisation.Origin.LETTER:
            row.name, row.folded, row.changed_at = name, fold(name), now
            if row.origin == Organisation.Origin.LETTER:
                row.origin, row.is_active = Organisation.Origin.AXIS, True
            mended.append(row)
    Organisation.objects.bulk_create(fresh.values())
    Organisation.objects.bulk_update(mended, ["name", "folded", "changed_at", "origin", "is_active"], batch_size=200)
    note(added=len(fresh), mended=len(mended))
    return len(fresh)


def note_sender(sender: Organ) -> Organisation:
    """Whoever writes to us is in the register; a stranger is, and waits to be confirmed. Inside an action."""
    name = sender.name[:200] or sender.code
    values = {
        "name": name, "folded": fold(name), "is_active": False, "origin": Organisation.Origin.LETTER,
        "changed_at": clock.now(),
    }  # fmt: skip
    return Organisation.objects.get_or_create(code=sender.code[:35], defaults=values)[0]


@action("exchange.record_asking", "Ghi lần hỏi trục hoặc hộp thư")
def record_asking(by: Actor, unit: Unit, /, *, channel: str, account: str, error: str = "") -> Connection:
    """Only a round without any failure moves on the moment from which the next one asks."""
    values: dict[str, object] = {"asked_at": clock.now(), "error": error[:500], "unit": unit, "unit_path": unit.path}
    if not error:
        values["succeeded_at"] = clock.now()
    return Connection.objects.update_or_create(channel=channel, account=account, defaults=values)[0]
