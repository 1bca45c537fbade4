"""Orders: what is refused and why, what becomes of them."""

from datetime import timedelta

import pytest
import time_machine

from xaso.core.access import SYSTEM
from xaso.core.outbox.actions import deliver_all
from xaso.core.outbox.models import Delivery
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.audio import queries as sounds
from xaso.modules.audio.actions import say
from xaso.modules.audio.actions.live import hear_live
from xaso.modules.audio.jobs import close_overdue_lives
from xaso.modules.audio.tests import stations
from xaso.modules.audio.tests.sounds import encoded, tone
from xaso.modules.speakers import queries
from xaso.modules.speakers.actions import Weekly, order_play, start_live, stop_live, stop_play
from xaso.modules.speakers.actions.expecting import close_over, expect_all, relay_all, settle_due
from xaso.modules.speakers.actions.live import live_on_air
from xaso.modules.speakers.actions.notices import send_village_notice
from xaso.modules.speakers.actions.reporting import record_plays
from xaso.modules.speakers.actions.station import HouseRules, arm_drill, manage_zone, set_rules
from xaso.modules.speakers.models import Command, Play, Run, Zone
from xaso.modules.speakers.tests.conftest import NOW, make_recording
from xaso.modules.speakers.tests.test_door import row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def order(phuc, ngu_kien, speakers, recording):
    """`order(starts_at=…)`: a normal item of the commune on all its speakers, changed as asked."""

    def make(by=phuc, unit=ngu_kien, **more):
        wish = {"recording": recording, "klass": "normal", "unit_paths": (unit.path,)}
        return order_play(by, unit, **(wish | more))

    return make


def in_hours(hours):
    return NOW + timedelta(hours=hours)


def test_two_items_of_the_commune_at_one_time_are_refused_by_name_with_a_free_time(order, ngu_kien):
    order(starts_at=in_hours(8))
    with pytest.raises(Refused, match=r"Mời bà con.*17:00 ngày 20/11.*Giờ trống gần nhất: 17:05"):
        order(starts_at=in_hours(8))


def test_items_for_different_villages_may_sound_at_once(order, village, ngu_kien):
    order(starts_at=in_hours(8), unit_paths=(village.path,))
    with pytest.raises(Refused, match="Trùng giờ"):
        order(starts_at=in_hours(8))


def test_a_stopped_item_stands_in_nobodys_way(order, phuc):
    stop_play(phuc, order(starts_at=in_hours(8)), reason="Nhầm giờ")
    assert order(starts_at=in_hours(8)).state == "planned"


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"starts_at": in_hours(13)}, "giờ yên tĩnh"),
        ({"starts_at": in_hours(-1)}, "đã qua"),
        ({"starts_at": in_hours(24 * 400)}, "xa quá một năm"),
        ({"starts_at": in_hours(20.5), "volume": 90}, "chỉ được mở loa đến"),
        ({"volume": 0}, "Âm lượng từ 1"),
        ({"loops": 21}, "từ 1 đến 20"),
        ({"loops": 20, "starts_at": in_hours(3)}, "giờ yên tĩnh"),
        ({"unit_paths": ()}, "Chỉ phát được"),
        ({"unit_paths": ("26.252.09055.",)}, "Chỉ phát được"),
        ({"recording": None}, "Hãy chọn một bản thu"),
        ({"recording": None, "stream": "https://stream.vov.vn/vov1.mp3"}, "bao nhiêu phút"),
        ({"drill": True}, "Diễn tập chưa được mở"),
        ({"starts_at": in_hours(8), "until": in_hours(7)}, "sau giờ bắt đầu"),
    ],
)
def test_what_is_refused_and_why(order, wish, sentence):
    with pytest.raises(Refused, match=sentence):
        order(**wish)
    assert not Play.objects.exists()


def test_a_recording_that_is_not_ready_is_refused(order, ngu_kien):
    with pytest.raises(Refused, match="chưa nghe được"):
        order(recording=say(SYSTEM, ngu_kien, text="Đang làm"))


def test_a_place_without_speakers_is_refused(order, lien_chau):
    with pytest.raises(Refused, match="chưa có loa"):
        order(by=SYSTEM, unit=lien_chau)


def test_an_emergency_is_above_quiet_hours_caps_and_collisions(order, clock):
    clock.shift(timedelta(hours=14))  # 23:00
    order(klass="emergency", volume=100)
    play = order(klass="emergency", volume=100)
    assert (play.rank, play.at_once, Run.objects.filter(play=play).count()) == (0, True, 3)
    assert {one.command.item.volume for one in queries.pending_commands()} == {100}


