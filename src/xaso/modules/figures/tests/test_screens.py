"""The pages: who sees what, what is kept of what was typed, and how few statements each costs."""

import html
import io
import re
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from xaso.core.access import SYSTEM
from xaso.core.accounts.models import Post
from xaso.core.accounts.queries import actor_of
from xaso.core.accounts.tests.cast import make_account
from xaso.core.units.models import Unit
from xaso.modules.figures.models import Declared, Import
from xaso.modules.figures.tests.books import book, line


def page_of(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:500]
    content = answer.content.decode()
    assert len(content) < 100_000
    return html.unescape(content)


def url(name, *args, unit=None, period="2024", **more):
    query = {"period": period} | ({"unit": unit.code} if unit else {}) | more
    return reverse(f"desk-figures:{name}", args=args) + "?" + "&".join(f"{key}={value}" for key, value in query.items())


@pytest.fixture
def villages(ngu_kien, _spring_2025):
    for number in range(14):
        Unit.objects.create(
            code=f"V{number}", name=f"Thôn {number}", kind="village", parent=ngu_kien,
            path=f"{ngu_kien.path}V{number}.", valid_from=date(2015, 1, 1),
        )  # fmt: skip


def test_the_list_says_where_each_number_comes_from(state, villages, mai, browser_of, django_assert_max_num_queries):
    state("t_teams", "2024", number=Decimal(7))
    state("t_team_share", "2024", number=Decimal(98), comparator=">")
    state("t_online", "2024", number=Decimal(46), comparator=">")
    browser = browser_of(mai)
    browser.get(url("index", group="Thử"))
    with django_assert_max_num_queries(15):
        page = page_of(browser.get(url("index", group="Thử")))
    share = page[page.index("Tỷ lệ tổ") :][:1500]
    assert "50 %" in share
    assert "7/14" in share
    assert "khai báo: hơn 98 %, lệch −48 điểm %" in share
    assert "tính từ số khai" in share
    assert "chưa kiểm chứng" in page[page.index("Tỷ lệ trực tuyến") :][:1200]
    assert "chưa có" in page[page.index("Kinh phí") :][:1200]


def test_one_group_at_a_time(own_content, mai, browser_of):
    browser = browser_of(mai)
    first = page_of(browser.get(url("index")))
    assert "Thôn, tổ dân phố" in page_of(browser.get(url("index", group="Số liệu chung và một cửa")))
    assert "<option selected>" in first
    assert page_of(browser.get(url("index", group="không có", after="abc"))).count("<option selected>") == 1


