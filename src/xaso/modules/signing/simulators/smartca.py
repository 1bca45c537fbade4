"""A simulator of VNPT SmartCA for third parties, version 1, by the published description of that interface.

`python -m xaso.modules.signing.simulators.smartca --port 0`: credentials of the caller, known holder and serial, hash
signing only, a transaction id taken once, confirmation on the phone, expiry. The words REJECTED and EXPIRED are ours.
"""

import argparse
import re
import sys
from typing import Any

from xaso.modules.signing.simulators import desk
from xaso.modules.signing.simulators.desk import Desk, Document, Transaction
from xaso.modules.signing.simulators.serving import Asked, Simulator, Told, run
from xaso.modules.signing.simulators.writing import base64_of

WORDS = {desk.REFUSED: "REJECTED", desk.EXPIRED: "EXPIRED", desk.FAILED: "FAILED"}
STATUSES = {"active": "Đang hoạt động", "expired": "Hết hạn", "revoked": "Thu hồi"}
HASH = re.compile(r"[0-9a-f]{64}")


def _told(code: int, message: str, data: Any = None) -> Told:
    return code, {"status_code": code, "message": message, "data": data}


class SmartCa(Simulator):
    title = "VNPT SmartCA"

    def __init__(self, state: Desk, options: argparse.Namespace) -> None:
        super().__init__(state, options)
        self.routes = [
            (re.compile(r"/v1/credentials/get_certificate"), self.certificates),
            (re.compile(r"/v1/signatures/sign"), self.sign),
            (re.compile(r"/v1/signatures/sign/(?P<name>[\w-]{1,64})/status"), self.status),
        ]

    def certificates(self, asked: Asked) -> Told:
        if not self._may(asked):
            return _told(401, "SP_CREDENTIAL_INVALID")
        holder = self.desk.holders.get(str(asked.body.get("user_id")))
        if holder is None:
            return _told(400, "USER_NOT_FOUND")
        chain = [base64_of(one) for one in holder.chain] + [None, None]
        return _told(
            200,
            "Success",
            {
                "user_certificates": [
                    {
                        "service_type": "SMARTCA",
                        "cert_id": holder.serial,
                        "cert_status": STATUSES[holder.state],
                        "serial_number": holder.serial,
                        "cert_subject": holder.certificate.subject.rfc4514_string(),
                        "cert_valid_from": f"{holder.certificate.not_valid_before_utc:%Y-%m-%dT%H:%M:%SZ}",
                        "cert_valid_to": f"{holder.certificate.not_valid_after_utc:%Y-%m-%dT%H:%M:%SZ}",
                        "cert_data": base64_of(holder.certificate),
                        "chain_data": {"ca_cert": chain[0], "root_cert": chain[1]},
                        "transaction_id": asked.body.get("transaction_id"),
                    }
                ]
            },
        )

    def sign(self, asked: Asked) -> Told:
        if not self._may(asked):
            return _told(401, "SP_CREDENTIAL_INVALID")
        holder = self.desk.holders.get(str(asked.body.get("user_id")))
        name = str(asked.body.get("transaction_id", ""))
        if holder is None or not re.fullmatch(r"[\w-]{1,64}", name):
            return _told(400, "BAD_REQUEST")
        if self.desk.known(name):
            return _told(400, "TRANSACTION_ID_EXISTED")
        if asked.body.get("serial_number", holder.serial) != holder.serial or holder.state != "active":
            return _told(403, "CREDENTIAL_STATUS_INVALID")
        if (documents := _documents(asked.body)) is None:
            return _told(400, "BAD_REQUEST")
        transaction = self.desk.open(name, holder, documents)
        return _told(200, "sig_wait_for_user_confirm", {"transaction_id": name, "tran_code": transaction.code})

    def status(self, asked: Asked, name: str) -> Told:
        del asked  # by the published description this question carries no credentials
        transaction = self.desk.known(name)
        if transaction is None:
            return _told(400, "TRANSACTION_NOT_FOUND")
        if transaction.state == desk.WAITING:
            return _told(200, "sig_wait_for_user_confirm", {"transaction_id": transaction.name, "signatures": None})
        if transaction.state != desk.SIGNED:
            return _told(200, WORDS[transaction.state], {"transaction_id": transaction.name, "signatures": None})
        return _told(200, "SUCCESS", {"transaction_id": transaction.name, "signatures": _values(transaction)})

    def notice_of(self, transaction: Transaction) -> tuple[str, dict[str, str], dict[str, Any]] | None:
        if not self.options.webhook:
            return None
        word = WORDS.get(transaction.state, "SUCCESS")
        files = _values(transaction) if transaction.state == desk.SIGNED else []
        body = {"sp_id": self.options.id, "status_code": 200, "message": word, "transaction_id": transaction.name}
        return self.options.webhook, {}, body | {"signed_files": files}

    def _may(self, asked: Asked) -> bool:
        given = asked.body.get("sp_id"), asked.body.get("sp_password")
        return given == (self.options.id, self.options.password)


def _documents(body: dict[str, Any]) -> list[Document] | None:
    listed = body.get("sign_files")
    if not isinstance(listed, list) or not 0 < len(listed) <= 100:
        return None
    documents = []
    for one in listed:
        text = str(one.get("data_to_be_signed")) if isinstance(one, dict) else ""
        if not HASH.fullmatch(text) or one.get("sign_type") != "hash" or not one.get("doc_id"):
            return None
        title = str(body.get("transaction_desc") or one["doc_id"])
        documents.append(Document(str(one["doc_id"]), title, bytes.fromhex(text)))
    return documents


def _values(transaction: Transaction) -> list[dict[str, Any]]:
    return [
        {"doc_id": document.name, "signature_value": base64_of(document.value), "timestamp_signature": None}
        for document in transaction.documents
    ]


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--id", default="xaso-gia-lap")
    parser.add_argument("--password", default="mat-khau-gia-lap")


if __name__ == "__main__":
    sys.exit(run(SmartCa, _options, sys.argv[1:]))
