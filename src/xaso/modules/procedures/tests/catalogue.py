"""A small catalogue for tests: births, certified copies, extracts, marital status, house permits."""

from pathlib import Path

import pytest

from xaso.core.access import SYSTEM
from xaso.modules.procedures.actions import load_procedures

CODES = ("1.001193", "2.000815", "2.000635", "1.004873", "1.013225")
CONTENT = Path(__file__).resolve().parents[5] / "content"


@pytest.fixture(scope="session")
def small_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("content")
    for code in CODES:
        [source] = (CONTENT / "procedures").glob(f"*/{code}.yaml")
        target = folder / "procedures" / source.parent.name
        target.mkdir(parents=True, exist_ok=True)
        (target / source.name).symlink_to(source)
    for name in ("life-events.yaml", "import-defaults.yaml"):
        (folder / "procedures" / name).symlink_to(CONTENT / "procedures" / name)
    return folder


@pytest.fixture
def catalogue(db, settings, small_content) -> None:
    """Load it as the real loader does."""
    real = settings.CONTENT_DIRS
    settings.CONTENT_DIRS = [small_content]
    load_procedures(SYSTEM)
    settings.CONTENT_DIRS = real
