"""Books of numbers and delegations to sign: set up by the clerk and the leader."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from xaso.core.accounts.models import Account
from xaso.core.accounts.queries import own_unit, posts_in
from xaso.core.forms import refusals_on
from xaso.core.screens import Answer, declare, screen, told
from xaso.kit import clock
from xaso.modules.outgoing.actions import delegating, numbering
from xaso.modules.outgoing.forms import BookForm, ContinueForm, DelegationForm, EndForm
from xaso.modules.outgoing.queries.books import book as book_of
from xaso.modules.outgoing.queries.books import books as books_seen
from xaso.modules.outgoing.queries.signers import delegation as delegation_of
from xaso.modules.outgoing.queries.signers import delegations as delegations_seen
from xaso.modules.outgoing.rules import capacity


@screen("outgoing/desk/books.html", permission="outgoing.view")
def books(request: HttpRequest) -> Answer:
    """The books of the unit; the clerk opens new ones."""
    may_open = request.actor.may("outgoing.open_book")
    form = BookForm(request.POST or None)
    if request.method == "POST" and may_open and form.is_valid():
        unit = own_unit(request.actor)
        with refusals_on(form):
            numbering.open_book(request.actor, unit, **form.cleaned_data)
            told(request, "Đã mở sổ.")
            return redirect("desk-outgoing:books")
    return {"books": books_seen(request.actor), "form": form, "may_open": may_open, "year": clock.today().year}


@require_POST
@declare("outgoing.close_book")
def close_book(request: HttpRequest, key: UUID) -> HttpResponseBase:
    numbering.close_book(request.actor, book_of(request.actor, "outgoing.close_book", key))
    told(request, "Đã ngừng dùng sổ. Các năm đã ghi vẫn xem được.")
    return redirect("desk-outgoing:books")


@screen("outgoing/desk/continue_book.html", permission="outgoing.continue_book")
def continue_book(request: HttpRequest, key: UUID) -> Answer:
    found = book_of(request.actor, "outgoing.continue_book", key)
    form = ContinueForm(request.POST or None, initial={"year": clock.today().year})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            numbering.continue_book(request.actor, found, **form.cleaned_data)
            told(request, "Đã ghi. Số tiếp theo nối sau số cuối của sổ giấy.")
            return redirect("desk-outgoing:books")
    return {"book": found, "form": form}


@screen("outgoing/desk/delegations.html", permission="outgoing.view")
def delegations(request: HttpRequest) -> Answer:
    """Who signs for the head; the leader gives and ends it."""
    may_give = request.actor.may("outgoing.delegate")
    posts = posts_in(request.actor.unit_path) if may_give else []
    form = DelegationForm(request.POST or None, posts=posts)
    if request.method == "POST" and may_give and form.is_valid():
        holder = Account.objects.select_related("person").get(pk=int(form.cleaned_data["holder"]))
        unit = own_unit(request.actor)
        with refusals_on(form):
            delegating.delegate(request.actor, unit, holder=holder, terms=form.terms)
            told(request, f"Đã giao {holder.person} ký văn bản.")
            return redirect("desk-outgoing:delegations")
    today = clock.today()
    rows = [
        {"delegation": one, "mode": capacity.MODES[one.mode], "is_ended": bool(one.valid_to and one.valid_to < today)}
        for one in delegations_seen(request.actor)
    ]
    return {"rows": rows, "form": form, "may_give": may_give, "end_form": EndForm(initial={"on": today})}


@require_POST
@declare("outgoing.end_delegation")
def end_delegation(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = delegation_of(request.actor, "outgoing.end_delegation", key)
    form = EndForm(request.POST)
    day = form.cleaned_data["on"] if form.is_valid() else clock.today()
    delegating.end_delegation(request.actor, found, on=day)
    told(request, f"Việc giao ký kết thúc hết ngày {day:%d/%m/%Y}.")
    return redirect("desk-outgoing:delegations")


urlpatterns = [
    path("books/", books, name="books"),
    path("books/<uuid:key>/close/", close_book, name="close_book"),
    path("books/<uuid:key>/continue/", continue_book, name="continue_book"),
    path("delegations/", delegations, name="delegations"),
    path("delegations/<uuid:key>/end/", end_delegation, name="end_delegation"),
]
