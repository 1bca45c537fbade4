"""The contracts of import-linter in pyproject.toml, as a test."""

import os
import subprocess
import sys

from tests.architecture.source import ROOT

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def test_imports_go_down():
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [
        sys.executable,
        "-c",
        LINT,
        "--no-cache",
    ]
    done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout
