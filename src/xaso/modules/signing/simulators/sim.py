"""A simulator of a mobile operator's signature service (SIM PKI).

Messages and status codes after ETSI TS 102 204, written as JSON: a dialect of our own, no operator speaks it.
`python -m xaso.modules.signing.simulators.sim --port 0`: the caller's password, known numbers, SHA-256 only,
asynchronous mode, one transaction per `AP_TransID`, the holder's PIN or "Cancel", expiry, revoked certificates.
"""

import argparse
import re
import sys
from typing import Any

from xaso.modules.signing.simulators import desk
from xaso.modules.signing.simulators.desk import Desk, Document, Transaction
from xaso.modules.signing.simulators.serving import Asked, Simulator, Told, run
from xaso.modules.signing.simulators.writing import base64_of, digest_in

CODES = {desk.WAITING: "504", desk.SIGNED: "500", desk.REFUSED: "401", desk.EXPIRED: "208", desk.FAILED: "402"}
HOLDER_CODES = {"expired": "424", "revoked": "501"}


def _told(code: str, **fields: Any) -> Told:
    return 200, {"StatusCode": code, **fields}


class SimPki(Simulator):
    title = "SIM PKI"

    def __init__(self, state: Desk, options: argparse.Namespace) -> None:
        super().__init__(state, options)
        self.routes = [
            (re.compile(r"/MSS_ProfileQuery"), self.profile),
            (re.compile(r"/MSS_Signature"), self.sign),
            (re.compile(r"/MSS_StatusQuery"), self.status),
        ]

    def profile(self, asked: Asked) -> Told:
        if not self._may(asked):
            return _told("104")
        holder = self.desk.holders.get(str(asked.body.get("MSISDN")))
        if holder is None:
            return _told("105")
        return _told("100", Certificates=[base64_of(holder.certificate)])

    def sign(self, asked: Asked) -> Told:
        if not self._may(asked):
            return _told("104")
        holder = self.desk.holders.get(str(asked.body.get("MSISDN")))
        if holder is None:
            return _told("105")
        name = str(_asking(asked).get("AP_TransID", ""))
        if not re.fullmatch(r"[\w-]{1,64}", name) or asked.body.get("MessagingMode") != "asynchClientServer":
            return _told("101")
        if known := self.desk.known(name):
            return _told("100", MSSP_TransID=known.code)
        if code := HOLDER_CODES.get(holder.state):
            return _told(code)
        data = asked.body.get("DataToBeSigned")
        digest = digest_in(data.get("Digest")) if isinstance(data, dict) else b""
        if not digest:
            return _told("103")
        shown = str(asked.body.get("DataToBeDisplayed", ""))
        return _told("100", MSSP_TransID=self.desk.open(name, holder, [Document(name, shown, digest)]).code)

    def status(self, asked: Asked) -> Told:
        if not self._may(asked):
            return _told("104")
        transaction = self.desk.known(str(asked.body.get("MSSP_TransID")))
        if transaction is None:
            return _told("101")
        return _told(CODES[transaction.state], **_value(transaction))

    def _may(self, asked: Asked) -> bool:
        given = _asking(asked)
        return (given.get("AP_ID"), given.get("AP_PWD")) == (self.options.id, self.options.password)


def _asking(asked: Asked) -> dict[str, Any]:
    told = asked.body.get("AP_Info")
    return told if isinstance(told, dict) else {}


def _value(transaction: Transaction) -> dict[str, str]:
    if transaction.state != desk.SIGNED:
        return {}
    return {"MSS_Signature": base64_of(transaction.documents[0].value)}


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--id", default="xaso-gia-lap")
    parser.add_argument("--password", default="mat-khau-gia-lap")


if __name__ == "__main__":
    sys.exit(run(SimPki, _options, sys.argv[1:]))
