"""From a draft to a page, and back."""

from datetime import timedelta

import pytest

from xaso.core.access import SYSTEM
from xaso.core.files.actions import Place, receive_upload, upload
from xaso.core.outbox.actions import deliver_all
from xaso.kit import clock
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.news import pictures, queries
from xaso.modules.news.actions.publishing import (
    approve_article,
    approve_correction,
    correct_article,
    drop_correction,
    pin_article,
    publish_article,
    withdraw_article,
)
from xaso.modules.news.actions.writing import return_article, rewrite_article, submit_article, write_article
from xaso.modules.news.models import Article, ArticleVersion
from xaso.modules.news.tests.conftest import draft, photo

pytestmark = pytest.mark.django_db


def test_the_author_never_approves(phuc, thu, ngu_kien):
    article = write_article(thu, ngu_kien, draft=draft())
    submit_article(thu, article)
    with pytest.raises(Forbidden):
        approve_article(thu, article)
    with pytest.raises(Forbidden):
        approve_article(phuc, article)
    assert not queries.current().exists()


def test_whoever_rewrites_becomes_the_author(phuc, thu, hoa, ngu_kien):
    article = write_article(phuc, ngu_kien, draft=draft())
    rewrite_article(thu, article, draft=draft(title="Lịch tiêm phòng đã sửa"))
    submit_article(phuc, article)
    with pytest.raises(Forbidden):
        approve_article(thu, article)
    assert approve_article(hoa, article).state == "published"
    with pytest.raises(Refused):
        rewrite_article(phuc, article, draft=draft())


def test_returned_with_a_remark(phuc, hoa, ngu_kien):
    article = write_article(phuc, ngu_kien, draft=draft())
    submit_article(phuc, article)
    with pytest.raises(Refused):
        return_article(hoa, article, remark="  ")
    return_article(hoa, article, remark="Ghi rõ giờ.")
    assert Article.objects.get().state == "draft"
    with pytest.raises(Refused):
        approve_article(hoa, article)


def test_another_commune_may_not(tam, published):
    article = published()
    with pytest.raises(Forbidden):
        withdraw_article(tam, article, reason="x")
    assert not queries.in_hand(tam, "published").exists()


def test_a_later_moment_appears_by_itself(published, ngu_kien, time_machine):
    time_machine.move_to("2026-11-16 09:00+07:00", tick=False)
    published(at=clock.now() + timedelta(hours=2))
    before = queries.stamp(ngu_kien.path)
    assert not queries.of_unit(ngu_kien.path).exists()
    time_machine.move_to("2026-11-16 11:01+07:00", tick=False)
    assert queries.of_unit(ngu_kien.path).exists()
    assert queries.stamp(ngu_kien.path) != before


def test_out_of_date_leaves_the_lists(published, ngu_kien, time_machine):
    time_machine.move_to("2026-11-16 09:00+07:00", tick=False)
    published(valid_until=clock.today())
    assert queries.of_unit(ngu_kien.path).exists()
    time_machine.move_to("2026-11-17 00:01+07:00", tick=False)
    assert not queries.of_unit(ngu_kien.path).exists()


def test_a_correction_waits_for_somebody_else_and_keeps_the_old_words(published, phuc, hoa):
    article = published()
    words = {"title": article.title, "lead": article.lead, "text": "Tiêm ngày 21, không phải ngày 20."}
    with pytest.raises(Refused):
        correct_article(phuc, article, **words, reason="")
    correct_article(phuc, article, **words, reason="Sửa ngày")
    with pytest.raises(Refused):
        correct_article(phuc, article, **words, reason="Lần nữa")
    article.refresh_from_db()
    assert "21" not in article.text
    with pytest.raises(Forbidden):
        approve_correction(phuc, article)
    approve_correction(hoa, article)
    article.refresh_from_db()
    assert (article.version, "21" in article.text) == (2, True)
    assert [one.number for one in queries.corrections(article)] == [2]
    assert "Bà con" in ArticleVersion.objects.get(article=article, number=1).text


def test_a_dropped_correction_leaves_room_for_another(published, phuc, hoa):
    article = published()
    words = {"title": "Tiêu đề mới hẳn", "lead": "", "text": article.text}
    correct_article(phuc, article, **words, reason="Rõ hơn")
    drop_correction(hoa, article)
    correct_article(phuc, article, **words, reason="Rõ hơn nữa")
    approve_correction(hoa, article)
    assert Article.objects.get().title == "Tiêu đề mới hẳn"


def test_withdrawn_with_a_reason(published, hoa, ngu_kien):
    article = published()
    with pytest.raises(Refused):
        withdraw_article(hoa, article, reason=" ")
    withdraw_article(hoa, article, reason="Lịch đã đổi")
    assert not queries.of_unit(ngu_kien.path).exists()
    assert queries.article(article.uuid).withdrawn_reason == "Lịch đã đổi"
    with pytest.raises(Refused):
        withdraw_article(hoa, article, reason="lần nữa")


def test_three_pins_at_most(published, hoa):
    articles = [published(title=f"Thông báo số {number}") for number in range(4)]
    for article in articles[:3]:
        pin_article(hoa, article, is_pinned=True)
    with pytest.raises(Refused):
        pin_article(hoa, articles[3], is_pinned=True)
    assert Article.objects.filter(is_pinned=True).count() == 3


def test_a_bulletin_becomes_an_article_once(ngu_kien):
    words = {"title": "Thông báo mưa lũ", "lead": "", "text": "Bà con chú ý <b>an toàn</b>.", "category": "notice"}
    with pytest.raises(Refused):
        publish_article(SYSTEM, ngu_kien, **words)
    one = publish_article(SYSTEM, ngu_kien, **words, purpose="bulletins.Bulletin:7")
    two = publish_article(SYSTEM, ngu_kien, **words, purpose="bulletins.Bulletin:7")
    assert one.pk == two.pk
    assert queries.by_purpose("bulletins.Bulletin:7") == one
    assert queries.of_unit(ngu_kien.path).get() == one


def test_nobody_publishes_past_the_approval(hoa, phuc, ngu_kien):
    words = {"title": "Tự đăng", "lead": "", "text": "Không ai duyệt bài này.", "category": "news", "purpose": "x.Y:1"}
    for actor in (hoa, phuc):
        with pytest.raises(Forbidden):
            publish_article(actor, ngu_kien, **words)


def test_a_picture_is_made_anew_in_three_sizes(phuc, ngu_kien):
    sizes = pictures.of_upload(photo())
    article = write_article(phuc, ngu_kien, draft=draft(picture=sizes, picture_alt="Bà con chờ tiêm"))
    assert sizes.widths == {"small": 320, "middle": 800, "large": 1280}
    assert set(article.picture["files"]) == {"small", "middle", "large"}
    assert sizes.files["small"].saved.size < 30_000
    with pictures.store().open(sizes.files["large"].saved.sha256) as kept:
        content = kept.read()
    assert content.startswith(b"\xff\xd8\xff")
    assert b"nha rieng" not in content
    assert b"Exif" not in content


def test_a_picture_needs_words(phuc, ngu_kien):
    with pytest.raises(Refused):
        write_article(phuc, ngu_kien, draft=draft(picture=pictures.of_upload(photo(400, 300))))
    assert not Article.objects.exists()


def test_a_bulletins_picture_is_sized_after_the_commit(ngu_kien):
    received = receive_upload(photo(900, 700), ("image",))
    stored = upload(SYSTEM, Place("bulletins.Bulletin:7", ngu_kien.path), received=received, kind="picture")
    publish_article(
        SYSTEM, ngu_kien, title="Có ảnh đi kèm", lead="", text="Nội dung có ảnh.", category="news", picture=stored,
        purpose="bulletins.Bulletin:7",
    )  # fmt: skip
    deliver_all()
    article = Article.objects.get()
    assert article.picture["widths"]["large"] == 900
    assert article.picture_alt