def test_a_resident_or_another_commune_orders_nothing(order, lan, tam, oanh):
    for stranger in (lan, tam, oanh):
        with pytest.raises(Forbidden):
            order(by=stranger)


def test_a_drill_reaches_speakers_only_while_it_is_armed(order, hoa, ngu_kien, clock):
    arm_drill(hoa, ngu_kien, hours=2)
    assert order(drill=True, klass="emergency").is_drill
    clock.shift(timedelta(hours=3))
    with pytest.raises(Refused, match="Diễn tập"):
        order(drill=True, klass="emergency")


def test_the_communes_own_rules_replace_the_defaults(order, quan, ngu_kien, speakers):
    rules = HouseRules((("20:00", "05:00"),), (("05:00", "23:00", 40),), 600, 120, "commune")
    set_rules(quan, ngu_kien, rules=rules)
    with pytest.raises(Refused, match="20:00–05:00"):
        order(starts_at=in_hours(11.5))
    assert order(starts_at=in_hours(3)).order == 0
    assert queries.programme_for(speakers[0]).items[0].volume == 40


def test_a_zone_plays_for_itself_with_its_own_cap(order, phuc, ngu_kien, speakers):
    zone = Zone(unit=ngu_kien, unit_path=ngu_kien.path, kind="zone")
    manage_zone(phuc, zone, name="Cụm bệnh xá", code="benh-xa", caps=[("05:00", "22:00", 30)], devices=speakers[:1])
    order(starts_at=in_hours(1), zone=zone)
    speakers[0].refresh_from_db()
    found = queries.programmes_for(speakers)
    assert [len(found[one.serial].items) for one in speakers] == [1, 0, 0]
    assert found["LOA-1"].zones == ("benh-xa",)
    assert found["LOA-1"].items[0].volume == 30


def test_a_group_is_reached_whatever_zone_its_members_are_in(order, phuc, ngu_kien, speakers):
    group = Zone(unit=ngu_kien, unit_path=ngu_kien.path, kind="group")
    manage_zone(phuc, group, name="Chợ", code="cho", caps=[], devices=speakers[1:])
    play = order(starts_at=in_hours(1), zone=group)
    assert set(Run.objects.filter(play=play).values_list("device__serial", flat=True)) == {"LOA-2", "LOA-3"}
    found = queries.programmes_for(speakers)
    assert [len(found[one.serial].items) for one in speakers] == [0, 1, 1]


def test_a_devices_programme_waits_once_however_often_it_changes(order):
    order(starts_at=in_hours(1))
    order(starts_at=in_hours(2))
    assert Command.objects.filter(kind="programme", state="queued").count() == 3


def test_stopping_takes_back_what_was_not_sent_and_stops_what_was(order, phuc):
    play = order(klass="emergency")
    stop_play(phuc, play, reason="Báo nhầm")
    assert {one.kind for one in queries.pending_commands()} == {"stop"}
    with pytest.raises(Refused, match="đã dừng"):
        stop_play(phuc, play, reason="Báo nhầm")


def test_parts_of_a_stopped_schedule_are_cancelled_and_its_end_is_told_once(order, phuc):
    play = order(starts_at=in_hours(8), purpose="bulletins:1")
    stop_play(phuc, play, reason="Hoãn họp")
    assert set(Run.objects.values_list("state", flat=True)) == {"cancelled"}
    play.refresh_from_db()
    assert (play.state, play.ended_at is not None) == ("stopped", True)
    assert queries.outcome("bulletins:1").parts == 0


def test_a_play_ends_when_its_last_part_is_settled(order, speakers, clock):
    play = order(klass="priority", purpose="bulletins:2")
    record_plays(SYSTEM, [row(one, play, play.starts_at) for one in speakers[:2]])
    clock.shift(timedelta(minutes=5))
    settle_due(SYSTEM)
    play.refresh_from_db()
    assert play.state == "ended"
    outcome = queries.outcome("bulletins:2")
    assert (outcome.devices, outcome.played, outcome.failed) == (3, 2, 1)
    assert [run.device.serial for run in queries.silent_rows("bulletins:2").rows] == ["LOA-3"]
    assert len(queries.played_rows("bulletins:2").rows) == 3


