"""Loading units from `content/units/*.csv`. Idempotent: a second run changes nothing."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from xaso.core.units.models import Succession, Unit
from xaso.kit.errors import ContentFault

UNIT_COLUMNS = {"code", "name", "kind", "parent_code", "valid_from", "valid_to", "agency_code", "agency_code_mark"}
LINK_COLUMNS = {"from_code", "to_code", "effective_on", "kind", "source", "mark"}


def load_units(*, demo: bool) -> dict[str, int]:
    """Read every units file of the content folders. Returns counts of rows added and changed."""
    with transaction.atomic():
        counts = {"units": 0, "successions": 0}
        for folder in settings.CONTENT_DIRS:
            files = sorted((folder / "units").glob("*.csv"))
            if demo:
                files += sorted((folder / "demo").glob("villages*.csv"))
            for file in files:
                if file.name != "successions.csv":
                    counts["units"] += _load_file(file)
            links = folder / "units" / "successions.csv"
            if links.exists():
                counts["successions"] += _load_successions(links)
    return counts


def _rows(file: Path, columns: set[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Lines with their numbers. Raises ContentFault when the file is no such table."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ContentFault(f"{file.name}, dòng 1: tệp phải lưu bằng mã UTF-8.") from error
    table = csv.DictReader(io.StringIO(text, newline=""))
    if missing := columns - set(table.fieldnames or ()):
        raise ContentFault(f"{file.name}, dòng 1: thiếu cột {', '.join(sorted(missing))}.")
    for row in table:
        if None in row or None in row.values():
            raise ContentFault(f"{file.name}, dòng {table.line_num}: số ô không khớp với dòng tên cột.")
        yield table.line_num, row


def _day(file: Path, line: int, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        sentence = f"{file.name}, dòng {line}: ngày {text!r} chưa đúng; viết dạng 2025-07-01."
        raise ContentFault(sentence) from error


def _needed_day(file: Path, line: int, text: str) -> date:
    day = _day(file, line, text)
    if day is None:
        raise ContentFault(f"{file.name}, dòng {line}: thiếu ngày hiệu lực; viết dạng 2025-07-01.")
    return day


def _load_file(file: Path) -> int:
    known: dict[str, list[Unit]] = {}
    for unit in Unit.objects.all():
        known.setdefault(unit.code, []).append(unit)
    waiting = list(_rows(file, UNIT_COLUMNS))
    changed = 0
    while waiting:
        later = []
        for line, row in waiting:
            if row["parent_code"] and not _alive(known, row["parent_code"], _day(file, line, row["valid_from"])):
                later.append((line, row))
                continue
            changed += _load_unit(file, line, row, known)
        if len(later) == len(waiting):
            line, row = later[0]
            raise ContentFault(f"{file.name}, dòng {line}: không có đơn vị cấp trên mã {row['parent_code']}.")
        waiting = later
    return changed


def _alive(known: dict[str, list[Unit]], code: str, day: date | None) -> Unit | None:
    return next(
        (u for u in known.get(code, []) if day and u.valid_from <= day and (u.valid_to is None or u.valid_to >= day)),
        None,
    )


def _load_unit(file: Path, line: int, row: dict[str, str], known: dict[str, list[Unit]]) -> int:
    if not row["code"] or not row["name"]:
        raise ContentFault(f"{file.name}, dòng {line}: đơn vị phải có mã và tên.")
    if row["kind"] not in Unit.Kind.values:
        raise ContentFault(f"{file.name}, dòng {line}: loại đơn vị {row['kind']!r} không có trong danh mục.")
    valid_from, valid_to = _needed_day(file, line, row["valid_from"]), _day(file, line, row["valid_to"])
    if valid_to and valid_to < valid_from:
        raise ContentFault(f"{file.name}, dòng {line}: ngày kết thúc đứng trước ngày bắt đầu.")
    parent = _alive(known, row["parent_code"], valid_from) if row["parent_code"] else None
    values = {
        "name": row["name"],
        "kind": row["kind"],
        "parent": parent,
        "path": f"{parent.path if parent else ''}{row['code']}.",
        "valid_to": valid_to,
        "agency_code": row["agency_code"],
        "agency_code_to_verify": row["agency_code_mark"] != "verified",
        "is_demo": "demo" in file.parts,
    }
    same = next((u for u in known.get(row["code"], []) if u.valid_from == valid_from), None)
    if same and all(getattr(same, key) == value for key, value in values.items()):
        return 0
    unit, _ = Unit.objects.update_or_create(code=row["code"], valid_from=valid_from, defaults=values)
    known[unit.code] = [u for u in known.get(unit.code, []) if u.pk != unit.pk] + [unit]
    return 1


def _load_successions(file: Path) -> int:
    added = 0
    units: dict[str, list[Unit]] = {}
    for unit in Unit.objects.all():
        units.setdefault(unit.code, []).append(unit)
    columns = ("predecessor_id", "successor_id", "effective_on", "kind", "source", "to_verify")
    known = {link[:3]: link[3:] for link in Succession.objects.values_list(*columns)}
    for line, row in _rows(file, LINK_COLUMNS):
        day = _needed_day(file, line, row["effective_on"])
        if row["kind"] not in Succession.Kind.values:
            raise ContentFault(f"{file.name}, dòng {line}: kiểu kế thừa {row['kind']!r} không có trong danh mục.")
        before = [u for u in units.get(row["from_code"], []) if u.valid_from < day]
        after = _alive(units, row["to_code"], day)
        if not before or after is None:
            raise ContentFault(f"{file.name}, dòng {line}: không có đơn vị {row['from_code']} hoặc {row['to_code']}.")
        predecessor = max(before, key=lambda u: u.valid_from)
        values = (row["kind"], row["source"][:200], row["mark"] != "verified")
        if known.get((predecessor.pk, after.pk, day)) == values:
            continue
        _, made = Succession.objects.update_or_create(
            predecessor=predecessor,
            successor=after,
            effective_on=day,
            defaults=dict(zip(("kind", "source", "to_verify"), values, strict=True)),
        )
        added += made
    return added
