"""The design system keeps its promises: readable, small, no inline style, works in every state."""

import re
from itertools import product
from pathlib import Path

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import engines
from django.template.loader import render_to_string
from django.test import Client
from django.utils.datastructures import MultiValueDict

from xaso.ui.forms import DayField
from xaso.ui.gallery import EXAMPLES
from xaso.ui.templatetags.ui import hinh

UI = Path(__file__).parent.parent
STATIC = UI / "static" / "ui"
TEMPLATES = sorted((UI / "templates").rglob("*.html"))
COMPONENTS = sorted((UI / "templates" / "cotton" / "ui").glob("*.html"))
TONES = ("neutral", "info", "good", "warn", "bad", "done")

TEXT_ON_GROUND = [
    *product(("ink", "ink-2", "link", "brand", "bad-ink"), ("page", "surface", "surface-2", "brand-soft")),
    *((f"{tone}-ink", f"{tone}-bg") for tone in TONES),
    *((f"{tone}-ink", "surface") for tone in TONES),
    ("on-brand", "brand"),
    ("on-brand", "brand-dark"),
    ("on-brand-2", "brand"),
    ("on-brand-2", "brand-dark"),
    ("on-action", "action"),
    ("on-action", "action-hover"),
    ("on-danger", "danger"),
    ("on-danger", "danger-hover"),
]
EDGE_ON_GROUND = [
    *product(("line-strong", "action-line", "focus", "danger", "brand"), ("page", "surface")),
]


@pytest.fixture(scope="module")
def tokens() -> dict[str, str]:
    """The light theme: first definition of each colour."""
    found: dict[str, str] = {}
    for name, colour in re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", (STATIC / "tokens.css").read_text("utf-8")):
        found.setdefault(name, colour)
    return found


def _light(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


class WithFile(forms.Form):
    title = forms.CharField(label="Tên")
    scan = forms.FileField(label="Tệp", required=False, help_text="PDF.")


def a_file(name: str = "quét.pdf") -> MultiValueDict:
    return MultiValueDict({"scan": [SimpleUploadedFile(name, b"%PDF-1.7")]})


def test_after_a_refusal_a_file_is_said_to_be_chosen_again():
    page = str(WithFile({"title": ""}, a_file()))
    assert "Tệp phải chọn lại: trình duyệt không giữ “quét.pdf”." in page
    assert re.search(r'<input type="file"[^>]*aria-describedby="id_scan_helptext id_scan_again"', page)
    refused = WithFile({"title": "Đơn"}, a_file())
    assert "Tệp phải chọn lại" not in str(refused)
    refused.add_error(None, "Kỳ này đã khoá.")
    assert "Tệp phải chọn lại" in str(refused)
    # What every page with <c-ui.field> shows of a single field.
    assert "Tệp phải chọn lại" in render_to_string("ui/forms/field.html", {"field": refused["scan"]})


def test_nothing_is_said_of_files_nobody_chose():
    assert "Tệp phải chọn lại" not in str(WithFile({"title": ""}))
    assert "Tệp phải chọn lại" not in str(WithFile())
    hostile = str(WithFile({"title": ""}, a_file("<b>x.pdf")))
    assert "<b>x" not in hostile


@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_can_be_read(tokens, text, ground):
    assert _contrast(tokens[text], tokens[ground]) >= 4.5


@pytest.mark.parametrize(("edge", "ground"), EDGE_ON_GROUND)
def test_edges_of_inputs_and_focus_can_be_seen(tokens, edge, ground):
    assert _contrast(tokens[edge], tokens[ground]) >= 3


@pytest.mark.parametrize("name", ["components.css", "charts.css", "print.css", "display.css"])
def test_only_tokens_name_colours(name):
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsl", (STATIC / name).read_text("utf-8")) == []


def test_styles_and_script_stay_small():
    assert sum(len((STATIC / name).read_bytes()) for name in ("tokens.css", "components.css")) < 30_000
    assert len((STATIC / "charts.css").read_bytes()) < 12_000
    assert len((STATIC / "ui.js").read_bytes()) < 6_144


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(UI / "templates")))
def test_templates_carry_no_style_script_or_outside_host(path):
    text = path.read_text("utf-8")
    assert not re.search(r"\sstyle\s*=|<style|\son\w+\s*=|javascript:|https?://", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda p: p.stem)
def test_each_component_says_how_it_is_used(path):
    assert path.read_text("utf-8").startswith("{# <c-ui." + path.stem)


