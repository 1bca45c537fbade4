"""Verbs of signing: seal the figures of a period, lock it, open it again, note what changed afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from xaso.core.access import Actor, require
from xaso.core.access.roles import titles
from xaso.core.actions import action, note
from xaso.core.files.actions import Received, attach
from xaso.core.measures.periods import Period
from xaso.core.units.models import Unit
from xaso.kit import clock, subject
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.packs import rules
from xaso.modules.packs.models import Pack, PeriodLock, Restatement
from xaso.modules.packs.queries import changes, check, lock_on, with_rows
from xaso.modules.packs.rules import Evidence, Line
from xaso.modules.papers import queries as papers
from xaso.modules.papers.actions import issue_paper
from xaso.modules.papers.queries import PrintedPaper

SHEET = "goi-so-lieu"
"""The form of a pack on paper: `content/papers/goi-so-lieu`."""

NOT_A_PERSON = "Gói số liệu phải do một người ký. Hãy đăng nhập bằng tài khoản của người ký."
NOTHING_TO_SIGN = "Chưa có dòng số liệu nào để ký."
TWICE = "Gói số liệu có hai dòng cùng mã “{key}”. Mỗi số liệu chỉ được ký một lần trong một gói."
GIVE_A_REASON = "Hãy ghi lý do để người khác hiểu vì sao."


@action("packs.seal", "Ký gói số liệu")
def seal_pack(
    by: Actor, unit: Unit, /, *, kind: str, period: Period, subject: str, lines: list[Line], documents: list[Evidence]
) -> Pack:
    """Keep these lines for good under the actor's name. Asked again here when it is part of another action."""
    require(by, "packs.seal", unit)
    if by.kind != "person" or by.account_id is None:
        raise Refused(NOT_A_PERSON)
    _each_once(lines)
    # The unit's row is held, so that of two packs at once each gets its number and its predecessor.
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    before = Pack.objects.filter(unit=unit).order_by("-number").only("number", "sha256").first()
    pack = Pack(
        unit=unit,
        unit_path=unit.path,
        kind=kind,
        period_key=period.key,
        subject=subject,
        number=before.number + 1 if before else 1,
        signed_by=by.account_id,
        signed_by_name=by.name,
        signed_by_role=_role(by, unit),
        signed_at=clock.now(),
    )
    head = _head(pack, period) | {"previous": before.sha256 if before else rules.FIRST}
    pack.body = rules.body(head, with_rows(lines, unit, period), documents)
    pack.sha256 = rules.digest(pack.body)
    pack.save(force_insert=True)
    note(sha256=pack.sha256, number=pack.number)
    return pack


def _each_once(lines: Sequence[Line]) -> None:
    if not lines:
        raise Refused(NOTHING_TO_SIGN)
    keys = [line.key for line in lines]
    if twice := next((key for key in keys if keys.count(key) > 1), ""):
        raise Refused(TWICE.format(key=twice))


def _role(by: Actor, unit: Unit) -> str:
    """The title under which the signer may sign for this unit."""
    roles = [grant.role for _, grant in by.scopes_of("packs.seal") if unit.path.startswith(grant.unit_path)]
    return titles().get(roles[0], roles[0]) if roles else ""


def _head(pack: Pack, period: Period) -> dict[str, Any]:
    return {
        "unit": pack.unit.code,
        "unit_name": pack.unit.full_name,
        "path": pack.unit_path,
        "kind": pack.kind,
        "period": period.key,
        "period_label": period.label,
        "since": str(period.since),
        "until": str(period.last),
        "subject": pack.subject,
        "number": pack.number,
        "signer": pack.signed_by,
        "signer_name": pack.signed_by_name,
        "signer_role": pack.signed_by_role,
        "signed_at": pack.signed_at.astimezone(clock.VIETNAM).isoformat(timespec="microseconds"),
    }


