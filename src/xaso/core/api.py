"""`@operation`: the one way to answer a machine. The counterpart of `@screen`, with the same permissions.

A refusal is raised, never returned: `faces/api` turns it into a problem document (RFC 9457) with the same sentence.
"""

import functools
import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from pydantic import BaseModel

from xaso.core.access import PUBLIC
from xaso.core.access.queries import FORBIDDEN
from xaso.kit.errors import Forbidden, Refused

KEY_HEADER = "Idempotency-Key"
_KEY = re.compile(r"[\x21-\x7e]{1,50}")
JSON = "application/json"


class Invalid(Exception):
    """What was sent does not fit: a Vietnamese sentence per path (`applicant.full_name`)."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(f"{path}: {sentence}" for path, sentence in errors.items()))
        self.errors = errors


class Unknown(Refused):
    """No token, or one nobody knows."""


class TooMany(Refused):
    """Too many bad tokens from this address."""


def operation(
    *, permission: str, instead: str = "", takes_key: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare who may call: the permission is also the scope the token needs. It stands under the router's decorator.

    `instead`: another permission that opens the door as well; the action behind it asks for the right one.
    `takes_key`: the caller may send an idempotency key, and the document says so.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def view(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            by = request.actor
            if permission != PUBLIC and not by.may(permission) and not (instead and by.may(instead)):
                raise Forbidden(FORBIDDEN)
            return function(request, *args, **kwargs)

        view.permission = permission
        view.takes_key = takes_key
        return view

    return decorate


def answer(body: BaseModel, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponseBase:
    """The body as JSON, written once by pydantic itself; the operation declares the same class for the document."""
    content = body.__pydantic_serializer__.to_json(body)
    length = {"Content-Length": str(len(content))}
    return HttpResponse(content, status=status, content_type=JSON, headers=length | (headers or {}))


def idempotency_key(request: HttpRequest) -> str | None:
    """The caller's key, apart from everybody else's. Raises Invalid."""
    given = request.headers.get(KEY_HEADER)
    if given is None:
        return None
    if not _KEY.fullmatch(given):
        raise Invalid({KEY_HEADER: "Khoá chống gửi trùng gồm 1–50 ký tự không dấu, không có khoảng trắng."})
    return f"api:{request.actor.account_id}:{given}"
