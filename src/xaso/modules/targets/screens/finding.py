"""Rows an address names, as far as the reader may see them, and what screens share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest

from xaso.core.access import Actor, visible
from xaso.core.files.queries import files_of
from xaso.core.files.receiving import Received, receive_upload
from xaso.kit import clock, subject
from xaso.kit.errors import Missing
from xaso.modules.targets.models import BudgetLine, Conclusion, Plan, Target, Task
from xaso.modules.targets.queries import conclusions_seen, plans_seen, tasks_seen

ACCEPTED = ("pdf", "image", "docx", "xlsx")


def plan_named(by: Actor, key: UUID) -> Plan:
    found = plans_seen(by).filter(uuid=key).first()
    if found is None:
        raise Missing("Không tìm thấy kế hoạch này ở đơn vị của bạn.")
    return found


def target_named(by: Actor, key: UUID) -> Target:
    rows = Target.objects.select_related("plan__unit", "head__account__person", "replaces", "replaced_by")
    found = visible(by, "targets.view", rows).filter(uuid=key).first()
    if found is None:
        raise Missing("Không tìm thấy chỉ tiêu này ở đơn vị của bạn.")
    return found


def task_named(by: Actor, key: UUID) -> Task:
    found = tasks_seen(by).select_related("conclusion", "parent").filter(uuid=key).first()
    if found is None:
        raise Missing("Không tìm thấy nhiệm vụ này ở đơn vị của bạn.")
    return found


def conclusion_named(by: Actor, key: UUID) -> Conclusion:
    found = conclusions_seen(by).filter(uuid=key).first()
    if found is None:
        raise Missing("Không tìm thấy kết luận này ở đơn vị của bạn.")
    return found


def line_named(by: Actor, key: UUID) -> BudgetLine:
    found = visible(by, "targets.view", BudgetLine.objects.select_related("plan__unit")).filter(uuid=key).first()
    if found is None:
        raise Missing("Không tìm thấy khoản kinh phí này ở đơn vị của bạn.")
    return found


def asked_year(request: HttpRequest) -> int:
    typed = request.GET.get("nam", "")
    return int(typed) if typed.isdecimal() and 2000 <= int(typed) <= 2100 else clock.today().year


def years_around(year: int, url: str = "") -> list[dict[str, Any]]:
    """Tabs: the year before, the year shown, the year after."""
    return [
        {"label": f"Năm {one}", "url": f"{url}?nam={one}", "current": one == year} for one in range(year - 1, year + 2)
    ]


def received(form: forms.Form) -> Received | None:
    """The file of a form, safely stored before anything is written."""
    upload = form.cleaned_data.get("file")
    return receive_upload(upload, ACCEPTED) if upload else None


def files_shown(thing: Any) -> list[dict[str, Any]]:
    return [
        {"name": one.name, "url": one.get_absolute_url(), "size": one.size, "note": ""}
        for one in files_of(subject.ref(thing))
    ]
