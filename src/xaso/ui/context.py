"""What every page knows about how it should look."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

LARGE_TEXT_COOKIE = "chu_lon"


def ui(request: HttpRequest) -> dict[str, Any]:
    large = request.COOKIES.get(LARGE_TEXT_COOKIE) == "1"
    # A page answered to POST has no address to come back to with GET; the form page has the same path.
    here = request.get_full_path() if request.method == "GET" else request.path
    toggle = urlencode({"co": "thuong" if large else "lon", "next": here})
    return {"large_text": large, "text_size_url": f"{reverse('ui:text_size')}?{toggle}"}
