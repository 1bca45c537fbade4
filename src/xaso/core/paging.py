"""One page of a list for a screen, and the address of the next one."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest

from xaso.kit.pages import newest

SIZE = 30


def page(request: HttpRequest, rows: QuerySet[Any], size: int = SIZE) -> tuple[list[Any], str]:
    """By descending id; the address is empty at the end."""
    found = newest(rows, request.GET.get("truoc", ""), size)
    if not found.after:
        return found.rows, ""
    kept = {key: value for key, value in request.GET.items() if key != "truoc"}
    return found.rows, "?" + urlencode(kept | {"truoc": found.after})
