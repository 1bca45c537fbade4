"""The catalogue for machines: search, and one procedure with its form, papers, fees and limits."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from ninja import Query, Router
from pydantic import BaseModel

from xaso.core.api import answer, operation
from xaso.kit import clock
from xaso.modules.procedures import queries
from xaso.modules.procedures.queries import Entry

router = Router(tags=["procedures"])
MOST = 100


class ProcedureRow(BaseModel):
    """A procedure in a list. `receivable` says whether a dossier of it may be filed here today."""

    code: str
    name: str
    field: str
    receivable: bool
    online_level: str
    valid_from: date | None


class ProcedurePage(BaseModel):
    items: list[ProcedureRow]
    next: str


class ProcedureWhole(ProcedureRow):
    """With its definition as declared: cases, papers (`components`), fees, form, steps, legal basis."""

    why_not_receivable: str
    version: str
    mark: str
    source: str
    definition: dict[str, Any]


@router.get("/", response=ProcedurePage, summary="Tìm thủ tục")
@operation(permission="procedures.view")
def listed(
    request: HttpRequest,
    q: str = Query("", max_length=200, description="Từ khoá, có dấu hoặc không dấu"),
    field: str = Query("", max_length=1000, description="Lĩnh vực"),
    after: str = Query("", max_length=20, description="Giá trị `next` của trang trước"),
    limit: int = Query(20, ge=1, le=MOST),
) -> HttpResponseBase:
    """With words the best first, without by name. A page goes on after the code of its last row."""
    del request
    rows = queries.search(q, field=field, size=10_000).rows
    start = next((place for place, one in enumerate(rows, start=1) if one.code == after), 0) if after else 0
    shown = rows[start : start + limit]
    more = start + limit < len(rows)
    return answer(
        ProcedurePage(items=[ProcedureRow(**_row(one)) for one in shown], next=shown[-1].code if more else "")
    )


@router.get("/{code}", response=ProcedureWhole, summary="Xem một thủ tục")
@operation(permission="procedures.view")
def shown(request: HttpRequest, code: str) -> HttpResponseBase:
    """The version in force today."""
    del request
    entry = queries.entry(code)
    view = queries.current(code)
    return answer(
        ProcedureWhole(
            **_row(entry),
            why_not_receivable=queries.why_not_receivable(code),
            version=str(view.uuid),
            mark=view.mark,
            source=view.source,
            definition=view.definition.model_dump(mode="json", by_alias=True),
        )
    )


def _row(entry: Entry) -> dict[str, Any]:
    version = entry.on(clock.today())
    return {
        "code": entry.code,
        "name": entry.name,
        "field": entry.field,
        "receivable": queries.receivable(entry.code),
        "online_level": version.online_level if version else "",
        "valid_from": version.valid_from if version else None,
    }
