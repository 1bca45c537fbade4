"""The drawing, checked: who may import whom, how large things grow, which drawers do not exist."""

import ast
from functools import cache

import grimp
import pytest

from tests.architecture.source import PACKAGE, ROOT, python_files, short, tree
from xaso.config.modules import MODULES

OPEN_TO_OTHERS = {"actions", "queries", "events"}
DRAWERS = {"utils", "helpers", "services", "managers", "signals", "common", "misc", "base_classes"}
MAX_LINES, MAX_FUNCTION, MAX_ARGUMENTS = 400, 40, 9
FORBIDDEN = ("django.db.models.signals", "django.dispatch", "django.contrib.postgres", "django.contrib.gis", "requests")


@cache
def graph():
    return grimp.build_graph("xaso", cache_dir=None)


def crossings():
    for importer in graph().modules:
        if not importer.startswith("xaso.modules.") or ".tests" in importer:
            continue
        for imported in graph().find_modules_directly_imported_by(importer):
            here, there = importer.split("."), imported.split(".")
            if imported.startswith("xaso.modules.") and len(here) > 2 and here[2] != there[2]:
                yield importer, imported


def test_a_module_imports_only_modules_before_it():
    wrong = [f"{a} → {b}" for a, b in crossings() if MODULES.index(a.split(".")[2]) < MODULES.index(b.split(".")[2])]
    assert not wrong


def test_a_module_shows_others_only_its_verbs_questions_and_events():
    wrong = [f"{a} → {b}" for a, b in crossings() if [*b.split("."), ""][3] not in OPEN_TO_OTHERS]
    assert not wrong


def test_every_module_folder_is_listed():
    folders = {file.parent.name for file in (PACKAGE / "modules").glob("*/__init__.py")}
    assert folders == set(MODULES)


def test_a_module_says_what_it_is_for():
    silent = [name for name in MODULES if not ast.get_docstring(tree(PACKAGE / "modules" / name / "__init__.py"))]
    assert not silent


def test_there_are_no_drawers():
    assert not [short(file) for file in python_files(tests=True) if file.stem in DRAWERS]


def test_files_stay_readable():
    lines = {short(file): len(file.read_text(encoding="utf-8").splitlines()) for file in python_files(tests=True)}
    assert not {name: count for name, count in lines.items() if count > MAX_LINES}


def functions():
    for file in python_files():
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield file, node


def test_functions_stay_readable():
    long = [f"{short(f)}:{n.lineno} {n.name}" for f, n in functions() if n.end_lineno - n.lineno + 1 > MAX_FUNCTION]
    assert not long


def test_functions_take_few_arguments():
    many = [
        f"{short(file)}:{node.lineno} {node.name}"
        for file, node in functions()
        if len(node.args.args) + len(node.args.kwonlyargs) + len(node.args.posonlyargs) > MAX_ARGUMENTS
    ]
    assert not many


def test_nothing_is_imported_inside_a_function():
    hidden = [
        f"{short(file)}:{inner.lineno}"
        for file, node in functions()
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert not hidden


def imported_names(file):
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("name", FORBIDDEN)
def test_nobody_imports(name):
    users = [
        short(file)
        for file in python_files()
        if any(used == name or used.startswith(f"{name}.") for used in imported_names(file))
    ]
    assert not users


def test_only_the_clock_reads_the_time():
    readers = [
        f"{short(file)}:{node.lineno}"
        for file in python_files()
        if file != PACKAGE / "kit" / "clock.py"
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "utcnow", "today"}
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"timezone", "datetime", "date"}
    ]
    assert not readers


def test_rows_are_saved_only_by_actions():
    """Screens, forms, handlers, jobs and queries never write: they call an action."""
    writes = {"save", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
    guarded = {"screens", "forms", "handlers", "queries", "measures", "providers", "rules"}
    wrong = []
    for file in python_files():
        parts = file.relative_to(PACKAGE).with_suffix("").parts
        if parts[0] != "modules" or len(parts) < 3 or parts[2] not in guarded:
            continue
        wrong += [
            f"{short(file)}:{node.lineno} .{node.func.attr}()"
            for node in ast.walk(tree(file))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in writes
            and not _is_a_file(node)
        ]
    assert not wrong


def _is_a_file(node: ast.Call) -> bool:
    """`image.save(buffer, …)`, `workbook.save(…)`: those take a target, a row's save() does not."""
    return node.func.attr == "save" and bool(node.args)


def test_the_root_holds_no_other_configuration():
    unexpected = {"setup.cfg", "tox.ini", ".flake8", "mypy.ini", "pytest.ini", "Makefile", "Dockerfile", "package.json"}
    assert not {file.name for file in ROOT.iterdir()} & unexpected
