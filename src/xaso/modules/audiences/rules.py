"""Decisions about phone numbers and about who may be told what. Pure: no Django, no core, no clock."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from xaso.kit.errors import Refused

CHANNELS = {"sms": "Tin nhắn SMS", "zalo": "Zalo", "push": "Ứng dụng"}
WAYS = {
    "counter": "Nói tại quầy",
    "phone": "Gọi điện thoại",
    "portal": "Tự chọn trên cổng",
    "sms": "Nhắn tin SMS",
    "zalo": "Nhắn Zalo",
    "paper": "Phiếu đồng ý bằng giấy",
    "import": "Danh sách nhập từ tệp",
}
LONGEST_TYPED = 40

# On 14 November 2018 the last of the eleven-digit mobile prefixes became ten-digit ones; the other digits stayed.
CONVERTED = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036",
    "0167": "037", "0168": "038", "0169": "039", "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip

NONE_GIVEN = "Chưa có số điện thoại. Hãy ghi số di động, ví dụ 0912 345 678."
TOO_LONG = "Ô số điện thoại dài quá mức; chỉ ghi một số, ví dụ 0912 345 678."
TWO = "Ô này có hơn một số. Mỗi dòng chỉ ghi một số điện thoại."
LETTERS = "Số điện thoại chỉ gồm chữ số; “{text}” có chữ hoặc ký hiệu lạ (hãy xem chữ O và số 0)."
FOREIGN = "“{text}” là số nước ngoài; hệ thống chỉ nhắn tới số Việt Nam."
LANDLINE = "“{text}” là số máy bàn, không nhận được tin nhắn. Hãy ghi số di động."
SERVICE = "“{text}” là số tổng đài hoặc đầu số ngắn, không phải số của người dân."
NO_PREFIX = "Đầu số {prefix} không phải đầu số di động (03, 05, 07, 08, 09). Hãy kiểm tra lại."
OLD_UNKNOWN = "“{text}” có 11 chữ số nhưng đầu số {prefix} không nằm trong các đầu số đã đổi năm 2018."
LOST_ZERO = "“{text}” có 9 chữ số; số di động có 10 chữ số. Có thể bảng tính đã bỏ số 0 đầu: 0{digits}?"
WRONG_COUNT = "“{text}” có {count} chữ số; số di động có 10 chữ số, bắt đầu bằng 0. Hãy kiểm tra lại."
FILLER = "“{text}” không phải số thật (một chữ số lặp lại). Hãy bỏ trống hoặc ghi số đúng."


def phone_of(text: str) -> str:
    """A Vietnamese mobile number as 84912345678, from any usual way of writing it. Raises Refused."""
    shown = text.strip()[:LONGEST_TYPED]
    if len(text) > LONGEST_TYPED * 2:
        raise Refused(TOO_LONG)
    digits = _national(_bare(text, shown), shown)
    if len(set(digits[1:])) == 1:
        raise Refused(FILLER.format(text=shown))
    if len(digits) == 11 and digits[:2] == "01":
        if digits[:4] not in CONVERTED:
            raise Refused(OLD_UNKNOWN.format(text=shown, prefix=digits[:4]))
        digits = CONVERTED[digits[:4]] + digits[4:]
    if len(digits) == 9 and digits[0] in "35789":
        raise Refused(LOST_ZERO.format(text=shown, digits=digits))
    if len(digits) != 10 or digits[0] != "0":
        raise Refused(WRONG_COUNT.format(text=shown, count=len(digits)))
    if digits[1] not in "35789":
        raise Refused(NO_PREFIX.format(prefix=digits[:2]))
    return "84" + digits[1:]


def was_converted(text: str) -> bool:
    """Whether what was typed is an eleven-digit number from before 2018, which `phone_of` writes anew."""
    digits = re.sub(r"[^0-9]", "", text)
    digits = re.sub(r"^(00)?84", "0", digits) if len(digits) > 11 else digits
    return len(digits) == 11 and digits[:4] in CONVERTED


def _bare(text: str, shown: str) -> str:
    """Digits with at most one plus in front: without spaces, dots and the invisible marks that come with pasting."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(c for c in plain if unicodedata.category(c) not in {"Cf", "Cc", "Zs"})
    if not plain:
        raise Refused(NONE_GIVEN)
    parts = [part for part in re.split(r"[/;,|&]|hoặc|và", plain) if part]
    if len(parts) > 1 and all(len(re.sub(r"\D", "", part)) >= 8 for part in parts):
        raise Refused(TWO)
    plain = re.sub(r"[.\-()'’‐‑–]", "", plain)
    if not re.fullmatch(r"\+?[0-9]+", plain, re.ASCII):
        raise Refused(LETTERS.format(text=shown))
    if len(plain) >= 20:
        raise Refused(TWO)
    return plain


