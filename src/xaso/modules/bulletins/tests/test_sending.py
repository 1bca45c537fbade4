"""After the approval: every channel on its own, once, whatever breaks on the way."""

from datetime import timedelta

import pytest
import time_machine

from xaso.core.access import SYSTEM
from xaso.core.outbox.actions import deliver_all
from xaso.core.outbox.models import Delivery
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.audiences.actions import withdraw_consent
from xaso.modules.audiences.models import Contact
from xaso.modules.audio.models import Recording
from xaso.modules.bulletins import actions, handlers, jobs
from xaso.modules.bulletins.actions import reaching
from xaso.modules.bulletins.actions import sending as steps
from xaso.modules.bulletins.events import BulletinApproved, BulletinPublished
from xaso.modules.bulletins.models import Bulletin, Sending
from xaso.modules.bulletins.tests.conftest import MONDAY, TEXT, again, deliver, make_sound, sending, words
from xaso.modules.news.models import Article
from xaso.modules.sms.models import Sms
from xaso.modules.speakers.models import Play
from xaso.modules.zalo.models import Message as ZaloMessage


def approved_with(phuc, hoa, unit, **changes):
    made = actions.write(phuc, unit, content=words(unit, **changes))
    actions.submit(phuc, made)
    make_sound()
    return actions.approve(hoa, again(made), content_hash=again(made).content_hash)


def test_one_approval_sends_through_every_channel(sent):
    assert sent.state == "running"
    assert {one.channel: one.state for one in sent.sendings.all()} == {
        "speakers": "sending", "sms": "sending", "web": "sent", "inbox": "sent",
    }  # fmt: skip
    assert Sms.objects.filter(purpose=sent.ref).count() == 2
    assert Play.objects.get(purpose=sent.ref).title == "Mời họp thôn"
    article = Article.objects.get(purpose=sent.ref)
    assert (article.title, article.text) == (sent.title, TEXT)


def test_zalo_to_five_thousand_is_a_few_statements(phuc, hoa, ngu_kien, village, django_assert_max_num_queries):
    """Reading the book and writing the rows, both in portions; on SQLite one insertion holds 999 values."""
    now = clock.now()
    Contact.objects.bulk_create(
        Contact(
            unit=village, unit_path=village.path, name="Dân", folded_name="dan", phone=f"8491{number:07}",
            zalo_user=f"u-{number}", source="hand", created_at=now, changed_at=now,
        )
        for number in range(5000)
    )  # fmt: skip
    made = approved_with(phuc, hoa, ngu_kien, channels=("zalo", "inbox"))
    steps.begin(SYSTEM, steps.take_up(SYSTEM, made))
    with django_assert_max_num_queries(230):
        assert steps.carry_out(SYSTEM, again(made), channel="zalo").total == 5000
    assert ZaloMessage.objects.filter(purpose=made.ref, kind="text").count() == 5000


def test_what_is_sent_is_what_was_approved(approved):
    Bulletin.objects.filter(pk=approved.pk).update(text="Chuyển tiền tới số …")
    deliver()
    states = {one.channel: (one.state, one.error) for one in approved.sendings.all()}
    assert all(state == "broken" and "không còn là bản đã duyệt" in error for state, error in states.values())
    assert not Sms.objects.exists()
    assert not Article.objects.exists()


def test_a_handler_that_runs_twice_sends_once(sent):
    """A worker killed between two channels: another runs the handlers again."""
    fact = str(sent.uuid)
    for handler in (handlers.give_to_speakers, handlers.take_up):
        handler(BulletinApproved(uuid=fact))
    for handler in (handlers.send_sms, handlers.put_on_web, handlers.show_in_inbox):
        handler(BulletinPublished(uuid=fact))
    deliver_all()
    assert Sms.objects.filter(purpose=sent.ref).count() == 2
    assert Play.objects.filter(purpose=sent.ref).count() == 1
    assert Article.objects.filter(purpose=sent.ref).count() == 1
    assert (
        Delivery.objects.filter(handler__contains=".bulletins.", event__endswith="Published", state="done").count() == 4
    )


def test_a_worker_killed_between_channels_loses_nothing(approved):
    """The first handlers are done, the worker dies; the rest is delivered by the next."""
    handlers.take_up(BulletinApproved(uuid=str(approved.uuid)))
    handlers.send_sms(BulletinPublished(uuid=str(approved.uuid)))
    deliver()
    assert Sms.objects.filter(purpose=approved.ref).count() == 2
    assert {one.state for one in approved.sendings.all()} == {"sending", "sent"}


