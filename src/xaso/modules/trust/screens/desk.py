"""The officer's side: what the signed files are worth, and whom this installation trusts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from xaso.core.accounts.queries import own_unit
from xaso.core.forms import refusals_on
from xaso.core.screens import Answer, declare, screen, told
from xaso.kit import subject
from xaso.modules.trust import actions, queries, rules
from xaso.modules.trust.actions.anchors import Trust
from xaso.modules.trust.certificates import MAX_BYTES, read_certificate
from xaso.modules.trust.definitions import wanted_anchors
from xaso.modules.trust.forms import CertificateForm, TrustForm, WithdrawForm

TITLE = "Chữ ký số đã kiểm tra"
ANCHORS = "Chứng thư tin cậy"


@screen("trust/desk/listed.html", permission="trust.view")
def listed(request: HttpRequest) -> Answer:
    asked = request.GET.get("ket", "")
    page = queries.listed(request.actor, asked, request.GET.get("sau", ""))
    kept = f"ket={asked}&" if asked in rules.VERDICTS else ""
    tabs = [
        {"label": label, "url": f"?ket={key}" if key else "?", "current": asked == key}
        for key, label in (("", "Tất cả"), *((key, text.capitalize()) for key, text in rules.VERDICTS.items()))
    ]
    shown = [{"row": row, "tone": rules.TONES[row.verdict], "title": rules.VERDICTS[row.verdict]} for row in page.rows]
    return {"rows": shown, "next": f"?{kept}sau={page.after}" if page.after else "", "tabs": tabs, "asked": asked}


@screen("trust/desk/verification.html", permission="trust.view")
def verification(request: HttpRequest, key: UUID) -> Answer:
    found = queries.verification(request.actor, key)
    return {
        "crumbs": [{"label": TITLE, "url": reverse("desk-trust:listed")}, {"label": found.stored.name}],
        "found": found,
        "fingerprint": rules.in_pairs(found.sha256),
        "known_as": rules.in_pairs(found.knowledge),
        "title": rules.VERDICTS[found.verdict],
        "tone": rules.TONES[found.verdict],
        "findings": queries.findings_of(found),
        "earlier": [{"row": row, "title": rules.VERDICTS[row.verdict]} for row in queries.earlier(found)],
        "belongs_to": subject.names([found.stored.subject]).get(found.stored.subject, ""),
        "may_open": request.actor.may("files.view", on=found.stored),
        "may_judge": request.actor.may("trust.verify", on=found.stored),
        "proof": queries.proof_of(found.stored),
    }


@require_POST
@declare("trust.verify")
def judge_again(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """By what is known now; the authorities are asked by the worker, not while somebody waits."""
    found = queries.verification(request.actor, key)
    made = actions.verify_file(request.actor, found.stored)
    told(request, f"Đã kiểm tra lại: {rules.VERDICTS[made.verdict]}.")
    return redirect(made)


@screen("trust/desk/anchors.html", permission="trust.add_anchor")
def anchors(request: HttpRequest) -> Answer:
    return {
        "anchors": queries.anchors(),
        "wanted": wanted_anchors(),
        "entries": queries.revocation_entries(),
        "may_add": request.actor.unit_id is not None,
    }


@screen("trust/desk/anchor_form.html", permission="trust.add_anchor")
def add_anchor(request: HttpRequest) -> Answer:
    """Two steps in one address: first the file, shown with its fingerprint; then the decision."""
    if "certificate" not in request.POST:
        upload = CertificateForm(request.POST or None, request.FILES or None)
        if not upload.is_valid():
            return _anchor_page(None, upload)
        shown = read_certificate(upload.cleaned_data["file"].read(MAX_BYTES + 1))
        return _anchor_page(shown, TrustForm.starting(shown.content, shown.valid_from))
    form = TrustForm(request.POST)
    if not form.is_valid():
        content = form.cleaned_data.get("certificate")
        return _anchor_page(read_certificate(content) if content else None, form)
    return _decided(request, form)


def _decided(request: HttpRequest, form: TrustForm) -> Answer:
    given = form.cleaned_data
    shown = read_certificate(given["certificate"])
    trust = Trust(given["purpose"], given["fingerprint"], given["trusted_from"], given["trusted_to"])
    unit = own_unit(request.actor)
    with refusals_on(form):
        made = actions.add_anchor(request.actor, unit, certificate=shown, trust=trust, reason=given["reason"])
        told(request, f"Đã thêm {made.subject}. Các tệp chưa kết luận được sẽ được kiểm tra lại.")
        return redirect("desk-trust:anchors")
    return _anchor_page(shown, form)


def _anchor_page(shown: Any, form: Any) -> dict[str, Any]:
    crumbs = [{"label": ANCHORS, "url": reverse("desk-trust:anchors")}, {"label": "Thêm chứng thư"}]
    return {"shown": shown, "form": form, "crumbs": crumbs}


@screen("trust/desk/anchor.html", permission="trust.add_anchor")
def anchor(request: HttpRequest, key: UUID) -> Answer:
    found = queries.anchor(key)
    may_withdraw = found.withdrawn_at is None and request.actor.may("trust.withdraw_anchor", on=found)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.withdraw_anchor(request.actor, found, reason=given["reason"], trusted_to=given["trusted_to"])
        told(request, f"Đã rút {found.subject}.")
        return redirect("desk-trust:anchors")
    return {
        "crumbs": [{"label": ANCHORS, "url": reverse("desk-trust:anchors")}, {"label": found.subject}],
        "anchor": found,
        "form": form if may_withdraw else None,
    }


def signatures_panel(request: HttpRequest, thing: Any) -> dict[str, Any] | None:
    """The signed files of a thing and what they are worth, for its own page."""
    if not request.actor.may("trust.view"):
        return None
    found = queries.verifications_of(subject.ref(thing))
    if not found or not request.actor.may("trust.view", on=found[0]):
        return None
    rows = [{"row": row, "tone": rules.TONES[row.verdict], "title": rules.VERDICTS[row.verdict]} for row in found]
    return {"template": "trust/parts/signatures.html", "rows": rows}


urlpatterns = [
    path("", listed, name="listed"),
    path("ket-qua/<uuid:key>/", verification, name="verification"),
    path("ket-qua/<uuid:key>/kiem-tra-lai/", judge_again, name="judge_again"),
    path("chung-thu/", anchors, name="anchors"),
    path("chung-thu/them/", add_anchor, name="add_anchor"),
    path("chung-thu/<uuid:key>/", anchor, name="anchor"),
]
