"""Posts: put at Facebook as a draft or scheduled, published by a person, never twice; by hand without Facebook."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from xaso.core.access import SYSTEM
from xaso.core.files.receiving import receive_bytes
from xaso.core.outbox.actions import deliver_all
from xaso.kit import clock
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.social import carrying, jobs, queries
from xaso.modules.social.actions import posting
from xaso.modules.social.actions.posting import Words
from xaso.modules.social.actions.register import close_page
from xaso.modules.social.definitions import facebook as content
from xaso.modules.social.models import Post

pytestmark = pytest.mark.django_db


def again(post):
    post.refresh_from_db()
    return post


def photo() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(drawn, "JPEG")
    return drawn.getvalue()


def test_it_lies_at_facebook_as_a_draft_until_a_person_publishes(drafted, connected, facebook, phuc):
    post = drafted(connected)
    deliver_all()
    assert (again(post).state, post.facebook_as) == ("on_facebook", "draft")
    [there] = facebook.posts.values()
    assert (there["message"], there["is_published"]) == ("Lịch tiêm phòng thôn 3", False)
    posting.publish(phuc, post)
    deliver_all()
    assert again(post).facebook_as == "published"
    assert post.address == f"https://facebook.example/{post.facebook_id}"
    assert facebook.posts[post.facebook_id]["is_published"]
    assert queries.outcomes("test:1").published == 1


def test_a_scheduled_one_is_published_by_the_clock_of_facebook(drafted, connected, facebook):
    at = clock.now() + timedelta(hours=2)
    post = drafted(connected, publish_at=at)
    deliver_all()
    assert (again(post).state, post.facebook_as) == ("on_facebook", "scheduled")
    assert facebook.posts[post.facebook_id]["at"] == int(at.timestamp())
    assert jobs.look_at_scheduled() == 0
    facebook.control("publish", id=post.facebook_id)
    with time_machine.travel(at + timedelta(minutes=1), tick=True):
        assert jobs.look_at_scheduled() == 1
    assert again(post).facebook_as == "published"


@pytest.mark.parametrize("ahead", [timedelta(minutes=9), timedelta(days=31), timedelta(days=-1)])
def test_a_time_facebook_would_not_take_is_refused(drafted, connected, ahead):
    with pytest.raises(Refused, match="10 phút đến 30 ngày"):
        drafted(connected, publish_at=clock.now() + ahead)


def test_an_hour_that_came_while_it_waited_makes_a_draft(drafted, connected, facebook):
    post = drafted(connected, publish_at=clock.now() + timedelta(minutes=11))
    with time_machine.travel(clock.now() + timedelta(minutes=5), tick=True):
        deliver_all()
    assert again(post).facebook_as == "draft"


def test_with_a_picture_and_a_link(drafted, connected, facebook, phuc):
    post = posting.draft(
        phuc, connected, words=Words("Có ảnh", "https://ngukien.example/tin"),
        picture=receive_bytes(photo(), name="anh.jpg"), key="p",
    )  # fmt: skip
    deliver_all()
    assert again(post).state == "on_facebook", post.error
    [there] = facebook.posts.values()
    assert there["photo"]
    assert there["link"] == "https://ngukien.example/tin"


def test_the_same_key_is_the_same_post(drafted, connected, facebook):
    assert drafted(connected, key="one").pk == drafted(connected, key="one").pk
    deliver_all()
    assert len(facebook.posts) == 1


@pytest.mark.parametrize("fault", content().errors, ids=lambda one: str(one.code))
def test_every_code_ends_as_the_table_says(drafted, connected, facebook, fault):
    post = drafted(connected)
    facebook.fault("/feed", "error", code=fault.code)
    deliver_all()
    assert again(post).state == ("waiting" if fault.then == "retry" else "failed")
    assert (post.code, post.error) == (fault.code, fault.meaning)
    Post.objects.filter(state="waiting").update(retry_at=clock.now())
    jobs.carry_waiting()
    assert len(facebook.posts) == (fault.then == "retry")


def test_a_withdrawn_token_waits_for_a_person(drafted, connected, facebook, phuc):
    facebook.control("set", token="another")
    post = drafted(connected)
    deliver_all()
    assert (again(post).state, post.code) == ("failed", 190)
    facebook.control("set", token="page-token")
    posting.send_to_facebook(phuc, post)
    deliver_all()
    assert again(post).state == "on_facebook"


def test_facebook_knows_the_same_words(drafted, connected, facebook):
    first, second = drafted(connected), drafted(connected)
    deliver_all()
    assert again(first).state == "on_facebook"
    assert (again(second).state, second.code) == ("failed", 506)
    assert len(facebook.posts) == 1


@pytest.mark.parametrize("kind", ["cut", "garbage"])
def test_lost_on_the_way_back_it_is_not_put_again(drafted, connected, facebook, kind):
    post = drafted(connected)
    facebook.fault("/feed", kind)
    deliver_all()
    jobs.carry_waiting()
    assert (again(post).state, post.error) == ("failed", carrying.LOST_TRACK)
    assert len(facebook.posts) == (kind == "cut")


def test_a_worker_that_died_putting_leaves_it_to_a_person(drafted, connected, facebook):
    post = drafted(connected)
    assert posting.begin_step(SYSTEM, post)
    Post.objects.update(retry_at=clock.now())
    jobs.carry_waiting()
    assert again(post).error == carrying.LOST_TRACK
    assert facebook.posts == {}


def test_a_worker_that_died_publishing_is_followed_by_another(drafted, connected, facebook, phuc):
    post = drafted(connected)
    deliver_all()
    posting.publish(phuc, again(post))
    assert posting.begin_step(SYSTEM, again(post))
    Post.objects.update(retry_at=clock.now())
    jobs.carry_waiting()
    assert again(post).facebook_as == "published"


def test_publishing_that_fails_leaves_it_at_facebook(drafted, connected, facebook, phuc):
    post = drafted(connected)
    deliver_all()
    facebook.fault(again(post).facebook_id, "error", code=368)
    posting.publish(phuc, post)
    deliver_all()
    assert (again(post).state, post.facebook_as, post.code) == ("on_facebook", "draft", 368)


def test_cancelled_it_is_removed_there(drafted, connected, facebook, phuc):
    post = drafted(connected)
    deliver_all()
    posting.cancel(phuc, again(post))
    deliver_all()
    assert again(post).state == "cancelled"
    assert facebook.posts == {}


def test_what_somebody_published_meanwhile_is_not_taken_from_the_public(drafted, connected, facebook, phuc):
    post = drafted(connected)
    deliver_all()
    facebook.control("publish", id=again(post).facebook_id)
    posting.cancel(phuc, post)
    deliver_all()
    assert (again(post).state, post.facebook_as) == ("on_facebook", "published")
    assert len(facebook.posts) == 1


def test_what_is_gone_there_is_cancelled(drafted, connected, facebook, phuc):
    post = drafted(connected)
    deliver_all()
    facebook.control("remove", id=again(post).facebook_id)
    posting.cancel(phuc, post)
    deliver_all()
    assert again(post).state == "cancelled"


def test_without_facebook_people_copy_it_and_say_where_it_is(drafted, page, phuc):
    post = drafted(page)
    deliver_all()
    assert again(post).state == "drafted"
    with pytest.raises(Refused, match="Chưa nối Facebook"):
        posting.send_to_facebook(phuc, post)
    for wrong in ("", "facebook.com/1", "javascript:alert(1)", "https://", "https://a b.vn", "https://x:y@fb.com/1"):
        with pytest.raises(Refused, match="dán địa chỉ"):
            posting.post_by_hand(phuc, post, address=wrong)
    posting.post_by_hand(phuc, post, address="https://www.facebook.com/ngukien/posts/1")
    assert (again(post).state, post.settled_by) == ("by_hand", "Lương Hồng Phúc")
    with pytest.raises(Refused, match="chuyển tình trạng"):
        posting.post_by_hand(phuc, post, address="https://www.facebook.com/ngukien/posts/2")
    with pytest.raises(Refused):
        posting.cancel(phuc, post)


def test_what_cannot_be_posted_is_refused(drafted, page, phuc):
    with pytest.raises(Refused, match="viết nội dung"):
        drafted(page, text="  \n ")
    with pytest.raises(Refused, match="dài quá"):
        drafted(page, text="a" * 10_001)
    with pytest.raises(Refused, match="Đường dẫn"):
        drafted(page, link="javascript:alert(1)")
    close_page(phuc, page)
    with pytest.raises(Refused, match="đã đóng"):
        drafted(page)


def test_others_may_not(drafted, page, tam, minh, hoa):
    post = drafted(page)
    for stranger in (tam, minh):
        with pytest.raises(Forbidden):
            posting.cancel(stranger, post)
    with pytest.raises(Forbidden):
        posting.draft(hoa, page, words=Words("x"), picture=None, key="x")


def test_unreadable_settings_are_said_and_nothing_is_sent(drafted, connected, facebook, monkeypatch):
    post = drafted(connected)
    monkeypatch.setenv("XASO_FACEBOOK_PAGES", "{")
    deliver_all()
    assert again(post).state == "failed"
    assert "XASO_FACEBOOK_PAGES" in post.error
    monkeypatch.setenv("XASO_FACEBOOK_PAGES", "{}")
    assert not queries.is_connected(connected)


def test_no_token_in_a_row_or_an_address(drafted, connected, facebook):
    from xaso.core.audit.models import Entry

    drafted(connected)
    deliver_all()
    assert "page-token" not in str(list(Post.objects.values())) + str(list(Entry.objects.values()))
    assert all("token" not in call for call in facebook.calls)


def test_an_upload_becomes_a_plain_upright_jpeg():
    from xaso.modules.social.pictures import of_upload

    drawn = io.BytesIO()
    turned = Image.new("RGB", (400, 200), "teal")
    exif = turned.getexif()
    exif[0x0112], exif[0x010F] = 6, "Máy ảnh của Lan"
    turned.save(drawn, "JPEG", exif=exif)
    received = of_upload(SimpleUploadedFile("a.jpg", drawn.getvalue(), content_type="image/jpeg"))
    from xaso.core.files.stores import store

    with store().open(received.saved.sha256) as kept:
        picture = Image.open(io.BytesIO(kept.read()))
    assert picture.size == (200, 400)
    assert not dict(picture.getexif())
    with pytest.raises(Refused):
        of_upload(SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>", content_type="image/jpeg"))
