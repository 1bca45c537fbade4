"""Kannel for real: bearerbox, smsbox and its fake SMSC as processes on free ports."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

FAKE = "/usr/lib/kannel/test/fakesmsc"
USER, PASSWORD, SECRET = "xaso", "mat-khau-gui", "mat-khau-nhan"


def is_here() -> bool:
    return bool(shutil.which("bearerbox") and shutil.which("smsbox") and Path(FAKE).exists())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Kannel:
    folder: Path
    admin: int
    smsbox: int
    sendsms: int
    fake: int
    handset: subprocess.Popen | None = None

    def configuration(self, home: str) -> str:
        """`home`: where our pages are. The secret stands in the address; Kannel sends it as a header."""
        host = home.removeprefix("http://")
        return f"""
group = core
admin-port = {self.admin}
admin-password = quan-tri
smsbox-port = {self.smsbox}
box-allow-ip = "127.0.0.1"
log-file = "{self.folder}/bearerbox.log"
log-level = 0
dlr-storage = internal
sms-resend-freq = 1

group = smsc
smsc = fake
smsc-id = fake
port = {self.fake}
connect-allow-ip = "127.0.0.1"

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {self.sendsms}
log-file = "{self.folder}/smsbox.log"
log-level = 0
access-log = "{self.folder}/access.log"

group = sendsms-user
username = {USER}
password = {PASSWORD}
max-messages = 10
concatenation = true

group = sms-service
keyword = default
catch-all = true
max-messages = 0
get-url = "http://kannel:{SECRET}@{host}/api/v1/sms/kannel/received?from=%p&to=%P&text=%b&coding=%c&ref=%I"
"""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.sendsms}/cgi-bin/sendsms"

    def settings(self, home: str) -> dict:
        return {"provider": "kannel", "url": self.url, "user": USER, "password": PASSWORD, "sender": "UBND XA",
                "callback": home, "inbound_secret": SECRET}  # fmt: skip

    def arrived(self) -> str:
        """What the fake SMSC wrote of the messages it got."""
        return (self.folder / "fake.log").read_text(errors="replace")

    def logs(self) -> str:
        return "".join(file.read_text(errors="replace") for file in self.folder.glob("*.log"))

    def connect(self, *said: str) -> None:
        """The handset side. Kannel's fake driver knows one at a time, so a new one takes the place of the old."""
        self.disconnect()
        messages = said or ("1 2 text nothing",)
        command = [FAKE, "-H", "127.0.0.1", "-r", str(self.fake), "-i", "0.1", "-m", str(len(said)), *messages]
        with (self.folder / "fake.log").open("ab") as target:
            self.handset = subprocess.Popen(command, stdout=target, stderr=target)

    def disconnect(self) -> None:
        if self.handset is not None:
            self.handset.kill()
            self.handset.wait(10)

    def say(self, sender: str, text: str) -> None:
        """A resident writes."""
        self.connect(f"{sender} 8088 text {text}")


@contextmanager
def kannel(folder: Path, home: str) -> Iterator[Kannel]:
    made = Kannel(folder, free_port(), free_port(), free_port(), free_port())
    config = folder / "kannel.conf"
    config.write_text(made.configuration(home))
    with ExitStack() as stack:
        stack.enter_context(_running(["bearerbox", str(config)], folder / "bearerbox.out"))
        _until_open(made.smsbox)
        time.sleep(0.3)
        made.connect()
        stack.callback(made.disconnect)
        stack.enter_context(_running(["smsbox", str(config)], folder / "smsbox.out"))
        _until_open(made.sendsms)
        _until_bound(made)
        yield made


@contextmanager
def _running(command: list[str], out: Path) -> Iterator[subprocess.Popen]:
    with out.open("wb") as target:
        process = subprocess.Popen(command, stdout=target, stderr=target)
        try:
            yield process
        finally:
            process.kill()
            process.wait(10)


def _until_open(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < deadline, f"nothing listens on {port}"
        time.sleep(0.05)


def _until_bound(made: Kannel) -> None:
    """Until the fake SMSC and the smsbox are both known to the bearerbox."""
    deadline = time.monotonic() + 20
    while True:
        said = httpx.get(f"http://127.0.0.1:{made.admin}/status.txt", params={"password": "quan-tri"}).text
        if "online" in said and "smsbox" in said:
            return
        assert time.monotonic() < deadline, said
        time.sleep(0.1)
