"""Feeds of upper levels asked by the clock: sizes and hosts first, no redirects, each message once."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import httpx
from lxml import etree  # type: ignore[import-untyped]

from xaso.core.access import SYSTEM
from xaso.core.units.models import Unit
from xaso.kit.errors import Refused
from xaso.modules.alerts import queries
from xaso.modules.alerts.actions import note_feed, take_in
from xaso.modules.alerts.definitions import Feed, alerts
from xaso.modules.alerts.models import Alert
from xaso.modules.alerts.rules import cap, reading

log = logging.getLogger(__name__)

PATIENCE = 10.0
MOST_MESSAGES = 30
UNREACHABLE = "Không hỏi được nguồn này ({why}). Hệ thống tự hỏi lại sau một phút."
UNREADABLE = "Nguồn trả về nội dung không đọc được. Hãy hỏi nơi cung cấp."
_ATOM = "{http://www.w3.org/2005/Atom}"


class Unreachable(Exception):
    """The other side did not answer as it should; the text says why."""


def ask_all() -> int:
    """Every declared feed. Returns how many new messages came."""
    return sum(ask(feed, unit) for feed in queries.feeds() if (unit := queries.unit_of(feed)) is not None)


def ask(feed: Feed, unit: Unit) -> int:
    """What is new is taken in; what cannot be used is remembered with its reason and not asked again."""
    state = queries.feed_states().get(feed.code)
    seen = set(state.seen if state else [])
    taken: list[str] = []
    try:
        with httpx.Client(timeout=PATIENCE, follow_redirects=False) as client:
            content = _fetched(client, feed.url)
            error = ""
            for name, message in _messages(client, content, seen):
                error = _taken(feed, unit, message) or error
                taken.append(name)
    except Unreachable as trouble:
        error = UNREACHABLE.format(why=trouble)
    except etree.XMLSyntaxError:
        error = UNREADABLE
    note_feed(SYSTEM, unit, code=feed.code, error=error, seen=taken)
    return len(taken)


def _taken(feed: Feed, unit: Unit, message: bytes) -> str:
    try:
        take_in(SYSTEM, unit, source=message, via=Alert.Via.FEED, via_name=feed.label)
    except Refused as refusal:
        log.warning("feed %s: %s", feed.code, refusal.message)
        return refusal.message
    return ""


def _fetched(client: httpx.Client, url: str) -> bytes:
    """At most a megabyte, from a host that content names."""
    if not alerts().allows(url):
        raise Unreachable("máy chủ không có trong danh sách")
    content = b""
    try:
        with client.stream("GET", url) as answer:
            if answer.status_code != httpx.codes.OK:
                raise Unreachable(f"mã {answer.status_code}")
            for piece in answer.iter_bytes():
                content += piece
                if len(content) > reading.MOST_BYTES:
                    raise Unreachable("trả về quá 1 MB")
    except httpx.HTTPError as error:
        raise Unreachable(type(error).__name__) from error
    return content


def _messages(client: httpx.Client, content: bytes, seen: set[str]) -> Iterator[tuple[str, bytes]]:
    """(address or identifier, message) of what was not seen: one CAP message, or the entries of Atom and RSS."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(content, parser)
    if root.tag == f"{{{cap.NAMESPACE}}}alert":
        name = f"{root.findtext(f'{{{cap.NAMESPACE}}}identifier')} {root.findtext(f'{{{cap.NAMESPACE}}}sent')}"
        if name not in seen:
            yield name, content
        return
    links = [link.get("href", "") for link in root.iter(f"{_ATOM}link") if link.getparent().tag == f"{_ATOM}entry"]
    links += [(item.findtext("link") or "").strip() for item in root.iter("item")]
    fresh = [link for link in dict.fromkeys(links) if link and link not in seen and alerts().allows(link)]
    for link in fresh[:MOST_MESSAGES]:
        yield link, _fetched(client, link)