@action("packs.note_restatements", "Ghi số liệu thay đổi sau khi ký")
def note_restatements(by: Actor, pack: Pack, /) -> list[Restatement]:
    """Keep, beside the pack, what its figures say now where they said something else when it was signed."""
    Pack.objects.select_for_update(no_key=True).only("pk").get(pk=pack.pk)
    if check(pack):
        return []
    fresh = changes([pack]).get(pack.pk, [])
    Restatement.objects.bulk_create(fresh)
    note(lines=[row.line_key for row in fresh])
    return fresh


@action("packs.lock_period", "Khoá kỳ số liệu")
def lock_period(
    by: Actor, unit: Unit, /, *, period: Period, reason: str, until: date | None = None, file: Received | None = None
) -> PeriodLock:
    """From now on figures of the period stay as they are, in the unit and below it. `until`: opens by itself after."""
    if not tidy(reason):
        raise Refused(GIVE_A_REASON)
    if until and until < clock.today():
        raise Refused(f"Ngày mở khoá {until:%d/%m/%Y} đã qua. Hãy chọn ngày từ hôm nay trở đi, hoặc để trống.")
    if held := lock_on(unit, period):
        raise Refused(f"Kỳ này đã khoá từ {clock.local(held.locked_at):%d/%m/%Y}: {held.reason}")
    _open_expired(unit, period)
    lock = PeriodLock.objects.create(
        unit=unit,
        unit_path=unit.path,
        period_key=period.key,
        since_on=period.since,
        before_on=period.until,
        reason=tidy(reason)[:500],
        until_on=until,
        locked_by_name=by.name,
        locked_at=clock.now(),
    )
    if file:
        attach(by, file, subject=subject.ref(lock), unit_path=unit.path, kind="khoá kỳ")
    return lock


def _open_expired(unit: Unit, period: Period) -> None:
    """A lock whose last day has passed is out of force; its row now says so."""
    PeriodLock.objects.filter(
        unit=unit, period_key=period.key, unlocked_at=None, until_on__lt=clock.today()
    ).update(unlocked_at=clock.now(), unlocked_by_name="Hệ thống", unlock_reason="Hết thời hạn khoá.")  # fmt: skip


@action("packs.unlock_period", "Mở khoá kỳ số liệu")
def unlock_period(by: Actor, lock: PeriodLock, /, *, reason: str) -> PeriodLock:
    if not tidy(reason):
        raise Refused(GIVE_A_REASON)
    opened = PeriodLock.objects.filter(pk=lock.pk, unlocked_at=None).update(
        unlocked_at=clock.now(), unlocked_by_name=by.name, unlock_reason=tidy(reason)[:500]
    )
    if not opened:
        raise Refused("Kỳ này đã được mở khoá trước đó.")
    lock.refresh_from_db()
    return lock


__all__ = ["Evidence", "Line", "lock_period", "note_restatements", "seal_pack", "unlock_period"]


@action("packs.print", "Lập bản giấy của gói")
def print_pack(by: Actor, pack: Pack, /) -> PrintedPaper:
    """Its figures and its checksum on a numbered sheet that people sign: one sheet a pack. Never of a damaged pack."""
    if fault := check(pack):
        raise Refused(f"{fault} Không lập bản giấy từ gói này.")
    about = subject.ref(pack)
    Pack.objects.select_for_update(no_key=True).only("pk").get(pk=pack.pk)
    if made := papers.latest_of(about, SHEET):
        return made
    sealed = rules.read(pack.body)
    data = {
        "period": str(sealed.head["period_label"]),
        "pack_number": str(pack.number),
        "sha256": " ".join(pack.sha256[at : at + 8] for at in range(0, 64, 8)),
        "sealed_by": pack.signed_by_name,
        "sealed_at": pack.signed_at,
        "figures": [
            {"label": one.label, "value": rules.worded(one), "origin": rules.ORIGINS.get(one.origin, one.origin)}
            for one in sealed.lines
        ],
        "documents": [{"name": " – ".join(filter(None, (one.number, one.title)))} for one in sealed.documents],
    }
    return issue_paper(by, about, unit=pack.unit, code=SHEET, on=clock.today(), data=data)
