"""From draft to approval: every step and every refusal."""

import pytest

from xaso.core.outbox.models import Delivery
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.audio.models import Recording
from xaso.modules.bulletins import actions
from xaso.modules.bulletins.actions.drafting import discard
from xaso.modules.bulletins.models import Area, Bulletin
from xaso.modules.bulletins.tests.conftest import again, make_sound, words


def test_a_draft_may_lack_anything_but_a_title(phuc, ngu_kien):
    made = actions.write(phuc, ngu_kien, content=words(ngu_kien, text="", channels=(), unit_paths=()))
    assert made.state == "draft"
    with pytest.raises(Refused, match="tiêu đề"):
        actions.write(phuc, ngu_kien, content=words(ngu_kien, title=" "))


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"text": "a" * 20_001}, "20.001"), ({"topic": "nothing"}, "chủ đề"),
     ({"topic": "emergency"}, "trực ban"), ({"channels": ("fax",)}, "fax"),
     ({"unit_paths": ("26.252.09055.",)}, "không thuộc đơn vị")],
)  # fmt: skip
def test_what_cannot_be_kept(phuc, ngu_kien, changes, word):
    with pytest.raises(Refused, match=word):
        actions.write(phuc, ngu_kien, content=words(ngu_kien, **changes))


def test_who_may_write(minh, tam, bay, ngu_kien, village):
    for other in (minh, tam, bay):
        with pytest.raises(Forbidden):
            actions.write(other, ngu_kien, content=words(ngu_kien))
    assert actions.write(bay, village, content=words(village)).unit == village


def test_submitting_asks_for_the_sound_and_fixes_the_content(draft, phuc):
    actions.submit(phuc, draft)
    row = again(draft)
    assert row.state == "submitted"
    assert len(row.content_hash) == 64
    sound = Recording.objects.get(uuid=row.recording)
    assert sound.state == "making"
    assert "Mời họp thôn" in sound.text


def test_all_that_is_missing_is_said_at_once(phuc, ngu_kien):
    made = actions.write(phuc, ngu_kien, content=words(ngu_kien, text="Lúc [giờ]", channels=()))
    with pytest.raises(Refused, match=r"Còn chỗ chưa điền: \[giờ\]\. .*ít nhất một kênh"):
        actions.submit(phuc, made)
    assert again(made).state == "draft"


def test_one_approval_opens_every_channel(approved):
    assert again(approved).state == "approved"
    assert [one.channel for one in approved.sendings.order_by("id")] == ["speakers", "sms", "web", "inbox"]
    assert Area.objects.filter(bulletin=approved).count() == 1
    assert Delivery.objects.filter(event="bulletins.BulletinApproved", handler__contains=".bulletins.").count() == 3


def test_the_author_does_not_approve(submitted, phuc, hoa):
    Bulletin.objects.filter(pk=submitted.pk).update(writers=[hoa.account_id])
    with pytest.raises(Refused, match="người khác phải duyệt"):
        actions.approve(hoa, again(submitted), content_hash=submitted.content_hash)
    with pytest.raises(Forbidden):
        actions.approve(phuc, submitted, content_hash=submitted.content_hash)


def test_whoever_once_wrote_on_it_does_not_approve(draft, phuc, truc, hoa, ngu_kien):
    Bulletin.objects.filter(pk=draft.pk).update(writers=[phuc.account_id, hoa.account_id])
    row = actions.edit(phuc, again(draft), content=words(ngu_kien, text="Mới."), revision=0)
    actions.submit(phuc, row)
    make_sound()
    with pytest.raises(Refused, match="người khác phải duyệt"):
        actions.approve(hoa, again(row), content_hash=again(row).content_hash)


def test_an_edit_takes_the_bulletin_back_to_draft(submitted, phuc, hoa, ngu_kien):
    seen = submitted.content_hash
    actions.edit(phuc, submitted, content=words(ngu_kien, text="Giờ khác."), revision=submitted.revision)
    row = again(submitted)
    assert (row.state, row.content_hash) == ("draft", "")
    with pytest.raises(Refused, match="Nháp"):
        actions.approve(hoa, row, content_hash=seen)


def test_a_leader_approves_only_what_was_on_the_page(submitted, phuc, hoa, ngu_kien):
    seen = submitted.content_hash
    actions.edit(phuc, submitted, content=words(ngu_kien, text="Giờ khác."), revision=submitted.revision)
    actions.submit(phuc, again(submitted))
    make_sound()
    with pytest.raises(Refused, match="đã được sửa"):
        actions.approve(hoa, again(submitted), content_hash=seen)


def test_what_was_changed_behind_the_back_is_not_approved(submitted, hoa):
    Bulletin.objects.filter(pk=submitted.pk).update(text="Chuyển tiền tới số …")
    with pytest.raises(Refused, match="đã được sửa"):
        actions.approve(hoa, again(submitted), content_hash=submitted.content_hash)


