"""Whether what reports declare exists: their figures and sets."""

from __future__ import annotations

from xaso.kit.declared import ContentError
from xaso.kit.errors import Missing
from xaso.modules.figures import queries as figures
from xaso.modules.indicators import queries as indicators
from xaso.modules.reports.definitions import ReportKind, report_kinds


def checked_kinds() -> dict[str, ReportKind]:
    """The declared reports. Raises ContentError naming every figure or set that is unknown."""
    kinds = report_kinds()
    known, sets = set(figures.catalogue()), _sets(kinds)
    problems = [
        f"reports/{kind.code}.yaml: {what} “{name}” không có trong thư mục nội dung. Hãy sửa tên hoặc khai thêm."
        for kind in kinds.values()
        for what, name in (
            *(("số liệu", key) for key in kind.figure_keys if key not in known),
            *(("bộ chỉ số", code) for code in kind.set_codes if code not in sets),
        )
    ]
    if problems:
        raise ContentError(problems)
    return kinds


def _sets(kinds: dict[str, ReportKind]) -> set[str]:
    """Those of the asked sets that are there, in any version."""
    found = set()
    for code in {code for kind in kinds.values() for code in kind.set_codes}:
        try:
            indicators.versions_of(code)
        except Missing:
            continue
        found.add(code)
    return found
