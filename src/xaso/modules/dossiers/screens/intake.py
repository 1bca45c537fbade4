"""One page of the counter, as typed: read once, checked once, given back whole when anything is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, QueryDict

from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.dossiers.actions.filing import Applicant, Filing, Helper, PaperIn
from xaso.modules.dossiers.actions.reception import Price, quote_for
from xaso.modules.dossiers.forms import ADDRESS, SectionForm, read_answers
from xaso.modules.dossiers.models import Dossier
from xaso.modules.dossiers.screens.filing import keep_uploads
from xaso.modules.dossiers.screens.intake_forms import ApplicantForm, HandlingForm
from xaso.modules.procedures.queries import FormField, VersionView

BY_HAND = ("file",)
UPLOAD = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
MOST_COUNTED = 2000


@dataclass(slots=True)
class PaperRow:
    """A paper of the checklist."""

    part: Any
    ticked: bool
    originals: str
    copies: str
    upload: str
    problem: str = ""

    @property
    def name(self) -> str:
        return f"paper-{self.part.key}"

    @property
    def is_missing(self) -> bool:
        return self.part.need != "optional" and not (self.ticked or self.upload or self.part.from_data)


def fields_of(version: VersionView) -> list[FormField]:
    """Every field the form may ask for."""
    return [spec for section in version.definition.form for spec in section.fields]


def at_counter(spec: FormField) -> FormField:
    """Somebody who stands at the counter need not own a telephone."""
    return spec.model_copy(update={"required": False}) if spec.kind == "phone" else spec


def asks_for_person(version: VersionView) -> bool:
    """Whether the form itself asks who applies; if not, the counter asks."""
    return any(spec.prefill in {"applicant", "applicant.full_name"} for spec in fields_of(version))


def paper_lists(version: VersionView) -> list[FormField]:
    """Lists of documents with their pages and copies: the fee counts from them."""
    return [
        spec
        for spec in fields_of(version)
        if spec.kind == "repeat" and any(part.key in {"pages", "copies"} for part in spec.fields)
    ]


def first_row(version: VersionView, spec: FormField) -> dict[str, str]:
    """One document, one copy: what most people bring."""
    required = [part.name for part in version.definition.components if part.need == "required"]
    row = {}
    for part in spec.fields:
        if part.kind == "text" and part.required and required:
            row[part.key] = required[0]
        elif part.key == "copies":
            row[part.key] = "1"
    return row


@dataclass
class Intake:
    """Everything on the page."""

    request: HttpRequest
    version: VersionView
    unit: Unit
    posted: QueryDict | None = None
    errors: dict[str, str] = field(default_factory=dict)
    clean: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.request.method == "POST":
            self.posted = self.posted or self.request.POST.copy()

    @cached_property
    def key(self) -> str:
        given = self.posted.get("idempotency_key", "") if self.posted else ""
        return given[:40] or uuid4().hex

    @cached_property
    def answers(self) -> dict[str, Any]:
        if self.posted is not None:
            return read_answers(fields_of(self.version), self.posted)
        known = {"unit": {"name": self.unit.name}, "today": clock.today().isoformat()}
        rows = {spec.key: [first_row(self.version, spec)] for spec in paper_lists(self.version)}
        return self.version.prefill(known) | rows

    @cached_property
    def person(self) -> ApplicantForm | None:
        return None if asks_for_person(self.version) else ApplicantForm(self.posted, prefix="a")

    @cached_property
    def handling(self) -> HandlingForm:
        return HandlingForm(self.posted, prefix="c", version=self.version, unit_path=self.unit.path)

    @cached_property
    def papers(self) -> list[PaperRow]:
        return [self._paper(part) for part in self.version.papers(self.answers)]

    def _paper(self, part: Any) -> PaperRow:
        name = f"paper-{part.key}"
        if self.posted is None:
            return PaperRow(part, False, str(part.originals), str(part.copies), "")
        upload, problem = _uuid(self.posted.get(f"{name}-upload", "")), ""
        try:
            upload = keep_uploads(self.request, {f"{name}-file": part.name}).get(f"{name}-file", upload)
        except Refused as refusal:
            problem = refusal.message
        originals, copies = (self.posted.get(f"{name}-{kind}", "") for kind in ("originals", "copies"))
        return PaperRow(part, name in self.posted, originals, copies, upload, problem)

    # ---- checking ----

    def is_valid(self) -> bool:
        """Check everything at once, so that every mistake is told in one go."""
        self.clean, errors = self.version.validate(self.answers, today=clock.today(), skip=BY_HAND)
        optional = {spec.key for spec in fields_of(self.version) if spec.kind == "phone"}
        self.errors = {path: text for path, text in errors.items() if path not in optional or self.answers.get(path)}
        for row in self.papers:
            if row.is_missing and not row.problem:
                row.problem = "Chưa đánh dấu đã nhận. Thiếu giấy này thì chưa tiếp nhận được."
        checks = [self.handling.is_valid(), self.person is None or self.person.is_valid()]
        return not self.errors and all(checks) and not any(row.problem for row in self.papers)

    @cached_property
    def forms(self) -> list[SectionForm]:
        """The procedure's own form, section by section, with its mistakes."""
        more = {str(self.posted["add_row"]): 1} if self.posted and "add_row" in self.posted else {}
        found = []
        for section, specs in self.version.visible(self.answers):
            shown = [at_counter(spec) for spec in specs if spec.kind not in BY_HAND]
            keys = {spec.key for spec in shown}
            mine = {path: text for path, text in self.errors.items() if path.split(".")[0] in keys}
            if shown:
                found.append(SectionForm(section, shown, self.answers, errors=mine, rows=more))
        return found

    def mistakes(self) -> Iterator[tuple[str, str, str]]:
        """For the summary: where, what, which sentence."""
        for form in (*([self.person] if self.person else []), *self.forms, self.handling):
            for bound in form:
                for sentence in bound.errors:
                    yield bound.auto_id + ("_0" if bound.use_fieldset else ""), bound.label, sentence
        for row in self.papers:
            if row.problem:
                yield row.name, row.part.name, row.problem

    # ---- what is filed ----

    @property
    def channel(self) -> str:
        channel = self.handling["channel"].value()
        return channel if channel in {"counter", "post"} else "counter"

    def price(self) -> Price:
        group = self.handling["group"].value() if "group" in self.handling.fields else ""
        groups = (group,) if group else ()
        counts = [
            {"page": _count(row.get("pages")), "copy": _count(row.get("copies")), "act": _count(row.get("copies"))}
            for spec in paper_lists(self.version)
            for row in self.answers.get(spec.key) or []
            if any(row.values())
        ]
        if counts:
            return Price(counts[0], groups, tuple(counts[1:]))
        asked = {kind: self.handling[kind].value() for kind in ("page", "copy", "act") if kind in self.handling.fields}
        return Price({kind: _count(value) for kind, value in asked.items()}, groups)

    def quote(self) -> Any:
        return quote_for(self.version, self.channel, self.price(), clock.today(), self.clean or self.answers)

    def applicant(self) -> Applicant:
        if self.person is not None:
            data = self.person.cleaned_data
            return Applicant(**{name: data[name] for name in self.person.fields})
        return applicant_from(fields_of(self.version), self.clean)

    def filing(self) -> Filing:
        data = self.handling.cleaned_data
        return Filing(
            version=self.version,
            applicant=self.applicant(),
            answers=self.clean,
            papers={row.part.key: _given(row) for row in self.papers if not row.is_missing},
            filing=data["filing"],
            helper=_helper(data),
            result_by=data["result_by"],
            content=self.version.name[:300],
            idempotency_key=f"counter:{self.key}",
        )


