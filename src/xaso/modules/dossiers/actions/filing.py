"""Filing: a draft saved field by field, then a dossier sent online, by oneself or with help."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from xaso.core.access import Actor
from xaso.core.accounts.models import Person
from xaso.core.actions import action, note
from xaso.core.files import actions as files
from xaso.core.outbox.actions import announce
from xaso.core.units.models import Unit
from xaso.kit import clock, subject
from xaso.kit.errors import Refused
from xaso.kit.fold import fold, words
from xaso.kit.rows import insert
from xaso.modules.dossiers import rules
from xaso.modules.dossiers.actions.moving import happened
from xaso.modules.dossiers.events import DossierSubmitted
from xaso.modules.dossiers.models import Dossier, Draft, Party, SubmittedPaper
from xaso.modules.procedures.queries import VersionView


@dataclass(frozen=True, slots=True)
class Applicant:
    """The person whose dossier it is. `personal_id` may be empty for somebody without papers."""

    full_name: str
    personal_id: str = ""
    birth_on: date | None = None
    sex: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Helper:
    """Who files for the applicant: assisted (an officer or a digital team member) or proxy (authorised)."""

    full_name: str
    personal_id: str = ""
    phone: str = ""
    basis: str = ""
    consented: bool = False


@dataclass(frozen=True, slots=True)
class PaperIn:
    """A paper as handed in: ticked at the counter, or a file uploaded ahead."""

    is_handed_in: bool = True
    originals: int = 0
    copies: int = 0
    upload: UUID | None = None
    from_data: bool = False
    is_reused: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Filing:
    """Everything that is filed, already validated by the form at the edge."""

    version: VersionView
    applicant: Applicant
    answers: Mapping[str, Any]
    papers: Mapping[str, PaperIn] = field(default_factory=dict)
    filing: str = Dossier.Filing.SELF
    helper: Helper | None = None
    result_by: str = Dossier.ResultBy.COUNTER
    content: str = ""
    idempotency_key: str | None = None
    helped_at: Unit | None = None
    looks_first: bool = True
    """False: the caller files through `once`, which looks for the twin only when the database refuses a second one."""

    def for_audit(self) -> dict[str, Any]:
        """What a checksum of the filing stands for."""
        return {
            "version": self.version.id,
            "applicant": asdict(self.applicant),
            "answers": self.answers,
            "papers": {key: asdict(paper) for key, paper in self.papers.items()},
            "filing": self.filing,
            "helper": asdict(self.helper) if self.helper else None,
            "result_by": self.result_by,
            "content": self.content,
        }


NO_CONSENT = "Hãy đọc lại nội dung cho người dân nghe và đánh dấu người dân đã đồng ý trước khi nộp giúp."
NO_HELPER = "Nộp giúp hoặc nộp thay thì phải ghi rõ họ tên người nộp giúp."
SENT_ALREADY = "Hồ sơ này đã được gửi trước đó. Hãy mở mục Hồ sơ của tôi để xem."


@action("dossiers.save_draft", "Lưu nháp tờ khai")
def save_draft(by: Actor, draft: Draft, /, *, answers: Mapping[str, Any], files_by_key: Mapping[str, str]) -> Draft:
    """Keep what was typed so far, valid or not. Nothing typed is ever lost to a bad field."""
    if draft.submitted_id:
        raise Refused(SENT_ALREADY)
    draft.answers = {**draft.answers, **answers}
    draft.files = {**draft.files, **files_by_key}
    draft.updated_at = clock.now()
    draft.save()
    return draft


@action("dossiers.discard_draft", "Xoá tờ khai nháp")
def discard_draft(by: Actor, draft: Draft, /) -> None:
    draft.delete()


@action("dossiers.submit", "Nộp hồ sơ trực tuyến")
def submit_dossier(by: Actor, unit: Unit, /, *, filed: Filing, draft: Draft | None = None) -> Dossier:
    """State 1: sent online, nobody has looked yet. A second send of the same form answers with the first dossier."""
    if before := already_filed(filed):
        return before
    now = clock.now()
    dossier = new_dossier(by, unit, filed, Dossier.Channel.ONLINE, now)
    dossier.state = Dossier.State.SUBMITTED
    dossier.step_role = "reception"
    insert([dossier])
    attach_parts(by, dossier, filed, now)
    insert([happened(dossier, by, "submit", "Nộp hồ sơ", now)])
    if draft is not None:
        close_draft(draft, dossier)
    note(procedure=filed.version.code, filing=filed.filing, papers=len(filed.papers))
    announce(DossierSubmitted(dossier_id=dossier.pk))
    return dossier


def close_draft(draft: Draft, dossier: Dossier) -> None:
    """Of two sends of one draft the second finds it closed."""
    if not Draft.objects.filter(pk=draft.pk, submitted=None).update(submitted=dossier):
        raise Refused(SENT_ALREADY)


def already_filed(filed: Filing) -> Dossier | None:
    """The dossier that the same request made before."""
    return _already(filed.idempotency_key) if filed.looks_first else None


def _already(key: str | None) -> Dossier | None:
    return Dossier.objects.filter(idempotency_key=key).first() if key else None


def once(key: str | None, make: Any) -> Dossier:
    """Run an action that files a dossier; when a twin request won the race, answer with the twin's dossier."""
    try:
        return make()
    except IntegrityError:
        if before := _already(key):
            return before
        raise


