"""What a person types and what comes back."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from xaso.command import COMMANDS, main, options, postgres, state, words

PATIENCE = 180


def test_help_names_every_command(capsys):
    assert main(["help"]) == 0
    told = capsys.readouterr().out
    assert not [name for name in COMMANDS if f"xaso {name}" not in told]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        (["blah"], "Không có lệnh “blah”"),
        (["up", "--port", "x"], "không hiểu tham số"),
        (["up", "--port", "70000"], "Cổng phải từ 1 đến 65535"),
        (["import", "procedures"], "Hãy ghi loại và tệp"),
        (["help", "--data"], "--data cần tên một thư mục"),
    ],
)
def test_a_mistake_is_answered_in_a_sentence(typed, answer, capsys):
    assert main(typed) == 2
    assert answer in capsys.readouterr().err


def test_a_busy_port_is_told_with_another_to_try(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("XASO_DATA", str(tmp_path))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert main(["up", "--port", str(other.getsockname()[1])]) == 1
    assert "Hãy chọn cổng khác" in capsys.readouterr().err


def test_one_data_directory_serves_one_program(tmp_path):
    held = state.only_one(tmp_path)
    with pytest.raises(words.Stop, match="đang chạy"):
        state.only_one(tmp_path)
    os.close(held)
    os.close(state.only_one(tmp_path))


def test_memory_survives_and_a_broken_one_only_forgets(tmp_path):
    state.State(tmp_path).keep(demo=False)
    assert state.State(tmp_path).get("demo") is False
    (tmp_path / "state.json").write_text("{nửa chừng")
    assert state.State(tmp_path).get("demo") is None


def test_a_stamp_changes_with_its_files(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text("một")
    before = state.stamp([file])
    assert state.stamp([file]) == before
    file.write_text("hai hai")
    assert state.stamp([file]) != before


def test_serving_options():
    chosen = options.serving("up", ["--port", "9000", "--no-demo"], no_demo="no_demo")
    assert (chosen.port, chosen.host, chosen.no_demo) == (9000, "127.0.0.1", True)


@pytest.mark.long
def test_a_throwaway_cluster_is_gone_afterwards():
    folder = postgres.binaries()
    if folder is None:
        pytest.skip("no PostgreSQL on this machine")
    before = set(Path("/tmp").glob("xaso-pg-*"))
    with postgres.throwaway(folder) as url:
        assert url.startswith("postgres://xaso@127.0.0.1:")
        assert set(Path("/tmp").glob("xaso-pg-*")) - before
    assert not set(Path("/tmp").glob("xaso-pg-*")) - before


class Running:
    """`xaso up` as a real program on its own data directory and port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = folder / "log.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *arguments: str) -> None:
        surroundings = {key: value for key, value in os.environ.items() if not key.startswith("XASO_")}
        surroundings |= {"DATABASE_URL": "", "PYTHONPATH": str(state.CHECKOUT / "src")}
        command = [sys.executable, "-m", "xaso.command", "up", "--data", str(self.folder / "var")]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port), *arguments],
                env=surroundings, stdout=log, stderr=log, start_new_session=True, cwd=self.folder,
            )  # fmt: skip
        self.wait_for(lambda: "Ctrl-C" in self.told())

    def told(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def wait_for(self, condition) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert self.process.poll() is None, self.told()
            assert time.monotonic() < deadline, self.told()
            time.sleep(0.1)

    def get(self, path: str) -> int:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
                return answer.status
        except HTTPError as error:
            with error:
                return error.code

    def children(self) -> list[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in listed.read_text().split()]

    def stop(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


@pytest.fixture
def running(tmp_path):
    program = Running(tmp_path)
    yield program
    if program.process and program.process.poll() is None:
        program.process.kill()
        program.process.wait()


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads /proc")
def test_up_starts_serves_heals_and_stops(running):
    running.start("--no-demo")
    assert running.get("/ui/") == 200
    before = running.children()
    web, *others = before
    assert others, "no worker beside the pages"
    os.kill(web, signal.SIGKILL)
    running.wait_for(lambda: len(running.children()) == len(before) and web not in running.children())
    assert running.get("/ui/") == 200
    assert set(others) < set(running.children())
    assert running.stop(signal.SIGINT) == 0
    assert "Đã dừng." in running.told()
    kept = json.loads((running.folder / "var" / "state.json").read_text())
    assert kept["demo"] is False

    running.start()
    assert "Tạo và cập nhật bảng dữ liệu" not in running.told()
    children = running.children()
    running.stop(signal.SIGKILL)
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{pid}/cmdline").exists() and _is_ours(pid) for pid in children):
        assert time.monotonic() < deadline, "a child outlived its parent"
        time.sleep(0.1)


def _is_ours(pid: int) -> bool:
    """A dead child that nobody has buried yet has no command line."""
    try:
        return b"xaso.command" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