def test_a_channel_that_fails_does_not_stop_the_others(phuc, hoa, ngu_kien, people):
    """No loudspeakers stand there."""
    made = approved_with(phuc, hoa, ngu_kien)
    deliver()
    assert sending(made, "speakers").state == "broken"
    assert "chưa có loa" in sending(made, "speakers").error
    assert sending(made, "sms").state == "sending"
    assert sending(made, "web").state == "sent"


def test_a_person_tries_a_broken_channel_again(phuc, hoa, ngu_kien, people, request):
    made = approved_with(phuc, hoa, ngu_kien)
    deliver()
    with pytest.raises(Refused, match="không có lỗi"):
        actions.retry_channel(phuc, again(made), channel="sms")
    request.getfixturevalue("devices")
    actions.retry_channel(phuc, again(made), channel="speakers")
    deliver()
    assert sending(made, "speakers").state == "sending"
    assert sending(made, "speakers").attempts == 1
    assert Sms.objects.filter(purpose=made.ref).count() == 2


def test_a_bulletin_without_a_living_channel_has_failed_and_can_rise_again(phuc, hoa, ngu_kien, request):
    made = approved_with(phuc, hoa, ngu_kien, channels=("sms",))
    deliver()
    jobs.look_at_running()
    assert again(made).state == "failed"
    assert "Không có ai" in sending(made, "sms").error
    request.getfixturevalue("people")
    actions.retry_channel(phuc, again(made), channel="sms")
    deliver()
    assert again(made).state == "running"
    assert Sms.objects.filter(purpose=made.ref).count() == 2


def test_at_its_hour(phuc, hoa, ngu_kien, people, devices):
    made = approved_with(phuc, hoa, ngu_kien, starts_at=MONDAY + timedelta(hours=8))
    deliver()
    assert again(made).state == "scheduled"
    assert not Sms.objects.exists()
    assert sending(made, "speakers").state == "sending", "loudspeakers keep the plan themselves"
    assert jobs.begin_due() == 0
    with time_machine.travel(MONDAY + timedelta(hours=8, seconds=5), tick=False):
        assert jobs.begin_due() == 1
        assert jobs.begin_due() == 0
        deliver()
        assert again(made).state == "running"
        assert Sms.objects.filter(purpose=made.ref).count() == 2


def test_weekly_for_the_loudspeakers(phuc, hoa, ngu_kien, people, devices):
    from xaso.modules.bulletins.rules.content import Weekly

    made = approved_with(phuc, hoa, ngu_kien, weekly=Weekly((0, 2), ("05:30",)), until=MONDAY + timedelta(days=14))
    deliver()
    play = Play.objects.get(purpose=made.ref)
    assert (play.days, play.times, play.until) == ([0, 2], ["05:30"], again(made).until)
    assert again(made).state == "running"


def test_who_refused_is_left_out_and_an_emergency_reaches_all(phuc, hoa, truc, quan, ngu_kien, people, devices):
    withdraw_consent(SYSTEM, people[0], topic="", channel="", how="counter", evidence="Nói tại quầy")
    made = approved_with(phuc, hoa, ngu_kien)
    deliver()
    assert [one.phone for one in Sms.objects.filter(purpose=made.ref)] == ["84912000002"]
    alarm = actions.send_emergency(
        truc, ngu_kien, title="Nước lên nhanh", text="Di dời ngay.", reason="Vượt báo động 3.",
        unit_paths=[ngu_kien.path], channels=["sms"],
    )  # fmt: skip
    deliver()
    rows = Sms.objects.filter(purpose=alarm.ref)
    assert {one.phone for one in rows} == {"84912000001", "84912000002"}
    assert {one.kind for one in rows} == {"emergency"}


def test_somebody_who_refuses_after_the_approval_is_left_out(approved, people):
    withdraw_consent(SYSTEM, people[0], topic="meetings", channel="sms", how="phone", evidence="Gọi điện")
    deliver()
    assert [one.phone for one in Sms.objects.filter(purpose=approved.ref)] == ["84912000002"]


def test_cancelled_before_the_worker_came_nothing_goes_out(approved, phuc):
    actions.cancel(phuc, approved, reason="Hoãn.")
    deliver()
    row = again(approved)
    assert row.state == "cancelled"
    assert {one.state for one in row.sendings.all()} == {"stopped"}
    assert not Sms.objects.exists()
    assert not Play.objects.exists()
    assert not Article.objects.exists()


