"""Files and printed papers of a thing laid before somebody to sign: a panel on its own page. Mounted by desk.py."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from xaso.core.access import require
from xaso.core.access.roles import roles
from xaso.core.accounts.models import Account
from xaso.core.accounts.queries import posts_in
from xaso.core.files.models import StoredFile
from xaso.core.files.queries import file as stored_file
from xaso.core.files.queries import files_of, files_of_many
from xaso.core.screens import declare, told
from xaso.core.units.queries import unit_at
from xaso.kit import subject
from xaso.kit.errors import Refused
from xaso.kit.sure import sure
from xaso.modules.papers import queries as papers
from xaso.modules.papers.actions import sheet_of as make_sheet
from xaso.modules.signing import actions, rules
from xaso.modules.signing import queries as signing
from xaso.modules.signing.forms import AskForm

PDF = "application/pdf"
SIGNERS = frozenset({"leader", "head"})


def signers_in(unit_path: str) -> list[Account]:
    """Who signs for the unit: its leaders and heads with an open account."""
    may = {role for role in SIGNERS if "signing.sign_person" in roles().get(role, {})}
    found = {post.account_id: post.account for post in posts_in(unit_path) if post.role in may}
    return list(found.values())


def signing_panel(request: HttpRequest, thing: Any) -> dict[str, Any] | None:
    """PDF files and papers of a thing that no newer signed one left behind, with what can be done with each."""
    by = request.actor
    if not request.path.startswith("/desk/") or not by.may("signing.ask_to_sign", on=thing):
        return None
    reference = subject.ref(thing)
    files = [one for one in files_of(reference) if one.media_type == PDF]
    printed = [one for one in papers.papers_of(reference) if one.sha256 not in {file.blob_id for file in files}]
    sheets = files_of_many(subject.ref(one) for one in printed)
    files += [file for found in sheets.values() for file in found]
    if not files and not printed:
        return None
    unprinted = [one for one in printed if one.file_id is None]
    return {"template": "signing/parts/panel.html", **_rows(request, files, unprinted, thing.unit_path)}


def _rows(
    request: HttpRequest, files: list[StoredFile], unprinted: list[papers.PrintedPaper], unit_path: str
) -> dict[str, Any]:
    latest = signing.latest_by_file(files)
    asked = signing.open_asks(files)
    rows: list[dict[str, Any]] = [
        {"file": one, "paper": None, "request": latest.get(one.pk), "ask": asked.get(one.pk)}
        for one in files
        if one.pk not in latest or latest[one.pk].state != rules.SIGNED
    ]
    rows += [{"file": None, "paper": one, "request": None, "ask": None} for one in unprinted]
    return {"rows": rows, "officers": signers_in(unit_path), "back": request.get_full_path()}


@require_POST
@declare("signing.ask_to_sign")
def lay(request: HttpRequest) -> HttpResponseBase:
    """Only a file of a unit where this officer may; the file's own door is asked too."""
    by = request.actor
    file = _asked_for(request)
    require(by, "files.view", file)
    require(by, "signing.ask_to_sign", file)
    form = AskForm(request.POST, officers=signers_in(file.unit_path))
    if not form.is_valid():
        raise Refused("Người này không ký được cho đơn vị. Hãy tải lại trang và chọn người ký trong danh sách.")
    signer = form.cleaned_data["signer"]
    role = rules.PERSON if signer else rules.AGENCY
    actions.ask_to_sign(by, unit_at(file.unit_path), file=file, role=role, subject=file.subject, signer=signer)
    told(request, f"Đã trình “{file.name}” để ký.")
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if safe else "desk-signing:index")


def _asked_for(request: HttpRequest) -> StoredFile:
    """A file, or the sheet of a paper: made now when nobody has printed it yet."""
    given, paper = request.POST.get("file", ""), request.POST.get("paper", "")
    if not _is_uuid(paper):
        return stored_file(UUID(given) if _is_uuid(given) else UUID(int=0))
    asked = papers.paper(UUID(paper))
    require(request.actor, "papers.view", asked)
    make_sheet(request.actor, asked)
    asked.refresh_from_db()
    return papers.signed_sheet(asked) or sure(asked.file)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@require_POST
@declare("signing.take_back")
def take_back(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    actions.take_back(request.actor, signing.ask(request.actor, uuid))
    told(request, "Đã rút đề nghị ký.")
    return redirect("desk-signing:mine")


urlpatterns = [
    path("trinh/", lay, name="lay"),
    path("trinh/<uuid:uuid>/rut/", take_back, name="take_back"),
]
