"""The embedded broker's doorkeeper, as a plugin of amqtt."""

import logging
from dataclasses import dataclass
from typing import Any

from amqtt.contexts import Action
from amqtt.plugins.base import BaseAuthPlugin, BaseTopicPlugin

from xaso.modules.speakers.broker.rights import Register

log = logging.getLogger(__name__)


class Known:
    """The register that all doorkeepers of the process look into; the embedded broker keeps it fresh."""

    now = Register()


class Door(BaseAuthPlugin):
    """Who may come in: his digest fits, and his last will is his own.

    amqtt ends a session as soon as somebody names its client id, before asking for a password: our devices and the link
    have ids that nobody can guess.
    """

    @dataclass
    class Config:
        """Nothing to set."""

    async def authenticate(self, *, session: Any) -> bool:
        user, secret = session.username or "", session.password or ""
        if not Known.now.knows(user, secret):
            log.warning("speakers: %r refused at the broker", user[:64])
            return False
        return not session.will_flag or Known.now.may[user].may_write(session.will_topic or "")


class Topics(BaseTopicPlugin):
    """What each may say and hear."""

    @dataclass
    class Config:
        """Nothing to set."""

    async def topic_filtering(
        self, *, session: Any = None, topic: str | None = None, action: Action | None = None
    ) -> bool:
        rights = Known.now.may.get(session.username or "") if session is not None else None
        if rights is None or not topic:
            return False
        return rights.may_write(topic) if action == Action.PUBLISH else rights.may_read(topic)