def test_nobody_approves_what_cannot_be_heard_yet(draft, phuc, hoa):
    actions.submit(phuc, draft)
    row = again(draft)
    with pytest.raises(Refused, match="đang được tạo"):
        actions.approve(hoa, row, content_hash=row.content_hash)
    Recording.objects.filter(uuid=row.recording).update(state="failed", why="Máy đọc lỗi.")
    with pytest.raises(Refused, match="Máy đọc lỗi"):
        actions.approve(hoa, row, content_hash=row.content_hash)


def test_a_refusal_says_why_and_the_author_goes_on(submitted, hoa, phuc, ngu_kien):
    with pytest.raises(Refused, match="lý do"):
        actions.refuse(hoa, submitted, reason=" ")
    actions.refuse(hoa, submitted, reason="Ghi rõ địa điểm.")
    assert again(submitted).state == "refused"
    row = actions.edit(phuc, again(submitted), content=words(ngu_kien), revision=submitted.revision)
    assert (row.state, row.refusal) == ("draft", "")


def test_two_leaders_decide_and_the_first_counts(submitted, hoa):
    other = again(submitted)
    actions.refuse(hoa, submitted, reason="Chưa đủ.")
    with pytest.raises(Refused, match="Từ chối"):
        actions.approve(hoa, other, content_hash=other.content_hash)


def test_two_writers_and_nothing_is_overwritten(draft, phuc, ngu_kien):
    actions.edit(phuc, draft, content=words(ngu_kien, text="Một."), revision=0)
    with pytest.raises(Refused, match="lưu ở chỗ khác"):
        actions.edit(phuc, draft, content=words(ngu_kien, text="Hai."), revision=0)
    assert again(draft).text == "Một."


def test_what_is_approved_is_not_edited(approved, phuc, ngu_kien):
    with pytest.raises(Refused, match="Đã duyệt"):
        actions.edit(phuc, approved, content=words(ngu_kien), revision=approved.revision)


def test_another_commune_sees_nothing(submitted, tam, oanh, browser_of):
    assert browser_of(tam).get(submitted.get_absolute_url()).status_code == 403


def test_copy_and_replace(sent, phuc, draft):
    made = actions.copy_bulletin(phuc, sent)
    assert (made.state, made.text, made.starts_at, made.replaces) == ("draft", sent.text, None, None)
    update = actions.replace(phuc, sent)
    assert update.replaces == sent
    with pytest.raises(Refused, match="không cần bản thay thế"):
        actions.replace(phuc, made)


def test_only_a_draft_is_thrown_away(draft, submitted, phuc, ngu_kien):
    with pytest.raises(Refused, match="bản nháp"):
        discard(phuc, submitted)
    other = actions.write(phuc, ngu_kien, content=words(ngu_kien))
    discard(phuc, other)
    assert not Bulletin.objects.filter(uuid=other.uuid).exists()


def test_cancelling_needs_a_reason_and_a_living_bulletin(submitted, phuc):
    with pytest.raises(Refused, match="lý do"):
        actions.cancel(phuc, submitted, reason="")
    actions.cancel(phuc, submitted, reason="Hoãn họp.")
    with pytest.raises(Refused, match="Đã huỷ"):
        actions.cancel(phuc, again(submitted), reason="Nữa.")


def test_what_villages_hand_in_stands_in_one_list_of_the_leader(
    bay, phuc, hoa, village, ngu_kien, people, devices, browser_of, django_assert_max_num_queries
):
    """The count on both first pages, one click to the list, one to the bulletin with its buttons."""
    for number in range(7):
        made = actions.write(bay, village, content=words(village, title=f"Họp thôn lần {number}"))
        actions.submit(bay, made)
    own = actions.write(phuc, ngu_kien, content=words(ngu_kien, title="Bản của chính lãnh đạo"))
    actions.submit(phuc, own)
    Bulletin.objects.filter(pk=own.pk).update(author_id=hoa.account_id)
    leader, address = browser_of(hoa), "/desk/bulletins/cho-duyet/"
    for first_page in ("/desk/", "/cockpit/"):
        page = leader.get(first_page).content.decode()
        tile = page[page.index("Chờ duyệt</span>") - 200 :][:400]
        assert f'href="{address}"' in tile
        assert ">7 " in tile
    with django_assert_max_num_queries(20):
        page = leader.get(address).content.decode()
    assert "7 bản tin của xã và các thôn chờ bạn duyệt" in page
    assert page.count("Thôn Đồng Mới") >= 7
    assert "Bản của chính lãnh đạo" not in page
    assert page.index("Họp thôn lần 0") < page.index("Họp thôn lần 6")
    make_sound()
    first = again(Bulletin.objects.order_by("pk").first())
    assert "Duyệt" in leader.get(first.get_absolute_url()).content.decode()
    actions.approve(hoa, first, content_hash=first.content_hash)
    assert "6 bản tin" in leader.get(address).content.decode()
    assert browser_of(bay).get(address).status_code == 403
    assert browser_of(phuc).get(address).status_code == 403
