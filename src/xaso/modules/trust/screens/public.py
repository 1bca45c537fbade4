"""`/verify`: anybody checks a paper, by its file or by the code printed on it. Nothing that is sent here is kept."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import path

from xaso.core.access import PUBLIC
from xaso.core.accounts.queries import guarded
from xaso.core.screens import Answer, screen
from xaso.kit.errors import Missing
from xaso.modules.trust import queries, rules
from xaso.modules.trust.forms import CodeForm, FileForm

app_name = "trust"
FILES, CODES = 12, 20
WINDOW = timedelta(minutes=15)


@screen("trust/public/verify.html", permission=PUBLIC)
def verify(request: HttpRequest) -> Answer:
    """A code leads to its own address; a file is judged here."""
    sent = request.method == "POST"
    by_code = CodeForm(request.POST if sent and "code" in request.POST else None)
    by_file = FileForm(request.POST, request.FILES) if sent and not by_code.is_bound else FileForm()
    if by_code.is_bound and by_code.is_valid():
        code = rules.clean_code(by_code.cleaned_data["code"])
        if code:
            return redirect("trust:proof", code=code)
        by_code.add_error("code", queries.NO_PROOF)
    found = _judged(request, by_file) if by_file.is_bound and by_file.is_valid() else {}
    return {"by_code": by_code, "by_file": by_file, **found}


def _judged(request: HttpRequest, form: FileForm) -> dict[str, object]:
    # Every file counts against the limit, whatever it turns out to be: reading it is what costs.
    with guarded("verify_file", request.META["REMOTE_ADDR"], FILES, WINDOW):
        content = form.cleaned_data["file"].read()
        judgement = queries.judge_for_anybody(content)
    return {
        "judgement": judgement,
        "name": form.cleaned_data["file"].name,
        "findings": [_for_everybody(one) for one in judgement.signatures],
        "proof": queries.proof_of_content(content),
    }


@screen("trust/public/proof.html", permission=PUBLIC)
def proof(request: HttpRequest, code: str) -> Answer:
    """What the code on a paper stands for."""
    with guarded("verify_code", request.META["REMOTE_ADDR"], CODES, WINDOW) as door:
        try:
            found = queries.proof(code)
        except Missing:
            return {"found": None, "code": rules.shown_code(rules.clean_code(code)), "by_code": CodeForm()}
        door.succeeded = True
    verification = queries.latest(found.stored)
    findings = queries.findings_of(verification) if verification else []
    return {
        "found": found,
        "code": rules.shown_code(found.code),
        "fingerprint": rules.in_pairs(found.sha256),
        "verification": verification,
        "title": rules.VERDICTS[verification.verdict] if verification else "",
        "tone": rules.TONES[verification.verdict] if verification else "",
        "findings": [_for_everybody(one) for one in findings],
    }


def _for_everybody(finding: rules.Finding) -> dict[str, object]:
    """What the signature says, with the signer's personal number veiled: a public page is not where one looks it up."""
    return {
        "finding": finding,
        "holder_code": rules.veiled(finding.holder_code),
        "technical": {key: value for key, value in finding.technical.items() if key != "Người ký"},
    }


urlpatterns = [path("", verify, name="verify"), path("<str:code>/", proof, name="proof")]
