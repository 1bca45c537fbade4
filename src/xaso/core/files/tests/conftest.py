"""A store of its own for each test."""

import pytest
import yaml

from xaso.core.access.roles import roles


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "files"


@pytest.fixture
def stored_contents(store_folder):
    """`stored_contents()`: the checksums that lie in the folder store now."""
    return lambda: sorted(path.name for path in store_folder.glob("??/??/*"))


@pytest.fixture
def may_remove(settings, tmp_path):
    """Residents may remove what is theirs, whatever the shipped roles say."""
    shipped = yaml.safe_load((settings.CONTENT_DIRS[0] / "roles.yaml").read_text(encoding="utf-8"))
    resident = shipped["roles"]["resident"]
    resident["may"]["own"] = [*resident["may"]["own"], "files.remove"]
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "roles.yaml").write_text(yaml.safe_dump({"roles": {"resident": resident}}), encoding="utf-8")
    settings.CONTENT_DIRS = [*settings.CONTENT_DIRS, folder]
    roles.cache_clear()
    yield
    roles.cache_clear()
