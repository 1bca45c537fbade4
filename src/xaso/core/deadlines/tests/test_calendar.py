"""Calendar files are read once, stacked folder over folder, and a wrong one says what to mend."""

from datetime import date, time
from pathlib import Path

import pytest

from xaso.core.deadlines import calendar
from xaso.core.deadlines.rules import YearMissing

YEAR = 'year: 2026\ndays:\n  - {date: 2026-12-24, kind: off, name: "Nghỉ", source: "thử", mark: verified}\n'
HOURS = (
    'hours:\n  - unit: "%s"\n    valid_from: %s\n    shifts:\n'
    '      - {weekdays: [1, 2, 3, 4, 5], from: "08:00", to: "12:00"}\n    cut_off: "11:00"\n'
)


@pytest.fixture
def folder(tmp_path, settings):
    """A commune's own folder over what ships."""
    (tmp_path / "calendar").mkdir()
    settings.CONTENT_DIRS = [*settings.CONTENT_DIRS, tmp_path]
    yield tmp_path / "calendar"
    calendar.forget()


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    calendar.forget()


def test_what_ships_is_valid_and_has_the_default_hours() -> None:
    found = calendar.calendar_for("25.08740.", date(2026, 11, 16))
    assert found.years >= {2022, 2023, 2024, 2025, 2026, 2027}
    assert [(shift.start, shift.end) for shift in found.shifts] == [(time(7), time(11, 30)), (time(13, 30), time(17))]
    assert calendar.cut_off_for("25.08740.", date(2026, 11, 16)) == time(15)


def test_a_later_folder_replaces_a_year(folder: Path) -> None:
    write(folder, "2026.yaml", YEAR)
    found = calendar.calendar_for("25.", date(2026, 11, 16))
    assert not found.is_working(date(2026, 12, 24))
    assert found.is_working(date(2026, 9, 2))
    assert not found.is_working(date(2025, 9, 2))


def test_a_unit_has_its_own_hours_from_a_day_on(folder: Path) -> None:
    write(folder, "hours.yaml", HOURS % ("25.08740.", "2026-06-01"))
    assert calendar.cut_off_for("25.08740.0874001.", date(2026, 6, 1)) == time(11)
    assert calendar.cut_off_for("25.08740.", date(2026, 5, 31)) == time(15)
    assert calendar.cut_off_for("25.08743.", date(2026, 6, 1)) == time(15)
    assert calendar.calendar_for("25.08740.", date(2026, 6, 1)).closing(date(2026, 6, 1)).time() == time(12)


def test_hours_of_a_unit_outlive_newer_hours_of_everybody(folder: Path) -> None:
    of_all = (HOURS % ("", "2026-06-01")).replace("hours:\n", "").replace("11:00", "10:00")
    write(folder, "hours.yaml", HOURS % ("25.08740.", "2026-01-01") + of_all)
    assert calendar.cut_off_for("25.08740.", date(2026, 7, 1)) == time(11)
    assert calendar.cut_off_for("25.08743.", date(2026, 7, 1)) == time(10)


def test_a_missing_year_names_the_file() -> None:
    with pytest.raises(YearMissing, match=r"calendar/2031\.yaml"):
        calendar.calendar_for("25.", date(2026, 1, 1)).is_working(date(2031, 1, 1))


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("2027.yaml", YEAR, "Hãy sửa cho khớp"),
        ("2026.yaml", YEAR.replace("2026-12-24", "2025-12-24"), "không thuộc năm 2026"),
        ("2026.yaml", YEAR.replace("off", "holiday"), "chỉ nhận off, swapped_off, working"),
        ("2026.yaml", YEAR.replace("off", "working"), "vốn là ngày làm việc"),
        ("2026.yaml", YEAR.replace("verified", "sure"), "cần có name, source và mark"),
        ("2026.yaml", YEAR + YEAR.splitlines()[-1], "khai hai lần"),
        ("2026.yaml", "year: 2026\ndays: []\n", "chưa khai ngày nghỉ nào"),
        ("2026.yaml", "year: [2026\n", "không đọc được"),
        ("hours.yaml", HOURS % ("25.08740", "2026-06-01"), "kết thúc bằng dấu chấm"),
        ("hours.yaml", HOURS.replace('"08:00"', "8h") % ("", "2026-06-01"), "giờ phải ghi trong ngoặc kép"),
        ("hours.yaml", HOURS.replace("08:00", "13:00") % ("", "2026-06-01"), "phải bắt đầu trước khi kết thúc"),
        ("hours.yaml", HOURS.replace("[1, 2,", "[2,") % ("", "2026-06-01"), "thứ Hai"),
    ],
)
def test_a_wrong_file_is_named_with_a_sentence(folder: Path, name: str, text: str, sentence: str) -> None:
    write(folder, name, text)
    with pytest.raises(calendar.CalendarInvalid, match=sentence) as caught:
        calendar.calendar_for("25.", date(2026, 11, 16))
    assert name in str(caught.value)