def test_long_groups_have_pages(own_content, settings, mai, browser_of):
    lines = [f'  z_{n:03d}: {{label: "Số thứ {n:03d}", unit: việc, type: count, kind: stock}}' for n in range(90)]
    (own_content / "figures" / "z.yaml").write_text("title: Dài\nfigures:\n" + "\n".join(lines), encoding="utf-8")
    settings.CONTENT_DIRS = [own_content, own_content]
    browser, seen, at = browser_of(mai), [], url("index", group="Dài")
    while at:
        page = page_of(browser.get(at))
        seen += re.findall(r"Số thứ \d{3}", page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        at = reverse("desk-figures:index") + found[1] if found else ""
    assert seen == [f"Số thứ {n:03d}" for n in range(90)]


def test_the_province_looks_and_does_not_touch(state, son, oanh, ngu_kien, browser_of):
    state("t_people", "2024", number=Decimal(8000))
    page = page_of(browser_of(son).get(url("figure", "t_people", unit=ngu_kien)))
    assert "8.000 người" in page
    assert "Khai số liệu" not in page
    listed = page_of(browser_of(son).get(url("index", unit=ngu_kien, group="Thử")))
    assert "8.000 người" in listed
    assert '<option value="26">Tỉnh Vĩnh Phúc</option>' in listed
    assert '<option value="09157" selected>Xã Ngũ Kiên</option>' in listed
    assert browser_of(son).get(url("declare", "t_people", unit=ngu_kien)).status_code == 403
    assert browser_of(oanh).get(url("figure", "t_people", unit=ngu_kien)).status_code == 403
    assert browser_of(oanh).get(url("index", unit=ngu_kien)).status_code == 403


def test_a_resident_sees_none_of_it(lan, browser_of, client):
    assert browser_of(lan).get(url("index")).status_code == 403
    assert client.get(url("index")).status_code == 302


def test_one_figure_with_its_history(state, villages, mai, browser_of, django_assert_max_num_queries):
    for number in range(8):
        state("t_teams", "2024", number=Decimal(number), source=f"Sổ {number}")
    browser = browser_of(mai)
    browser.get(url("figure", "t_teams"))
    with django_assert_max_num_queries(15):
        page = page_of(browser.get(url("figure", "t_teams")))
    assert "Sổ 0" in page
    assert page.count("Đã thay") == 7
    share = page_of(browser.get(url("figure", "t_team_share")))
    assert "Thôn, tổ dân phố" in share
    assert "tính từ dữ liệu" in share
    assert browser.get(url("figure", "no_such")).status_code == 404


def test_declaring_keeps_what_was_typed(own_content, mai, ngu_kien, browser_of):
    browser = browser_of(mai)
    at = url("declare", "t_spent")
    assert "Giá trị (đồng)" in page_of(browser.get(at))
    typed = {
        "comparator": "~<",
        "value": "90.5 triệu",
        "source": "Sổ chi 2024",
        "confidence": "high",
        "supplier": "Kế toán",
    }
    page = page_of(browser.post(at, typed))
    assert "viết phần lẻ bằng dấu phẩy" in page
    for kept in ("90.5 triệu", "Sổ chi 2024", "Kế toán"):
        assert f'value="{kept}"' in page
    assert not Declared.objects.exists()
    assert browser.post(at, typed | {"value": "90 triệu"}).status_code == 302
    row = Declared.objects.get()
    assert (row.comparator, row.number, row.period_key, row.state) == ("~<", 90_000_000, "2024", "waiting")


def test_a_refusal_stands_in_the_form(own_content, mai, browser_of):
    typed = {"value": "5", "source": "Sổ", "confidence": "low", "as_of": "01/01/2023"}
    page = page_of(browser_of(mai).post(url("declare", "t_people"), typed))
    assert "nằm ngoài năm 2024" in page
    assert 'value="01/01/2023"' in page


@pytest.mark.parametrize(
    ("key", "typed", "shown"),
    [
        ("t_pair", {"numerator": "27", "denominator": "27"}, "27/27"),
        ("t_online", {"value": "hơn 46 %"}, "hơn 46 %"),
        ("t_online", {"numerator": "1", "denominator": "4"}, "25 %"),
        ("t_trend", {"value": "up"}, "tăng"),
        ("t_head", {"value": "head"}, "Chủ tịch"),
        ("t_cameras", {"value": "không"}, "không"),
        ("t_since", {"value": "4/2022"}, "04/2022"),
    ],
)
def test_every_type_has_its_form(own_content, mai, browser_of, key, typed, shown):
    browser = browser_of(mai)
    page_of(browser.get(url("declare", key)))
    answer = browser.post(url("declare", key), typed | {"source": "Sổ", "confidence": "medium"})
    assert answer.status_code == 302, answer.content.decode()
    assert shown in page_of(browser.get(Declared.objects.get().get_absolute_url()))


def test_evidence_is_kept_with_it(own_content, mai, hoa, browser_of):
    pdf = SimpleUploadedFile("bb.pdf", minimal_pdf(), "application/pdf")
    typed = {"value": "5", "source": "Biên bản", "confidence": "high", "evidence": pdf}
    assert browser_of(mai).post(url("declare", "t_people"), typed).status_code == 302
    page = page_of(browser_of(hoa).get(reverse("desk-figures:waiting")))
    assert "bb.pdf" in page
    program = SimpleUploadedFile("bb.pdf", b"MZ\x90\x00", "application/pdf")
    page = page_of(browser_of(mai).post(url("declare", "t_people"), typed | {"evidence": program}))
    assert "Biên bản" in page
    assert "Tệp phải chọn lại: trình duyệt không giữ “bb.pdf”" in page
    assert Declared.objects.count() == 1


@pytest.fixture
def above(province):
    """A leader of the province."""
    account = make_account("cuong")
    Post.objects.create(
        account=account, unit=province, unit_path=province.path, role="leader", valid_from=date(2020, 1, 1)
    )
    return actor_of(account.pk)


def test_an_approver_above_sees_those_below_and_one_unit_when_asked(
    state, above, ngu_kien, lien_chau, browser_of, django_assert_max_num_queries
):
    for unit in (ngu_kien, ngu_kien, lien_chau):
        state("t_people", "2024", number=Decimal(7), approve=False, source=f"Sổ {unit.name}", unit=unit, by=SYSTEM)
    browser = browser_of(above)
    at = reverse("desk-figures:waiting")
    browser.get(at)
    with django_assert_max_num_queries(11):
        page = page_of(browser.get(at))
    assert "Sổ Ngũ Kiên" in page
    assert "Sổ Liên Châu" in page
    assert "Tất cả 2 đơn vị (3)" in page
    one = page_of(browser.get(at, {"unit": lien_chau.code}))
    assert "Sổ Liên Châu" in one
    assert "Sổ Ngũ Kiên" not in one
    assert f'value="{lien_chau.code}" selected' in one
    assert "Không có số liệu nào chờ duyệt" in page_of(browser.get(at, {"unit": "khong-co"}))
    row = Declared.objects.filter(unit=lien_chau).get()
    assert browser.post(reverse("desk-figures:approve", args=[row.uuid])).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.decided_by_name) == ("approved", above.name)


