"""What a signature is worth, as plain values and plain words. Pure: no database, no clock, no cryptography."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

Verdict = Literal["valid", "invalid", "unsure", "unsigned"]
Level = Literal["B-B", "B-T", "B-LT", "B-LTA"]
Changes = Literal["none", "allowed", "forbidden"]
TimeSource = Literal["tsa", "computer", "none"]

VERDICTS: Final = {
    "valid": "hợp lệ",
    "invalid": "không hợp lệ",
    "unsure": "không đủ thông tin",
    "unsigned": "không có chữ ký",
}
TONES: Final = {"valid": "good", "invalid": "bad", "unsure": "warn", "unsigned": "neutral"}
WORST_FIRST: Final = ("invalid", "unsure", "valid", "unsigned")

MAX_BYTES: Final = 50 * 1024 * 1024
MAX_SIGNATURES: Final = 50
CODE_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH: Final = 12

UNSIGNED = "Tệp này không có chữ ký số nào."
TOO_LARGE = "Tệp lớn hơn 50 MB nên chưa kiểm tra được. Hãy hỏi nơi gửi bản nhỏ hơn."
NOT_PDF = "Tệp này không phải PDF nên không có chữ ký số kiểu PDF để kiểm tra."
BROKEN = "Tệp PDF hỏng hoặc viết sai cấu trúc nên không đọc được chữ ký. Hãy xin lại bản gốc."
ENCRYPTED = "Tệp PDF có mật khẩu nên không đọc được chữ ký. Hãy xin bản không đặt mật khẩu."
TOO_HARD = "Tệp PDF nặng bất thường, kiểm tra quá lâu nên đã dừng. Chưa kết luận được; hãy xin lại bản gốc."
TOO_MANY = "Tệp có quá nhiều chữ ký nên không kiểm tra tự động. Hãy nhờ cán bộ kỹ thuật xem riêng."
UNREADABLE_SIGNATURE = "Chữ ký ghi sai cấu trúc, không đọc được. Không dùng được chữ ký này."


@dataclass(frozen=True, slots=True)
class Finding:
    """What one signature was found to be."""

    verdict: Verdict
    sentence: str
    signer: str = ""
    holder_code: str = ""
    serial: str = ""
    issuer: str = ""
    anchor: str = ""
    signed_at: datetime | None = None
    time_source: TimeSource = "none"
    level: Level = "B-B"
    covers_whole: bool = False
    changes_after: Changes = "none"
    revocation: str = ""
    technical: dict[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return VERDICTS[self.verdict]

    @property
    def tone(self) -> str:
        return TONES[self.verdict]


@dataclass(frozen=True, slots=True)
class Source:
    """Where the authority of a trusted chain says whether a certificate was revoked."""

    kind: Literal["crl", "ocsp"]
    url: str
    issuer: str = ""
    question: bytes = b""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a whole file was found to be. `sources`: where revocation may be asked, named by trusted certificates."""

    verdict: Verdict
    sentence: str
    signatures: tuple[Finding, ...] = ()
    sources: tuple[Source, ...] = ()
    knowledge: str = ""

    @property
    def title(self) -> str:
        return VERDICTS[self.verdict]

    @property
    def tone(self) -> str:
        return TONES[self.verdict]

    @property
    def signers(self) -> str:
        return ", ".join(dict.fromkeys(one.signer for one in self.signatures if one.signer))[:300]


