"""A device's clock beside ours."""

from __future__ import annotations


def fault_in_words(offset: float) -> str:
    """`offset`: the device's clock minus ours, in seconds. 90 → “nhanh 90 giây”, -172,800 → “chậm 2 ngày”."""
    seconds, which = abs(offset), "nhanh" if offset > 0 else "chậm"
    for unit, name in ((86_400, "ngày"), (3600, "giờ"), (60, "phút")):
        if seconds >= 2 * unit:
            return f"{which} {round(seconds / unit)} {name}"
    return f"{which} {round(seconds)} giây"
