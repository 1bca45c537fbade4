"""How the parts of a procedure are said to a reader."""

from __future__ import annotations

from xaso.modules.procedures.definitions import Case, Fee, Limit, Version
from xaso.modules.procedures.rules.fees import money

UNITS = {"hour": "giờ", "workday": "ngày làm việc", "day": "ngày", "month": "tháng"}
CHANNELS = {"online": "Trực tuyến", "counter": "Tại bộ phận một cửa", "post": "Qua bưu chính"}
LEVELS = {
    "none": "Chưa có dịch vụ trực tuyến",
    "info": "Chỉ có thông tin, nộp giấy tại nơi tiếp nhận",
    "partial": "Làm trực tuyến một phần",
    "full": "Làm trực tuyến toàn trình",
}
PARTIAL = {
    "presence": "bạn cần có mặt một lần",
    "field_check": "cán bộ cần kiểm tra thực địa",
    "technical": "hệ thống chưa làm được hết trên mạng",
}
PER = {"dossier": "", "page": " mỗi trang", "copy": " mỗi bản", "act": " mỗi việc"}
KINDS = {"fee": "Phí", "charge": "Lệ phí"}
SOURCES = {"content": "Nội dung khai báo", "import": "Danh mục nhập", "settled": "Cán bộ xác nhận"}
ROUTES = {
    "owner": "Xã giải quyết",
    "mirror": "Hệ thống khác giải quyết, xã theo dõi",
    "other": "Cơ quan khác giải quyết",
}


def limit_words(limit: Limit | None, cut_off: str | None = None) -> str:
    """3 ngày làm việc; an unknown limit is said to be unknown."""
    if limit is None:
        return "chưa rõ, hãy hỏi bộ phận một cửa"
    if limit.unit == "same_day":
        later = f"; nhận sau {cut_off} thì trả vào ngày làm việc tiếp theo" if cut_off else ""
        return f"trong ngày{later}"
    return f"{limit.amount} {UNITS[limit.unit]}"


def case_limits(case: Case, cut_off: str | None = None) -> list[tuple[str, str]]:
    """Channel (empty: all of them) and limit, in words."""
    if not case.limits_by_channel:
        return [("", limit_words(case.limit, cut_off))]
    return [(CHANNELS[channel], limit_words(limit, cut_off)) for channel, limit in case.limits_by_channel.items()]


def level_words(version: Version) -> str:
    """What can be done online, and why not all of it."""
    words = LEVELS[version.online_level]
    return f"{words}: {PARTIAL[version.partial_reason]}" if version.partial_reason else words


def fee_words(fee: Fee) -> str:
    """How much, before counts and exemptions. Unknown is never said to be free."""
    if fee.status == "free":
        return f"Không thu ({fee.legal_basis})"
    if fee.status == "unknown":
        return "Chưa rõ mức thu, cán bộ sẽ báo trước khi nhận hồ sơ"
    if fee.status == "council":
        known = "; ".join(f"{money(t.amount)} ({t.legal_basis})" for t in fee.council)
        return known or "Theo mức do Hội đồng nhân dân tỉnh quy định, cán bộ sẽ báo trước khi nhận hồ sơ"
    if fee.steps:
        parts = [f"{money(step.amount)} mỗi trang từ trang {step.from_count}" for step in fee.steps]
    elif fee.by_channel:
        parts = [
            f"{CHANNELS[channel].lower()} {money(amount)}{PER[fee.per]}" for channel, amount in fee.by_channel.items()
        ]
    else:
        parts = [f"{money(fee.amount or 0)}{PER[fee.per]}"]
    cap = f", tối đa {money(fee.cap)}{' mỗi bản' if fee.per == 'page' else ''}" if fee.cap else ""
    return "; ".join(parts) + cap
