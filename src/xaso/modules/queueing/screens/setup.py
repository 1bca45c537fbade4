"""The counters of a unit, kept by its administrator."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from xaso.core.accounts.queries import own_unit
from xaso.core.screens import Answer, declare, screen, told
from xaso.modules.procedures import queries as procedures
from xaso.modules.queueing import actions
from xaso.modules.queueing.forms import CounterForm
from xaso.modules.queueing.models import Counter
from xaso.modules.queueing.queries import counter as counter_of
from xaso.modules.queueing.queries import counters_of, fields_served


@screen("queueing/desk/counters.html", permission="queueing.manage")
def counters(request: HttpRequest) -> Answer:
    unit = own_unit(request.actor)
    return {"counters": counters_of(unit.path), "unit": unit}


@screen("queueing/desk/counter_form.html", permission="queueing.manage")
def new_counter(request: HttpRequest) -> Answer:
    unit = own_unit(request.actor)
    numbers = [one.number for one in counters_of(unit.path)]
    fresh = Counter(unit=unit, unit_path=unit.path, number=max(numbers, default=0) + 1)
    return _form(request, fresh)


@screen("queueing/desk/counter_form.html", permission="queueing.manage")
def edit_counter(request: HttpRequest, key: UUID) -> Answer:
    return _form(request, counter_of(request.actor, "queueing.manage", key))


def _form(request: HttpRequest, counter: Counter) -> Answer:
    known = list(dict.fromkeys([*procedures.fields(), *fields_served([counter])]))
    initial = {"number": counter.number, "label": counter.label, "served": counter.fields}
    form = CounterForm(request.POST or None, initial=initial, fields_known=known)
    if form.is_valid():
        chosen = form.cleaned_data
        saved = actions.manage_counter(
            request.actor, counter, number=chosen["number"], label=chosen["label"], fields=chosen["served"]
        )
        told(request, f"Đã lưu quầy {saved.number}.")
        return redirect("desk-queueing:counters")
    return {"form": form, "counter": counter}


@require_POST
@declare("queueing.manage")
def retire(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = actions.retire_counter(request.actor, counter_of(request.actor, "queueing.manage", key))
    told(request, f"Quầy {found.number} đã ngừng sử dụng.")
    return redirect("desk-queueing:counters")
