"""Decisions about phones, personal ids, codes and tries. Pure."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from xaso.kit.errors import Refused

CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=5)
EMAIL_CODE_LIFE = timedelta(minutes=30)
CODE_TRIES = 5
RECOVERY_CODES = 10
_RECOVERY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` tries at a door within `window`."""

    most: int
    window: timedelta


LIMITS = {
    "code.phone": Limit(5, timedelta(hours=1)),
    "code.email": Limit(5, timedelta(hours=1)),
    "code.address": Limit(60, timedelta(hours=1)),
    "code_try.address": Limit(60, timedelta(minutes=15)),
    "password.account": Limit(5, timedelta(minutes=15)),
    "password.address": Limit(30, timedelta(minutes=15)),
    "factor.account": Limit(5, timedelta(minutes=15)),
}


def too_many(attempts: Iterable[datetime], now: datetime, limit: Limit) -> bool:
    """Whether the door stays shut: `limit.most` tries or more lie within the window that ends now."""
    return sum(1 for at in attempts if now - limit.window < at <= now) >= limit.most


def normal_phone(text: str) -> str:
    """A Vietnamese mobile number as 0912345678, from any usual way of writing it. Raises Refused."""
    digits = re.sub(r"[\s.\-()]", "", text)
    if not digits:
        raise Refused("Hãy nhập số điện thoại di động của bạn.")
    if not re.fullmatch(r"\+?[0-9]+", digits):
        raise Refused("Số điện thoại chỉ gồm chữ số. Hãy nhập lại, ví dụ 0912 345 678.")
    digits = re.sub(r"^(\+84|0084|84(?=[35789][0-9]{8}$))0?", "0", digits)
    if digits.startswith("+"):
        raise Refused("Hiện chỉ gửi được mã tới số điện thoại Việt Nam, ví dụ 0912 345 678.")
    if re.fullmatch(r"02[0-9]{8,9}", digits):
        raise Refused("Đây là số máy bàn, không nhận được tin nhắn. Hãy nhập số di động.")
    if len(digits) != 10:
        raise Refused(f"Số di động có 10 chữ số; bạn đã nhập {len(digits)} chữ số. Hãy kiểm tra lại.")
    if not re.fullmatch(r"0[35789][0-9]{8}", digits):
        raise Refused("Số di động bắt đầu bằng 03, 05, 07, 08 hoặc 09. Hãy kiểm tra lại.")
    return digits


_EMAIL = re.compile(r"[a-z0-9._%+-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")


def normal_email(text: str) -> str:
    """An e-mail address in small letters. Raises Refused."""
    address = text.strip().lower()
    if len(address) > 254 or not _EMAIL.fullmatch(address):
        raise Refused("Địa chỉ thư điện tử chưa đúng. Hãy nhập dạng ten@donvi.gov.vn, không dấu, không khoảng trắng.")
    return address


def normal_personal_id(text: str, birth_year: int | None = None, sex: str = "") -> str:
    """The 12-digit personal id. Raises Refused when its digits contradict the length, the birth year or the sex.

    Digits 1-3 are the place of first registration, digit 4 the century and sex (0 male and 1 female of the 1900s,
    2 and 3 of the 2000s, and so on), digits 5-6 the year of birth (Decree 137/2015, Article 13).
    """
    digits = re.sub(r"[\s.]", "", text)
    if not digits.isascii() or not digits.isdigit():
        raise Refused("Số định danh cá nhân chỉ gồm chữ số, ghi trên mặt trước thẻ căn cước.")
    if len(digits) == 9:
        raise Refused("Đây là số chứng minh nhân dân cũ (9 số). Hãy nhập 12 số ghi trên thẻ căn cước.")
    if len(digits) != 12:
        raise Refused(f"Số định danh cá nhân có 12 chữ số; bạn đã nhập {len(digits)} chữ số. Hãy kiểm tra lại.")
    if not 1 <= int(digits[:3]) <= 96:
        raise Refused("Ba số đầu của số định danh không đúng mã tỉnh. Hãy đối chiếu với thẻ căn cước.")
    if birth_year is not None and year_in(digits) != birth_year:
        raise Refused(
            f"Số định danh này là của người sinh năm {year_in(digits)}, khác năm sinh đã khai ({birth_year}). "
            "Hãy kiểm tra lại cả hai."
        )
    if sex and sex != sex_in(digits):
        raise Refused("Giới tính đã khai không khớp với số định danh. Hãy kiểm tra lại cả hai.")
    return digits


def year_in(personal_id: str) -> int:
    """026185001234 → 1985"""
    return 1900 + 100 * (int(personal_id[3]) // 2) + int(personal_id[4:6])


def sex_in(personal_id: str) -> str:
    return "female" if int(personal_id[3]) % 2 else "male"


def code_for(secret: bytes, nonce: str) -> str:
    """The six digits that belong to a random nonce. Computed again when needed, so they are stored nowhere."""
    made = hmac.digest(secret, f"one-time code {nonce}".encode(), "sha256")
    return f"{int.from_bytes(made[:8], 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def totp_secret(secret: bytes, nonce: str) -> str:
    """What an authenticator app is set up with (RFC 6238), in base32. Computed again when needed, stored nowhere."""
    return base64.b32encode(hmac.digest(secret, f"authenticator {nonce}".encode(), "sha1")).decode()


def digest_of(secret: bytes, nonce: str, text: str) -> str:
    """What is kept of a code: without the secret, six digits could be tried out in a second."""
    return hmac.new(secret, f"digest {nonce} {text}".encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def normal_code(text: str) -> str:
    """Only the digits of what was typed: people write "123 456"."""
    return re.sub(r"[\s\-.]", "", text)


def recovery_code(random_bytes: bytes) -> str:
    """Ten letters in two groups, about 49 bits: `k7m2p-x9qrd`."""
    letters = [_RECOVERY_LETTERS[byte % len(_RECOVERY_LETTERS)] for byte in random_bytes[:10]]
    return "".join(letters[:5]) + "-" + "".join(letters[5:])


def normal_recovery_code(text: str) -> str:
    letters = re.sub(r"[\s\-]", "", text.lower())
    return f"{letters[:5]}-{letters[5:]}"


def within(inner: tuple[date, date | None], outer: tuple[date, date | None]) -> bool:
    """Whether one period of days lies inside another; None is an open end."""
    (start, end), (first, last) = inner, outer
    return start >= first and (last is None or (end is not None and end <= last))
