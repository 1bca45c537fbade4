"""Templates print; colours and scripts live in `ui/`; a page borrows only from `ui/`, its face and its own parts."""

import re

import pytest
from django.template.loader import get_template
from django.urls import get_resolver

from tests.architecture.source import PACKAGE, python_files, short, template_files
from tests.architecture.test_screens import patterns

UI = PACKAGE / "ui"
FACES = ("portal", "desk", "cockpit")
COLOUR = re.compile(r"""(?<![&\w/"'=#-])#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})\b(?![\w-])|\b(?:rgba?|hsla?)\(""")
COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|<!--.*?-->", re.S)
BORROWED = re.compile(r"""\{%\s*(?:include|extends)\s+["']([^"']+)["']""")
HANDLER = re.compile(r"""\s(?:on(?:click|change|submit|load|input|key\w+|focus|blur)|hx-on[:\w-]*)\s*=""")

PAGES = [file for file in template_files() if file.suffix == ".html"]
BUSINESS = [file for file in PAGES if not file.is_relative_to(UI)]


def text(file):
    return COMMENT.sub("", file.read_text(encoding="utf-8"))


def name_of(file):
    parts = file.parts
    return "/".join(parts[len(parts) - parts[::-1].index("templates") :])


def owner_of(file):
    """`modules/dossiers/templates/…` → dossiers."""
    return file.parts[file.parts.index("templates") - 1]


def test_there_are_templates():
    assert len(PAGES) > 40


@pytest.mark.parametrize("file", PAGES, ids=name_of)
def test_every_template_compiles(file):
    assert get_template(name_of(file)).origin.name == str(file)


def test_every_screen_has_its_template():
    views = [pattern.callback for _, pattern in patterns(get_resolver())]
    names = {view.template for view in views if getattr(view, "template", "")}
    assert names
    missing = names - {name_of(file) for file in PAGES}
    assert not missing


def test_templates_have_no_style_of_their_own():
    assert not [name_of(f) for f in BUSINESS if re.search(r"\sstyle\s*=|<style|<link[^>]+stylesheet", text(f))]


def test_templates_have_no_script_of_their_own():
    assert not [
        name_of(f) for f in BUSINESS if re.search(r"<script(?![^>]*\ssrc=)", text(f)) or HANDLER.search(text(f))
    ]


def test_templates_have_no_colours():
    assert not [name_of(f) for f in BUSINESS if COLOUR.search(text(f))]


def test_pages_load_nothing_from_elsewhere():
    loads = re.compile(r"""(?:src|<link[^>]+href)\s*=\s*["'](?:https?:)?//""")
    assert not [name_of(f) for f in PAGES if loads.search(text(f))]


def test_templates_trust_no_text():
    """`|safe` and autoescape off turn what somebody typed into markup."""
    assert not [name_of(f) for f in BUSINESS if re.search(r"\|\s*safe\b|autoescape\s+off", text(f))]


def test_templates_borrow_only_from_ui_their_face_and_their_own_parts():
    wrong = []
    for file in BUSINESS:
        own = owner_of(file)
        allowed = ("ui/", f"{own}/", *(f"{face}/" for face in FACES), "faces/")
        # `page.html#part` is a partial of the same family of files.
        wrong += [f"{name_of(file)}: {name}" for name in BORROWED.findall(text(file)) if not name.startswith(allowed)]
    assert not wrong


def test_only_ui_has_css():
    sheets = [file for file in PACKAGE.rglob("*.css") if not file.is_relative_to(UI)]
    assert not [short(file) for file in sheets]


def test_python_writes_no_markup():
    """Markup belongs in templates; Python between tags is where injection starts."""
    writers = [
        short(file)
        for file in python_files()
        if not file.is_relative_to(UI) and re.search(r"\bmark_safe\b|format_html\(", file.read_text(encoding="utf-8"))
    ]
    assert not writers
