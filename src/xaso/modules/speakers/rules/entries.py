"""What is written down of a device, and what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass

SERIAL = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{2,39}")
RESERVED = {"link"}
"""The name under which our own link connects."""
PHONE = re.compile(r"0\d{9}")
SIM = re.compile(r"\d{10,22}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One device as people write it. Coordinates and day are kept as text until they are known to be right."""

    serial: str
    name: str
    place: str = ""
    latitude: str = ""
    longitude: str = ""
    maker: str = ""
    model: str = ""
    sim: str = ""
    sim_phone: str = ""
    protocol: str = "xaso"
    installed_on: str = ""

    def for_audit(self) -> str:
        return f"{self.serial} {self.name}"


def faults_of(entry: Entry) -> list[str]:
    """Sentences; empty when it can be registered."""
    found = []
    if not SERIAL.fullmatch(entry.serial) or entry.serial.lower() in RESERVED:
        found.append("Số máy gồm 3–40 chữ không dấu, số, dấu chấm hoặc gạch. Hãy xem tem trên vỏ loa.")
    if not entry.name:
        found.append("Hãy đặt tên cho loa, ví dụ: Nhà văn hoá thôn.")
    if len(entry.name) > 120 or len(entry.place) > 200 or len(entry.maker) > 80 or len(entry.model) > 80:
        found.append("Tên, nơi đặt, hãng hoặc kiểu máy dài quá. Hãy viết ngắn lại.")
    found += [sentence for sentence in (_place(entry), _sim(entry), _day(entry)) if sentence]
    if entry.protocol not in ("xaso", "vendor"):
        found.append("Giao thức là XãSố hoặc của hãng.")
    return found


def _place(entry: Entry) -> str:
    if not entry.latitude and not entry.longitude:
        return ""
    try:
        latitude, longitude = float(entry.latitude), float(entry.longitude)
    except ValueError:
        return "Toạ độ ghi bằng số, ví dụ: vĩ độ 21.234567, kinh độ 105.123456."
    if not (8 <= latitude <= 24 and 102 <= longitude <= 118):
        return "Toạ độ này nằm ngoài Việt Nam. Hãy xem lại, có thể vĩ độ và kinh độ bị đổi chỗ."
    return ""


def _sim(entry: Entry) -> str:
    if entry.sim_phone and not PHONE.fullmatch(entry.sim_phone):
        return "Số điện thoại của SIM gồm 10 chữ số, bắt đầu bằng 0."
    if entry.sim and not SIM.fullmatch(entry.sim):
        return "Số sê-ri SIM chỉ gồm 10–22 chữ số."
    return ""


def _day(entry: Entry) -> str:
    if entry.installed_on and not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", entry.installed_on):
        return "Ngày lắp chưa đúng; ghi như 15/03/2025."
    return ""
