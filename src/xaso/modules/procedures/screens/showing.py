"""A version laid out for a page: everything evaluated here, templates only print."""

from __future__ import annotations

from typing import Any

from xaso.modules.procedures.queries import Entry, VersionView
from xaso.modules.procedures.rules import wording


def laid_out(view: VersionView) -> dict[str, Any]:
    """What both faces say about a version."""
    version = view.definition
    return {
        "view": view,
        "cases": [
            {
                "label": case.label,
                "key": case.key,
                "limits": wording.case_limits(case, version.cut_off),
                "mark": case.limit_mark,
                "by_officer": case.by_officer,
            }
            for case in version.cases
        ],
        "papers": [_paper(part) for part in version.components],
        "fees": [
            {
                "label": fee.label,
                "kind": wording.KINDS[fee.kind],
                "words": wording.fee_words(fee),
                "exempt": [
                    f"{e.label}: {'miễn' if e.percent == 100 else f'giảm {e.percent}%'}" for e in fee.exemptions
                ],
                "mark": fee.mark,
            }
            for fee in version.fees
        ],
        "level": wording.level_words(version),
        "channels": [wording.CHANNELS[channel] for channel in version.channels],
        "route": version.route,
        "route_words": wording.ROUTES[version.route.kind],
        "result": version.result,
        "legal_basis": version.legal_basis,
        "steps": version.steps,
    }


def _paper(part: Any) -> dict[str, Any]:
    counts = [f"{part.originals} bản chính"] if part.originals else []
    counts += [f"{part.copies} bản sao"] if part.copies else []
    notes = {"optional": "nếu có", "conditional": "tuỳ trường hợp"}
    return {
        "name": part.name,
        "count": ", ".join(counts) or ("xuất trình" if part.show_only else ""),
        "need": notes.get(part.need, ""),
        "note": part.note,
        "form": part.form,
        "from_data": part.from_data,
    }


def listed(entry: Entry) -> dict[str, Any]:
    """A procedure as a line of a list."""
    return {"code": entry.code, "name": entry.name, "field": entry.field, "entry": entry}
