"""The simulated push service as a process, and browsers of residents that subscribed there."""

from collections.abc import Iterator

import httpx
import pytest

from xaso.kit.tests.programs import Program
from xaso.modules.push import keys
from xaso.modules.push.actions import subscribe
from xaso.modules.push.models import Device


class Service(Program):
    def __init__(self) -> None:
        super().__init__("xaso.modules.push.simulators.service")

    def browser(self) -> dict[str, str]:
        """A browser that was subscribed with our key."""
        return httpx.post(f"{self.url}/browsers", json={"key": keys.public_key()}).json()

    def answers(self, device: Device, status: int, times: int = 1, retry_after: str = "") -> None:
        plan = {"status": status, "times": times, "retry_after": retry_after}
        httpx.post(f"{self.url}/answers/{_name(device)}", json=plan)

    def told(self, device: Device) -> list[dict]:
        return self.state(device)["told"]

    def state(self, device: Device) -> dict:
        return httpx.get(f"{self.url}/told/{_name(device)}").json()

    def forget(self, device: Device) -> None:
        httpx.delete(f"{self.url}/browsers/{_name(device)}")


def _name(device: Device) -> str:
    return device.endpoint.rpartition("/")[2]


@pytest.fixture(scope="session")
def running_service() -> Iterator[Service]:
    with Service() as started:
        yield started


@pytest.fixture
def service(running_service, settings, tmp_path) -> Service:
    settings.PUSH_LOOPBACK = True
    settings.DATA_DIR = tmp_path
    return running_service


@pytest.fixture
def device_of(service):
    """`device_of(lan)` is a browser of lan that switched notices on."""

    def make(actor) -> Device:
        return subscribe(actor, Device(person_id=actor.person_id, name="Chrome trên Android", **service.browser()))

    return make
