"""Schema of `content/procedures/<field>/<code>.yaml`. The schema is also the documentation and the error message."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from xaso.modules.procedures.definitions.form import (
    Channel,
    Condition,
    Declared,
    Dong,
    Key,
    Mark,
    Role,
    Section,
    Slug,
    Text,
    Unit,
    asks_above,
    each_once,
)

CODE = r"^\d\.\d{6}$"


class Limit(Declared):
    amount: int = Field(ge=0, le=1000, default=0)
    unit: Unit

    @model_validator(mode="after")
    def _amount_fits_unit(self) -> Self:
        if self.unit == "same_day" and self.amount:
            raise ValueError("giải quyết trong ngày thì không ghi số")
        if self.unit != "same_day" and self.amount < 1:
            raise ValueError("thời hạn phải từ 1 trở lên")
        return self


class Case(Declared):
    """One way the same procedure is handled, with its own limit and fees (e.g. remote area, needs verification)."""

    key: Key
    label: Text
    when: Condition | None = None
    by_officer: bool = False  # only an officer can tell, after looking at the dossier
    limit: Limit | None = None
    limit_mark: Mark = "sourced"
    limits_by_channel: dict[Channel, Limit] = Field(default_factory=dict)
    fees: tuple[Key, ...] | None = None  # None: every fee of the version


class Component(Declared):
    key: Key
    name: Text
    need: Literal["required", "optional", "conditional"] = "required"
    when: Condition | None = None
    originals: int = Field(ge=0, le=20, default=0)
    copies: int = Field(ge=0, le=20, default=0)
    from_data: bool = False  # the State already holds it: do not ask again when the data are there
    show_only: bool = False  # looked at and handed back
    form: str = ""  # number of the official form, when there is one
    note: str = ""

    @model_validator(mode="after")
    def _conditional_says_when(self) -> Self:
        if (self.need == "conditional") != (self.when is not None):
            raise ValueError("giấy tờ `conditional` phải có `when`, giấy tờ khác thì không")
        return self


class TariffStep(Declared):
    from_count: int = Field(ge=1, alias="from")
    amount: Dong


class Exemption(Declared):
    group: Key
    label: Text
    percent: int = Field(ge=1, le=100)
    legal_basis: str = ""


class Relief(Declared):
    """A cut that a resolution gives for a while."""

    legal_basis: Text
    percent: int = Field(ge=1, le=100)
    valid_from: date
    valid_to: date
    channels: tuple[Channel, ...] = ("online", "counter", "post")


class CouncilTariff(Declared):
    amount: Dong
    by_channel: dict[Channel, Dong] = Field(default_factory=dict)
    legal_basis: Text
    valid_from: date
    valid_to: date | None = None


class Fee(Declared):
    key: Key
    label: Text
    kind: Literal["fee", "charge"] = "charge"  # phí, lệ phí
    status: Literal["known", "free", "unknown", "council"]
    per: Literal["dossier", "page", "copy", "act"] = "dossier"
    amount: Dong | None = None
    steps: tuple[TariffStep, ...] = ()
    cap: Dong | None = None  # per copy for a page tariff, else for the line
    by_channel: dict[Channel, Dong] = Field(default_factory=dict)
    when: Condition | None = None
    exemptions: tuple[Exemption, ...] = ()
    reliefs: tuple[Relief, ...] = ()
    council: tuple[CouncilTariff, ...] = ()
    legal_basis: str = ""
    mark: Mark = "sourced"

    @model_validator(mode="after")
    def _status_agrees(self) -> Self:
        priced = self.amount is not None or bool(self.steps) or bool(self.by_channel)
        if self.status == "known" and not priced:
            raise ValueError("phí `known` phải có amount, steps hoặc by_channel")
        if self.status != "known" and priced:
            raise ValueError(f"phí `{self.status}` không được ghi số tiền")
        if self.status == "known" and self.amount == 0:
            raise ValueError("phí bằng 0 phải khai là `free` kèm căn cứ, không ghi amount: 0")
        if self.status == "free" and not self.legal_basis:
            raise ValueError("phí `free` phải có legal_basis; chưa có căn cứ thì ghi `unknown`")
        if self.council and self.status != "council":
            raise ValueError("biểu phí của Hội đồng nhân dân chỉ đi với phí `council`")
        if [s.from_count for s in self.steps] != sorted({s.from_count for s in self.steps}):
            raise ValueError("các bậc phí phải tăng dần")
        return self


class Result(Declared):
    kind: Literal["document", "notice", "none"]
    name: str = ""
    code: str = ""

    @model_validator(mode="after")
    def _document_is_named(self) -> Self:
        if self.kind != "none" and not self.name:
            raise ValueError("kết quả phải có tên")
        return self


class Route(Declared):
    """`owner`: processed here. `mirror`: another system is the record, we follow. `other`: another authority."""

    kind: Literal["owner", "mirror", "other"]
    authority: str = ""
    address: str = ""
    url: str = Field(default="", pattern=r"^(https://\S+)?$")

    @model_validator(mode="after")
    def _other_says_where(self) -> Self:
        if self.kind == "other" and not (self.authority and (self.address or self.url)):
            raise ValueError("thủ tục của cơ quan khác phải ghi authority và address hoặc url")
        return self


class Step(Declared):
    key: Key
    label: Text
    kind: Literal["receive", "process", "verify", "consult", "appraise", "sign", "issue", "return"]
    role: Role
    share: int = Field(ge=0, le=100, default=0)  # percent of the limit


class Retention(Declared):
    years: int | None = Field(default=None, ge=1, le=100)  # None: kept for ever
    mark: Mark = "to_verify"


class Version(Declared):
    valid_from: date
    valid_to: date | None = None
    mark: Mark = "to_verify"
    legal_basis: tuple[Text, ...] = ()
    cases: tuple[Case, ...] = Field(min_length=1)
    components: tuple[Component, ...] = ()
    fees: tuple[Fee, ...] = ()
    online_level: Literal["none", "info", "partial", "full"] = "none"
    partial_reason: Literal["presence", "field_check", "technical"] | None = None
    channels: tuple[Channel, ...] = Field(min_length=1)
    result: Result
    route: Route
    collect_fee_at: Literal["reception", "supplement", "return"] = "reception"
    steps: tuple[Step, ...] = ()
    immediate: bool = False
    cut_off: Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] | None = None
    form: tuple[Section, ...] = ()
    retention: Retention = Retention()
    sensitive: bool = False

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to đứng trước valid_from")
        if (self.online_level == "partial") != (self.partial_reason is not None):
            raise ValueError("mức một phần phải có partial_reason, mức khác thì không")
        if self.online_level in ("partial", "full") and "online" not in self.channels:
            raise ValueError("có mức trực tuyến thì channels phải có online")
        for what, keys in (
            ("Trường hợp", [c.key for c in self.cases]),
            ("Giấy tờ", [c.key for c in self.components]),
            ("Phí", [f.key for f in self.fees]),
            ("Bước", [s.key for s in self.steps]),
            ("Trường", [f.key for s in self.form for f in s.fields]),
        ):
            each_once(what, keys)
        self._check_steps()
        self._check_references()
        return self

    def _check_steps(self) -> None:
        if not self.steps:
            return
        if self.steps[0].kind != "receive" or self.steps[-1].kind != "return":
            raise ValueError("các bước phải bắt đầu bằng receive và kết thúc bằng return")
        if sum(step.share for step in self.steps) > 100:
            raise ValueError("tổng phần thời gian của các bước vượt 100")

    def _check_references(self) -> None:
        fees = {fee.key for fee in self.fees}
        papers = {component.key for component in self.components}
        for case in self.cases:
            if case.fees is not None and not set(case.fees) <= fees:
                raise ValueError(f"trường hợp `{case.key}` gọi khoản phí không có")
        known = self._check_form()
        fields = [field for section in self.form for field in section.fields]
        asked = {
            p for holder in (*self.cases, *self.components, *self.fees) if holder.when for p in holder.when.fields()
        }
        asked |= {ref for field in fields for ref in (field.birth_field, field.not_before, field.not_after) if ref}
        if self.form and (lost := sorted(p for p in asked if p.split(".")[0] not in known)):
            raise ValueError(f"điều kiện hỏi trường không có trong tờ khai: {', '.join(lost)}")
        if lost := sorted({f.component for f in fields if f.component} - papers):
            raise ValueError(f"trường tệp gọi giấy tờ không có: {', '.join(lost)}")

    def _check_form(self) -> set[str]:
        """A form is read from top to bottom, so a condition may ask only what stands above it."""
        above: set[str] = set()
        for section in self.form:
            asks_above(section.key, section.when, above)
            for field in section.fields:
                asks_above(field.key, field.when, above)
                above.add(field.key)
                for part in field.fields:
                    asks_above(part.key, part.when, above | {f.key for f in field.fields})
        return above

    def dump(self) -> dict[str, Any]:
        """The form in which a version is stored and compared."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)


