"""The check of a document's form, and the list of kinds. Nothing that is uploaded here is kept."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import path, reverse

from xaso.core.screens import Answer, screen
from xaso.modules.layouts.forms import CheckForm
from xaso.modules.layouts.queries import Fault, Kind, check, kinds, layout_on

NEEDS = {"required": "phải có", "usual": "thường có", "none": "không"}


@screen("layouts/desk/check.html", permission="layouts.check")
def checked(request: HttpRequest) -> Answer:
    form = CheckForm(request.POST, request.FILES) if request.method == "POST" else CheckForm()
    answer: dict[str, object] = {"form": form, "kinds_url": reverse("desk-layouts:kinds"), "layout": layout_on(None)}
    if form.is_bound and form.is_valid():
        uploaded = form.cleaned_data["file"]
        faults = check(uploaded.read(), uploaded.content_type or "", form.cleaned_data["kind"])
        return answer | {"name": uploaded.name, **_grouped(faults)}
    return answer


def _grouped(faults: list[Fault]) -> dict[str, object]:
    unjudged = [one for one in faults if one.code == "unjudged"]
    must = [one for one in faults if one.severity == "must"]
    should = [one for one in faults if one.severity == "should" and one.code != "unjudged"]
    groups = (("Phải sửa", "bad", must), ("Nên sửa", "warn", should))
    return {
        "groups": [(title, tone, found) for title, tone, found in groups if found],
        "unjudged": unjudged,
        "must": len(must),
        "should": len(should),
    }


@screen("layouts/desk/kinds.html", permission="layouts.check")
def listed(request: HttpRequest) -> Answer:
    del request
    known = list(kinds().values())
    return {
        "kinds": [_row(one) for one in known if not one.is_copy],
        "copies": [_row(one) for one in known if one.is_copy],
        "layout": layout_on(None),
        "legal_basis": known[0].legal_basis,
        "valid_from": known[0].valid_from,
        "to_verify": known[0].to_verify,
        "crumbs": [{"label": "Kiểm tra thể thức", "url": reverse("desk-layouts:check")}, {"label": "Loại văn bản"}],
    }


def _row(kind: Kind) -> dict[str, str]:
    issuer = f"{kind.abbreviation}-UBND" if kind.named else "UBND-VP"
    return {
        "title": kind.title,
        "abbreviation": kind.abbreviation or "không có",
        "symbol": f"07/{issuer}" if kind.numbered else "không đánh số",
        "bases": NEEDS[kind.bases],
        "addressees": NEEDS[kind.addressees],
        "body": "theo điều" if kind.body == "articles" else "tự do",
        "form": kind.form,
    }


urlpatterns = [path("", checked, name="check"), path("kinds/", listed, name="kinds")]
