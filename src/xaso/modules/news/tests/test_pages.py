"""What residents and officers see."""

import re
from datetime import datetime
from email.utils import parsedate_to_datetime

import pytest
from django.core.cache import cache
from lxml import etree

from xaso.core.access import SYSTEM
from xaso.kit import clock
from xaso.modules.news import pictures
from xaso.modules.news.actions.publishing import pin_article, publish_article, withdraw_article
from xaso.modules.news.actions.writing import submit_article, write_article
from xaso.modules.news.models import Article
from xaso.modules.news.tests.conftest import TEXT, draft, photo

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _first_visit():
    cache.clear()


@pytest.fixture
def home(ngu_kien):
    return f"/portal/news/{ngu_kien.code}/"


def text_of(answer):
    return answer.content.decode()


def test_a_stranger_reads_the_list_and_the_article(client, published, home):
    article = published()
    page = text_of(client.get(home))
    assert article.title in page
    assert "csrfmiddlewaretoken" not in page
    shown = text_of(client.get(article.get_absolute_url()))
    assert "<h2>Cần mang gì</h2>" in shown
    assert '<a href="https://vinhphuc.gov.vn/tin" rel="noopener nofollow">' in shown
    assert f'<meta property="og:title" content="{article.title}">' in shown
    assert "http://localhost:8000/portal/news/articles/" in shown


def test_what_a_bulletin_brings_is_shown_as_words(client, ngu_kien):
    article = publish_article(
        SYSTEM, ngu_kien, title="Bản tin có mã", lead="", category="notice", purpose="bulletins.Bulletin:1",
        text="<script>alert(1)</script> [xem](javascript:alert(1))",
    )  # fmt: skip
    page = text_of(client.get(article.get_absolute_url()))
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert 'href="javascript' not in page


def test_nothing_to_choose_with_one_commune(client, published, home):
    published()
    assert client.get("/portal/news/").headers["Location"] == home


def test_two_communes_are_listed(client, published, lien_chau):
    published()
    publish_article(
        SYSTEM, lien_chau, title="Tin Liên Châu", lead="", text="Nội dung dài đủ.", category="news", purpose="a.B:1"
    )
    page = text_of(client.get("/portal/news/"))
    assert "Xã Liên Châu" in page
    assert "Xã Ngũ Kiên" in page


