"""What a resident's message means. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xaso.kit.fold import fold

STOP, START, UNCLEAR, OTHER = "stop", "start", "unclear", "other"
LONGEST_TOPIC = 40


@dataclass(frozen=True, slots=True)
class Meant:
    """`topic` is empty for all of them."""

    meaning: str
    topic: str = ""


def meant(text: str, stop: Sequence[str], start: Sequence[str], topics: Mapping[str, Sequence[str]]) -> Meant:
    """A keyword alone, or with a topic behind it. A keyword in front of a long sentence is an ordinary message."""
    words = " ".join(re.findall(r"[A-Z0-9]+", fold(text[:400]).upper()))
    for meaning, keywords in ((STOP, stop), (START, start)):
        for keyword in sorted(keywords, key=len, reverse=True):
            if words == keyword:
                return Meant(meaning)
            if words.startswith(f"{keyword} "):
                return _with_topic(meaning, words.removeprefix(f"{keyword} "), topics)
    return Meant(OTHER)


def _with_topic(meaning: str, rest: str, topics: Mapping[str, Sequence[str]]) -> Meant:
    for code, spellings in topics.items():
        if rest in spellings or rest.replace(" ", "") in {one.replace(" ", "") for one in spellings}:
            return Meant(meaning, code)
    if rest in ("TAT CA", "ALL"):
        return Meant(meaning)
    return Meant(UNCLEAR) if len(rest) <= LONGEST_TOPIC else Meant(OTHER)
