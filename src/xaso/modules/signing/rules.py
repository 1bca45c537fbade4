"""What a request for a signature may become, where a signature stands, and what is said when it may not be."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Role = Literal["person", "agency"]
PERSON: Role = "person"
AGENCY: Role = "agency"
ROLES: dict[str, str] = {PERSON: "Ký cá nhân", AGENCY: "Ký của cơ quan"}


def role_of(said: str) -> Role:
    return AGENCY if said == AGENCY else PERSON


PERSON_FIELD = "ky_ca_nhan"
AGENCY_FIELD = "ky_co_quan"
FIELDS: dict[str, str] = {PERSON: PERSON_FIELD, AGENCY: AGENCY_FIELD}
NUMBER_FIELD = "so"
DAY_FIELD = "ngay"
FIELD_TITLES: dict[str, str] = {
    PERSON_FIELD: "Chữ ký của người ký",
    AGENCY_FIELD: "Chữ ký của cơ quan",
    NUMBER_FIELD: "Số văn bản",
    DAY_FIELD: "Ngày ban hành",
}


B_B, B_T, B_LT, B_LTA = "B-B", "B-T", "B-LT", "B-LTA"
LEVELS = (B_B, B_T, B_LT, B_LTA)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points from the bottom left. The first page is 1."""

    page: int
    x1: float
    y1: float
    x2: float
    y2: float

    def __post_init__(self) -> None:
        if self.page < 1 or self.x2 <= self.x1 or self.y2 <= self.y1:
            raise ValueError(f"a box must have a page and a size: {self}")

    @property
    def corners(self) -> tuple[float, float, float, float]:
        return self.x1, self.y1, self.x2, self.y2

    @property
    def width(self) -> float:
        return self.x2 - self.x1

    @property
    def height(self) -> float:
        return self.y2 - self.y1


def seal_box(person: Box) -> Box:
    """Where the seal stands when nobody says: a square as high as the person's box, covering its left third."""
    side = person.height
    right = person.x1 + person.width / 3
    return Box(person.page, max(0.0, right - side), person.y1, right, person.y2)


# The state of a request

REQUESTED = "requested"
WAITING = "waiting"
SIGNED = "signed"
REFUSED = "refused"
TIMED_OUT = "timed_out"
FAILED = "failed"
CANCELLED = "cancelled"

STATES: dict[str, str] = {
    REQUESTED: "Đang chuẩn bị",
    WAITING: "Chờ xác nhận",
    SIGNED: "Đã ký",
    REFUSED: "Người ký từ chối",
    TIMED_OUT: "Quá thời gian xác nhận",
    FAILED: "Không ký được",
    CANCELLED: "Đã huỷ",
}
OPEN = (REQUESTED, WAITING)
LOST = (REFUSED, TIMED_OUT, FAILED, CANCELLED)

MOVES: dict[str, tuple[str, ...]] = {
    REQUESTED: (WAITING, SIGNED, REFUSED, TIMED_OUT, FAILED, CANCELLED),
    WAITING: (WAITING, SIGNED, REFUSED, TIMED_OUT, FAILED, CANCELLED),
    SIGNED: (),
    REFUSED: (),
    TIMED_OUT: (),
    FAILED: (),
    CANCELLED: (),
}

SENTENCES: dict[str, str] = {
    REFUSED: "Người ký đã từ chối trên thiết bị. Nếu bấm nhầm, hãy gửi lại yêu cầu ký.",
    TIMED_OUT: "Không có xác nhận trong thời gian cho phép. Hãy mở sẵn ứng dụng ký rồi gửi lại yêu cầu.",
    FAILED: "Chưa ký được. Tệp vẫn nguyên vẹn; hãy thử lại hoặc chọn phương tiện ký khác.",
    CANCELLED: "Yêu cầu ký đã được huỷ. Tệp vẫn nguyên vẹn.",
}


UNREACHED = "Chưa liên lạc được với dịch vụ ký. Hệ thống tự thử lại; bạn chưa phải làm gì."


def may_move(state: str, to: str) -> bool:
    return to in MOVES.get(state, ())


# Asking again

FIRST_WAIT = 5
LONGEST_WAIT = 60
PATIENCE = timedelta(minutes=15)


def wait_before(tries: int, asked_for: int = 0) -> int:
    """Seconds before a provider is asked again: what it asked for, or twice as long each time up to a minute."""
    if asked_for > 0:
        return min(asked_for, LONGEST_WAIT)
    return int(min(FIRST_WAIT * 2 ** min(max(tries, 0), 10), LONGEST_WAIT))


def is_out_of_patience(sent_at: datetime, now: datetime) -> bool:
    """A confirmation that has not come in a quarter of an hour will not come: the person asks again."""
    return now - sent_at >= PATIENCE


# The register of certificates

OFFICIAL = "official"
ENTERPRISE = "enterprise"
INDIVIDUAL = "individual"
ORGAN = "organ"
HOLDER_KINDS: dict[str, str] = {
    OFFICIAL: "Cán bộ, công chức",
    ORGAN: "Cơ quan",
    ENTERPRISE: "Doanh nghiệp",
    INDIVIDUAL: "Người dân",
}
MEANS: dict[str, str] = {
    "token": "USB token",
    "sim": "SIM PKI",
    "remote": "Ký số từ xa",
    "hsm": "Thiết bị HSM",
}

ACTIVE = "active"
SUSPENDED = "suspended"
REVOKED = "revoked"
ENDED = "ended"
CERTIFICATE_STATES: dict[str, str] = {
    ACTIVE: "Đang dùng",
    SUSPENDED: "Tạm dừng",
    REVOKED: "Bị thu hồi",
    ENDED: "Đã chấm dứt",
}
CERTIFICATE_MOVES: dict[str, tuple[str, ...]] = {
    ACTIVE: (SUSPENDED, REVOKED, ENDED),
    SUSPENDED: (ACTIVE, REVOKED, ENDED),
    REVOKED: (),
    ENDED: (),
}

ALARM_DAYS = (60, 30, 7)


def alarm_for(days_left: int) -> int | None:
    """The alarm a certificate stands at: the nearest of 60, 30 and 7 days passed; none before and after."""
    if days_left < 0:
        return None
    return min((days for days in ALARM_DAYS if days_left <= days), default=None)


def why_unusable(*, state: str, valid_from: datetime, valid_to: datetime, at: datetime) -> str:
    """Why a certificate may not be signed with now; empty when it may."""
    if state != ACTIVE:
        said = CERTIFICATE_STATES[state].lower()
        return f"Chứng thư số này {said}. Hãy chọn chứng thư khác hoặc liên hệ quản trị đơn vị."
    if at < valid_from:
        return "Chứng thư số này chưa đến ngày có hiệu lực. Hãy chọn chứng thư khác."
    if at >= valid_to:
        return "Chứng thư số này đã hết hạn. Hãy gia hạn với tổ chức cấp rồi cập nhật vào sổ chữ ký số."
    return ""


def why_wrong_role(role: str, holder_kind: str) -> str:
    """A person signs with a person's certificate, the agency with the agency's; empty when it is so."""
    if role not in ROLES:
        return "Chưa rõ ký với tư cách cá nhân hay cơ quan. Hãy chọn lại."
    if role == AGENCY and holder_kind != ORGAN:
        return "Chữ ký của cơ quan phải dùng chứng thư số của cơ quan. Hãy chọn lại chứng thư."
    if role == PERSON and holder_kind != OFFICIAL:
        return "Chữ ký cá nhân phải dùng chứng thư số của chính người ký. Hãy chọn lại chứng thư."
    return ""