def test_cancelled_while_it_plays_the_loudspeakers_stop(sent, phuc):
    actions.cancel(phuc, sent, reason="Sai giờ họp.")
    deliver()
    assert Play.objects.get(purpose=sent.ref).state in {"stopped", "ended"}
    assert Article.objects.get(purpose=sent.ref).state == "withdrawn"
    assert {(one.state, one.error) for one in Sms.objects.filter(purpose=sent.ref)} == {
        ("expired", "Bản tin đã huỷ: Sai giờ họp.")
    }
    assert {one.channel: one.state for one in sent.sendings.all()} == {
        "speakers": "stopped", "sms": "stopped", "web": "sent", "inbox": "sent",
    }  # fmt: skip
    handlers.give_to_speakers(BulletinApproved(uuid=str(sent.uuid)))
    assert Play.objects.filter(purpose=sent.ref).count() == 1


def test_a_cancellation_between_approval_and_a_channel(approved, phuc):
    """The loudspeakers have begun, SMS has not: one stops, the other never starts."""
    make_sound()
    handlers.give_to_speakers(BulletinApproved(uuid=str(approved.uuid)))
    actions.cancel(phuc, again(approved), reason="Hoãn.")
    deliver()
    assert Play.objects.get(purpose=approved.ref).state in {"stopped", "ended"}
    assert not Sms.objects.exists()


def test_an_update_stops_the_old_one(sent, phuc, hoa):
    update = actions.replace(phuc, sent)
    actions.submit(phuc, update)
    make_sound()
    row = again(update)
    actions.approve(hoa, row, content_hash=row.content_hash)
    deliver()
    assert again(sent).state == "cancelled"
    assert "Thay bằng bản tin" in again(sent).cancel_reason
    assert again(update).state == "running"


def test_sound_that_fails_breaks_only_the_loudspeakers(truc, ngu_kien, people, devices):
    alarm = actions.send_emergency(
        truc, ngu_kien, title="Cháy chợ", text="Tránh xa khu chợ.", reason="Cháy lớn.", unit_paths=[ngu_kien.path],
        channels=["speakers", "sms"],
    )  # fmt: skip
    Delivery.objects.filter(event="audio.RecordingAsked").delete()
    deliver_all()
    assert sending(alarm, "speakers").state == "waiting"
    assert sending(alarm, "sms").state == "sending"
    from xaso.modules.audio.actions.recordings import fail_recording

    fail_recording(SYSTEM, Recording.objects.get(uuid=alarm.recording), why="Máy đọc lỗi.")
    deliver_all()
    assert sending(alarm, "speakers").state == "broken"
    assert "Máy đọc lỗi" in sending(alarm, "speakers").error


def test_a_channel_that_never_began_is_said_aloud(approved):
    handlers.take_up(BulletinApproved(uuid=str(approved.uuid)))
    Delivery.objects.all().delete()
    assert jobs.call_stale() == 0
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False):
        assert jobs.call_stale() == 4
    assert "Gửi lại" in sending(approved, "sms").error


def test_when_all_is_through_the_bulletin_is_sent(sent):
    Sms.objects.filter(purpose=sent.ref).update(state="delivered")
    jobs.look_at_running()
    assert sending(sent, "sms").state == "sent"
    assert again(sent).state == "running", "the loudspeakers still play"
    Play.objects.filter(purpose=sent.ref).update(state="ended")
    reaching.look_at_purpose(SYSTEM, sent.ref)
    assert again(sent).state == "done"
    assert sending(sent, "sms").heard_at is not None


def test_nobody_got_the_sms(phuc, hoa, ngu_kien, people):
    made = approved_with(phuc, hoa, ngu_kien, channels=("sms",))
    deliver()
    Sms.objects.filter(purpose=made.ref).update(state="failed", error="Số không liên lạc được")
    jobs.look_at_running()
    assert again(made).state == "failed"
    assert sending(made, "sms").state == "broken"


def test_carrying_out_is_refused_to_people(approved, phuc):
    from xaso.kit.errors import Forbidden

    with pytest.raises(Forbidden):
        steps.carry_out(phuc, approved, channel="sms")
    assert Sending.objects.filter(state="waiting").count() == 4
