"""Codes of tasks: NV.2024.001, counted per unit and year."""

from xaso.core.numbering.actions import next_value


def task_codes(unit_path: str, year: int, count: int) -> list[str]:
    """So many codes in a row. Inside the caller's action."""
    if not count:
        return []
    last = next_value("tasks", unit_path, str(year), count)
    return [f"NV.{year}.{number:03d}" for number in range(last - count + 1, last + 1)]
