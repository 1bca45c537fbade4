"""A province adds its own content folder with a mistake in it: the command names file and line, and nothing changes."""

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from xaso.core.access import roles
from xaso.core.deadlines import calendar
from xaso.core.numbering import schemes
from xaso.core.units.models import Unit
from xaso.modules.notifications import definitions
from xaso.modules.papers import editions

pytestmark = pytest.mark.django_db
SHIPPED = settings.CONTENT_DIRS[0]


def _forget():
    roles._declared.cache_clear()
    roles.roles.cache_clear()
    roles.titles.cache_clear()
    schemes._schemes.cache_clear()
    calendar.forget()
    editions.all_editions.cache_clear()
    definitions.texts.cache_clear()


@pytest.fixture
def folder(tmp_path, settings):
    """A province's folder after a small one; what was read before is forgotten, and again at the end."""
    small, own = tmp_path / "small", tmp_path / "own"
    small.mkdir()
    own.mkdir()
    for name in ("roles.yaml", "numbering.yaml", "calendar", "trust", "layouts", "incoming.yaml", "workfiles"):
        (small / name).symlink_to(SHIPPED / name)
    settings.CONTENT_DIRS = [small, own]
    _forget()
    yield own
    _forget()


CALENDAR = "year: 2031\ndays:\n  - {date: 2031-01-01, kind: %s, name: Tết, source: x, mark: verified}\n"
PAPER = "code: giay-thu\nversion: '1'\ntitle: Thử\nvalid_from: %s\nsize: a4\nlegal_basis: thử\nfields: []\n"


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("roles.yaml", "roles:\n  x:\n    title: Thử\n    may:\n      everywhere: [desk.use]\n", "roles.yaml, dòng 5"),
        ("roles.yaml", "roles:\n  x:\n    title: Thử\n    may: {unit: [desk]}\n", "roles.yaml, dòng 4"),
        ("roles.yaml", "roles:\n  x:\n    may: {}\n", "roles.yaml, dòng 2: roles.x.title: thiếu mục này"),
        ("roles.yaml", "roles:\n  x:\n    title: a\n    may: {own: [a.b], all: [a.b]}\n", "a.b được ghi hai lần"),
        ("roles.yaml", "roles: [\n", "roles.yaml, dòng 2: không đọc được YAML"),
        ("roles.yaml", "", "roles.yaml, dòng 1"),
        ("numbering.yaml", "schemes:\n  - name: a\n    book: b\n    width: 0\n", "numbering.yaml, dòng 4"),
        ("calendar/2031.yaml", CALENDAR % "holiday", "2031.yaml, dòng 3: ngày 01/01/2031 có kind 'holiday'"),
        ("calendar/2031.yaml", "year: [2031", "2031.yaml: không đọc được"),
        ("calendar/hours.yaml", "hours:\n  - valid_from: hôm qua\n", "hours.yaml, dòng 2"),
        ("units/moi.csv", "code,name\n1,2\n", "moi.csv, dòng 1: thiếu cột"),
        ("procedures/thu/9.000001.yaml", 'code: "9.000001"\nname: Thử\n', "9.000001.yaml, dòng 1: "),
        ("procedures/thu/9.000001.yaml", "code: [\n", "9.000001.yaml, dòng 2: không đọc được YAML"),
        ("papers/giay-thu/1/paper.yaml", PAPER % "1/1/2025", "paper.yaml:4: Ngày phải viết"),
        ("messages/thu.tin.yaml", "title: Tin\ninapp: 'Mã {number}'\n", "thu.tin.yaml, dòng 2, mục inapp"),
        ("messages/thu.tin.yaml", "title: Tin\ninapp: [\n", "thu.tin.yaml, dòng"),
        ("messages/thu.tin.yaml", "title: Tin\nneeds: number\ninapp: x\n", "thu.tin.yaml, dòng 2: mục needs"),
    ],
)
def test_a_wrong_file_is_named_with_its_line_and_a_sentence(folder, name, text, says):
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError) as told:
        call_command("load_content")
    assert says in str(told.value)
    assert "Traceback" not in str(told.value)


@pytest.mark.parametrize(
    "name", ["roles.yaml", "numbering.yaml", "calendar/2031.yaml", "messages/thu.tin.yaml", "papers/a/1/paper.yaml"]
)
def test_a_file_saved_in_another_encoding_is_told_so(folder, name):
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes("title: Giấy".encode("utf-16"))
    with pytest.raises(CommandError, match="UTF-8"):
        call_command("load_content")


@pytest.mark.long
def test_a_second_load_changes_nothing(django_assert_max_num_queries):
    said = []
    call_command("load_content", stdout=_Lines(said))
    assert Unit.objects.count() > 300
    before = list(Unit.objects.order_by("pk").values())
    with django_assert_max_num_queries(1500) as asked:
        call_command("load_content", stdout=_Lines(said))
    assert "0 thay đổi, kế thừa: 0 thêm" in "".join(said)
    written = [
        query["sql"] for query in asked.captured_queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
    ]
    assert not [statement for statement in written if "audit_entry" not in statement]
    assert list(Unit.objects.order_by("pk").values()) == before


class _Lines:
    def __init__(self, lines):
        self.lines = lines

    def write(self, text):
        self.lines.append(text)