@dataclass(frozen=True, slots=True)
class Root:
    """A trusted root and the days for which it is trusted, both ends included."""

    certificate: bytes
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All a judgement rests on besides the file itself. `digest` names it: the same digest, the same knowledge."""

    digest: str
    roots: tuple[Root, ...] = ()
    intermediates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()


def judged(findings: Iterable[Finding], sources: Iterable[Source] = (), knowledge: str = "") -> Judgement:
    """The whole is worth as much as its worst signature."""
    found = tuple(findings)
    if not found:
        return Judgement("unsigned", UNSIGNED, knowledge=knowledge)
    worst = min(found, key=lambda one: WORST_FIRST.index(one.verdict))
    return Judgement(worst.verdict, _whole(found, worst), found, tuple(dict.fromkeys(sources)), knowledge)


def _whole(found: tuple[Finding, ...], worst: Finding) -> str:
    if len(found) == 1:
        return worst.sentence
    if worst.verdict == "valid":
        return f"Cả {len(found)} chữ ký đều hợp lệ."
    same = sum(1 for one in found if one.verdict == worst.verdict)
    return f"{same} trong {len(found)} chữ ký {VERDICTS[worst.verdict]}. {worst.sentence}"


def unreadable(sentence: str, knowledge: str = "") -> Judgement:
    """A file that cannot be judged is neither valid nor false."""
    return Judgement("unsure", sentence, knowledge=knowledge)


# Words for one signature


def unsound(*, damaged: bool) -> str:
    if damaged:
        return "Nội dung đã bị sửa sau khi ký: không còn là bản mà người ký đã ký. Đừng dùng bản này."
    return "Chữ ký không khớp với chứng thư của người ký. Đừng dùng bản này."


FORBIDDEN_CHANGES = "Sau khi ký, tệp bị thêm hoặc sửa những phần không được phép. Đừng dùng bản này; hãy xin bản gốc."
NOT_COVERED = "Chữ ký không bao trùm hết phần đã ký của tệp. Đừng dùng bản này; hãy xin bản gốc."
BROKEN_STAMP = "Dấu thời gian trong chữ ký bị hỏng hoặc không thuộc về chữ ký này. Đừng dùng bản này."
UNKNOWN_STAMP = "Chưa biết nơi cấp dấu thời gian, nên chưa chắc thời điểm ký. Cần thêm chứng thư gốc của nơi đó."
UNKNOWN_ISSUER = (
    "Chưa biết cơ quan cấp chứng thư của người ký, nên chưa tin được. Người quản trị có thể thêm gốc tin cậy."
)
NO_REVOCATION = (
    "Chưa biết chứng thư của người ký có bị thu hồi hay không, nên chưa kết luận. Máy sẽ tự kiểm tra lại khi có tin."
)
STALE_REVOCATION = "Danh sách thu hồi đang có đã cũ, nên chưa kết luận. Máy sẽ tự kiểm tra lại khi tải được bản mới."
WEAK = "Chữ ký dùng cách tính đã yếu, ngày nay có thể làm giả, nên không tin được."
WRONG_USE = "Chứng thư này không được cấp để ký văn bản."
BAD_CHAIN = "Chuỗi chứng thư từ người ký đến gốc tin cậy có chỗ sai, nên chưa tin được."
NO_CERTIFICATE = "Chữ ký không kèm chứng thư của người ký, nên không biết ai ký."


def revoked(name: str, on: datetime | None) -> str:
    since = f" từ {_day(on)}" if on else ""
    return f"Chứng thư của {name} đã bị thu hồi{since}, và không có gì chứng tỏ đã ký trước đó. Đừng dùng bản này."


def expired(name: str, on: datetime | None, *, proven: bool) -> str:
    when = f" ngày {_day(on)}" if on else ""
    if proven:
        return f"Ký sau khi chứng thư của {name} đã hết hạn{when}. Chữ ký không có giá trị."
    return (
        f"Chứng thư của {name} đã hết hạn{when}, và chữ ký không có dấu thời gian để biết đã ký trước đó hay chưa. "
        "Chưa kết luận được."
    )


def not_yet(name: str) -> str:
    return f"Thời điểm ký sớm hơn ngày chứng thư của {name} bắt đầu có hiệu lực. Chữ ký không có giá trị."


def good(name: str, signed_at: datetime | None, source: TimeSource, changes: Changes) -> str:
    """`Vũ Thị Hoa đã ký lúc …; tệp không bị sửa.`"""
    when = f" lúc {_moment(signed_at)}" if signed_at else ""
    how = "" if source == "tsa" else " (theo đồng hồ máy người ký)" if signed_at else ""
    after = "Sau đó chỉ có phần được phép điền thêm." if changes == "allowed" else "Tệp không bị sửa sau khi ký."
    return f"{name} đã ký{when}{how}. {after}"


def holder_code_of(values: Iterable[str]) -> str:
    """`CCCD:026175000104` or `MST:2500123456` from what the subject says; a bare number of the right length too."""
    texts = [value.strip() for value in values]
    for text in texts:
        if found := re.search(r"(?i)\b(CCCD|CMND|MST|MNS|HC)\s*[:=\-]\s*([0-9][0-9\-]{7,15})", text):
            return f"{found[1].upper()}:{found[2]}"
    for text in texts:
        if re.fullmatch(r"\d{12}", text):
            return f"CCCD:{text}"
        if re.fullmatch(r"\d{10}(-\d{3})?", text):
            return f"MST:{text}"
    return ""


def veiled(code: str) -> str:
    """A personal number as the public may see it: only its end. An agency's tax code hides nothing."""
    kind, _, number = code.partition(":")
    return code if kind in ("MST", "MNS") or len(number) < 6 else f"{kind}:…{number[-4:]}"


def in_pairs(fingerprint: str) -> str:
    """`AB CD EF …`, to be compared by eye."""
    return " ".join(fingerprint[at : at + 2] for at in range(0, len(fingerprint), 2)).upper()


def code_of(raw: bytes) -> str:
    """Letters nobody mistakes for each other."""
    return "".join(CODE_LETTERS[byte % len(CODE_LETTERS)] for byte in raw[:CODE_LENGTH])


def clean_code(typed: str) -> str:
    """What a person typed of `XXXX-XXXX-XXXX`, or an address that a camera read."""
    last = typed.strip().rstrip("/").rpartition("/")[2]
    return re.sub(r"[^0-9A-Z]", "", last.upper())[:CODE_LENGTH]


def shown_code(code: str) -> str:
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


# To rows, between processes and back


def packed(judgement: Judgement) -> dict[str, Any]:
    """Plain values for JSON."""
    made = asdict(judgement)
    made["signatures"] = [packed_finding(one) for one in judgement.signatures]
    made["sources"] = [asdict(one) | {"question": one.question.hex()} for one in judgement.sources]
    return made


def unpacked(made: dict[str, Any]) -> Judgement:
    return Judgement(
        made["verdict"],
        made["sentence"],
        tuple(finding_of(one) for one in made["signatures"]),
        tuple(Source(**one | {"question": bytes.fromhex(one["question"])}) for one in made["sources"]),
        made["knowledge"],
    )


def packed_finding(finding: Finding) -> dict[str, Any]:
    return asdict(finding) | {"signed_at": finding.signed_at.isoformat() if finding.signed_at else None}


def finding_of(made: dict[str, Any]) -> Finding:
    at = made.get("signed_at")
    return Finding(**made | {"signed_at": datetime.fromisoformat(at) if at else None})


def _day(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y}"


def _moment(moment: datetime) -> str:
    return f"{moment:%H:%M} ngày {moment:%d/%m/%Y}"
