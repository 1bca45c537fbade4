"""The rows of a batch while they are made, and the audit chain over them."""

from __future__ import annotations

import hashlib
from random import Random
from typing import Any

from xaso.core.audit import rules as chain
from xaso.core.files.receiving import Received
from xaso.demo.course import Who, checksum
from xaso.demo.office import iso, stamp
from xaso.demo.tables import COLUMNS

Row = list[Any]


class Sheets:
    """The rows of one batch, their ids, and the chain as it grows."""

    def __init__(self, ids: dict[str, int], position: int, link: str, rng: Random, sheet: Received) -> None:
        self.ids, self.position, self.link, self.rng, self.sheet = ids, position, link, rng, sheet
        self.received = checksum(sheet)
        self.rows: dict[str, list[Any]] = {label: [] for label in COLUMNS}

    def put(self, label: str, *values: Any) -> Row:
        """A row with the next id in front. It may still be changed until the batch is written."""
        number = self.ids[label]
        self.ids[label] = number + 1
        row = [number, *values]
        self.rows[label].append(row)
        return row

    def uuid(self) -> str:
        bits = self.rng.getrandbits(128)
        return f"{bits & ~(0xF << 76) & ~(0x3 << 62) | 4 << 76 | 2 << 62:032x}"

    def entry(
        self, at: int, path: str, by: Who, verb: str, subject: str, details: str = "{}", within: str = ""
    ) -> None:
        text = f'["{iso(at)}","{path}",{by.text},"{verb}","{within}","{subject}","done",{details}]'
        digest = hashlib.sha256(text.encode()).hexdigest()
        self.position += 1
        self.link = chain.link(self.link, digest)
        self.put(
            "audit.Entry", stamp(at), path, by.kind, by.account_id, by.name, by.via, verb, within, subject, "done",
            details, digest, self.position, self.link,
        )  # fmt: skip
