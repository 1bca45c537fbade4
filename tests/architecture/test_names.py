"""One name for one business verb: action, permission, audit entry, button. Events are heard by somebody."""

import ast
import importlib
import re

import pytest
from django.urls import get_resolver

from tests.architecture.source import PACKAGE, python_files, short, template_files, tree
from xaso.config.modules import MODULES
from xaso.core.access.roles import roles, titles
from xaso.core.actions import TITLES
from xaso.kit.events import all_events, handlers_of
from xaso.kit.module import modules

# Roles of the tests' own verbs (`outbox_test.happen`) are nobody's business.
MADE_UP = ("outbox_test.", "actions_test.", "test.")


@pytest.fixture(scope="module", autouse=True)
def _everything_is_imported():
    get_resolver().url_patterns  # noqa: B018 - a property that imports every screen
    for file in (PACKAGE / "core").glob("*/actions*"):
        name = ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts)
        importlib.import_module(name)
    importlib.import_module("xaso.config.jobs")


def declared():
    """Every `@action("name", …)` in the source: name → (file, function)."""
    found = {}
    for file in python_files():
        for node in ast.walk(tree(file)):
            if not isinstance(node, ast.FunctionDef):
                continue
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "action":
                    found[decorator.args[0].value] = (file, node.name)
    return found


def granted():
    return {permission for permissions in roles().values() for permission in permissions}


def called_by_the_system():
    """Names of functions that somewhere get SYSTEM as their actor."""
    return {
        getattr(node.func, "id", getattr(node.func, "attr", ""))
        for file in python_files()
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call) and node.args and getattr(node.args[0], "id", "") == "SYSTEM"
    }


def called_by_other_actions():
    """Names of functions called with the actor `by`: inside an action the outer one has asked."""
    return {
        getattr(node.func, "id", getattr(node.func, "attr", ""))
        for file in python_files()
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call) and node.args and getattr(node.args[0], "id", "") == "by"
    }


def test_there_are_actions():
    assert len(declared()) > 20


def test_every_action_is_somebodys_to_do():
    """In a role, or done by the system, or only ever a part of another action."""
    reachable = called_by_the_system() | called_by_other_actions()
    nobodys = [n for n, (_, function) in declared().items() if n not in granted() and function not in reachable]
    assert not nobodys


def test_an_action_is_named_after_the_place_it_lives_in():
    wrong = []
    for name, (file, _) in declared().items():
        place, _, verb = name.partition(".")
        if place not in file.parts or not re.fullmatch(r"[a-z][a-z0-9_]*", verb):
            wrong.append(f"{name} in {short(file)}")
    assert not wrong


def test_actions_live_in_actions():
    """The one exception is core's jobs and sign-in, which are part of core's own verbs."""
    wrong = [f"{n} in {short(file)}" for n, (file, _) in declared().items() if "modules" in file.parts]
    wrong = [line for line in wrong if "/actions" not in line]
    assert not wrong


def test_every_permission_in_a_role_means_something():
    """It is an action, or a permission that a screen, a list or a template names."""
    text = "\n".join(file.read_text(encoding="utf-8") for file in [*python_files(), *template_files()])
    named = set(re.findall(r"""["']([a-z_]+\.[a-z_]+)["']""", text))
    dead = sorted(granted() - set(TITLES) - named)
    assert not dead


def test_every_role_has_a_title():
    assert set(titles()) == set(roles())


def test_every_event_is_heard():
    unheard = [name for name in all_events() if not handlers_of(name) and not name.startswith("tests.")]
    assert not unheard


def test_events_tell_of_the_past_with_small_plain_values():
    for name, cls in all_events().items():
        for field, kind in cls.__annotations__.items():
            text = kind if isinstance(kind, str) else getattr(kind, "__name__", str(kind))
            assert re.fullmatch(r"[\w\s|\[\],]*", text), f"{name}.{field}: {text}"
            assert not re.search(r"Model|QuerySet|Dossier\b|Account\b|Person\b", text), f"{name}.{field}: {text}"


def test_module_manifests_are_complete():
    assert [module.name for module in modules()] == MODULES
    assert not [module.name for module in modules() if not module.title or module.title == module.name]


def test_job_names_are_unique():
    names = [job.name for module in modules() for job in module.jobs]
    assert len(names) == len(set(names))


def test_menu_lines_name_permissions_that_exist():
    wanted = {item.permission for module in modules() for item in module.menu}
    assert wanted <= granted() | {"public"}


def test_titles_are_known_once():
    made = [name for name in TITLES if not name.startswith(MADE_UP)]
    assert set(made) >= set(declared())
