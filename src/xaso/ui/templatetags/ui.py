"""How figures, money, days and personal data are written for a Vietnamese reader."""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django import forms, template

from xaso.kit import clock

register = template.Library()

TONE_ICONS = {"info": "clock", "good": "check", "warn": "warning", "bad": "close", "done": "check-double"}

Deadline = datetime | date | int | None


@register.filter
def so(value: float | Decimal | None) -> str:
    """1234 → 1.234; 0.5 → 0,5"""
    if value in (None, ""):
        return ""
    whole, _, part = f"{value:,}".partition(".")
    grouped = whole.replace(",", ".")
    return f"{grouped},{part}" if part.strip("0") else grouped


@register.filter
def dong(value: int | str | None) -> str:
    """1234000 → 1.234.000 đồng; nothing to pay is said in words."""
    if value in (None, ""):
        return ""
    return "không thu phí" if value == 0 else f"{so(int(value))} đồng"


@register.filter
def phan_tram(value: float | Decimal | None) -> str:
    """98.5 → 98,5 %; a share nobody can compute stays a dash, not a zero."""
    if value in (None, ""):
        return "–"
    rounded = Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{so(rounded)} %"


@register.filter
def ngay(value: date | None) -> str:
    """dd/mm/yyyy on a Vietnamese calendar."""
    return _day(value).strftime("%d/%m/%Y") if isinstance(value, date) else ""


@register.filter
def gio_ngay(value: date | None) -> str:
    """HH:MM ngày dd/mm/yyyy; a day without an hour stays a day."""
    if isinstance(value, datetime):
        return _wall(value).strftime("%H:%M ngày %d/%m/%Y")
    return ngay(value)


@register.filter
def con_lai(value: Deadline) -> str:
    """Time left, in words: a moment, a day, or a number of days already counted."""
    if value in (None, ""):
        return "không có hạn"
    if isinstance(value, datetime):
        close = _hours_left(value)
        if close:
            return close
    days = _days_left(value)
    if days < 0:
        return f"quá hạn {so(-days)} ngày"
    return "hạn hôm nay" if days == 0 else f"còn {so(days)} ngày"


@register.filter
def muc_han(value: Deadline, soon: int = 2) -> str:
    """Tone of a deadline: bad when passed, warn when near, good otherwise."""
    if value in (None, ""):
        return "neutral"
    passed = isinstance(value, datetime) and _aware(value) < clock.now()
    days = _days_left(value)
    if passed or days < 0:
        return "bad"
    return "warn" if days <= soon else "good"


@register.filter
def che_so(value: str | None) -> str:
    """026090001123 → 026••••••123: enough to recognise one's own number, not to learn another's."""
    text = str(value or "")
    if len(text) <= 6:
        return "•" * len(text)
    return text[:3] + "•" * (len(text) - 6) + text[-3:]


@register.filter
def dien_thoai(value: str | None) -> str:
    """0912345678 or +84912345678 → 0912 345 678"""
    text = str(value or "").strip()
    digits = "".join(c for c in text if c.isdigit())
    if digits.startswith("84") and len(digits) == 11:
        digits = "0" + digits[2:]
    if len(digits) == 10:
        return f"{digits[:4]} {digits[4:7]} {digits[7:]}"
    if len(digits) == 11:
        return f"{digits[:4]} {digits[4:7]} {digits[7:]}"
    return text


@register.filter
def hinh(tone: str) -> str:
    """The icon that says the same as a tone, for those who do not see the colour."""
    return TONE_ICONS.get(tone, "dot")


@register.filter
def dem(value: int) -> range:
    """3 → 1, 2, 3"""
    return range(1, int(value) + 1)


@register.filter
def loai_o(field: forms.BoundField) -> str:
    """How a field is laid out: one check box stands beside its label, short values get short boxes."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, (forms.DateInput, forms.TimeInput, forms.NumberInput)):
        return "short"
    return "short" if widget.attrs.get("inputmode") in {"numeric", "tel", "decimal"} else "line"


@register.filter
def phai_chon_lai(field: forms.BoundField) -> list[str]:
    """Names of the files that came with a form that is shown again: a browser does not keep them."""
    form = field.form
    if not isinstance(field.field, forms.FileField) or not form.is_bound or not form.errors:
        return []
    sent = form.files.getlist(field.html_name) if hasattr(form.files, "getlist") else [form.files.get(field.html_name)]
    return [one.name for one in sent if one]


@register.filter
def kem_nhac(field: forms.BoundField) -> str:
    """The input, described by the reminder beside it as well."""
    described = " ".join(part for part in (field.aria_describedby, f"{field.auto_id}_again") if part)
    return field.as_widget(attrs={"aria-describedby": described})


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.VIETNAM)


def _wall(moment: datetime) -> datetime:
    return clock.local(_aware(moment))


def _day(value: date) -> date:
    return _wall(value).date() if isinstance(value, datetime) else value


def _days_left(value: datetime | date | int) -> int:
    return value if isinstance(value, int) else (_day(value) - clock.today()).days


def _hours_left(moment: datetime) -> str:
    """Words for a deadline within today, or empty when days say it better."""
    if _day(moment) != clock.today():
        return ""
    left = _aware(moment) - clock.now()
    hours, minutes = abs(left) // timedelta(hours=1), abs(left) // timedelta(minutes=1)
    amount = f"{hours} giờ" if hours else f"{minutes} phút"
    return f"quá hạn {amount}" if left < timedelta(0) else f"còn {amount}"