def test_pages_follow_each_other_without_gap_or_repeat(client, published, home, time_machine):
    titles = []
    for number in range(30):
        time_machine.move_to(f"2026-11-{number // 10 + 10} 09:{number:02}+07:00", tick=False)
        titles.append(published(title=f"Bài thứ {number:03}").title)
    seen, address = [], home
    while address:
        page = text_of(client.get(address))
        seen += re.findall(r"Bài thứ \d+", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = home + following.group(1) if following else ""
    assert seen == titles[::-1]


@pytest.mark.parametrize("after", ["x", "20261116090000000000-x", "99999999999999999999-1", "-", "%00", "9" * 400])
def test_made_up_addresses_show_the_first_page(client, published, home, after):
    published()
    answer = client.get(home, {"sau": after})
    assert answer.status_code == 200
    assert "Lịch tiêm phòng" in text_of(answer)


def test_categories_months_and_what_is_not_there(client, published, home, time_machine):
    time_machine.move_to("2026-10-31 23:30+07:00", tick=False)
    published(title="Bài tháng mười", category="legal")
    time_machine.move_to("2026-11-01 00:30+07:00", tick=False)
    published(title="Bài tháng mười một")
    assert "Bài tháng mười<" in text_of(client.get(f"{home}category/legal/"))
    assert "Bài tháng mười một" not in text_of(client.get(f"{home}category/legal/"))
    october = text_of(client.get(f"{home}month/2026-10/"))
    assert "Bài tháng mười<" in october
    assert "Bài tháng mười một" not in october
    assert "month/2026-10/" in text_of(client.get(home))
    for wrong in ("category/xx/", "month/2026-13/", "month/x/"):
        assert client.get(home + wrong).status_code == 404
    assert client.get("/portal/news/khong-co/").status_code == 404


def test_a_pinned_article_stands_first_and_once(client, published, hoa, home):
    old = published(title="Bài được ghim lâu ngày")
    published(title="Bài mới hơn")
    pin_article(hoa, old, is_pinned=True)
    page = text_of(client.get(home))
    assert page.count("Bài được ghim lâu ngày") == 1
    assert page.index("Bài được ghim lâu ngày") < page.index("Bài mới hơn")


def test_a_withdrawn_article_says_why_and_shows_nothing_more(client, published, hoa):
    article = published()
    withdraw_article(hoa, article, reason="Lịch đã đổi")
    page = text_of(client.get(article.get_absolute_url()))
    assert "Lịch đã đổi" in page
    assert "Căn cước" not in page


def test_a_draft_is_nobodys(client, phuc, ngu_kien):
    article = write_article(phuc, ngu_kien, draft=draft())
    assert client.get(article.get_absolute_url()).status_code == 404


def test_unchanged_is_304_and_a_change_is_seen_at_once(client, published, home):
    article = published()
    first = client.get(home)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert client.get(home, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    published(title="Tin vừa đăng xong")
    again = client.get(home, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert "Tin vừa đăng xong" in text_of(again)
    shown = client.get(article.get_absolute_url())
    tag = {"If-None-Match": shown.headers["ETag"]}
    assert client.get(article.get_absolute_url(), headers=tag).status_code == 304


def test_large_letters_are_another_page(client, published, home):
    published()
    plain = client.get(home)
    client.cookies["chu_lon"] = "1"
    large = client.get(home, headers={"If-None-Match": plain.headers["ETag"]})
    assert large.status_code == 200
    assert 'data-text="large"' in text_of(large)


def test_whoever_is_signed_in_gets_a_page_of_their_own(browser_of, lan, client, published, home):
    published()
    page = browser_of(lan).get(home)
    assert lan.name in text_of(page)
    assert "public" not in page.headers["Cache-Control"]
    assert lan.name not in text_of(client.get(home))


def test_few_questions(client, published, home, django_assert_max_num_queries):
    article = published()
    with django_assert_max_num_queries(7):
        client.get(home)
    with django_assert_max_num_queries(2):
        client.get(home)
    client.get(article.get_absolute_url())
    with django_assert_max_num_queries(1):
        client.get(article.get_absolute_url())


def test_feeds_are_well_formed_and_complete(client, published, home, hoa):
    article = published(title='Tin "có" <dấu> & số')
    rss = client.get(f"{home}rss.xml")
    assert rss.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    channel = etree.fromstring(rss.content).find("channel")
    assert channel is not None
    item = channel.find("item")
    assert {"title", "link", "description", "language"} <= {one.tag for one in channel}
    assert item.findtext("title") == article.title
    assert item.findtext("guid") == item.findtext("link") == f"http://localhost:8000{article.get_absolute_url()}"
    assert parsedate_to_datetime(item.findtext("pubDate")).tzinfo
    atom = etree.fromstring(client.get(f"{home}atom.xml").content)
    assert {"id", "title", "updated", "author"} <= {one.tag.removeprefix(ATOM) for one in atom}
    assert datetime.fromisoformat(atom.findtext(f"{ATOM}entry/{ATOM}updated"))
    assert client.get(f"{home}rss.xml", headers={"If-None-Match": rss.headers["ETag"]}).status_code == 304


def test_views_are_counted_and_nobody_is_remembered(client, published, time_machine):
    time_machine.move_to("2026-11-16 09:00+07:00", tick=False)
    article = published()
    client.get(article.get_absolute_url())
    client.get(article.get_absolute_url(), headers={"User-Agent": "Googlebot/2.1"})
    time_machine.shift(90)
    client.get(article.get_absolute_url())
    time_machine.shift(90)
    client.get(article.get_absolute_url())
    assert [(row.day, row.count) for row in article.views.all()] == [(clock.today(), 3)]
    assert not client.cookies


def test_a_picture_is_public_with_its_article_only(client, browser_of, phuc, hoa, ngu_kien, published):
    article = published(picture=pictures.of_upload(photo(500, 400)), picture_alt="Bà con chờ tiêm")
    address = f"/portal/news/pictures/{article.picture['files']['small']}.jpg"
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert "immutable" in answer.headers["Cache-Control"]
    b"".join(answer.streaming_content)
    assert 'alt="Bà con chờ tiêm"' in text_of(client.get(article.get_absolute_url()))
    withdraw_article(hoa, article, reason="Sai ảnh")
    assert client.get(address).status_code == 404
    b"".join(browser_of(phuc).get(address).streaming_content)


def form(**values):
    return {"category": "notice", "title": "Thông báo cắt điện", "lead": "", "text": TEXT, "picture_alt": "",
            "source": "Điện lực", "valid_until": "31/12/2026"} | values  # fmt: skip


def test_an_officer_writes_and_another_publishes(browser_of, phuc, hoa, client):
    writer, leader = browser_of(phuc), browser_of(hoa)
    made = writer.post("/desk/news/new/", form(picture=photo(400, 300), picture_alt="Trạm điện"))
    address = made.headers["Location"]
    writer.post(f"{address}submit/")
    assert "Bài chờ duyệt" in text_of(leader.get("/desk/"))
    assert leader.post(f"{address}approve/", {"duyet-on": "", "duyet-at": ""}).status_code == 302
    article = Article.objects.get()
    assert (article.state, article.approver_name) == ("published", hoa.name)
    assert "Điện lực" in text_of(client.get(article.get_absolute_url()))


def test_after_a_refusal_the_form_keeps_what_was_typed(browser_of, phuc):
    answer = browser_of(phuc).post("/desk/news/new/", form(text="Xem [ở đây](javascript:alert(1)) nhé bà con."))
    page = text_of(answer)
    assert "không phải trang web" in page
    assert "Thông báo cắt điện" in page
    assert not Article.objects.exists()


def test_a_file_that_is_no_picture_is_refused_in_the_form(browser_of, phuc):
    wrong = photo(100, 80)
    wrong.file.seek(0)
    wrong.file.write(b"MZ not a picture")
    wrong.file.truncate()
    answer = browser_of(phuc).post("/desk/news/new/", form(picture=wrong, picture_alt="Ảnh"))
    assert "Thông báo cắt điện" in text_of(answer)
    assert not Article.objects.exists()


def test_the_officers_pages_open_in_every_state(browser_of, phuc, hoa, published, ngu_kien):
    waiting = write_article(phuc, ngu_kien, draft=draft(title="Đang chờ duyệt"))
    submit_article(phuc, waiting)
    article = published()
    writer, leader = browser_of(phuc), browser_of(hoa)
    words = {"title": article.title, "lead": "", "text": "Tiêm ngày 21 nhé bà con.", "reason": "Sửa ngày"}
    assert writer.post(f"/desk/news/{article.uuid}/correct/", words).status_code == 302
    assert "Sửa ngày" in text_of(leader.get(f"/desk/news/{article.uuid}/"))
    assert leader.post(f"/desk/news/{article.uuid}/correct/approve/").status_code == 302
    assert writer.post(f"/desk/news/{article.uuid}/pin/").status_code == 302
    for tab in ("", "?muc=cho-duyet", "?muc=nhap", "?muc=da-go", "?muc=x"):
        assert writer.get(f"/desk/news/{tab}").status_code == 200
    assert leader.post(f"/desk/news/{waiting.uuid}/return/", {"tra-reason": ""}).status_code == 200
    assert leader.post(f"/desk/news/{article.uuid}/withdraw/", {"go-reason": "Đổi lịch"}).status_code == 302
    assert Article.objects.get(pk=article.pk).state == "withdrawn"
    assert browser_of(phuc).get(f"/desk/news/{article.uuid}/").status_code == 200


def test_the_officers_list_asks_little(browser_of, phuc, published, django_assert_max_num_queries):
    for number in range(12):
        published(title=f"Bài thứ {number:03}")
    browser = browser_of(phuc)
    browser.get("/desk/news/")
    with django_assert_max_num_queries(9):
        browser.get("/desk/news/")


def test_the_first_page_shows_the_newest(client, published):
    published()
    assert "Lịch tiêm phòng" in text_of(client.get("/"))
