"""What machines send and get. What is typed is made NFC and freed of control characters before anything else."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from xaso.core.accounts.rules import normal_personal_id, normal_phone
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy

FIRST_YEAR = 1900


def _tidy(value: Any) -> Any:
    return tidy(value) if isinstance(value, str) else value


def _says(sentence: str) -> PydanticCustomError:
    return PydanticCustomError("sentence", "{sentence}", {"sentence": sentence})


def _checked(rule: Any) -> Any:
    """A rule that refuses with a sentence, as a validator; empty stays empty."""

    def run(value: str) -> str:
        if not value:
            return value
        try:
            return rule(value)
        except Refused as refusal:
            raise _says(refusal.message) from refusal

    return AfterValidator(run)


def _birth(value: date | None) -> date | None:
    if value is not None and not (value.year >= FIRST_YEAR and value <= clock.today()):
        raise _says("Ngày sinh phải từ năm 1900 đến hôm nay.")
    return value


def _name(value: str) -> str:
    if not any(letter.isalpha() for letter in value):
        raise _says("Họ và tên phải có chữ cái.")
    return value


def _email(value: str) -> str:
    name, at, host = value.partition("@")
    if value and not (name and at and "." in host.strip(".") and " " not in value):
        raise _says("Địa chỉ thư điện tử không đúng. Ví dụ: ten@vidu.vn.")
    return value


Line = Annotated[str, BeforeValidator(_tidy)]
Name = Annotated[str, BeforeValidator(_tidy), Field(min_length=2, max_length=120), AfterValidator(_name)]
PersonalId = Annotated[str, BeforeValidator(_tidy), Field(max_length=20), _checked(normal_personal_id)]
Phone = Annotated[str, BeforeValidator(_tidy), Field(max_length=20), _checked(normal_phone)]
Email = Annotated[str, BeforeValidator(_tidy), Field(max_length=254), AfterValidator(_email)]
BirthDay = Annotated[date | None, AfterValidator(_birth)]
Reason = Annotated[str, BeforeValidator(_tidy), Field(min_length=1, max_length=1000)]
Remark = Annotated[str, BeforeValidator(_tidy), Field(max_length=1000)]
Count = Annotated[int, Field(ge=0, le=10_000)]
Copies = Annotated[int, Field(ge=0, le=99)]
Key = Annotated[str, Field(max_length=40)]
Channel = Literal["online", "counter", "post"]


class In(BaseModel):
    """A field nobody knows is a typing mistake of the caller, so it is refused."""

    model_config = ConfigDict(extra="forbid")


class ApplicantIn(In):
    full_name: Name
    personal_id: PersonalId = ""
    birth_on: BirthDay = None
    sex: Literal["", "male", "female"] = ""
    phone: Phone = ""
    email: Email = ""
    address: Annotated[Line, Field(max_length=300)] = ""


class HelperIn(In):
    """Who files for the applicant, and that the applicant agreed."""

    full_name: Name
    personal_id: PersonalId = ""
    phone: Phone = ""
    basis: Annotated[Line, Field(max_length=200)] = ""
    consented: bool = False


class PaperIn(In):
    """A paper by its key in the procedure. `upload`: the id that POST files gave."""

    key: Annotated[str, Field(max_length=41)]
    is_handed_in: bool = True
    originals: Copies = 0
    copies: Copies = 0
    upload: UUID | None = None
    from_data: bool = False
    note: Annotated[Line, Field(max_length=300)] = ""


class FilingIn(In):
    """What is filed. `answers` by the keys of the procedure's form."""

    procedure: Annotated[str, Field(max_length=8)]
    applicant: ApplicantIn
    filing: Literal["self", "assisted", "proxy"] = "self"
    helper: HelperIn | None = None
    answers: Annotated[dict[str, Any], Field(max_length=300)] = {}
    papers: Annotated[list[PaperIn], Field(max_length=60)] = []
    counts: Annotated[dict[Key, Count], Field(max_length=20)] = {}
    groups: Annotated[list[Key], Field(max_length=20)] = []
    result_by: Literal["counter", "post", "online"] = "counter"
    content: Annotated[Line, Field(max_length=300)] = ""


