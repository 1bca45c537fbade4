"""A paper as a PDF answer; the same for officers and for owners, who differ only in what they may see."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from xaso.core.access import require
from xaso.core.audit.actions import record_reading
from xaso.kit import subject
from xaso.modules.papers import actions, queries

PERMISSION = "papers.view"
# The browser's own PDF viewer needs these; the sheet itself may load nothing.
PDF_POLICY = (
    "default-src 'none'; object-src 'self'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'none'"
)


def sheet(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Shown in the browser; with `?tai=1` saved as a file. The look is put on record."""
    paper = queries.paper(uuid)
    require(request.actor, PERMISSION, paper)
    content = actions.newest_sheet_of(request.actor, paper)
    record_reading(request.actor, subject.ref(paper), paper.unit_path, request.path)
    how = "attachment" if request.GET.get("tai") else "inline"
    headers = {
        "Content-Disposition": f'{how}; filename="{paper.file_name}"',
        "Content-Security-Policy": PDF_POLICY,
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)