def test_an_approver_of_a_commune_sees_only_that_commune(state, hoa, ngu_kien, lien_chau, browser_of):
    for unit in (ngu_kien, lien_chau):
        row = state(
            "t_people", "2024", number=Decimal(7), approve=False, source=f"Sổ {unit.name}", unit=unit, by=SYSTEM
        )
    page = page_of(browser_of(hoa).get(reverse("desk-figures:waiting")))
    assert "Sổ Ngũ Kiên" in page
    assert "Sổ Liên Châu" not in page
    assert "Lọc theo đơn vị" not in page
    assert browser_of(hoa).get(reverse("desk-figures:waiting"), {"unit": lien_chau.code}).status_code == 200
    assert browser_of(hoa).post(reverse("desk-figures:approve", args=[row.uuid])).status_code == 404


def minimal_pdf():
    from pypdf import PdfWriter

    writer, stream = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(stream)
    return stream.getvalue()


def test_the_leader_decides(state, hoa, mai, ngu_kien, browser_of, django_assert_max_num_queries):
    rows = [state("t_people", "2024", number=Decimal(n), approve=False, source=f"Sổ {n}") for n in range(40)]
    browser = browser_of(hoa)
    browser.get(reverse("desk-figures:waiting"))
    with django_assert_max_num_queries(10):
        page = page_of(browser.get(reverse("desk-figures:waiting")))
    assert "Sổ 39" in page
    assert "Sổ 3 " not in page
    following = re.search(r'rel="next" href="([^"]+)"', page)[1]
    assert "Sổ 0" in page_of(browser.get(reverse("desk-figures:waiting") + following))
    assert browser.post(reverse("desk-figures:approve", args=[rows[0].uuid])).status_code == 302
    assert browser.post(reverse("desk-figures:refuse", args=[rows[1].uuid]), {"reason": "thiếu"}).status_code == 302
    assert browser.post(reverse("desk-figures:refuse", args=[rows[2].uuid]), {"reason": ""}).status_code == 409
    assert [Declared.objects.get(pk=row.pk).state for row in rows[:3]] == ["approved", "refused", "waiting"]
    assert "Chờ duyệt" in page_of(browser.get(reverse("desk:home")))
    assert browser_of(mai).get(reverse("desk-figures:waiting")).status_code == 403
    shown = page_of(browser_of(mai).get(rows[1].get_absolute_url()))
    assert "thiếu" in shown
    assert (
        browser_of(mai).post(reverse("desk-figures:withdraw", args=[rows[0].uuid]), {"reason": "nhầm"}).status_code
        == 302
    )
    assert Declared.objects.get(pk=rows[0].pk).state == "withdrawn"


