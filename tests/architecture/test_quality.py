"""Style, layout and types hold for the whole repository. What the tools say is in the message of the failure."""

import subprocess
import sys

import pytest

from tests.architecture.source import ROOT


def said_by(*command: str) -> str:
    """What a tool complains about; empty when it is content. The rules are those of `pyproject.toml`."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    return f"{done.stdout}\n{done.stderr}" if done.returncode else ""


def test_style():
    found = said_by("ruff", "check", "--output-format=concise", ".")
    assert not found, f"ruff check .\n{found}"


def test_layout():
    found = said_by("ruff", "format", "--check", "--output-format=concise", ".")
    assert not found, f"Run `ruff format` on these files.\n{found}"


@pytest.mark.long
def test_types():
    found = said_by("mypy")
    assert not found, f"mypy\n{found}"


def test_the_tools_are_there_and_a_fault_would_be_told(tmp_path):
    """An empty answer above must mean that nothing is wrong, not that nothing was looked at."""
    wrong = tmp_path / "wrong.py"
    wrong.write_text("import os\nvalue = { }\n", encoding="utf-8")
    config = f"--config={ROOT / 'pyproject.toml'}"
    assert "F401" in said_by("ruff", "check", "--no-cache", "--output-format=concise", config, str(wrong))
    assert "wrong.py" in said_by("ruff", "format", "--check", "--no-cache", config, str(wrong))
