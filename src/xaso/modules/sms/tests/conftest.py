"""A commune that sends, in the hours in which it may, and gateways as processes."""

import os
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
import time_machine

from xaso.core.actions import action
from xaso.modules.audiences.queries import Recipient
from xaso.modules.sms import actions
from xaso.modules.sms.providers import configured
from xaso.modules.sms.smpp.link import Link, LinkLost
from xaso.modules.sms.smpp.service import Post
from xaso.modules.sms.tests.smsc import NotHereError, smsc

NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


@action("test.sms_queue", "Tin của phép thử")
def queue(by, unit, /, *, to, text="Xã Ngũ Kiên mời họp thôn.", purpose="test:1", kind="notice", key="", **more):
    key = key or f"test:{purpose}:{to}"
    return actions.queue(by, unit, to=to, text=text, purpose=purpose, kind=kind, key=key, **more)


@action("test.sms_queue_many", "Tin của phép thử")
def queue_many(by, unit, phones, /, *, text="Xã Ngũ Kiên mời họp thôn.", purpose="test:1", kind="emergency", **more):
    more = {"topic": "general"} | more
    return actions.queue_many(by, unit, map(recipient, phones), text=text, purpose=purpose, kind=kind, **more)


def recipient(phone):
    return Recipient(0, "", None, "Người nhận", phone, "", "26.252.09157.")


@pytest.fixture(autouse=True)
def _own_settings(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.SMS = {"provider": "", "callback": "http://127.0.0.1:8000"}


@pytest.fixture
def noon():
    """Friday noon in Việt Nam: every window is open."""
    with time_machine.travel(NOON, tick=True) as traveller:
        yield traveller


@pytest.fixture
def peer(settings):
    """`peer(throttle_every=5)`: an SMSC that this installation is set up for."""
    with ExitStack() as stack:

        def start(*, ids="decimal", form="same", long="udh", **options):
            try:
                made = stack.enter_context(smsc(ids=ids, **options))
            except NotHereError as missing:
                if "node" in os.environ.get("XASO_REQUIRE", ""):
                    raise
                pytest.skip(str(missing))
            settings.SMS = {**settings.SMS, **made.settings(ids=form, long=long)}
            return made

        yield start


@dataclass
class Driven:
    """The body of the service, turned by hand in the process of the test."""

    post: Post = field(default_factory=lambda: Post(configured()))

    def connect(self):
        self.post.link = Link(self.post.given, self.post.finished, self.post.arrived)
        self.post.link.open()
        return self

    def until(self, condition, patience=20.0):
        deadline = time.monotonic() + patience
        while not condition():
            assert time.monotonic() < deadline, f"the gateway did not get there in time: {self.post}"
            self.post.round()

    def turns(self, seconds=0.5):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.post.round()

    def lose(self):
        """Turn until the line is lost, and do what the service then does."""
        with pytest.raises(LinkLost) as lost:
            self.turns(60)
        self.post.drop()
        self.post.after_the_database()
        return lost.value


@pytest.fixture
def drive():
    made = []

    def start():
        made.append(Driven().connect())
        return made[-1]

    yield start
    for one in made:
        if one.post.link is not None:
            one.post.link.close()
