"""`@action`: the one way to change data.

The outermost action asks permission, opens the transaction, and at its end writes the audit entries, the events and
the marks of itself and of every action it called: one statement each. An inner action is part of the outer one and
asks nothing.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from django.db import models, transaction

from xaso.core.access import Actor
from xaso.core.access.actor import path_of
from xaso.core.access.queries import FORBIDDEN
from xaso.core.audit import actions as audit
from xaso.core.audit.actions import Draft
from xaso.core.marks import watching as marks
from xaso.core.outbox import actions as outbox
from xaso.core.outbox import current as outbox_current
from xaso.kit import subject
from xaso.kit.errors import Forbidden

P = ParamSpec("P")
R = TypeVar("R")

_drafts: ContextVar[list[Draft] | None] = ContextVar("drafts", default=None)
_open: ContextVar[Draft | None] = ContextVar("open_draft", default=None)
TITLES: dict[str, str] = {}


def action(name: str, title: str) -> Callable[[Callable[Concatenate[Actor, P], R]], Callable[Concatenate[Actor, P], R]]:
    """Declare a business verb. Its name is also its permission, its audit verb and its button's condition.

    The decorated function takes the actor, then the thing it acts on (or the unit it creates in), then keywords.
    """
    if name in TITLES:
        raise ValueError(f"action {name} is declared twice")
    TITLES[name] = title

    def decorate(function: Callable[Concatenate[Actor, P], R]) -> Callable[Concatenate[Actor, P], R]:
        @functools.wraps(function)
        def run(by: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            draft = _draft(by, name, args[0] if args else None, kwargs)
            if (drafts := _drafts.get()) is not None:
                draft.within = drafts[0].verb
                drafts.append(draft)
                return _perform(draft, function, by, args, kwargs)
            _ask(by, name, args[0] if args else None, draft)
            return _outermost(draft, function, by, args, kwargs)

        run.action_name = name
        return run

    return decorate


def _ask(by: Actor, name: str, thing: Any, draft: Draft) -> None:
    if by.may(name, on=thing):
        return
    audit.record_denied(by, name, draft.subject, draft.unit_path)
    raise Forbidden(FORBIDDEN)


def _outermost(draft: Draft, function: Callable[..., R], by: Actor, args: Any, kwargs: Any) -> R:
    with transaction.atomic():
        drafts = [draft]
        drafts_token = _drafts.set(drafts)
        facts_token, marks_token = outbox_current.begin(), marks.begin()
        try:
            result = _perform(draft, function, by, args, kwargs)
            audit.write(drafts)
            outbox.store(outbox_current.pending(), draft.verb)
            marks.store()
        finally:
            marks.end(marks_token)
            outbox_current.end(facts_token)
            _drafts.reset(drafts_token)
    return result


def _perform(draft: Draft, function: Callable[..., R], by: Actor, args: Any, kwargs: Any) -> R:
    token = _open.set(draft)
    marks.touch(args[0] if args else None)
    try:
        result = function(by, *args, **kwargs)
    finally:
        _open.reset(token)
    if isinstance(result, models.Model) and result.pk:
        marks.touch(result)
        draft.subject = subject.ref(result)
        draft.unit_path = getattr(result, "unit_path", "") or draft.unit_path
    return result


def entry_for(thing: models.Model, **details: Any) -> None:
    """One more entry of the action that runs now, for one of many things it acts on."""
    drafts, draft = _drafts.get(), _open.get()
    if drafts is None or draft is None:
        raise RuntimeError("an audit entry was added outside an action")
    plain = {key: _plain(value) for key, value in details.items()}
    marks.touch(thing)
    drafts.append(Draft(draft.by, draft.verb, drafts[0].verb, subject.ref(thing), path_of(thing), details=plain))


def note(**details: Any) -> None:
    """Add details to the entry of the action that runs now."""
    draft = _open.get()
    if draft is None:
        raise RuntimeError("audit details were noted outside an action")
    draft.details.update({key: _plain(value) for key, value in details.items()})


def _draft(by: Actor, name: str, thing: Any, kwargs: dict[str, Any]) -> Draft:
    draft = Draft(by, name, details={key: _plain(value) for key, value in kwargs.items()})
    if isinstance(thing, models.Model):
        draft.subject = subject.ref(thing) if thing.pk else ""
        draft.unit_path = path_of(thing) if hasattr(thing, "unit_path") or hasattr(thing, "path") else ""
    return draft


def _plain(value: Any) -> Any:
    """What the entry keeps of an argument: plain values as they are, rows as references, the rest as a checksum.

    Forms and files hold personal data, which the chain could never forget; their checksum still proves them. An
    argument may say with `for_audit()` what of it counts.
    """
    if value is None or isinstance(value, bool | int | str | float):
        return value if not isinstance(value, str) else value[:300]
    if isinstance(value, datetime | date | UUID):
        return str(value)
    if isinstance(value, models.Model):
        return subject.ref(value) if value.pk else value._meta.label
    if isinstance(value, list | tuple | set | frozenset) and all(isinstance(item, str | int) for item in value):
        return [str(item)[:100] for item in list(value)[:50]]
    text = json.dumps(value, default=_counts, sort_keys=True, ensure_ascii=False)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _counts(value: Any) -> Any:
    return value.for_audit() if hasattr(value, "for_audit") else str(value)
