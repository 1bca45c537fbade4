"""The record of actions, for who must answer for it."""

from django.http import HttpRequest

from xaso.core.actions import TITLES
from xaso.core.audit import queries
from xaso.core.screens import Answer, screen
from xaso.kit import subject as subjects
from xaso.kit.fold import tidy

READING = "Xem dữ liệu cá nhân"


@screen("faces/desk/record.html", permission="audit.view")
def record(request: HttpRequest) -> Answer:
    """Who did what to what. Looking at personal data is here too."""
    person = tidy(request.GET.get("nguoi", ""))[:60]
    subject = request.GET.get("ve", "")[:80]
    page = queries.entries(request.actor, person=person, subject=subject, after=request.GET.get("after", ""))
    kept = request.GET.copy()
    kept.pop("after", None)
    names = subjects.names({entry.subject for entry in page.rows})
    rows = [
        (entry, TITLES.get(entry.verb, READING if entry.verb == "read" else entry.verb),
         names.get(entry.subject, entry.subject))
        for entry in page.rows
    ]  # fmt: skip
    return {
        "rows": rows, "after": page.after, "person": person, "subject_ref": subject,
        "subject_name": names.get(subject, subject), "keep": kept.urlencode(),
    }  # fmt: skip
