"""A simulator of Viettel MySign, by the analysis of its interface in our notes.

`python -m xaso.modules.signing.simulators.mysign --port 0`: a token per holder that ends after an hour, SHA-256 only,
as many documents as hashes, base64 names under 100 characters, confirmation on the phone, quota, expiry, and the
webhook with its own client credentials (`--webhook`, `--webhook-id`, `--webhook-secret`).
"""

import argparse
import re
import secrets
import sys
from typing import Any

import httpx

from xaso.modules.signing.simulators import desk
from xaso.modules.signing.simulators.desk import Desk, Document, Transaction
from xaso.modules.signing.simulators.holders import Holder
from xaso.modules.signing.simulators.serving import Asked, Simulator, Told, run
from xaso.modules.signing.simulators.writing import base64_of, digest_in, text_in

SHA256_OID, RSA_OID = "2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.1.1"
HOUR = 3600
LONGEST_NAME = 100
CODES = {desk.WAITING: "4000", desk.SIGNED: "1", desk.EXPIRED: "4001", desk.REFUSED: "4002", desk.FAILED: "4004"}
NO_TOKEN: Told = (401, {"error": "invalid_token"})
BAD: Told = (400, {"error": "invalid_request"})


class MySign(Simulator):
    title = "Viettel MySign"

    def __init__(self, state: Desk, options: argparse.Namespace) -> None:
        super().__init__(state, options)
        self.tokens: dict[str, tuple[str, float]] = {}
        self.routes = [
            (re.compile(r"/vtss/service/ras/v1/login"), self.login),
            (re.compile(r"/vtss/service/certificates/info"), self.certificates),
            (re.compile(r"/vtss/service/signHash"), self.sign),
            (re.compile(r"/vtss/service/requests/status"), self.status),
        ]

    def login(self, asked: Asked) -> Told:
        user = str(asked.body.get("user_id"))
        if not self._knows_client(asked) or asked.body.get("profile_id") != self.options.profile:
            return 401, {"error": "86024", "error_description": "Client secret is invalid"}
        if user not in self.desk.holders:
            return 401, {"error": "58008", "error_description": "User ID does not exist"}
        token = secrets.token_urlsafe(24)
        self.tokens[token] = (user, self.desk.now() + HOUR)
        return 200, {"access_token": token, "refresh_token": "", "token_type": "Bearer", "expires_in": str(HOUR)}

    def certificates(self, asked: Asked) -> Told:
        holder = self._holder(asked)
        if holder is None or asked.body.get("user_id") != holder.code:
            return NO_TOKEN
        status = {"active": "valid"}.get(holder.state, holder.state)
        certificate = {
            "status": status,
            "certificates": [base64_of(one) for one in (holder.certificate, *holder.chain)],
            "subjectDN": holder.certificate.subject.rfc4514_string(),
            "serialNumber": str(holder.certificate.serial_number),
            "validFrom": f"{holder.certificate.not_valid_before_utc:%Y%m%d%H%M%S}+0000",
            "validTo": f"{holder.certificate.not_valid_after_utc:%Y%m%d%H%M%S}+0000",
        }
        key = {"status": "enabled", "algo": [RSA_OID], "len": "2048", "curve": None}
        told = {"key": key, "cert": certificate, "authMode": "implicit", "multisign": "100", "scal": "2"}
        return 200, [told | {"credential_id": _credential(holder)}]

    def sign(self, asked: Asked) -> Told:
        holder = self._holder(asked)
        if holder is None or not self._knows_client(asked):
            return NO_TOKEN
        documents = _documents(asked.body)
        if documents is None or asked.body.get("credentialID") != _credential(holder):
            return BAD
        if holder.state != "active":
            return 400, {"status": "13004", "error": "certificate expired or revoked"}
        if holder.left is not None:
            if holder.left < len(documents):
                return 400, {"status": "4005", "error": "no quota"}
            holder.left -= len(documents)
        transaction = self.desk.open(secrets.token_hex(16), holder, documents)
        return 200, {"transactionId": transaction.code}

    def status(self, asked: Asked) -> Told:
        holder = self._holder(asked)
        if holder is None:
            return NO_TOKEN
        transaction = self.desk.known(str(asked.body.get("transactionId")))
        if transaction is None or transaction.holder is not holder:
            return BAD
        values = [base64_of(one.value) for one in transaction.documents] if transaction.state == desk.SIGNED else []
        return 200, {"status": CODES[transaction.state], "signatures": values}

    def notice_of(self, transaction: Transaction) -> tuple[str, dict[str, str], dict[str, Any]] | None:
        """First a token from the caller's own door, then the result with it."""
        if not self.options.webhook:
            return None
        mine = {"client_id": self.options.webhook_id, "client_secret": self.options.webhook_secret}
        told = httpx.post(f"{self.options.webhook}/auth", json=mine | {"grant_type": "client_credentials"}, timeout=10)
        token = told.json().get("data", {}).get("access_token", "")
        results = [{"document_id": one.name, "signature": base64_of(one.value)} for one in transaction.documents]
        code = CODES[transaction.state]
        body = {
            "meta_data": {"request_id": secrets.token_hex(8), "transaction_id": transaction.code, "status": code},
            "data": {"results": results if transaction.state == desk.SIGNED else []},
        }
        return f"{self.options.webhook}/result", {"Authorization": f"Bearer {token}"}, body

    def _knows_client(self, asked: Asked) -> bool:
        given = asked.body.get("client_id"), asked.body.get("client_secret")
        return given == (self.options.id, self.options.secret)

    def _holder(self, asked: Asked) -> Holder | None:
        user, until = self.tokens.get(asked.bearer, ("", 0.0))
        return self.desk.holders.get(user) if self.desk.now() < until else None


def _credential(holder: Holder) -> str:
    return f"{holder.code}_{holder.serial[:12]}"


def _documents(body: dict[str, Any]) -> list[Document] | None:
    hashes, named, count = body.get("hash"), body.get("documents"), body.get("numSignatures")
    if not isinstance(hashes, list) or not isinstance(named, list) or not len(hashes) == len(named) == count:
        return None
    if (body.get("hashAlgo"), body.get("signAlgo")) != (SHA256_OID, RSA_OID) or body.get("async") not in {1, 2, 3}:
        return None
    documents = []
    for text, one in zip(hashes, named, strict=True):
        digest, name = digest_in(text), str(one.get("document_name", "")) if isinstance(one, dict) else ""
        if not digest or not one.get("document_id") or not 0 < len(name) < LONGEST_NAME:
            return None
        if not re.fullmatch(r"[A-Za-z0-9_\- ]+", text_in(name)):
            return None
        documents.append(Document(str(one["document_id"]), text_in(name), digest))
    return documents


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--id", default="xaso-gia-lap")
    parser.add_argument("--secret", default="mat-khau-gia-lap")
    parser.add_argument("--profile", default="adss:ras:profile:gia-lap")
    parser.add_argument("--webhook-id", default="mysign")
    parser.add_argument("--webhook-secret", default="")


if __name__ == "__main__":
    sys.exit(run(MySign, _options, sys.argv[1:]))
