"""From what a machine sent to something that can be filed; every mistake with its path."""

from typing import Any

from xaso.core.access import Actor
from xaso.core.api import Invalid
from xaso.core.units import queries as units
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Missing, Refused
from xaso.modules.dossiers.actions import filing
from xaso.modules.dossiers.actions.bulk import Intake
from xaso.modules.dossiers.actions.reception import Price, check_papers
from xaso.modules.dossiers.models import Dossier
from xaso.modules.dossiers.screens.shapes import BulkIn, FilingIn
from xaso.modules.procedures.queries import VersionView, for_reception

NO_UNIT = "Tài khoản chưa thuộc đơn vị nào; hãy ghi mã đơn vị nhận hồ sơ."
OTHER_BODY = (
    "Khoá chống gửi trùng này đã dùng cho một hồ sơ có nội dung khác. Hãy dùng khoá mới cho hồ sơ mới, "
    "hoặc gửi lại đúng nội dung cũ."
)
COMPARED = (
    "version_id", "case_key", "unit_id", "channel", "filing", "result_by", "applicant_name", "applicant_id",
    "applicant_birth_on", "applicant_sex", "applicant_phone", "applicant_email", "applicant_address", "content",
    "answers",
)  # fmt: skip


def unit_for(by: Actor, code: str) -> Unit:
    """The unit named, or where the caller works. Raises Invalid; whether the caller may is asked by the action."""
    for grant in by.grants:
        if grant.unit_id and (not code or grant.unit_path.endswith(f".{code}.")):
            return units.unit(grant.unit_id)
    if not code:
        raise Invalid({"unit": NO_UNIT})
    try:
        return units.unit_by_code(code, clock.today())
    except Missing as missing:
        raise Invalid({"unit": missing.message}) from missing


def filing_of(given: FilingIn, key: str | None = None, prefix: str = "") -> filing.Filing:
    """Checked against the procedure's own form. Raises Invalid with every mistake at once."""
    version = _version(given.procedure, prefix)
    answers, problems = version.validate(given.answers, today=clock.today(), skip=("file",))
    errors = {f"{prefix}answers.{path}": sentence for path, sentence in problems.items()}
    declared = {part.key for part in version.definition.components}
    for place, paper in enumerate(given.papers):
        if paper.key not in declared:
            errors[f"{prefix}papers.{place}.key"] = "Thủ tục không có giấy tờ này."
    if given.filing != "self" and given.helper is None:
        errors[f"{prefix}helper"] = filing.NO_HELPER
    if errors:
        raise Invalid(errors)
    return filing.Filing(
        version=version,
        applicant=filing.Applicant(**dict(given.applicant)),
        answers=answers,
        papers={paper.key: _paper(paper) for paper in given.papers},
        filing=given.filing,
        helper=filing.Helper(**dict(given.helper)) if given.helper else None,
        result_by=given.result_by,
        content=given.content,
        idempotency_key=key,
        looks_first=False,
    )


def intakes_of(data: BulkIn) -> list[Intake]:
    """Every item checked, so that all mistakes of a hundred dossiers are told at once. Raises Invalid."""
    intakes: list[Intake] = []
    errors: dict[str, str] = {}
    for place, item in enumerate(data.items):
        prefix = f"items.{place}."
        try:
            filed = filing_of(item, prefix=prefix)
            check_papers(filed)
        except Invalid as invalid:
            errors |= invalid.errors
        except Refused as refusal:
            errors[f"{prefix}papers"] = refusal.message
        else:
            intakes.append(Intake(filed, price_of(item)))
    if errors:
        raise Invalid(errors)
    return intakes


def price_of(given: Any) -> Price:
    return Price(dict(given.counts), tuple(given.groups))


def _version(code: str, prefix: str) -> VersionView:
    try:
        return for_reception(code)
    except Refused as refusal:
        raise Invalid({f"{prefix}procedure": refusal.message}) from refusal


def _paper(paper: Any) -> filing.PaperIn:
    return filing.PaperIn(
        is_handed_in=paper.is_handed_in,
        originals=paper.originals,
        copies=paper.copies,
        upload=paper.upload,
        from_data=paper.from_data,
        note=paper.note,
    )


def same_as_before(by: Actor, unit: Unit, filed: filing.Filing, channel: str, before: Dossier) -> None:
    """A key used again must bring the same filing. Raises Invalid otherwise."""
    wanted = filing.row_of(by, unit, filed, channel, before.submitted_at)
    if any(getattr(wanted, name) != getattr(before, name) for name in COMPARED):
        raise Invalid({"Idempotency-Key": OTHER_BODY})