class ProcedureDefinition(Declared):
    code: Annotated[str, StringConstraints(pattern=CODE)]
    name: Annotated[str, StringConstraints(min_length=3, max_length=1000, strip_whitespace=True)]
    field: Text  # lĩnh vực
    life_events: tuple[Slug, ...] = ()
    subjects: tuple[Text, ...] = ()
    keywords: tuple[Text, ...] = ()  # words people use for it
    versions: tuple[Version, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _versions_do_not_overlap(self) -> Self:
        ordered = sorted(self.versions, key=lambda v: v.valid_from)
        for before, after in itertools.pairwise(ordered):
            if before.valid_to is None or before.valid_to >= after.valid_from:
                raise ValueError("các phiên bản chồng thời gian hiệu lực lên nhau")
        return self


class LifeEvent(Declared):
    slug: Slug
    title: Text
    summary: str = ""


class LifeEvents(Declared):
    life_events: tuple[LifeEvent, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        each_once("Sự kiện", [e.slug for e in self.life_events])
        return self


class Authority(Declared):
    """Decisions of this body (letters in their number) are handled by that authority, not by the commune."""

    decision_has: Text
    authority: Text
    address: Text


class ImportDefaults(Declared):
    """What an imported procedure gets until somebody declares it: the plain way through the office."""

    steps: tuple[Step, ...]
    form: tuple[Section, ...]
    authorities: tuple[Authority, ...] = ()
