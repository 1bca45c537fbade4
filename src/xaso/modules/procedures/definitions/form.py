"""Schema of electronic forms: sections, fields, conditions. Also the names other schemas share."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,60}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)]
Path = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$")]
Dong = Annotated[int, Field(ge=0, le=10_000_000_000, strict=True)]
Mark = Literal["sourced", "to_verify"]
Channel = Literal["online", "counter", "post"]
Unit = Literal["hour", "workday", "day", "month", "same_day"]
Role = Literal["reception", "handler", "head", "leader", "clerk", "cashier"]
FieldKind = Literal[
    "text", "long_text", "name", "personal_id", "date", "past_date", "phone", "email", "choice", "multi_choice",
    "number", "money", "address", "relation", "person", "repeat", "file", "yes_no", "consent", "note",
]  # fmt: skip
PersonPart = Literal["full_name", "personal_id", "birth_on", "sex", "address"]
Prefill = Literal[
    "applicant", "applicant.full_name", "applicant.personal_id", "applicant.birth_on", "applicant.sex",
    "applicant.phone", "applicant.email", "applicant.address", "unit.name", "today",
]  # fmt: skip


class Declared(BaseModel):
    """A wrong key in a content file is a mistake, not an extension."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def each_once(what: str, keys: list[str]) -> None:
    doubled = sorted({key for key in keys if keys.count(key) > 1})
    if doubled:
        raise ValueError(f"{what} bị trùng khoá: {', '.join(doubled)}")


class Condition(Declared):
    """The whole language of conditions. What it cannot say becomes a named building block in code."""

    field: Path | None = None
    equals: str | int | bool | None = None
    among: tuple[str | int | bool, ...] | None = Field(default=None, alias="in")
    present: bool | None = None
    differs: str | int | bool | None = Field(default=None, alias="not")
    all: tuple[Condition, ...] | None = None
    any: tuple[Condition, ...] | None = None

    @model_validator(mode="after")
    def _one_question(self) -> Self:
        tests = [t for t in (self.equals, self.among, self.present, self.differs) if t is not None]
        groups = [g for g in (self.all, self.any) if g is not None]
        if self.field is None and len(groups) == 1 and not tests:
            return self
        if self.field is not None and len(tests) == 1 and not groups:
            return self
        raise ValueError("điều kiện phải có `field` với đúng một trong equals, in, present, not; hoặc chỉ all hay any")

    def fields(self) -> set[str]:
        """Names of the answers the condition looks at."""
        found = {self.field} if self.field else set()
        for part in (*(self.all or ()), *(self.any or ())):
            found |= part.fields()
        return found


class Option(Declared):
    value: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,40}$")]
    label: Text


class FormField(Declared):
    key: Key
    label: Text
    kind: FieldKind
    required: bool = True
    help: str = ""
    when: Condition | None = None
    prefill: Prefill | None = None
    options: tuple[Option, ...] = ()
    min: int | None = None
    max: int | None = None
    max_length: int | None = Field(default=None, ge=1, le=20_000)
    old_id: bool = False  # nine-digit identity cards are accepted too
    birth_field: Path | None = None  # where the birth date that the id must agree with stands
    not_before: Path | None = None
    not_after: Path | None = None
    parts: tuple[PersonPart, ...] = ("full_name", "personal_id", "birth_on", "sex", "address")
    optional_parts: tuple[PersonPart, ...] = ()
    fields: tuple[FormField, ...] = ()
    component: Key | None = None  # the paper this file field hands in
    sensitive: bool = False

    @model_validator(mode="after")
    def _kind_is_complete(self) -> Self:
        if self.kind in ("choice", "multi_choice") and len(self.options) < 2:
            raise ValueError("trường chọn phải có ít nhất hai lựa chọn")
        if self.kind == "repeat" and not self.fields:
            raise ValueError("trường lặp phải có `fields`")
        if self.kind != "repeat" and self.fields:
            raise ValueError("chỉ trường lặp mới có `fields`")
        if any(f.kind in ("repeat", "file", "consent") for f in self.fields):
            raise ValueError("trong trường lặp không đặt trường lặp, tệp hay cam kết")
        if not set(self.optional_parts) <= set(self.parts):
            raise ValueError("optional_parts phải nằm trong parts")
        each_once("Trường con", [f.key for f in self.fields])
        each_once("Lựa chọn", [o.value for o in self.options])
        return self


class Section(Declared):
    key: Key
    title: Text
    help: str = ""
    when: Condition | None = None
    fields: tuple[FormField, ...] = Field(min_length=1)


def asks_above(key: str, when: Condition | None, above: set[str]) -> None:
    lost = sorted(p for p in (when.fields() if when else ()) if p.split(".")[0] not in above)
    if lost:
        raise ValueError(f"`{key}` có điều kiện hỏi trường chưa xuất hiện phía trên: {', '.join(lost)}")
