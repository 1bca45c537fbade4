"""Alerts as a national centre would write them."""

from xaso.modules.alerts.rules import cap, writing

CODE = "09157"
SENT = "2026-11-16T08:55:00+07:00"


def info(**changes):
    kept = {
        "categories": ("Met",), "event": "Lũ quét", "urgency": "Immediate", "severity": "Extreme",
        "certainty": "Observed",
        "language": "vi-VN", "expires": "2026-11-16T20:00:00+07:00", "sender_name": "Đài Khí tượng thuỷ văn",
        "headline": "Cảnh báo lũ quét tại Ngũ Kiên", "description": "Nước sông lên nhanh từ 21h30.",
        "instruction": "Bà con ven sông sơ tán ngay.",
        "areas": (cap.Area("Xã Ngũ Kiên", geocodes=(("VN-DVHC", CODE),)),),
    }  # fmt: skip
    return cap.Info(**(kept | changes))


def alert(identifier="VN-1", kind="Alert", about=(), **changes):
    kept = {
        "identifier": identifier, "sender": "kttv@quocgia.vn", "sent": SENT, "status": "Actual", "message_type": kind,
        "scope": "Public", "references": tuple(cap.Reference("kttv@quocgia.vn", one, SENT) for one in about),
        "infos": () if kind == "Cancel" else (info(),),
    }  # fmt: skip
    return cap.CapAlert(**(kept | changes))


def xml(*args, **changes):
    return writing.write(alert(*args, **changes))
