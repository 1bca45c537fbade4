"""Lists that stay as fast on the thousandth page: newest first, continued after the last row seen."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest

SIZE = 30
LONGEST_KEY = 18
"""Digits that fit a key of either database; a longer address was made up."""


def page(request: HttpRequest, rows: QuerySet[Any], size: int = SIZE) -> tuple[list[Any], str]:
    """One page by descending id and the address of the next one, or empty."""
    before = request.GET.get("truoc", "")
    if before.isascii() and before.isdecimal() and len(before) <= LONGEST_KEY:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: size + 1])
    if len(found) <= size:
        return found, ""
    kept = {key: value for key, value in request.GET.items() if key != "truoc"}
    return found[:size], "?" + urlencode(kept | {"truoc": found[size - 1].pk})
