"""An alert of the Common Alerting Protocol as plain values, with the words the standard allows. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
OLDER = {
    "urn:oasis:names:tc:emergency:cap:1.1": "1.1",
    "urn:oasis:names:tc:emergency:cap:1.0": "1.0",
    "http://www.incident.com/cap/1.0": "1.0",
}

STATUSES = {"Actual": "thật", "Exercise": "diễn tập", "System": "của máy", "Test": "thử", "Draft": "nháp"}
"""What CAP calls them, and what a person reads."""
MESSAGE_TYPES = ("Alert", "Update", "Cancel", "Ack", "Error")
SCOPES = ("Public", "Restricted", "Private")
CATEGORIES = (
    "Geo",
    "Met",
    "Safety",
    "Security",
    "Rescue",
    "Fire",
    "Health",
    "Env",
    "Transport",
    "Infra",
    "CBRNE",
    "Other",
)
RESPONSES = ("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None")
URGENCIES = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITIES = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTIES = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")

NEEDS_REFERENCES = ("Update", "Cancel", "Ack", "Error")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
NAME = re.compile(r"[^\s,<&]+")
"""Identifier and sender: no space, comma, `<` or `&`."""


@dataclass(frozen=True, slots=True)
class Area:
    description: str
    polygons: tuple[str, ...] = ()
    circles: tuple[str, ...] = ()
    geocodes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Info:
    """What happens, in one language."""

    categories: tuple[str, ...]
    event: str
    urgency: str
    severity: str
    certainty: str
    language: str = "en-US"
    responses: tuple[str, ...] = ()
    effective: str = ""
    onset: str = ""
    expires: str = ""
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    sender: str
    identifier: str
    sent: str

    def __str__(self) -> str:
        return f"{self.sender},{self.identifier},{self.sent}"


@dataclass(frozen=True, slots=True)
class CapAlert:
    """One message. `remarks`: what the reader forgave, as sentences; `is_signed`: it carries a signature, unchecked."""

    identifier: str
    sender: str
    sent: str
    status: str
    message_type: str
    scope: str
    source: str = ""
    restriction: str = ""
    addresses: str = ""
    codes: tuple[str, ...] = ()
    note: str = ""
    references: tuple[Reference, ...] = ()
    incidents: str = ""
    infos: tuple[Info, ...] = ()
    is_signed: bool = False
    remarks: tuple[str, ...] = field(default=(), compare=False)

    @property
    def main(self) -> Info | None:
        """The Vietnamese part, else the first."""
        return next(
            (info for info in self.infos if info.language.lower().startswith("vi")), next(iter(self.infos), None)
        )


def references_in(text: str) -> tuple[Reference, ...] | None:
    """`sender,identifier,sent` parted by spaces; None when one of them is no reference."""
    found = []
    for part in text.split():
        pieces = part.split(",")
        if len(pieces) != 3 or not all(NAME.fullmatch(piece) for piece in pieces) or not MOMENT.fullmatch(pieces[2]):
            return None
        found.append(Reference(*pieces))
    return tuple(found)
