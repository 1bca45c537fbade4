"""Three boxes and a red button, for the one who is on duty; then one question, and it is out."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import path

from xaso.core.accounts.queries import own_unit
from xaso.core.forms import refusals_on
from xaso.core.screens import Answer, screen
from xaso.modules.bulletins.actions.emergency import send_emergency
from xaso.modules.bulletins.forms import EmergencyForm
from xaso.modules.bulletins.queries import preview
from xaso.modules.bulletins.queries.places import places_under
from xaso.modules.bulletins.screens.finding import to_page
from xaso.modules.speakers import queries as speakers

PERMISSION = "bulletins.send_emergency"


@screen("bulletins/desk/emergency.html", permission=PERMISSION)
def emergency(request: HttpRequest) -> Answer:
    """First the boxes, then what would happen with one button. Both answers carry what was typed."""
    by = request.actor
    unit = own_unit(by, PERMISSION)
    form = EmergencyForm(
        request.POST or None, places=places_under(unit), initial={"channels": preview.open_channels(unit)}
    )
    asked = False
    if request.method == "POST" and form.is_valid():
        kept = form.cleaned_data
        paths = kept["unit_paths"] or [unit.path]
        if not kept["channels"]:
            form.add_error("channels", "Hãy chọn ít nhất một kênh.")
        elif "confirmed" in request.POST:
            with refusals_on(form):
                made = send_emergency(
                    by,
                    unit,
                    title=kept["title"],
                    text=kept["text"],
                    reason=kept["reason"],
                    unit_paths=paths,
                    channels=kept["channels"],
                )
                return to_page(request, made, "Đã gửi tin khẩn cấp. Lãnh đạo thấy tin này ở trang đầu để xem xét sau.")
        else:
            asked = True
    return {
        "form": form,
        "unit": unit,
        "asked": asked,
        "devices": speakers.devices_under([unit.path]).count(),
    }


urlpatterns = [path("khan-cap/", emergency, name="emergency")]
