"""Papers on the officer's desk."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from xaso.core.screens import declare
from xaso.modules.papers import actions, queries
from xaso.modules.papers.screens.sheets import PERMISSION, sheet


@declare(PERMISSION)
def download(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return sheet(request, uuid)


@require_POST
@declare("papers.reprint")
def reprint(request: HttpRequest, uuid: UUID) -> HttpResponse:
    again = actions.reprint_paper(request.actor, queries.paper(uuid))
    return redirect("desk-papers:download", uuid=again.uuid)


urlpatterns = [
    path("<uuid:uuid>.pdf", download, name="download"),
    path("<uuid:uuid>/in-lai", reprint, name="reprint"),
]
