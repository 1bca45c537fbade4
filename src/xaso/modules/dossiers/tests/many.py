"""Dossiers of every kind at once, for figures: rows written straight, as years of work would have left them."""

from datetime import date, datetime, timedelta

from xaso.core.accounts.models import Account
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.dossiers.models import Dossier
from xaso.modules.procedures.models import Procedure, ProcedureVersion

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=clock.VIETNAM)
NOVEMBER = datetime(2026, 11, 3, 9, 0, tzinfo=clock.VIETNAM)


def procedure(code: str, name: str = "Đăng ký khai sinh") -> ProcedureVersion:
    row = Procedure.objects.create(code=code, name=name, field="Hộ tịch", source="content", changed_at=NOW)
    return ProcedureVersion.objects.create(
        procedure=row, valid_from=date(2020, 1, 1), digest=code, definition={}, mark="verified", online_level="full",
        route="owner", source="content", created_at=NOW,
    )  # fmt: skip


def dossier(unit: Unit, version: ProcedureVersion, serial: int, **more: object) -> Dossier:
    """Accepted in November 2026, at work, in time; `more` changes any column."""
    accepted = more.pop("accepted_at", NOVEMBER + timedelta(hours=serial % 48))
    values = {
        "number": f"H62-{unit.code}-{serial:06d}",
        "secret": "A",
        "procedure_id": version.procedure_id,
        "version": version,
        "unit": unit,
        "unit_path": unit.path,
        "received_by_unit": unit,
        "state": 4,
        "channel": "counter",
        "filing": "self",
        "applicant_name": "Nguyễn Thị Lan",
        "submitted_at": accepted or NOVEMBER,
        "accepted_at": accepted,
        "due_at": NOW + timedelta(days=5),
        "step_role": "handler",
    }
    return Dossier(**values | more)


def returned(verdicts: tuple[bool, bool, bool], **more: object) -> dict[str, object]:
    legal, shown, by_766 = verdicts
    return {
        "state": 10, "on_time_legal": legal, "on_time_shown": shown, "on_time_766": by_766, "step_role": "",
        "finished_at": NOW, "returned_at": NOW,
    } | more  # fmt: skip


def a_mixed_month(unit: Unit, officer: Account | None = None) -> list[Dossier]:
    """Thirty-one dossiers of November, and some of other months, with figures known by heart."""
    birth, permit = procedure("1.001193"), procedure("1.013225", "Cấp giấy phép xây dựng")
    kinds = [
        *[returned((True, True, True), channel="online", payment_state="paid")] * 9,
        *[returned((True, True, False), filing="assisted", channel="online")] * 4,
        *[returned((False, True, False))] * 2,
        *[returned((False, False, False), channel="post")] * 1,
        *[{"due_at": NOW - timedelta(days=1), "assignee": officer}] * 3,
        *[{"due_at": NOW + timedelta(hours=2), "payment_state": "due"}] * 2,
        *[{"state": 5}] * 2,
        *[{"state": 9, "on_time_legal": True, "on_time_shown": True, "on_time_766": True}] * 3,
        *[{"state": 2, "assignee": officer, "channel": "online"}] * 5,
    ]
    rows = [dossier(unit, permit if n % 3 == 0 else birth, n, **kind) for n, kind in enumerate(kinds)]
    october = datetime(2026, 10, 31, 23, 59, tzinfo=clock.VIETNAM)
    rows += [dossier(unit, birth, 900 + n, **returned((False,) * 3, accepted_at=october)) for n in range(4)]
    rows.append(dossier(unit, birth, 990, state=1, accepted_at=None, due_at=None, number=None))
    return Dossier.objects.bulk_create(rows)