def test_another_commune_learns_nothing(state, tam, oanh, browser_of):
    row = state("t_people", "2024", number=Decimal(1))
    for actor in (tam, oanh):
        assert browser_of(actor).get(row.get_absolute_url()).status_code in {403, 404}
        assert browser_of(actor).post(reverse("desk-figures:approve", args=[row.uuid])).status_code in {403, 404}


def upload(data, name="so-lieu.xlsx", period="2024"):
    return {"period": period, "file": SimpleUploadedFile(name, data)}


def test_a_file_from_the_form_to_the_figure_and_back(
    own_content, mai, hoa, ngu_kien, browser_of, django_assert_max_num_queries
):
    browser, leader = browser_of(mai), browser_of(hoa)
    form = browser.get(url("template"))
    assert form["Content-Disposition"] == 'attachment; filename="so-lieu-09157-2024.xlsx"'
    filled = openpyxl.load_workbook(io.BytesIO(form.content))
    for row in filled["Số liệu"].iter_rows(min_row=5):
        if row[0].value == "t_people":
            row[3].value, row[8].value = "8.100", "Công an xã"
    stream = io.BytesIO()
    filled.save(stream)
    answer = browser.post(url("imports"), upload(stream.getvalue()))
    batch = Import.objects.get()
    assert answer.url == batch.get_absolute_url()
    with django_assert_max_num_queries(12):
        page = page_of(browser.get(answer.url))
    assert "8.100 người" in page
    assert "mới" in page
    assert browser.post(reverse("desk-figures:apply_import", args=[batch.uuid])).status_code == 302
    assert "Duyệt 1 số liệu" in page_of(leader.get(answer.url))
    assert leader.post(reverse("desk-figures:approve_import", args=[batch.uuid])).status_code == 302
    assert "8.100 người" in page_of(browser.get(url("index", group="Thử")))
    assert "Công an xã" in page_of(browser.get(url("figure", "t_people")))
    assert browser.post(reverse("desk-figures:undo_import", args=[batch.uuid])).status_code == 302
    assert "8.100 người" not in page_of(browser.get(url("index", group="Thử")))
    assert "Đã huỷ nhập" in page_of(browser.get(url("imports")))


def test_wrong_rows_are_shown_first_and_nothing_can_be_taken(own_content, mai, browser_of):
    browser = browser_of(mai)
    lines = [line("t_people", "5", group=f"nhóm {n}") for n in range(300)]
    answer = browser.post(url("imports"), upload(book(*lines, line("t_firms", "1,234.5"))))
    page = page_of(browser.get(answer.url))
    assert "D302: “1,234.5” không viết theo cách của Việt Nam" in page
    assert "1 dòng sai" in page
    assert "Nhập cả tệp" not in page
    assert page_of(browser.get(answer.url + "?from=300")).count("t_people") <= 1


def test_a_file_that_cannot_be_taken_leaves_the_form(own_content, mai, browser_of):
    merged = book(line("t_people", "5"), line("t_firms", "5"), change=lambda page: page.merge_cells("D2:D3"))
    page = page_of(browser_of(mai).post(url("imports"), upload(merged)))
    assert "D2:D3" in page
    assert not Import.objects.exists()


def test_odd_addresses_are_no_fault(own_content, mai, browser_of):
    browser = browser_of(mai)
    for query in (
        "?period=2024-13",
        "?period=abc",
        "?truoc=99999999999999999999",
        "?truoc=²",
        "?group=%00",
        "?after=%F0%9F%92%A9",
    ):
        assert browser.get(reverse("desk-figures:index") + query).status_code == 200
        assert browser.get(reverse("desk-figures:imports") + query).status_code == 200
    assert browser.get(reverse("desk-figures:index") + "?unit=khong-co").status_code == 404


def test_a_commune_that_has_ended_still_has_its_figures(state, son, province, ngu_kien, browser_of):
    state("t_people", "2024", number=Decimal(8000))
    Unit.objects.filter(pk=ngu_kien.pk).update(valid_to=date(2025, 2, 1))
    browser = browser_of(son)
    assert "8.000 người" in page_of(browser.get(url("figure", "t_people", unit=ngu_kien)))
    assert browser.get(url("figure", "t_people", unit=ngu_kien, period="2025-Q1")).status_code == 404
