"""The one view of the design system besides the gallery: the size of text."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from xaso.ui.context import LARGE_TEXT_COOKIE

ONE_YEAR = 365 * 24 * 3600


def text_size(request: HttpRequest) -> HttpResponse:
    """Remember large or normal text on this device, then go back to the page the person was on."""
    asked = request.POST if request.method == "POST" else request.GET
    back = asked.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    if asked.get("co") == "lon":
        response.set_cookie(
            LARGE_TEXT_COOKIE, "1", max_age=ONE_YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
        )
    else:
        response.delete_cookie(LARGE_TEXT_COOKIE, samesite="Lax")
    return response