def _national(plain: str, shown: str) -> str:
    """The digits as dialled inside Việt Nam. Raises Refused for what no resident's mobile can be."""
    abroad = plain.startswith(("+", "00"))
    digits = plain.removeprefix("+")
    digits = digits.removeprefix("00") if plain.startswith("00") else digits
    if abroad and set(digits) <= {"0"}:
        raise Refused(FILLER.format(text=shown))
    if abroad and not digits.startswith("84"):
        raise Refused(FOREIGN.format(text=shown))
    if digits.startswith("84") and (abroad or len(digits) >= 11):
        digits = "0" + digits[2:].removeprefix("0")
    if re.fullmatch(r"0?2[0-9]{8,9}", digits):
        raise Refused(LANDLINE.format(text=shown))
    if len(digits) <= 6 or re.fullmatch(r"0?(1900|1800)[0-9]{4,6}", digits):
        raise Refused(SERVICE.format(text=shown))
    return digits


def dialled(phone: str) -> str:
    """84912345678 → 0912345678, as people write it and as accounts keep it."""
    return "0" + phone.removeprefix("84") if phone else ""


def shown_phone(phone: str) -> str:
    """0912 345 678."""
    local = dialled(phone)
    return f"{local[:4]} {local[4:7]} {local[7:]}" if local else ""


def masked_phone(phone: str) -> str:
    """0912 ••• 678: enough to recognise one's own number."""
    local = dialled(phone)
    return f"{local[:4]} ••• {local[7:]}" if local else ""


# Who may be told


@dataclass(frozen=True, slots=True)
class Said:
    """One consent or refusal as it is on record; an empty topic or channel means all of them. `order` grows."""

    order: int
    topic: str
    channel: str
    given: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """What of a contact decides whether a channel can carry anything to it."""

    phone: str
    phone_fault: str = ""
    zalo_user: str = ""
    has_person: bool = False
    do_not_call: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to tell: about what, through which channel, whether consent must have been given."""

    topic: str
    channel: str
    needs_consent: bool = False
    emergency: bool = False


REASONS = {
    "no_phone": "Chưa có số điện thoại.",
    "bad_phone": "Số điện thoại không dùng được: {detail}",
    "no_zalo": "Chưa có Zalo và chưa có số điện thoại.",
    "no_app": "Chưa có tài khoản trên cổng nên không nhận được trên ứng dụng.",
    "do_not_call": "Số nằm trong danh sách không nhận tin (Không quảng cáo).",
    "opted_out": "Đã từ chối nhận chủ đề này qua kênh này.",
    "not_agreed": "Chưa đồng ý nhận chủ đề này; chủ đề này chỉ gửi khi người dân đồng ý trước.",
    "same_phone": "Cùng số điện thoại với một người nhận khác; số này nhận một tin.",
}


def why_not(reach: Reach, said: Iterable[Said], asked: Asked) -> str:
    """Why this contact is not told, as a code of REASONS; empty when it is told.

    An emergency goes over refusals and lists, never over what cannot be reached.
    """
    if code := _out_of_reach(reach, asked.channel):
        return code
    if asked.emergency:
        return ""
    last = last_word(said, asked.topic, asked.channel)
    if last is not None and not last.given:
        return "opted_out"
    if reach.do_not_call and last is None:
        return "do_not_call"
    if asked.needs_consent and last is None:
        return "not_agreed"
    return ""


def _out_of_reach(reach: Reach, channel: str) -> str:
    if channel == "push":
        return "" if reach.has_person else "no_app"
    if channel == "zalo" and reach.zalo_user:
        return ""
    if not reach.phone:
        return "no_zalo" if channel == "zalo" else "no_phone"
    return "bad_phone" if reach.phone_fault else ""


def last_word(said: Iterable[Said], topic: str, channel: str) -> Said | None:
    """The newest thing said that speaks of this topic and channel."""
    about = [one for one in said if one.topic in ("", topic) and one.channel in ("", channel)]
    return max(about, key=lambda one: one.order, default=None)


def sentence(code: str, detail: str = "") -> str:
    return REASONS[code].format(detail=detail or "tổng đài báo số không đúng.")


def check_said(how: str, evidence: str, on: date, today: date) -> None:
    """A consent without evidence proves nothing. Raises Refused."""
    if how not in WAYS:
        raise Refused(f"Không có cách ghi nhận “{how}”. Hãy chọn một trong: {', '.join(WAYS.values())}.")
    if not evidence.strip():
        raise Refused("Hãy ghi bằng chứng: số phiếu, nội dung tin nhắn, hoặc người nói và nói lúc nào.")
    if on > today:
        raise Refused("Ngày người dân nói không thể ở sau hôm nay.")