def test_weekly_parts_are_written_a_day_ahead_and_never_twice(order, clock):
    order(weekly=Weekly(tuple(range(7)), ("17:00",)))
    assert Run.objects.count() == 3  # until tomorrow 11:00
    for _ in range(8):
        clock.shift(timedelta(hours=12))
        expect_all(SYSTEM)
    assert Run.objects.count() == 3 * 5
    assert Run.objects.values("device", "scheduled_at").distinct().count() == 15


def test_a_weekly_item_past_its_last_day_ends(order, clock):
    play = order(weekly=Weekly((5,), ("17:00",)), until=in_hours(24))
    clock.shift(timedelta(days=3))
    settle_due(SYSTEM)
    close_over(SYSTEM)
    play.refresh_from_db()
    assert play.state == "ended"


def test_a_weekly_relay_is_started_by_the_server_each_time_with_its_end(order, clock, speakers):
    order(
        recording=None, stream="https://stream.vov.vn/vov1.mp3", minutes=30, weekly=Weekly(tuple(range(7)), ("17:00",))
    )
    assert not queries.programme_for(speakers[0]).items
    clock.move_to(NOW + timedelta(hours=7, minutes=59))
    assert relay_all(SYSTEM) == 3
    assert relay_all(SYSTEM) == 0
    item = next(one for one in queries.pending_commands() if one.kind == "play").command.item
    assert (item.rank, item.starts_at, item.until) == (4, in_hours(8), in_hours(8.5))


@pytest.mark.parametrize(
    "stream",
    [
        "https://stream.vov.vn/vov1.mp3", "http://VOV.vn./x", "https://loa.xa.gov.vn/live.mp3",
        "http://icecast.xa.gov.vn:8000/relay.mp3", "http://10.1.2.3:8015/live/a.mp3",
    ],
)  # fmt: skip
def test_a_relay_of_a_declared_station_or_of_our_own_is_taken(order, settings, monkeypatch, stream):
    settings.PUBLIC_URL = "https://loa.xa.gov.vn"
    monkeypatch.setenv("XASO_ICECAST_URL", "http://127.0.0.1:8000")
    monkeypatch.setenv("XASO_ICECAST_LISTEN_URL", "http://icecast.xa.gov.vn:8000")
    monkeypatch.setenv("XASO_LIVE_URL", "http://10.1.2.3:8015")
    assert order(recording=None, stream=stream, minutes=30, starts_at=in_hours(8)).stream == stream


@pytest.mark.parametrize(
    ("stream", "why"),
    [
        ("https://prank.example/loud.mp3", "prank.example không có trong danh sách"),
        ("http://169.254.169.254/latest/meta-data", "không có trong danh sách"),
        ("http://127.0.0.1:5432/", "không có trong danh sách"),
        ("https://loa.xa.gov.vn:8443/", "không có trong danh sách"),
        ("https://vov.vn.prank.example/a", "không có trong danh sách"),
        ("https://notvov.vn/a", "không có trong danh sách"),
        ("https://stream.vov.vn@prank.example/a", "không có tên đăng nhập"),
        ("https://prank.example\\@stream.vov.vn/a", "phải bắt đầu bằng"),
        ("https://prank.example\t.vov.vn/a", "phải bắt đầu bằng"),
        ("https://stream.vov.vn:x/a", "phải bắt đầu bằng"),
        ("http://[::1", "phải bắt đầu bằng"),
        ("file:///etc/passwd", "phải bắt đầu bằng"),
        ("//stream.vov.vn/a", "phải bắt đầu bằng"),
        ("/portal/", "phải bắt đầu bằng"),
    ],
)
def test_no_speaker_is_sent_to_a_host_nobody_declared(order, settings, stream, why):
    settings.PUBLIC_URL = "https://loa.xa.gov.vn"
    with pytest.raises(Refused, match=why):
        order(recording=None, stream=stream, minutes=30, klass="emergency", starts_at=in_hours(8))
    assert not Play.objects.exists()


def test_an_item_far_ahead_is_given_to_the_devices_when_it_comes_near(order, clock, speakers):
    order(starts_at=in_hours(24 * 20))
    assert not queries.programme_for(speakers[0]).items
    Command.objects.all().delete()
    for _ in range(14):
        clock.shift(timedelta(days=1))
        expect_all(SYSTEM)
    assert len(queries.programme_for(speakers[0]).items) == 1
    assert Command.objects.filter(kind="programme").exists()


@pytest.fixture
def microphone(phuc, ngu_kien, speakers):
    """Opened for the commune's speakers; nobody has spoken yet."""
    return start_live(phuc, ngu_kien, title="Bão số 3", unit_paths=(ngu_kien.path,), minutes=10)


