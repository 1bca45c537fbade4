"""A resident's own papers."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path

from xaso.core.screens import declare
from xaso.modules.papers.screens.sheets import PERMISSION, sheet


@declare(PERMISSION)
def download(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return sheet(request, uuid)


urlpatterns = [path("<uuid:uuid>.pdf", download, name="download")]