def new_dossier(by: Actor, unit: Unit, filed: Filing, channel: str, now: Any) -> Dossier:
    """The row, not yet stored; its owner is known from here on."""
    check_helper(filed)
    dossier = row_of(by, unit, filed, channel, now)
    dossier.owner_person_id = owner_of(by, filed)
    dossier.is_new = True
    return dossier


def row_of(by: Actor, unit: Unit, filed: Filing, channel: str, now: Any) -> Dossier:
    """What a filing says, as a row without an owner."""
    who = filed.applicant
    return Dossier(
        secret=rules.new_secret(),
        procedure_id=filed.version.procedure_id,
        version_id=filed.version.id,
        case_key=filed.version.case_for(filed.answers).key,
        unit=unit,
        unit_path=unit.path,
        received_by_unit=unit,
        helped_at_unit=filed.helped_at,
        channel=channel,
        filing=filed.filing,
        result_by=filed.result_by,
        applicant_name=who.full_name,
        applicant_id=who.personal_id,
        applicant_birth_on=who.birth_on,
        applicant_sex=who.sex,
        applicant_phone=who.phone,
        applicant_email=who.email,
        applicant_address=who.address,
        content=filed.content[:300],
        answers=dict(filed.answers),
        submitted_at=now,
        idempotency_key=filed.idempotency_key,
        created_by_id=by.account_id,
        search_tokens=rules.tokens(unit.path, [" ".join(words(who.full_name)), who.personal_id, who.phone]),
    )


def check_helper(filed: Filing) -> None:
    """Assisted and proxy are never anonymous, and never without the resident's consent."""
    if filed.filing == Dossier.Filing.SELF:
        return
    if filed.helper is None or not filed.helper.full_name:
        raise Refused(NO_HELPER)
    if not filed.helper.consented:
        raise Refused(NO_CONSENT)


def owner_of(by: Actor, filed: Filing) -> int | None:
    """The person the dossier belongs to, known by the personal id; one statement, and nothing known is overwritten."""
    if filed.filing == Dossier.Filing.SELF and not by.is_officer and by.person_id:
        return by.person_id
    if not filed.applicant.personal_id:
        return None
    return owners_of([filed])[filed.applicant.personal_id]


def owners_of(filings: Iterable[Filing]) -> dict[str, int]:
    """Personal id → person, for every filing that has one; in the order of the ids: nobody waits in a circle."""
    people = {filed.applicant.personal_id: filed for filed in filings if filed.applicant.personal_id}
    rows = Person.objects.bulk_create(
        [_person(people[personal_id]) for personal_id in sorted(people)],
        update_conflicts=True,
        unique_fields=["personal_id"],
        update_fields=["personal_id"],
    )
    return {person.personal_id: person.pk for person in rows}


def _person(filed: Filing) -> Person:
    who = filed.applicant
    return Person(
        full_name=who.full_name,
        folded_name=fold(who.full_name),
        personal_id=who.personal_id,
        birth_on=who.birth_on,
        sex=who.sex,
        phone=who.phone,
        email=who.email,
        address=who.address,
    )


def attach_parts(by: Actor, dossier: Dossier, filed: Filing, now: Any) -> None:
    """Papers and parties of a new dossier; uploads made ahead become the dossier's files."""
    attach_all(by, [(dossier, filed)], now)


def attach_all(by: Actor, made: Sequence[tuple[Dossier, Filing]], now: Any) -> None:
    """The same for many new dossiers, one statement per kind of row."""
    papers = [row for dossier, filed in made for row in _papers(by, dossier, filed, now)]
    insert(papers)
    insert([_helper(by, dossier, filed, filed.helper, now) for dossier, filed in made if filed.helper])


def _papers(by: Actor, dossier: Dossier, filed: Filing, now: Any) -> list[SubmittedPaper]:
    uploads = {key: paper.upload for key, paper in filed.papers.items() if paper.upload}
    stored = {}
    if uploads:
        claimed = files.claim(
            by,
            list(uploads.values()),
            subject=subject.ref(dossier),
            unit_path=dossier.unit_path,
            owner_person_id=dossier.owner_person_id,
        )
        by_uuid = {file.uuid: file for file in claimed}
        stored = {key: by_uuid[wanted] for key, wanted in uploads.items()}
    due = filed.version.papers(filed.answers)
    return [_paper(by, dossier, part, filed, stored.get(part.key), now) for part in due]


def _helper(by: Actor, dossier: Dossier, filed: Filing, helper: Helper, now: Any) -> Party:
    return Party(
        dossier=dossier,
        role=Party.Role.PROXY if filed.filing == Dossier.Filing.PROXY else Party.Role.HELPER,
        full_name=helper.full_name,
        personal_id=helper.personal_id,
        phone=helper.phone,
        account_id=by.account_id,
        basis=helper.basis,
        consent_at=now if helper.consented else None,
    )


def _paper(by: Actor, dossier: Dossier, part: Any, filed: Filing, file: Any, now: Any) -> SubmittedPaper:
    given = filed.papers.get(part.key, PaperIn(is_handed_in=False))
    return SubmittedPaper(
        dossier=dossier,
        key=part.key,
        name=part.name,
        is_required=part.need != "optional",
        is_handed_in=given.is_handed_in or file is not None,
        originals=given.originals,
        copies=given.copies,
        file=file,
        digitised_by_id=by.account_id if file else None,
        digitised_at=now if file else None,
        from_data=given.from_data,
        is_reused=given.is_reused,
        note=given.note,
    )