def spoken(play):
    """The first piece of sound has come."""
    hear_live(SYSTEM, sounds.live(play.recording))
    deliver_all()
    play.refresh_from_db()


def test_the_microphone_goes_to_all_speakers_and_ends_with_a_stop(phuc, microphone, speakers, clock):
    spoken(microphone)
    first = queries.pending_commands()[0].command.item
    assert (first.rank, first.stream) == (1, microphone.stream)
    clock.shift(timedelta(minutes=4))
    stop_live(phuc, microphone)
    deliver_all()
    assert Play.objects.get().state == "stopped"
    assert not Delivery.objects.filter(state="stuck").exists()
    record_plays(SYSTEM, [row(speakers[0], microphone, microphone.starts_at, seconds=238.0, result="stopped")])
    assert Run.objects.get(device=speakers[0]).state == "played"


def test_no_speaker_is_told_before_the_first_sound_and_each_once(microphone, clock):
    assert not queries.pending_commands()
    assert not Run.objects.exists()
    clock.shift(timedelta(seconds=20))
    spoken(microphone)
    assert microphone.starts_at == NOW + timedelta(seconds=20)
    assert [one.kind for one in queries.pending_commands()] == ["play"] * 3
    assert not hear_live(SYSTEM, sounds.live(microphone.recording))
    assert not live_on_air(SYSTEM, microphone)
    assert (len(queries.pending_commands()), Run.objects.count()) == (3, 3)


def test_a_microphone_without_sound_closes_with_a_sentence_and_touches_no_speaker(microphone, clock):
    clock.shift(timedelta(seconds=59))
    assert close_overdue_lives() == 0
    clock.shift(timedelta(seconds=5))
    assert close_overdue_lives() == 1
    deliver_all()
    microphone.refresh_from_db()
    assert microphone.state == "stopped"
    assert "không có tiếng nào tới" in sounds.live(microphone.recording).why
    assert "không có tiếng nào tới" in microphone.stop_reason
    assert not Command.objects.exists()
    assert not live_on_air(SYSTEM, microphone)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_over_the_real_process_the_first_piece_begins_it(microphone, phuc, browser_of, clock, monkeypatch):
    """The microphone's page → the process that carries sound → the speakers are told."""
    with stations.carrier(monkeypatch):
        url = f"/desk/audio/truc-tiep/{microphone.recording}/tieng/0/"
        assert (
            "Loa chỉ phát khi có tiếng đầu tiên" in browser_of(phuc).get(url.removesuffix("tieng/0/")).content.decode()
        )
        assert not Command.objects.exists()
        answer = browser_of(phuc).post(url, tone_piece(), content_type="application/octet-stream")
        assert answer.json() == {"open": True, "heard": True}
        deliver_all()
        assert Command.objects.filter(kind="play").count() == 3


def tone_piece():
    return encoded(tone(1, 700, rate=48_000), "webm", "libopus", 48_000)[:4000]


def test_a_village_head_plays_only_in_his_village_and_hours(bay, village, ngu_kien, speakers):
    short = make_recording(village, "Họp thôn.", "20")
    play = send_village_notice(bay, village, recording=short, starts_at=in_hours(8))
    assert set(Run.objects.filter(play=play).values_list("device__serial", flat=True)) == {"LOA-1", "LOA-2"}
    with pytest.raises(Refused, match="Thôn được phát từ"):
        send_village_notice(bay, village, recording=short, starts_at=in_hours(12))
    with pytest.raises(Forbidden):
        send_village_notice(bay, ngu_kien, recording=short, starts_at=in_hours(9))
    with pytest.raises(Forbidden):
        order_play(bay, village, recording=short, klass="emergency", unit_paths=(village.path,))


def test_the_broadcaster_may_stop_a_villages_notice_the_head_not_the_communes(bay, phuc, village, speakers, order):
    notice = send_village_notice(bay, village, recording=make_recording(village, "Họp.", "20"), starts_at=in_hours(8))
    with pytest.raises(Forbidden):
        stop_play(bay, order(starts_at=in_hours(9)), reason="Ồn")
    assert stop_play(phuc, notice, reason="Trùng tiếp sóng").state == "stopped"


def test_villages_without_a_speaker(speakers, ngu_kien, village, quan):
    assert queries.villages_without([ngu_kien.path]) == []
    queries.devices_under([village.path]).update(state="lost")
    assert queries.villages_without([ngu_kien.path]) == [village]
