"""The bodies of the processes: web and worker. Imported last: the application lists its static files when it loads."""

import signal
from pathlib import Path
from socket import socket

from django.db import connection
from django.urls import get_resolver

from xaso.command import speaker
from xaso.command.supervisor import Supervisor
from xaso.command.webserver import serve
from xaso.config.jobs import all_jobs
from xaso.config.wsgi import application
from xaso.core.outbox.worker import Worker
from xaso.kit.module import modules
from xaso.modules.speakers.device.host import Ways
from xaso.modules.speakers.device.settings import read


def add_web(supervisor: Supervisor, bound: socket, count: int) -> None:
    """`count` web processes; 0 means what suits the database: SQLite has one writer anyway."""
    # Every screen is imported before the fork, so that the children share it.
    get_resolver().url_patterns  # noqa: B018 - a property that loads
    for _ in range(count or (2 if connection.vendor == "postgresql" else 1)):
        supervisor.add("Phần web", lambda: serve(application, bound))


def add_worker(supervisor: Supervisor) -> None:
    supervisor.add("Phần việc nền", work)


def add_services(supervisor: Supervisor) -> None:
    """The processes of modules that hold a connection open: one of each, where this installation wants it."""
    for module in modules():
        for service in module.services:
            if service.wanted():
                supervisor.add(service.title, service.run)


def add_speakers(supervisor: Supervisor, key: Path, folder: Path) -> None:
    """The loudspeakers of the demonstration: they play in time, without sound, and write what they would play."""
    home = folder / "demo-speakers"
    home.mkdir(exist_ok=True, mode=0o700)
    ways = Ways(home, timeline=home / "timeline.jsonl")
    supervisor.add("Loa minh hoạ", lambda: speaker.play(read(key), ways))


def work() -> None:
    """Deliver, seal and run jobs until SIGTERM."""
    worker = Worker(all_jobs())
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    worker.run()
