"""The board on the wall of the hall: numbers only, so everybody may open it."""

from django.http import HttpRequest
from django.urls import path

from xaso.core.access import PUBLIC
from xaso.core.screens import Answer, screen
from xaso.core.units.queries import unit_by_code
from xaso.kit import clock
from xaso.modules.queueing.queries import wall_of


@screen("queueing/portal/display.html", permission=PUBLIC, partials=("board",))
def display(request: HttpRequest, code: str) -> Answer:
    del request
    unit = unit_by_code(code, clock.today())
    return {"unit": unit, "wall": wall_of(unit.path)}


urlpatterns = [path("display/<str:code>/", display, name="display")]
