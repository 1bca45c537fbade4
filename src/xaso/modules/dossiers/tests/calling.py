"""Calling the API as a machine does."""

import secrets
from typing import Any

from django.test import Client

from xaso.core.access import Actor
from xaso.core.access.roles import roles
from xaso.core.accounts.models import ApiToken
from xaso.core.accounts.queries import digest_of_key
from xaso.modules.dossiers.tests.factories import MARITAL

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
        return self.post("", marital(**more), key)


LAN = {
    "full_name": "Nguyễn Thị Lan", "personal_id": "026185001234", "birth_on": "1985-03-08", "sex": "female",
    "phone": "0912 345 601", "address": "Thôn 3, xã Ngũ Kiên",
}  # fmt: skip
PLACE = {"line": "Số 5", "village": "Thôn 3", "commune": "Ngũ Kiên", "province": "Vĩnh Phúc"}
PERSON = {
    "full_name": "Nguyễn Thị Lan", "personal_id": "026185001234", "birth_on": "08/03/1985", "sex": "female",
    "address": PLACE,
}  # fmt: skip
ANSWERS = {
    "applicant": PERSON, "phone": "0912345601", "relation": "self", "person": PERSON, "status": "never",
    "purpose": "house", "reissue": "no", "receive_by": "counter", "pledge": True,
}  # fmt: skip


def marital(**more: Any) -> dict[str, Any]:
    """A certificate of marital status for lan, as a machine sends it; `applicant` and `answers` add to hers."""
    body = {
        "procedure": MARITAL,
        "papers": [{"key": "to_khai", "originals": 1}, {"key": "giay_to_tuy_than", "from_data": True}],
    }
    return body | more | {"applicant": LAN | more.get("applicant", {}), "answers": ANSWERS | more.get("answers", {})}
