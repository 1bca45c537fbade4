"""The working calendar of a unit, from `calendar/*.yaml` of the content folders. A later folder wins, year by year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from xaso.core.deadlines import rules
from xaso.kit.errors import ContentFault

OFF_KINDS = frozenset({"off", "swapped_off"})
KINDS = OFF_KINDS | {"working"}
MARKS = frozenset({"verified", "to_verify"})


class _Loader(yaml.SafeLoader):
    """YAML 1.1 reads a bare `off` as false; here it is a word."""

    yaml_implicit_resolvers = {
        letter: [(tag, pattern) for tag, pattern in known if tag != "tag:yaml.org,2002:bool"]
        for letter, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


class CalendarInvalid(ContentFault):
    """A calendar file is wrong. Names the file and the line and says what to mend."""


class _Row(dict[Any, Any]):
    """A mapping of the file that knows its line."""

    line = 1


def _row(loader: _Loader, node: yaml.MappingNode) -> _Row:
    row = _Row(loader.construct_mapping(node, deep=True))
    row.line = node.start_mark.line + 1
    return row


_Loader.add_constructor("tag:yaml.org,2002:map", _row)


@dataclass(frozen=True, slots=True)
class Hours:
    """Office hours of a unit and everything under it, from a day on."""

    unit: str
    valid_from: date
    shifts: tuple[rules.Shift, ...]
    cut_off: time


@dataclass(frozen=True, slots=True)
class Content:
    off: frozenset[date]
    working: frozenset[date]
    years: frozenset[int]
    hours: tuple[Hours, ...]


def calendar_for(unit_path: str, on: date) -> rules.Calendar:
    """The calendar of the unit with the office hours in force on that day."""
    return _calendar(_folders(tuple(settings.CONTENT_DIRS)), unit_path, on)


def cut_off_for(unit_path: str, on: date) -> time:
    """Until when work "within the day" is still due today."""
    return _hours(load(_folders(tuple(settings.CONTENT_DIRS))), unit_path, on).cut_off


@lru_cache(maxsize=16)
def _folders(content: tuple[Path, ...]) -> tuple[Path, ...]:
    return tuple(Path(folder) / "calendar" for folder in content)


def forget() -> None:
    """Read the files anew at the next question, after they were edited."""
    load.cache_clear()
    _calendar.cache_clear()


@lru_cache(maxsize=4096)
def _calendar(folders: tuple[Path, ...], unit_path: str, on: date) -> rules.Calendar:
    content = load(folders)
    return rules.Calendar(content.off, content.working, _hours(content, unit_path, on).shifts, content.years)


def _hours(content: Content, unit_path: str, on: date) -> Hours:
    """The longest unit that covers ours, then the newest that has begun."""
    fitting = [entry for entry in content.hours if unit_path.startswith(entry.unit) and entry.valid_from <= on]
    if not fitting:
        raise CalendarInvalid(
            f"Chưa có giờ làm việc cho ngày {on:%d/%m/%Y}. "
            "Hãy thêm một dòng có valid_from sớm hơn vào calendar/hours.yaml."
        )
    return max(enumerate(fitting), key=lambda pair: (len(pair[1].unit), pair[1].valid_from, pair[0]))[1]


@cache
def load(folders: tuple[Path, ...]) -> Content:
    """Read and check every file. Of two files of one year the later folder's counts alone; hours add up."""
    years: dict[int, dict[date, str]] = {}
    hours: list[Hours] = []
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            if path.stem == "hours":
                hours += _read_hours(path)
            else:
                year, days = _read_year(path)
                years[year] = days
    kinds = {day: kind for days in years.values() for day, kind in days.items()}
    return Content(
        off=frozenset(day for day, kind in kinds.items() if kind in OFF_KINDS),
        working=frozenset(day for day, kind in kinds.items() if kind == "working"),
        years=frozenset(years),
        hours=tuple(hours),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    except UnicodeDecodeError as error:
        raise CalendarInvalid(f"{path}: tệp phải lưu bằng mã UTF-8.") from error
    except yaml.YAMLError as error:
        raise CalendarInvalid(f"{path}: không đọc được tệp YAML: {error}") from error
    if not isinstance(content, dict):
        raise CalendarInvalid(f"{path}: tệp phải có dạng khoá và giá trị (year, days hoặc hours).")
    return content


def _read_year(path: Path) -> tuple[int, dict[date, str]]:
    content = _read(path)
    year = content.get("year")
    if not isinstance(year, int) or path.stem != str(year):
        raise CalendarInvalid(f"{path}: `year` là {year!r} nhưng tên tệp là {path.name}. Hãy sửa cho khớp.")
    days: dict[date, str] = {}
    for row in content.get("days") or ():
        place = _place(path, row)
        day, kind = _day(place, row)
        if day.year != year:
            raise CalendarInvalid(f"{place}: ngày {day:%d/%m/%Y} không thuộc năm {year}.")
        if day in days:
            raise CalendarInvalid(f"{place}: ngày {day:%d/%m/%Y} được khai hai lần.")
        days[day] = kind
    if not days:
        raise CalendarInvalid(f"{path}: chưa khai ngày nghỉ nào trong `days`.")
    return year, days


def _place(path: Path, row: Any) -> str:
    return f"{path}, dòng {row.line}" if isinstance(row, _Row) else str(path)


def _day(place: str, row: Any) -> tuple[date, str]:
    if not isinstance(row, dict) or not isinstance(row.get("date"), date):
        raise CalendarInvalid(f"{place}: mỗi dòng của `days` cần `date` dạng 2026-01-31, đang là {row!r}.")
    day, kind = row["date"], row.get("kind")
    if kind not in KINDS:
        raise CalendarInvalid(f"{place}: ngày {day:%d/%m/%Y} có kind {kind!r}; chỉ nhận off, swapped_off, working.")
    if not row.get("name") or not row.get("source") or row.get("mark") not in MARKS:
        raise CalendarInvalid(f"{place}: ngày {day:%d/%m/%Y} cần có name, source và mark (verified hoặc to_verify).")
    if kind == "working" and day.isoweekday() <= 5:
        raise CalendarInvalid(f"{place}: ngày {day:%d/%m/%Y} vốn là ngày làm việc, không khai làm bù.")
    return day, kind


def _read_hours(path: Path) -> list[Hours]:
    entries = _read(path).get("hours")
    if not isinstance(entries, list) or not entries:
        raise CalendarInvalid(f"{path}: cần danh sách `hours` có ít nhất một dòng.")
    return [_hours_entry(_place(path, entry), entry) for entry in entries]


def _hours_entry(place: str, entry: Any) -> Hours:
    if not isinstance(entry, dict) or not isinstance(entry.get("valid_from"), date):
        raise CalendarInvalid(f"{place}: mỗi dòng của `hours` cần `valid_from` dạng 2022-01-01.")
    unit = entry.get("unit")
    if not isinstance(unit, str) or (unit and not unit.endswith(".")):
        raise CalendarInvalid(f'{place}: `unit` là đường dẫn đơn vị kết thúc bằng dấu chấm, hoặc "" cho mọi đơn vị.')
    shifts = sorted((_shift(place, row) for row in entry.get("shifts") or ()), key=lambda shift: shift.start)
    if not shifts or not any(1 in shift.weekdays for shift in shifts):
        raise CalendarInvalid(f"{place}: cần ít nhất một ca làm việc vào thứ Hai (ngày làm bù dùng ca của thứ Hai).")
    for weekday in range(1, 8):
        today = [shift for shift in shifts if weekday in shift.weekdays]
        if any(later.start < earlier.end for earlier, later in pairwise(today)):
            raise CalendarInvalid(f"{place}: các ca làm việc trong cùng một ngày không được chồng lên nhau.")
    return Hours(unit, entry["valid_from"], tuple(shifts), _time(place, entry.get("cut_off")))


def _shift(place: str, row: Any) -> rules.Shift:
    weekdays = row.get("weekdays") if isinstance(row, dict) else None
    if not weekdays or not set(weekdays) <= set(range(1, 8)):
        raise CalendarInvalid(f"{place}: ca làm việc cần `weekdays` gồm các số từ 1 (thứ Hai) đến 7 (Chủ nhật).")
    start, end = _time(place, row.get("from")), _time(place, row.get("to"))
    if start >= end:
        raise CalendarInvalid(f"{place}: ca làm việc phải bắt đầu trước khi kết thúc ({start:%H:%M}–{end:%H:%M}).")
    return rules.Shift(start, end, frozenset(weekdays))


def _time(place: str, text: Any) -> time:
    try:
        return time.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise CalendarInvalid(f'{place}: giờ phải ghi trong ngoặc kép dạng "07:00", đang là {text!r}.') from error
