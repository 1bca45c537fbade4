"""What an officer of the catalogue decides: missing times and fees, hiding and showing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.procedures.actions.versions import touch, version_row
from xaso.modules.procedures.definitions import Version
from xaso.modules.procedures.models import Procedure, ProcedureVersion


@dataclass(frozen=True, slots=True)
class SettledCase:
    """A case as the officer gives it."""

    label: str
    amount: int
    unit: str


@dataclass(frozen=True, slots=True)
class SettledFee:
    """`status`: known (with amount), free (with legal basis) or unknown."""

    status: str
    amount: int | None = None
    legal_basis: str = ""


@action("procedures.settle", "Xác nhận thông tin thủ tục")
def settle_review(
    by: Actor,
    procedure: Procedure,
    /,
    *,
    cases: Sequence[SettledCase],
    fee: SettledFee | None = None,
    reason: str,
) -> ProcedureVersion:
    """An officer gives the missing times (and the fee, if known); from now on the procedure can be received."""
    if not reason.strip():
        raise Refused("Hãy ghi căn cứ hoặc lý do xác nhận.")
    if not cases:
        raise Refused("Hãy ghi thời hạn cho ít nhất một trường hợp.")
    procedure = Procedure.objects.get(pk=procedure.pk)
    if not procedure.needs_review:
        raise Refused("Thủ tục này không còn chờ xác nhận. Hãy tải lại trang.")
    old = procedure.versions.filter(superseded_at=None).order_by("-valid_from", "-id").first()
    if old is None:
        raise Refused("Thủ tục này chưa có phiên bản nào để xác nhận.")
    version = _settled(old.definition, cases, fee)
    moment = clock.now()
    old.superseded_at = moment
    old.save(update_fields=["superseded_at"])
    new = version_row(
        procedure,
        version,
        ProcedureVersion.Source.SETTLED,
        source_file=old.source_file,
        settled_by_id=by.account_id,
        settled_at=moment,
        settle_reason=reason.strip()[:1000],
    )
    new.save()
    procedure.needs_review, procedure.review_reasons, procedure.changed_at = False, [], moment
    procedure.save(update_fields=["needs_review", "review_reasons", "changed_at"])
    touch()
    return new


def _settled(old: dict[str, Any], cases: Sequence[SettledCase], fee: SettledFee | None) -> Version:
    definition = dict(old)
    kept = {one["label"]: one for one in old["cases"]}
    definition["cases"] = [
        {
            **kept.get(case.label, {"key": f"truong_hop_{number}" if number else "thuong", "label": case.label}),
            "limit": {"amount": 0 if case.unit == "same_day" else case.amount, "unit": case.unit},
            "limit_mark": "sourced",
        }
        for number, case in enumerate(cases)
    ]
    for number, case in enumerate(definition["cases"][1:], start=1):
        if "when" not in case:
            definition["cases"][number] = {**case, "by_officer": True}
    if fee is not None:
        definition["fees"] = [_settled_fee(fee)]
        definition["cases"] = [{k: v for k, v in case.items() if k != "fees"} for case in definition["cases"]]
    try:
        return Version.model_validate(definition)
    except ValidationError as error:
        raise Refused(f"Thông tin chưa hợp lệ: {error.errors()[0]['msg'].removeprefix('Value error, ')}.") from error


def _settled_fee(fee: SettledFee) -> dict[str, Any]:
    settled: dict[str, Any] = {"key": "phi", "label": "Phí, lệ phí", "status": fee.status, "mark": "sourced"}
    if fee.legal_basis:
        settled["legal_basis"] = fee.legal_basis
    if fee.status == "known":
        settled["amount"] = fee.amount
    return settled


@action("procedures.hide", "Ẩn hoặc hiện lại thủ tục")
def set_visibility(by: Actor, procedure: Procedure, /, *, visible: bool, reason: str) -> Procedure:
    """Hide a procedure from residents and reception, or show it again. Open dossiers go on."""
    del by
    if not reason.strip():
        raise Refused("Hãy ghi lý do.")
    wanted = Procedure.State.ACTIVE if visible else Procedure.State.HIDDEN
    changed = (
        Procedure.objects.filter(pk=procedure.pk).exclude(state=wanted).update(state=wanted, changed_at=clock.now())
    )
    if not changed:
        raise Refused("Thủ tục đã ở trạng thái này rồi. Hãy tải lại trang.")
    procedure.state = wanted
    touch()
    return procedure
