"""Calling the API as a machine does."""

import secrets
from typing import Any

from django.test import Client

from xaso.core.access import Actor
from xaso.core.access.roles import roles
from xaso.core.accounts.models import ApiToken
from xaso.core.accounts.queries import digest_of_key
from xaso.modules.dossiers.tests.factories import COPY

URL = "/api/v1/dossiers/"


class Machine:
    """A caller with a token of this officer; all of the officer's permissions unless scopes are named."""

    def __init__(self, officer: Actor, *scopes: str) -> None:
        key = "xaso_" + secrets.token_urlsafe(24)
        allowed = scopes or tuple({name for grant in officer.grants for name in roles().get(grant.role, {})})
        self.token = ApiToken.objects.create(
            name="thử", digest=digest_of_key(key), account_id=officer.account_id, scopes=list(allowed)
        )
        self.client = Client(headers={"Authorization": f"Bearer {key}"}, raise_request_exception=False)

    def get(self, path: str = "", **query: Any) -> Any:
        return self.client.get(URL + path, query)

    def post(self, path: str, body: Any = None, key: str = "") -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return self.client.post(URL + path, body or {}, content_type="application/json", headers=headers)

    def create(self, *, key: str = "", **more: Any) -> Any:
        return self.post("", copy_of(**more), key)


def copy_of(**more: Any) -> dict[str, Any]:
    """A certified copy for lan, as a machine sends it."""
    applicant = {
        "full_name": "Nguyễn Thị Lan", "personal_id": "026185001234", "birth_on": "1985-03-08", "sex": "female",
        "phone": "0912 345 601", "address": "Thôn 3, xã Ngũ Kiên",
    }  # fmt: skip
    body = {
        "procedure": COPY,
        "applicant": applicant | more.pop("applicant", {}),
        "papers": [{"key": key, "originals": 1} for key in PAPERS],
        "counts": {"pages": 2},
    }
    return body | more


PAPERS: tuple[str, ...] = ("original", "copy")
