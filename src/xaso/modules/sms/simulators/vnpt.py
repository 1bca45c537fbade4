"""`python -m xaso.modules.sms.simulators.vnpt`: VNPT SMS Brandname as our notes have it."""

from __future__ import annotations

import json
import sys
from typing import Any

from xaso.modules.sms.simulators.operator import Book, Reply, answer_as

NEEDED = ("name", "REQID", "LABELID", "CONTRACTTYPEID", "CONTRACTID", "TEMPLATEID", "PARAMS", "MOBILELIST", "AGENTID",
          "APIUSER", "APIPASS", "USERNAME", "DATACODING")  # fmt: skip


def answer(book: Book, body: bytes) -> Reply:
    try:
        asked = json.loads(body)["RQST"]
        code, said = _judge(book, asked)
    except (ValueError, KeyError, TypeError):
        code, said = "1", "Wrong request"
    reply = {"RPLY": {"name": "send_sms_list", "ERROR": code, "ERROR_DESC": said}}
    return 200, "application/json", json.dumps(reply).encode()


def _judge(book: Book, asked: dict[str, Any]) -> tuple[str, str]:
    if missing := [name for name in NEEDED if not asked.get(name)]:
        return "2", f"Missing {missing[0]}"
    if (asked["APIUSER"], asked["APIPASS"]) != (book.user, book.password):
        return "3", "Wrong user or password"
    if asked["CONTRACTTYPEID"] != "1":
        return "4", "Contract type not allowed"
    text, phone = asked["PARAMS"][0]["CONTENT"], asked["MOBILELIST"]
    if not (phone.isdecimal() and phone.startswith("84") and len(phone) == 11):
        return "5", "Wrong mobile number"
    if asked["DATACODING"] == "0" and not text.isascii():
        return "6", "Unicode content with datacoding 0"
    if any(one["ref"] == asked["REQID"] for one in book.taken):
        return "7", "Duplicate REQID"
    book.taken.append({"ref": asked["REQID"], "to": phone, "text": text, "coding": asked["DATACODING"]})
    return "0", "Success"


if __name__ == "__main__":
    sys.exit(answer_as(answer))
