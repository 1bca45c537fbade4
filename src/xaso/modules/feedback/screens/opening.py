"""What everybody may read: published reports, and a finished quarter in numbers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.urls import path

from xaso.core.access import PUBLIC
from xaso.core.paging import page as paged
from xaso.core.screens import Answer, declare, screen
from xaso.core.units.queries import communes
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.modules.feedback.definitions import desk
from xaso.modules.feedback.queries.public import public_of, public_photos, public_report, statistics
from xaso.modules.feedback.queries.reports import villages_of
from xaso.modules.feedback.screens.reporting import commune_asked
from xaso.modules.feedback.screens.shared import NO_PHOTO, photo_answer, photo_in

SIZE = 15
CHOOSE = {"unit": None}


@screen("feedback/portal/published.html", permission=PUBLIC)
def published(request: HttpRequest) -> Answer:
    """By category and village, newest first."""
    unit = commune_asked(request)
    if unit is None:
        return CHOOSE | {"communes": communes(clock.today())}
    category, village = request.GET.get("loai", "")[:20], request.GET.get("thon", "")[:20]
    rows, following = paged(request, public_of(unit, category, village), SIZE)
    shown: dict[int, list[Any]] = public_photos(rows)
    return {
        "unit": unit, "rows": [(one, shown[one.pk]) for one in rows], "next": following, "category": category,
        "village": village, "categories": [one for one in desk().categories if not one.confidential],
        "villages": villages_of(unit),
    }  # fmt: skip


@screen("feedback/portal/public.html", permission=PUBLIC)
def public(request: HttpRequest, key: UUID) -> Answer:
    del request
    one = public_report(key)
    return {"report": one, "photos": public_photos([one])[one.pk]}


@declare(PUBLIC)
def public_photo(request: HttpRequest, key: UUID, photo: UUID) -> HttpResponseBase:
    """An approved picture of a published report; one that nobody approved is as missing as any other."""
    del request
    found = photo_in(public_report(key), photo)
    if not found.is_public:
        raise Missing(NO_PHOTO)
    return photo_answer(found, public=True)


@screen("feedback/portal/statistics.html", permission=PUBLIC)
def numbers(request: HttpRequest) -> Answer:
    unit = commune_asked(request)
    if unit is None:
        return CHOOSE | {"communes": communes(clock.today())}
    return {"unit": unit, "found": statistics(unit, clock.today()), "smallest": desk().public.smallest}


urlpatterns = [
    path("cong-khai/", published, name="published"),
    path("cong-khai/<uuid:key>/", public, name="public"),
    path("cong-khai/<uuid:key>/anh/<uuid:photo>/", public_photo, name="public_photo"),
    path("so-lieu/", numbers, name="statistics"),
]
