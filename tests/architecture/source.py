"""The source as the architecture tests see it."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "xaso"


def python_files(*, tests: bool = False) -> list[Path]:
    found = [file for file in PACKAGE.rglob("*.py") if "migrations" not in file.parts]
    return sorted(file for file in found if tests or "tests" not in file.parts)


def template_files() -> list[Path]:
    return sorted(file for folder in PACKAGE.rglob("templates") for file in folder.rglob("*") if file.is_file())


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def short(file: Path) -> str:
    return str(file.relative_to(ROOT))