def test_each_component_is_shown():
    shown = "".join(p.read_text("utf-8") for p in (UI / "templates" / "ui").rglob("*.html"))
    missing = [p.stem for p in COMPONENTS if p.stem != "panel" and f"<c-ui.{p.stem}" not in shown]
    inside = {p.stem: p.read_text("utf-8") for p in COMPONENTS}
    parts = {name for name in missing for other in inside if other != name and f"<c-ui.{name} " in inside[other]}
    assert set(missing) - parts == set()


def test_icons_used_are_drawn():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text("utf-8")))
    used = {
        name
        for path in TEMPLATES
        for name in re.findall(r'(?:<c-ui\.icon name|\sicon)="([a-z-]+)"', path.read_text("utf-8"))
    }
    assert used
    assert used | {hinh(tone) for tone in TONES} <= drawn


def test_gallery_shows_everything_to_anyone(client: Client):
    answer = client.get("/ui/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert len(answer.content) < 100_000
    assert all(f'<section id="{name}"' in page for name in EXAMPLES)
    assert "&lt;c-ui." in page
    assert "<c-" not in page
    assert 'lang="vi"' in page


def test_ids_in_the_gallery_are_unique(client: Client):
    ids = re.findall(r'\sid="([^"]+)"', client.get("/ui/").content.decode())
    assert sorted(ids) == sorted(set(ids))


def test_every_label_and_description_points_at_something(client: Client):
    page = client.get("/ui/").content.decode()
    ids = set(re.findall(r'\sid="([^"]+)"', page))
    named = " ".join(re.findall(r'(?:aria-describedby|aria-labelledby|<label[^>]* for)="([^"]+)"', page)).split()
    assert named
    assert set(named) <= ids


def test_large_text_is_remembered_and_leads_back(client: Client):
    answer = client.get("/ui/co-chu/?co=lon&next=/ui/%3Fdense%3D1")
    assert answer["Location"] == "/ui/?dense=1"
    assert 'data-text="large"' in client.get("/ui/").content.decode()
    client.post("/ui/co-chu/", {"co": "thuong", "next": "/ui/"})
    assert 'data-text="large"' not in client.get("/ui/").content.decode()


@pytest.mark.parametrize("place", ["https://xau.example/", "//xau.example", "javascript:alert(1)", ""])
def test_text_size_never_leads_outside(client: Client, place):
    assert client.get("/ui/co-chu/", {"co": "lon", "next": place})["Location"] == "/"


class Short(forms.Form):
    born_on = DayField(label="Ngày sinh", help_text="Như trên giấy tờ")
    side = forms.ChoiceField(label="Bên <nộp>", choices=[("a", "A")], widget=forms.RadioSelect)


def test_plain_django_form_has_our_look_and_links_errors():
    html = str(Short({"born_on": "31/02/2026"}))
    assert "(bắt buộc)" in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_born_on_helptext id_born_on_error"' in html
    assert 'id="id_born_on_error"' in html
    assert "Bên &lt;nộp&gt;" in html
    assert "Ghi ngày theo mẫu 31/12/2026." in html
    assert "Xin chọn một mục." in html


@pytest.mark.parametrize("typed", ["05/07/2026", "5/7/2026", "05-07-2026", "05.07.2026", "05072026", "2026-07-05"])
def test_days_are_understood_as_people_type_them(typed):
    assert DayField().clean(typed).isoformat() == "2026-07-05"


def test_values_are_escaped_once():
    # A cotton template is compiled from a file; the tag is what it compiles to.
    source = '{% cotton ui.badge label="{{ name }}" / %}'
    html = engines["django"].from_string(source).render({"name": '<b> & "x"'})
    assert "&lt;b&gt; &amp; &quot;x&quot;" in html


@pytest.mark.parametrize("name", ["403.html", "404.html", "refused.html"])
def test_error_pages_say_what_to_do(name):
    page = render_to_string(name, {"message": "Hồ sơ đã khóa.", "back": "/desk/"})
    assert "Hồ sơ đã khóa." in page
    assert 'href="/desk/"' in page


def test_server_error_page_needs_nothing():
    assert "Về trang đầu" in render_to_string("500.html")


@pytest.mark.parametrize("name", ["ui/print.html", "ui/display.html"])
def test_paper_and_wall_bases_render(name):
    assert '<html lang="vi">' in render_to_string(name)
