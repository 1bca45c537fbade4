"""What is installed is locked by checksum, what is stored matches the models, no file names its writer's machine."""

import re
import subprocess
import tomllib
from io import StringIO

import pytest
from django.core.management import call_command

from tests.architecture.source import ROOT

LOCKS = ("core", "test")
PINNED = re.compile(r"^([a-zA-Z0-9._-]+(?:\[[\w,-]+\])?)==([^\s;\\]+)", re.M)


def lock(name):
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


def plain(name):
    return re.sub(r"[-_.]+", "-", name.split("[")[0]).lower()


def pins(name):
    return {plain(package): version for package, version in PINNED.findall(lock(name))}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_place_on_the_network(name):
    assert "://" not in lock(name)
    assert not re.search(r"^\s*(?:-i|-f|--index-url|--extra-index-url|--find-links|--trusted-host)\b", lock(name), re.M)


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_locked_by_checksum(name):
    blocks = re.split(r"\n(?=[a-zA-Z0-9])", lock(name))
    packages = [block for block in blocks if PINNED.match(block)]
    assert len(packages) > 10
    assert not [block.split()[0] for block in packages if "--hash=sha256:" not in block]


def test_the_tests_run_on_what_is_delivered():
    tested = pins("test")
    assert not {name: version for name, version in pins("core").items() if tested.get(name) != version}


def test_everything_the_program_needs_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {plain(re.split(r"[<>=\[;\s]", need)[0]) for need in project["dependencies"]}
    assert wanted <= set(pins("core"))


@pytest.mark.django_db
def test_migrations_match_the_models():
    told = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=told, verbosity=1)
    except SystemExit:
        pytest.fail(told.getvalue())


def tracked():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("not a git checkout")
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.is_file() and file.suffix not in {".ttf", ".png", ".jpg", ".pdf", ".woff2"}]


def test_no_file_names_the_machine_it_was_written_on():
    machine = re.compile(r"(?<![\w.])/(?:root|wor" + r"k|tmp/wor" + r"k|home/\w+)/[\w.]")
    named = [str(file.relative_to(ROOT)) for file in tracked() if machine.search(file.read_text("utf-8", "replace"))]
    assert not named


def test_scripts_can_be_started():
    for name in ("xaso", ".ci/run"):
        assert (ROOT / name).stat().st_mode & 0o111, name
