"""The officer's side: what waits, own drafts, the book of a year. A document's own pages are in the files beside."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from xaso.core.accounts.queries import own_unit
from xaso.core.audit.actions import record_reading
from xaso.core.screens import Answer, declare, screen, told
from xaso.kit import clock, subject
from xaso.kit.errors import Missing
from xaso.modules.layouts import queries as layouts
from xaso.modules.outgoing.actions.drafting import begin_draft
from xaso.modules.outgoing.actions.issuing import register_secret
from xaso.modules.outgoing.forms import FilterForm, NewForm, SecretForm
from xaso.modules.outgoing.models import Document
from xaso.modules.outgoing.queries import documents
from xaso.modules.outgoing.queries.books import books
from xaso.modules.outgoing.rules import moves
from xaso.modules.outgoing.screens import document, sending, setup, writing

PARTS = {"cho": "Chờ tôi xử lý", "du-thao": "Dự thảo của tôi"}


@screen("outgoing/desk/index.html", permission="outgoing.view")
def index(request: HttpRequest) -> Answer:
    """What waits for this officer, or the own drafts."""
    actor = request.actor
    part = request.GET.get("phan", "cho")
    after = request.GET.get("after", "")
    page = documents.drafts_of(actor, after) if part == "du-thao" else documents.waiting_for(actor, after)
    return {
        "rows": rows_of(page.rows),
        "after": page.after,
        "part": part,
        "tabs": [
            {"label": label, "url": f"?phan={key}", "current": key == part} for key, label in PARTS.items()
        ] + [{"label": "Sổ văn bản đi", "url": reverse("desk-outgoing:book"), "current": False}],
        "may_draft": actor.may("outgoing.draft"),
    }  # fmt: skip


def rows_of(found: list[Document]) -> list[dict[str, Any]]:
    kinds = layouts.kinds()
    return [
        {
            "document": one,
            "kind": kinds[one.kind].title if one.kind in kinds else one.kind,
            "subject": one.subject or one.get_level_display(),
            "tone": moves.TONES[one.state],
        }
        for one in found
    ]


@screen("outgoing/desk/new.html", permission="outgoing.draft")
def new(request: HttpRequest) -> Answer:
    """Two questions; the rest is written on the next page."""
    form = NewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        unit = own_unit(request.actor)
        made = begin_draft(
            request.actor, unit, kind=form.cleaned_data["kind"], subject=form.cleaned_data["subject"],
            addressees=(), answers="",
        )  # fmt: skip
        return redirect("desk-outgoing:edit", key=made.uuid)
    return {"form": form}


@screen("outgoing/desk/book.html", permission="outgoing.view")
def book(request: HttpRequest) -> Answer:
    """The book of a year, or everything of it with the drafts."""
    actor = request.actor
    known, years = books(actor), documents.years()
    chosen = request.GET.copy()
    if "book" not in chosen and known:
        chosen["book"] = str(known[0].uuid)
    form = FilterForm(chosen, books=known, years=years)
    form.is_valid()
    kept = form.cleaned_data
    year = int(kept.get("year") or years[0])
    open_book = next((one for one in known if str(one.uuid) == kept.get("book")), None)
    after = request.GET.get("after", "")
    found = (
        documents.in_book(actor, open_book, year, kept, after)
        if open_book
        else documents.in_year(actor, year, kept, after)
    )
    query = chosen.copy()
    query.pop("after", None)
    return {
        "form": form,
        "book": open_book,
        "year": year,
        "rows": rows_of(found.rows),
        "after": found.after,
        "keep": query.urlencode(),
        "paper_last": open_book.paper_numbers.get(str(year)) if open_book else None,
        "filtered": any(kept.get(name) for name in ("words", "kind", "state")),
        "may_secret": actor.may("outgoing.register_secret"),
        "may_manage": actor.may("outgoing.open_book"),
    }


@declare("outgoing.view")
def register(request: HttpRequest) -> HttpResponse:
    """The book of a year as it is printed and kept (NĐ 30/2020, Phụ lục IV)."""
    known = {str(one.uuid): one for one in books(request.actor)}
    open_book = known.get(request.GET.get("book", ""))
    year = request.GET.get("year", "")
    if open_book is None or not (len(year) == 4 and year.isdecimal()):
        raise Missing("Hãy chọn sổ và năm ở trang Sổ văn bản đi rồi bấm In sổ.")
    record_reading(request.actor, subject.ref(open_book), open_book.unit_path, request.path)
    rows = [register_row(one) for one in rows_of(documents.register_of(request.actor, open_book, int(year)))]
    content = layouts.register_pdf("outgoing", rows, open_book.unit.full_name, int(year))
    headers = {
        "Content-Disposition": f'inline; filename="so-van-ban-di-{open_book.unit.code}-{year}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def register_row(row: dict[str, Any]) -> dict[str, Any]:
    """A line of the printed register; a cancelled number keeps its line, with the reason."""
    one = row["document"]
    ended = one.close_reason or one.state in {moves.CORRECTED, moves.REPLACED}
    copies = list(one.recipients.all())
    return {
        "symbol": one.code,
        "dated_on": one.dated_on,
        "title": f"{row['kind']}: {row['subject']}",
        "signer": one.signer_name,
        "recipients": "; ".join(copy.name for copy in copies),
        "kept_by": "Văn thư",
        "copies": len(copies) or "",
        "sent_on": clock.local(one.issued_at).date() if one.issued_at else None,
        "note": ": ".join(filter(None, (one.get_state_display(), one.close_reason))) if ended else "",
    }


@screen("outgoing/desk/secret.html", permission="outgoing.register_secret")
def secret(request: HttpRequest) -> Answer:
    """A number and a day for a document that stays on paper."""
    form = SecretForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = register_secret(request.actor, own_unit(request.actor), **form.cleaned_data)
        told(request, f"Đã cấp số {made.code}. Hãy ghi số, ngày lên bản giấy.")
        return redirect("desk-outgoing:show", key=made.uuid)
    return {"form": form, "sentence": moves.KEPT_ON_PAPER}


def work_part(request: HttpRequest) -> dict[str, Any] | None:
    """Documents that wait for this officer, on the desk's first page."""
    if not request.actor.may("outgoing.view"):
        return None
    found = documents.waiting_for(request.actor, size=5).rows
    if not found:
        return None
    return {"template": "outgoing/parts/work.html", "rows": rows_of(found), "url": reverse("desk-outgoing:index")}


urlpatterns = [
    path("", index, name="index"),
    path("new/", new, name="new"),
    path("book/", book, name="book"),
    path("book/print/", register, name="register"),
    path("secret/", secret, name="secret"),
    *setup.urlpatterns,
    *document.urlpatterns,
    *writing.urlpatterns,
    *sending.urlpatterns,
]
