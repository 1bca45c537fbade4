"""`xaso test`: the whole suite, on SQLite and on PostgreSQL, and a plain word about which of them it ran on."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from xaso.command import postgres, state
from xaso.command.words import Stop, complain, say

NO_TESTS = 5
KINDS = ("failed", "passed", "skipped", "errors")
NEEDED = {
    "chromium": (("chromium", "chromium-browser", "google-chrome"), "Chromium", "chromium"),
    "softhsm": (("softhsm2-util",), "SoftHSM2", "softhsm2"),
    "opensc": (("pkcs11-tool",), "OpenSC", "opensc"),
    "kannel": (("bearerbox",), "Kannel", "kannel kannel-extras"),
    "node": (("npm",), "Node.js", "nodejs npm"),
    "mosquitto": (("mosquitto",), "Mosquitto", "mosquitto"),
    "icecast": (("icecast2",), "Icecast", "icecast2"),
    "ocr": (("tesseract",), "Tesseract", "tesseract-ocr tesseract-ocr-vie"),
}
"""A name in XASO_REQUIRE: the programs of which one must be there, what it is called, its Debian packages."""


@dataclass(slots=True)
class Result:
    """What became of the tests on one database."""

    database: str
    counts: Counter[str] = field(default_factory=Counter)
    failed: bool = False

    def text(self) -> str:
        shown = [f"{self.counts[kind]} {kind}" for kind in KINDS if self.counts[kind] or kind in {"passed", "skipped"}]
        return ", ".join(shown)


def run(arguments: list[str]) -> int:
    if not state.is_checkout():
        raise Stop("Kiểm thử cần mã nguồn. Hãy tải mã nguồn về rồi chạy ./xaso test ở đó.")
    signal.signal(signal.SIGTERM, _interrupted)
    started = time.monotonic()
    _require_programs()
    results = [_on("SQLite", "", arguments)]
    with _postgres() as url:
        if url:
            results.append(_on("PostgreSQL", url, arguments))
    return _report(results, time.monotonic() - started)


def _interrupted(*_: Any) -> NoReturn:
    raise KeyboardInterrupt


def _required() -> set[str]:
    return {name for name in os.environ.get("XASO_REQUIRE", "").replace(" ", "").split(",") if name}


def _require_programs() -> None:
    for name in sorted(_required() & NEEDED.keys()):
        programs, title, packages = NEEDED[name]
        if not any(shutil.which(program) for program in programs):
            raise Stop(f"XASO_REQUIRE đòi {title} mà máy này không có. Debian: sudo apt install {packages}")


@contextmanager
def _postgres() -> Iterator[str]:
    """The server named by XASO_TEST_POSTGRES, or a throw-away one; empty when there is neither."""
    if url := os.environ.get("XASO_TEST_POSTGRES"):
        yield url
    elif folder := postgres.binaries():
        with postgres.throwaway(folder) as url:
            yield url
    elif "postgres" in _required():
        raise Stop("XASO_REQUIRE đòi PostgreSQL mà máy này không có. Debian: sudo apt install postgresql")
    else:
        yield ""


def _on(database: str, url: str, arguments: list[str]) -> Result:
    result = Result(database)
    if arguments:
        _pytest(result, url, arguments)
        return result
    # A browser sees the same pages whatever database is behind them, and what opens none sees none: they look once.
    kinds, more = ("not browser and not once", ["--with-database"]) if url else ("", [])
    for stage in ("not long", "long"):
        marks = " and ".join(filter(None, (stage, kinds)))
        _pytest(result, url, ["-n", "2", "--dist", "loadfile", "-m", marks, *more])
    return result


def _pytest(result: Result, url: str, arguments: list[str]) -> None:
    say(f"\n━━ {result.database}: pytest {' '.join(arguments)}")
    with tempfile.TemporaryDirectory(prefix="xaso-test-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", f"--junitxml={report}", "-o", "junit_family=xunit1", *arguments]
        code = subprocess.run(command, cwd=state.CHECKOUT, env=_surroundings(folder, url), check=False).returncode
        _count(result, report)
    result.failed = result.failed or code not in {0, NO_TESTS}


def _surroundings(folder: str, url: str) -> dict[str, str]:
    """The same for everybody: nothing of the person's own settings reaches the tests."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("XASO_") or key == "XASO_REQUIRE"}
    return {**kept, "XASO_DATA": folder, "DATABASE_URL": url, "PYTHONDONTWRITEBYTECODE": "1"}


def _count(result: Result, report: Path) -> None:
    if not report.exists():
        return
    for suite in ET.parse(report).getroot().iter("testsuite"):  # noqa: S314 - pytest wrote it a moment ago
        numbers = {key: int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped")}
        result.counts["failed"] += numbers["failures"]
        result.counts["errors"] += numbers["errors"]
        result.counts["skipped"] += numbers["skipped"]
        result.counts["passed"] += numbers["tests"] - numbers["failures"] - numbers["errors"] - numbers["skipped"]


def _report(results: list[Result], duration: float) -> int:
    say("")
    total = Result("")
    for result in results:
        say(f"{result.database}: {result.text()}")
        total.counts += result.counts
        total.failed = total.failed or result.failed
    say(f"Đã chạy trên: {' và '.join(result.database for result in results)}.")
    if len(results) == 1:
        complain("Chưa chạy trên PostgreSQL: máy không có. Debian: sudo apt install postgresql.")
    if not total.counts["passed"]:
        complain("Không có kiểm thử nào đạt.")
        total.failed = True
    line = f" {total.text()} in {duration:.2f}s "
    say(line.center(80, "="))
    return 1 if total.failed else 0
