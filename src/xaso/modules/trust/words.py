"""From what pyHanko found to a finding in plain Vietnamese. Loaded late, with pyHanko."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import x509
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import EmbeddedPdfSignature, PdfSignatureStatus, SignatureCoverageLevel

from xaso.kit import clock
from xaso.modules.trust import rules
from xaso.modules.trust.certificates import named
from xaso.modules.trust.chains import Known
from xaso.modules.trust.rules import Changes, Finding, Level, TimeSource, Verdict

LOST = "Tệp có dấu vết của chữ ký số nhưng không còn chữ ký nào đọc được: chữ ký đã bị gỡ. Hãy xin lại bản gốc."
ONLY_STAMPED = "Tệp chỉ có dấu thời gian, không có chữ ký của ai."
JUNK = "Sau phần đã ký, tệp bị nối thêm dữ liệu lạ. Đừng dùng bản này; hãy xin bản gốc."
RULES_OF_FIELD = "Chữ ký không theo đúng ràng buộc đặt sẵn cho ô ký, nên chưa kết luận."
_PROBLEMS: dict[str, tuple[Verdict, str]] = {
    "NO_CERTIFICATE_CHAIN_FOUND": ("unsure", rules.UNKNOWN_ISSUER),
    "NO_REVOCATION": ("unsure", rules.NO_REVOCATION),
    "STALE": ("unsure", rules.STALE_REVOCATION),
    "CHAIN_CONSTRAINTS_FAILURE": ("unsure", rules.WRONG_USE),
    "CRYPTO_CONSTRAINTS_FAILURE": ("unsure", rules.WEAK),
    "CRYPTO_CONSTRAINTS_FAILURE_NO_POE": ("unsure", rules.WEAK),
    "NO_SIGNING_CERTIFICATE_FOUND": ("unsure", rules.NO_CERTIFICATE),
}
_SOUND = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES)


@dataclass(frozen=True, slots=True)
class View:
    """Everything found out about one signature. `moment`: the one its certificate was judged at."""

    signature: EmbeddedPdfSignature
    status: PdfSignatureStatus
    moment: datetime
    proven: datetime | None
    stamped: datetime | None
    problem: str
    known: Known
    junk_after: bool

    @property
    def certificate(self) -> x509.Certificate:
        return self.signature.signer_cert

    @property
    def name(self) -> str:
        return name_of(self.certificate)

    @property
    def stamp_holds(self) -> bool:
        stamp = self.status.timestamp_validity
        return stamp is not None and stamp.trusted

    @property
    def is_proven(self) -> bool:
        """Whether somebody else than the signer says when."""
        return self.stamp_holds or self.proven is not None


def finding(view: View) -> Finding:
    verdict, sentence = _verdict(view)
    at, source = _time(view)
    return Finding(
        verdict,
        sentence,
        signer=view.name,
        holder_code=rules.holder_code_of(_texts(view.certificate)),
        serial=f"{view.certificate.serial_number:X}",
        issuer=name_of(view.certificate, of="issuer"),
        anchor=_anchor(view),
        signed_at=clock.local(at) if at else None,
        time_source=source,
        level=_level(view),
        covers_whole=view.status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        changes_after=_changes(view),
        revocation=_revocation(view),
        technical=_technical(view),
    )


def unreadable_signature(signature: EmbeddedPdfSignature, broken: Exception) -> Finding:
    certificate = signature.signer_cert
    technical = {"Trường ký": signature.field_name, "Lỗi": f"{type(broken).__name__}: {broken}"[:200]}
    return Finding(
        "invalid",
        rules.UNREADABLE_SIGNATURE,
        signer=name_of(certificate),
        serial=f"{certificate.serial_number:X}",
        issuer=name_of(certificate, of="issuer"),
        technical=technical,
    )


def _verdict(view: View) -> tuple[Verdict, str]:
    """The worst first: what is false is false whoever signed."""
    status = view.status
    if not status.intact or not status.valid:
        return "invalid", rules.unsound(damaged=not status.intact)
    if status.coverage is None or status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return "invalid", rules.NOT_COVERED
    if _changes(view) == "forbidden":
        return "invalid", JUNK if view.junk_after else rules.FORBIDDEN_CHANGES
    stamp = status.timestamp_validity
    if stamp is not None and not (stamp.valid and stamp.intact):
        return "invalid", rules.BROKEN_STAMP
    if view.problem:
        return _trouble(view)
    if stamp is not None and not stamp.trusted:
        return "unsure", rules.UNKNOWN_STAMP
    if not status.seed_value_ok:
        return "unsure", RULES_OF_FIELD
    at, source = _time(view)
    return "valid", rules.good(view.name, clock.local(at) if at else None, source, _changes(view))


def _trouble(view: View) -> tuple[Verdict, str]:
    """Why the certificate is not trusted."""
    horizon = view.status.error_time_horizon
    shown = clock.local(horizon) if horizon else None
    if view.problem in ("REVOKED_NO_POE", "REVOKED_CA_NO_POE"):
        # Whoever holds a stolen key also sets the clock of the machine: without a time-stamp a claim is none.
        return "invalid", rules.revoked(view.name, shown)
    if view.problem == "OUT_OF_BOUNDS_NO_POE":
        claimed = view.status.signer_reported_dt
        late = view.is_proven or (claimed is not None and claimed > view.certificate.not_valid_after)
        return ("invalid" if late else "unsure"), rules.expired(view.name, shown, proven=late)
    if view.problem == "BAD_CHAIN" and view.moment < view.certificate.not_valid_before:
        return "invalid", rules.not_yet(view.name)
    return _PROBLEMS.get(view.problem, ("unsure", rules.BAD_CHAIN))


def _time(view: View) -> tuple[datetime | None, TimeSource]:
    if view.stamp_holds:
        return view.stamped, "tsa"
    claimed = view.status.signer_reported_dt
    return (claimed, "computer") if claimed else (None, "none")


def _level(view: View) -> Level:
    """How long the signature can prove itself."""
    if not view.is_proven:
        return "B-B"
    path = view.status.validation_path
    if path is None or view.problem or not view.known.carries_revocation_of(list(path)[1:]):
        return "B-T"
    return "B-LTA" if view.proven else "B-LT"


def _changes(view: View) -> Changes:
    level = view.status.modification_level
    if view.junk_after or view.status.docmdp_ok is False or level is None or level > ModificationLevel.FORM_FILLING:
        return "forbidden"
    return "none" if level in _SOUND else "allowed"


def _revocation(view: View) -> str:
    found = view.known.latest_word_on(view.certificate)
    if found is None:
        return "chưa có tin về thu hồi"
    kind, moment, mine = found
    whence = "kèm trong tệp" if mine else "máy đã tải về"
    return f"{kind} phát hành {clock.local(moment):%H:%M %d/%m/%Y}, {whence}"


def _anchor(view: View) -> str:
    path = view.status.validation_path
    if path is None or view.problem not in ("", "NO_REVOCATION", "STALE"):
        return ""
    return name_of(path.first)


def name_of(certificate: x509.Certificate, of: str = "subject") -> str:
    """The common name, or the whole name when there is none."""
    name = getattr(certificate, of)
    found = name.native.get("common_name") or named(name)
    return str(found[0] if isinstance(found, list) else found)[:200]


def _texts(certificate: x509.Certificate) -> list[str]:
    """What the subject says, most telling first: its user id, its serial number, the rest."""
    native = certificate.subject.native
    first = [native.get("user_id"), native.get("serial_number"), native.get("organization_identifier")]
    rest = [value for key, value in native.items() if key not in ("user_id", "serial_number", "country_name")]
    return [str(text) for value in [*first, *rest] if value for text in (value if isinstance(value, list) else [value])]


def _technical(view: View) -> dict[str, Any]:
    status, certificate = view.status, view.certificate
    stamp, path = status.timestamp_validity, status.validation_path
    shown = {
        "Trường ký": view.signature.field_name,
        "Kiểu chữ ký": str(view.signature.sig_object.get("/SubFilter", "")).lstrip("/"),
        "Lý do ký": str(view.signature.sig_object.get("/Reason", "")),
        "Thuật toán": f"{status.pkcs7_signature_mechanism}, {status.md_algorithm}",
        "Người ký": named(certificate.subject),
        "Nơi cấp": named(certificate.issuer),
        "Hiệu lực chứng thư": f"{certificate.not_valid_before:%d/%m/%Y} – {certificate.not_valid_after:%d/%m/%Y}",
        "Dấu vân tay chứng thư (SHA-256)": rules.in_pairs(certificate.sha256.hex()),
        "Chuỗi chứng thư": " ← ".join(name_of(one) for one in reversed(list(path))) if path else "",
        "Giờ máy người ký": _when(status.signer_reported_dt),
        "Dấu thời gian": f"{_when(stamp.timestamp)}, {name_of(stamp.signing_cert)}" if stamp else "",
        "Dấu thời gian lưu trữ": _when(view.proven),
        "Xét tại thời điểm": _when(view.moment),
        "Phạm vi": status.coverage.name if status.coverage else "",
        "Thay đổi về sau": status.modification_level.name if status.modification_level else "NONE",
        "Vấn đề về chứng thư": view.problem,
    }
    return {key: value[:600] for key, value in shown.items() if value}


def _when(moment: datetime | None) -> str:
    return f"{clock.local(moment):%H:%M:%S %d/%m/%Y}" if moment else ""
