"""The MQTT connection of the link. Messages pile up in `inbox`; the service empties it in batches."""

import logging
import ssl
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from paho.mqtt import client as mqtt

from xaso.kit import clock
from xaso.modules.speakers.broker import rights

log = logging.getLogger(__name__)
KEEPALIVE = 20
FULL = 50_000
"""Messages kept while the database is away. What is lost then, devices send again: only telemetry is not repeated."""


@dataclass(frozen=True, slots=True)
class Heard:
    topic: str
    payload: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is and how it is trusted."""

    host: str
    port: int
    secret: str
    is_tls: bool = False
    ca: str = ""


class Carrier:
    """`urgent` sees each message at once, in the network's thread; it says whether that was all."""

    def __init__(self, broker: Broker, listens: tuple[str, ...], urgent: Callable[[Heard], bool]) -> None:
        self._broker, self._listens, self._urgent = broker, listens, urgent
        self.inbox: deque[Heard] = deque(maxlen=FULL)
        self.is_up = False
        self.connections = 0
        client_id = rights.client_id(rights.LINK, broker.secret)
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=True)
        self._client.username_pw_set(rights.LINK, broker.secret)
        self._client.max_inflight_messages_set(20_000)
        self._client.max_queued_messages_set(0)
        self._client.reconnect_delay_set(1, 10)
        if broker.is_tls:
            self._client.tls_set_context(ssl.create_default_context(cafile=broker.ca or None))
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_message

    def start(self) -> None:
        """Connect now or whenever the broker is there."""
        self._client.connect_async(self._broker.host, self._broker.port, keepalive=KEEPALIVE)
        self._client.loop_start()

    def stop(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        self._client.publish(topic, payload, qos=1, retain=retain)

    def _on_connect(self, client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            log.error("speakers: the broker refuses the link: %s", reason)
            return
        client.subscribe([(topic, 1) for topic in self._listens])
        self.connections += 1
        self.is_up = True

    def _on_disconnect(self, *_: Any) -> None:
        if self.is_up:
            log.warning("speakers: the connection to the broker is lost")
        self.is_up = False

    def _on_message(self, _client: Any, _data: Any, message: Any) -> None:
        heard = Heard(message.topic, message.payload, clock.now())
        if not self._urgent(heard):
            self.inbox.append(heard)
