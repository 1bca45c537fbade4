"""The one loader: units and calendars first, then what each module declares, lowest module first."""

from collections.abc import Callable

from django.conf import settings

from xaso.core.access.roles import roles
from xaso.core.deadlines import calendar
from xaso.core.measures.counting import rebuild_changed
from xaso.core.numbering.schemes import scheme_for
from xaso.core.units.actions import load_units
from xaso.kit import clock
from xaso.kit.module import modules


def load_content(say: Callable[[str], object] = lambda _: None) -> None:
    """Everything content declares. Raises ContentFault naming file, line and what to mend."""
    roles()
    calendar.load(tuple(folder / "calendar" for folder in settings.CONTENT_DIRS))
    scheme_for("dossier", clock.today())
    counts = load_units(demo=settings.DEMO)
    say(f"đơn vị: {counts['units']} thay đổi, kế thừa: {counts['successions']} thêm")
    for module in modules():
        for loader in module.content:
            loader()
            say(f"{module.title}: xong")
    for family in rebuild_changed():
        say(f"đếm lại số liệu: {family}")
