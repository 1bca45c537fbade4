"""The process that judges files: a program that reads hostile input must not be the web server.

It ends by itself when nobody asks for a while, when its parent is gone, or when memory runs out.
"""

from __future__ import annotations

import base64
import json
import resource
import select
import sys
from datetime import datetime
from typing import Any, BinaryIO

from xaso.modules.trust import rules
from xaso.modules.trust.engine import judge
from xaso.modules.trust.rules import Judgement, Knowledge, Root

MEMORY = 1536 * 1024 * 1024
IDLE_SECONDS = 120
READY = b"ready\n"


def serve(source: BinaryIO, target: BinaryIO) -> None:
    """One line of JSON and the file in, one line of JSON out. Knowledge is sent only when it changed."""
    knowledge = Knowledge("")
    while select.select([source], [], [], IDLE_SECONDS)[0] and (line := source.readline()):
        asked = json.loads(line)
        content = source.read(asked["size"])
        if asked["knowledge"] is not None:
            knowledge = _knowledge(asked["knowledge"])
        answer, is_spent = _answer(content, knowledge, datetime.fromisoformat(asked["at"]))
        target.write(json.dumps(rules.packed(answer)).encode() + b"\n")
        target.flush()
        if is_spent:
            return


def _answer(content: bytes, knowledge: Knowledge, at: datetime) -> tuple[Judgement, bool]:
    """With whether this process should end: memory that ran out once is not to be trusted again."""
    try:
        return judge(content, knowledge, at), False
    except (MemoryError, RecursionError):
        return rules.unreadable(rules.TOO_HARD, knowledge.digest), True


def _knowledge(sent: dict[str, Any]) -> Knowledge:
    return Knowledge(
        sent["digest"],
        tuple(
            Root(
                base64.b64decode(root["certificate"]),
                datetime.fromisoformat(root["since"]),
                datetime.fromisoformat(root["until"]) if root["until"] else None,
            )
            for root in sent["roots"]
        ),
        *(tuple(base64.b64decode(one) for one in sent[name]) for name in ("intermediates", "crls", "ocsps")),
    )


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    serve(sys.stdin.buffer, sys.stdout.buffer)
