"""Mounted at /desk/speakers/."""

from xaso.modules.speakers.screens import board, devices, notice, plays, repairs, setup

urlpatterns = [
    *board.urlpatterns,
    *devices.urlpatterns,
    *plays.urlpatterns,
    *notice.urlpatterns,
    *repairs.urlpatterns,
    *setup.urlpatterns,
]
