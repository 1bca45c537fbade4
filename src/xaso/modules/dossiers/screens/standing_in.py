"""An officer is away: what that officer holds goes to a colleague, in one press."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import path

from xaso.core.accounts.models import Account
from xaso.core.accounts.queries import own_unit, posts_in
from xaso.core.screens import Answer, screen, told
from xaso.modules.dossiers.actions.processing import substitute


class StandInForm(forms.Form):
    absent = forms.ChoiceField(label="Người vắng mặt")
    stand_in = forms.ChoiceField(label="Người làm thay")

    def __init__(self, *args: Any, officers: dict[str, Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(key, account.person.full_name) for key, account in officers.items()]
        for field in ("absent", "stand_in"):
            self.fields[field].choices = [("", "– chọn –"), *named]

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if chosen.get("absent") and chosen.get("absent") == chosen.get("stand_in"):
            self.add_error("stand_in", "Người làm thay phải khác người vắng mặt.")
        return chosen


@screen("dossiers/desk/stand_in.html", permission="dossiers.substitute")
def stand_in(request: HttpRequest) -> Answer:
    """Everything open of the absent officer moves; the timeline of each dossier says so."""
    unit = own_unit(request.actor)
    officers = {str(post.account.uuid): post.account for post in posts_in(unit.path)}
    form = StandInForm(request.POST or None, officers=officers)
    if request.method == "POST" and form.is_valid():
        absent, instead = officers[form.cleaned_data["absent"]], officers[form.cleaned_data["stand_in"]]
        moved = substitute(request.actor, unit, absent=absent, stand_in=instead)
        told(request, f"Đã chuyển {moved} hồ sơ của {absent.person.full_name} cho {instead.person.full_name}.")
        return redirect("desk:home")
    return {"form": form, "unit": unit}


urlpatterns = [path("stand-in/", stand_in, name="stand_in")]
