"""Every URL says who may open it, and says it with a permission that a role has."""

import ast
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture.source import python_files, short, tree
from xaso.core.access import PUBLIC
from xaso.core.access.roles import roles
from xaso.core.actions import TITLES
from xaso.faces.api.urls import api

# Made by others: the API's own views ask for each operation below; the gallery of components shows no data.
NOT_OURS = ("api/", "ui/")


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, path)
        else:
            yield path, entry


def screens() -> list[tuple[str, object]]:
    found = [(path, pattern.callback) for path, pattern in patterns(get_resolver())]
    return [(path, view) for path, view in found if not path.startswith(NOT_OURS)]


def granted() -> set[str]:
    return {permission for permissions in roles().values() for permission in permissions}


def test_there_are_screens():
    assert len(screens()) > 20


def test_every_screen_declares_its_permission():
    assert not [path for path, view in screens() if not getattr(view, "permission", "")]


def test_every_permission_of_a_screen_is_in_somebodys_role():
    unknown = {view.permission for _, view in screens() if getattr(view, "permission", "")} - granted() - {PUBLIC}
    assert not unknown


def is_put_on_a_form(handler: ast.ExceptHandler) -> bool:
    caught = getattr(handler.type, "id", "")
    called = {ast.unparse(node.func) for node in ast.walk(handler) if isinstance(node, ast.Call)}
    return caught == "Refused" and any(name.endswith(".add_error") for name in called)


def test_a_refusal_is_put_on_a_form_in_one_way():
    """`with refusals_on(form):` also lets go on what no form can mend."""
    by_hand = [
        f"{short(file)}:{node.lineno}"
        for file in python_files()
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ExceptHandler) and is_put_on_a_form(node)
    ]
    assert not by_hand


def test_paths_carry_no_row_numbers():
    """A path with a running number tells how many there are and invites guessing the next."""
    assert not [path for path, _ in screens() if "<int:pk>" in path or "<int:id>" in path or "_id>" in path]


def operations():
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                yield f"{'/'.join(operation.methods)} {prefix}{path}", operation


def test_every_api_operation_asks_who_is_calling():
    """Either the caller shows a token, or the operation is declared for everybody."""
    open_to_all = [
        name
        for name, operation in operations()
        if not operation.auth_callbacks and not getattr(operation.view_func, "permission", "")
    ]
    assert not open_to_all


def test_every_api_operation_explains_itself():
    assert not [name for name, operation in operations() if not (operation.summary or operation.description)]


@pytest.mark.parametrize("name", ["accounts:sign_in", "accounts:officer"])
def test_the_way_in_is_open_to_everybody(name):
    module, _, short = name.partition(":")
    views = [p.callback for _, p in patterns(get_resolver()) if p.name == short and module in p.callback.__module__]
    assert views
    assert {view.permission for view in views} == {PUBLIC}


def test_actions_have_vietnamese_titles():
    assert not [name for name, title in TITLES.items() if not title.strip() or title == name]