class DossierIn(FilingIn):
    """`channel` online files it (state 1, reception looks at it); counter and post receive it at once (state 2)."""

    unit: Annotated[str, Field(max_length=20, description="Mã đơn vị; bỏ trống là đơn vị của tài khoản")] = ""
    channel: Channel = "counter"
    forward: Annotated[bool, Field(description="Chuyển xử lý ngay; chỉ với hồ sơ nhận tại quầy, bưu chính")] = False


class BulkIn(In):
    """Up to 100 dossiers of one unit, received in one transaction: all of them or none."""

    unit: Annotated[str, Field(max_length=20)] = ""
    channel: Literal["counter", "post"] = "counter"
    forward: bool = False
    items: Annotated[list[FilingIn], Field(min_length=1, max_length=100)]


class AcceptIn(In):
    counts: Annotated[dict[Key, Count], Field(max_length=20)] = {}
    groups: Annotated[list[Key], Field(max_length=20)] = []
    forward: bool = False


class RemarkIn(In):
    remark: Remark = ""


class ReasonIn(In):
    reason: Reason


class SupplementIn(In):
    items: Annotated[list[Annotated[Line, Field(min_length=1, max_length=300)]], Field(min_length=1, max_length=30)]
    reason: Reason
    answer_by: date | None = None


class ResultIn(In):
    upload: UUID
    number: Annotated[Line, Field(max_length=60)] = ""


class FeeIn(In):
    amount: Annotated[int, Field(ge=0, le=10_000_000_000)]
    basis: Annotated[Line, Field(min_length=1, max_length=300)]


class HandOverIn(In):
    handed_to: Annotated[Line, Field(max_length=120)] = ""
    handed_how: Annotated[Line, Field(max_length=200)] = ""


class ListIn(BaseModel):
    """The filters of the list."""

    q: Annotated[
        Line, Field(max_length=100, description="Tên không cần dấu, số định danh, điện thoại hoặc mã hồ sơ")
    ] = ""
    state: Annotated[int | None, Field(ge=1, le=10)] = None
    procedure: Annotated[str, Field(max_length=8)] = ""
    channel: Channel | None = None
    received_from: date | None = None
    received_to: date | None = None
    late: bool = False
    after: Annotated[str, Field(max_length=40, description="Giá trị `next` của trang trước")] = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class DossierRow(BaseModel):
    """A dossier in a list. `unit` is its commune's code, `state` the national code."""

    uuid: UUID
    number: str | None
    procedure: str
    procedure_name: str
    unit: str
    state: int
    state_name: str
    payment_state: str
    delivery_state: str
    channel: str
    filing: str
    applicant_name: str
    step: str
    step_role: str
    assignee: str = ""
    submitted_at: datetime
    accepted_at: datetime | None
    due_at: datetime | None
    finished_at: datetime | None
    returned_at: datetime | None
    on_time: bool | None


class DossierMade(DossierRow):
    """`secret` is the look-up code on the applicant's slip; it is told only here."""

    secret: str


class DossierPage(BaseModel):
    items: list[DossierRow]
    next: str


class BulkMade(BaseModel):
    items: list[DossierMade]


class ApplicantOut(BaseModel):
    full_name: str
    personal_id: str
    birth_on: date | None
    sex: str
    phone: str
    email: str
    address: str


class PartyOut(BaseModel):
    role: str
    full_name: str
    personal_id: str
    phone: str
    basis: str
    consent_at: datetime | None


class FileOut(BaseModel):
    uuid: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    pages: int | None
    url: str


class PaperOut(BaseModel):
    key: str
    name: str
    is_required: bool
    is_handed_in: bool
    originals: int
    copies: int
    from_data: bool
    note: str
    file: FileOut | None


class StepOut(BaseModel):
    key: str
    label: str
    kind: str
    role: str
    who: str
    started_at: datetime
    due_at: datetime | None
    finished_at: datetime | None
    outcome: str
    note: str


class SupplementOut(BaseModel):
    items: list[str]
    reason: str
    asked_at: datetime
    asked_by: str
    answer_by_on: date | None
    answered_at: datetime | None
    answer: str


class DossierWhole(DossierRow):
    case: str
    content: str
    result_by: str
    applicant: ApplicantOut
    answers: dict[str, Any]
    parties: list[PartyOut]
    papers: list[PaperOut]
    steps: list[StepOut]
    supplements: list[SupplementOut]


class Events(BaseModel):
    items: list[StepOut]
