"""Who calls: a bearer token, looked up in one statement. Wrong tokens are counted by address."""

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from xaso.core.access import Actor
from xaso.core.accounts.queries import actor_of_token, guarded
from xaso.core.api import TooMany, Unknown
from xaso.kit.errors import Refused

WRONG_TOKENS = 30
UNKNOWN = "Thiếu khoá kết nối, hoặc khoá sai, hết hạn hay đã thu hồi. Hãy gửi tiêu đề Authorization: Bearer <khoá>."


class Token(HttpBearer):
    """`Authorization: Bearer xaso_…`. Scopes narrow what the account behind the token may do."""

    def __call__(self, request: HttpRequest) -> Any:
        found = super().__call__(request)
        if found is None:
            raise Unknown(UNKNOWN)
        return found

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        actor = actor_of_token(token)
        if actor is None:
            self._count_wrong(request)
            raise Unknown(UNKNOWN)
        request.actor = actor
        return actor

    def _count_wrong(self, request: HttpRequest) -> None:
        try:
            with guarded("api.token", request.META["REMOTE_ADDR"], WRONG_TOKENS):
                pass
        except Refused as refusal:
            raise TooMany(refusal.message) from refusal
