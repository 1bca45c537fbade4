"""Every URL: the faces, and each module's screens under the face they belong to."""

from importlib.util import find_spec

from django.urls import include, path

from xaso.config.modules import MODULES
from xaso.faces.api.urls import api

FACES = ("portal", "desk", "cockpit")


def _screens(face: str) -> list:
    return [
        path(f"{face}/{name}/", include((f"xaso.modules.{name}.screens.{face}", name), namespace=f"{face}-{name}"))
        for name in MODULES
        if find_spec(f"xaso.modules.{name}.screens") and find_spec(f"xaso.modules.{name}.screens.{face}")
    ]


urlpatterns = [
    path("", include("xaso.faces.portal.urls")),
    path("desk/", include("xaso.faces.desk.urls")),
    path("cockpit/", include("xaso.faces.cockpit.urls")),
    path("ui/", include("xaso.ui.urls")),
    path("tai-khoan/", include("xaso.core.accounts.urls")),
    path("tep/", include("xaso.core.files.urls")),
    path("tim-kiem/", include("xaso.core.search.urls")),
    path("verify/", include("xaso.modules.trust.screens.public")),
    path("", include("xaso.modules.push.screens.app")),
    path("api/", api.urls),
    *(pattern for face in FACES for pattern in _screens(face)),
]

handler403 = "xaso.core.screens.forbidden"
handler404 = "xaso.core.screens.not_found"
handler500 = "xaso.core.screens.server_error"
