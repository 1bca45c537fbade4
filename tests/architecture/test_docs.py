"""Documents promise only what is there: paths, modules, names of the code, commands."""

import ast
import re

import pytest

from tests.architecture.source import PACKAGE, ROOT, python_files, tree
from xaso.command import COMMANDS
from xaso.config.modules import MODULES
from xaso.config.settings import CORE
from xaso.kit.events import all_events
from xaso.kit.fold import fold
from xaso.kit.module import modules

TICKED = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)\)")
ADR = sorted((ROOT / "docs" / "adr").glob("*.md"))
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
TOP = [
    ROOT / name
    for name in ("README.md", "README.vi.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
]
PAGES = [*TOP, ROOT / "docs" / "glossary.md", *ADR, *GUIDES]
OUR_FOLDERS = ("src/", "docs/", "content/", "tests/", "requirements/", ".ci/", "bench/")
# Made by the reader of a guide, not by us.
EXAMPLES = ("src/xaso/modules/equipment", "tests/test_equipment.py")
PICTURES = ("portal", "desk", "cockpit", "counter")


def text(file):
    return file.read_text(encoding="utf-8")


def name_of(file):
    return str(file.relative_to(ROOT))


def paths_in(file):
    ticked = [part for span in TICKED.findall(text(file)) for part in span.split()]
    return [part for part in ticked if part.startswith(OUR_FOLDERS) and not re.search(r"[<>*…]", part)]


@pytest.mark.parametrize("file", PAGES, ids=name_of)
def test_every_path_of_ours_exists(file):
    assert not [path for path in paths_in(file) if not (ROOT / path).exists() and not path.startswith(EXAMPLES)]


@pytest.mark.parametrize("file", PAGES, ids=name_of)
def test_every_link_leads_somewhere(file):
    links = [link for link in LINK.findall(text(file)) if "://" not in link and not link.endswith(".png")]
    assert not [link for link in links if not (file.parent / link).exists()]


def test_the_architecture_names_every_module_and_every_part_of_core():
    page = text(ROOT / "ARCHITECTURE.md")
    assert not [name for name in MODULES if f"| `{name}` |" not in page]
    assert not [name for name in CORE if not re.search(rf"\b{name}\b", page)]


def test_the_architecture_lists_the_modules_in_their_order():
    page = text(ROOT / "ARCHITECTURE.md")
    assert re.findall(r"^\| `(\w+)` \|", page, re.M)[: len(MODULES)] == MODULES


def test_the_architecture_names_every_event():
    """Those of the product: tests make up their own."""
    page = text(ROOT / "ARCHITECTURE.md")
    owners = {*MODULES, *CORE}
    names = {name.split(".")[1] for name in all_events() if name.split(".")[0] in owners}
    assert names
    assert not {name for name in names if f"`{name}`" not in page}


def test_the_architecture_names_the_slots_in_use():
    page = text(ROOT / "ARCHITECTURE.md")
    offered = {slot.split(":")[0] for module in modules() for slot in module.slots}
    assert offered
    assert not {slot for slot in offered if slot not in page}


def rows_of_the_glossary():
    return [row for row in re.findall(r"^\|(.+)\|$", text(ROOT / "docs" / "glossary.md"), re.M) if row.count("|") == 2]


def test_every_place_in_the_glossary_exists():
    places = [place for row in rows_of_the_glossary() for place in TICKED.findall(row.split("|")[2])]
    assert len(places) > 40
    assert not [place for place in places if not (PACKAGE / place).is_file()]


def test_every_name_in_the_glossary_is_in_the_code():
    names = {name for row in rows_of_the_glossary() for name in TICKED.findall(row.split("|")[1])}
    source = "\n".join(text(file) for file in python_files())
    known = set(re.findall(r"\w+", source))
    assert len(names) > 100
    assert not {name for name in names if name not in known}


def test_the_glossary_is_in_alphabetical_order():
    for table in text(ROOT / "docs" / "glossary.md").split("\n## ")[1:]:
        if "| Tiếng Việt |" in table:
            terms = [fold(row.split("|")[1]) for row in re.findall(r"^\|.+$", table, re.M)[2:]]
            assert terms == sorted(terms)


def nouns_and_verbs():
    """Every table, and every function that is an action, of the product."""
    for file in python_files():
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.ClassDef) and any(
                ast.unparse(base) in {"models.Model", "AbstractBaseUser"} for base in node.bases
            ):
                yield node.name
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                calls = [one.func for one in node.decorator_list if isinstance(one, ast.Call)]
                if any(getattr(call, "id", "") == "action" for call in calls):
                    yield node.name


def test_every_table_and_verb_is_in_the_glossary():
    page = set(re.findall(r"\w+", text(ROOT / "docs" / "glossary.md")))
    found = set(nouns_and_verbs())
    assert len(found) > 80
    missing = sorted(found - page)
    assert not missing


@pytest.mark.parametrize("file", ADR, ids=name_of)
def test_a_decision_is_told_in_forty_lines(file):
    assert len(text(file).splitlines()) <= 40
    assert re.match(rf"# {file.name[:4]} \S", text(file))
    assert "What would reopen it" in text(file)


def test_decisions_are_numbered_without_gaps():
    assert [int(file.name[:4]) for file in ADR] == list(range(1, len(ADR) + 1))


def test_every_direct_dependency_has_its_reason():
    page = text(ROOT / "docs" / "adr" / "0017-dependencies.md")
    needs = re.search(r"^dependencies = \[(.+?)^\]", text(ROOT / "pyproject.toml"), re.S | re.M).group(1)
    names = re.findall(r'"([a-z0-9-]+)', needs)
    assert len(names) > 10
    assert not [name for name in names if not re.search(rf"(?<![\w-]){name}(?![\w-])", page)]


@pytest.mark.parametrize("file", PAGES, ids=name_of)
def test_every_command_exists(file):
    named = re.findall(r"(?:\./xaso|`xaso)\s+(?:--data \S+ )?([a-z]+)", text(file))
    assert not [name for name in named if name not in COMMANDS]


@pytest.mark.parametrize("name", ["README.md", "README.vi.md"])
def test_the_readme_names_every_command(name):
    page = text(ROOT / name)
    assert not [command for command in COMMANDS if f"`./xaso {command}" not in page]


def test_the_two_readmes_are_twins():
    one, two = (text(ROOT / name) for name in ("README.md", "README.vi.md"))
    assert one.count("\n## ") == two.count("\n## ")
    assert LINK.findall(one)[1:] == LINK.findall(two)[1:]
    assert all(f"docs/images/{picture}.png" in page for page in (one, two) for picture in PICTURES)


def test_every_variable_named_is_read_somewhere():
    named = {name for file in PAGES for name in re.findall(r"\bXASO_[A-Z0-9_]+", text(file))}
    read = "\n".join(text(file) for file in [*python_files(), ROOT / "xaso"])
    assert not {name for name in named if name not in read}
