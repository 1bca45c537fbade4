"""What the resident's pages and the counter share: from a draft's answers to something that can be filed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from xaso.core.accounts.models import Person
from xaso.core.accounts.queries import person_of
from xaso.core.files import actions as files
from xaso.modules.dossiers.actions.filing import Applicant, PaperIn
from xaso.modules.dossiers.models import Draft
from xaso.modules.procedures.queries import FormField, VersionView


def known_of(person: Person | None, unit_name: str) -> dict[str, Any]:
    """What is already known, for prefill: nobody types it twice."""
    if person is None:
        return {"unit": {"name": unit_name}}
    return {
        "applicant": {
            "full_name": person.full_name,
            "personal_id": person.personal_id or "",
            "birth_on": person.birth_on.isoformat() if person.birth_on else "",
            "sex": person.sex,
            "phone": person.phone,
            "email": person.email,
            "address": {"line": person.address} if person.address else {},
        },
        "unit": {"name": unit_name},
    }


def applicant_of(person: Person) -> Applicant:
    return Applicant(
        full_name=person.full_name,
        personal_id=person.personal_id or "",
        birth_on=person.birth_on,
        sex=person.sex,
        phone=person.phone,
        email=person.email,
        address=person.address,
    )


def keep_uploads(request: HttpRequest, names: Mapping[str, str]) -> dict[str, str]:
    """Store each uploaded file ahead of the form. `names`: input name → what it is called. Returns input → uuid.

    Raises Refused with the sentence of the first file that cannot be taken.
    """
    kept = {}
    for name, label in names.items():
        if uploaded := request.FILES.get(name):
            kept[name] = str(files.upload_ahead(request.actor, uploaded, kind=label[:40]).uuid)
    return kept


def file_names(specs: list[FormField]) -> dict[str, str]:
    return {spec.key: spec.label for spec in specs if spec.kind == "file"}


def answers_with_files(draft: Draft) -> dict[str, Any]:
    """Answers as the rules check them: a file field holds the ids of its uploads."""
    fields = {key: [upload] for key, upload in draft.files.items() if not key.startswith("paper.")}
    return {**draft.answers, **fields}


def papers_of(draft: Draft, version: VersionView) -> dict[str, PaperIn]:
    """Papers handed in with a draft: uploaded for the paper itself, or in the form field that stands for it."""
    answers = answers_with_files(draft)
    found: dict[str, PaperIn] = {}
    for _, specs in version.visible(answers):
        for spec in specs:
            if spec.kind == "file" and spec.component and (upload := draft.files.get(spec.key)):
                found[spec.component] = PaperIn(upload=UUID(upload))
    for part in version.papers(answers):
        if upload := draft.files.get(f"paper.{part.key}"):
            found[part.key] = PaperIn(upload=UUID(upload))
        elif part.from_data and part.key not in found:
            found[part.key] = PaperIn(is_handed_in=False, from_data=True)
    return found


def person_behind(request: HttpRequest) -> Person | None:
    return person_of(request.actor)