def _helper(data: Mapping[str, Any]) -> Helper | None:
    if data["filing"] == Dossier.Filing.SELF:
        return None
    return Helper(
        full_name=data["helper_name"],
        personal_id=data["helper_id"],
        phone=data["helper_phone"],
        basis=data["helper_basis"],
        consented=data["consented"],
    )


def _given(row: PaperRow) -> PaperIn:
    return PaperIn(
        is_handed_in=row.ticked,
        originals=_count(row.originals, 0, 99) if row.ticked else 0,
        copies=_count(row.copies, 0, 99) if row.ticked else 0,
        upload=UUID(row.upload) if row.upload else None,
        from_data=row.part.from_data and not (row.ticked or row.upload),
    )


def _uuid(text: str) -> str:
    return text if UPLOAD.match(text) else ""


def _count(value: Any, least: int = 1, most: int = MOST_COUNTED) -> int:
    text = str(value or "").strip()
    return min(max(int(text), least), most) if text.isdecimal() and len(text) < 10 else least


def applicant_from(specs: list[FormField], clean: Mapping[str, Any]) -> Applicant:
    """The person the dossier belongs to, from the fields that stand for them."""
    found: dict[str, Any] = {}
    for spec in specs:
        value = clean.get(spec.key)
        if not value or not spec.prefill:
            continue
        if spec.prefill == "applicant":
            found = dict(value) | found
        elif spec.prefill.startswith("applicant."):
            found.setdefault(spec.prefill.removeprefix("applicant."), value)
    born = found.get("birth_on")
    return Applicant(
        full_name=found.get("full_name", ""),
        personal_id=found.get("personal_id", ""),
        birth_on=date.fromisoformat(born) if born else None,
        sex=found.get("sex", ""),
        phone=found.get("phone", ""),
        email=found.get("email", "")[:254],
        address=one_line(found.get("address"))[:300],
    )


def one_line(address: Any) -> str:
    if isinstance(address, Mapping):
        return ", ".join(str(address[part]) for part, _ in ADDRESS if address.get(part))
    return str(address or "")
