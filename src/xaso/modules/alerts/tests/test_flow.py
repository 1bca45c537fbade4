"""What comes of an alert: sent, drafted, drilled, called off; each once, in any order."""

import pytest

from xaso.core.access import SYSTEM
from xaso.core.outbox.models import Delivery
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.alerts import queries
from xaso.modules.alerts.actions import act, arm_drill, disarm_drill, dismiss, take_in
from xaso.modules.alerts.models import Alert, Issued
from xaso.modules.alerts.rules import cap, reading
from xaso.modules.alerts.tests.conftest import again, deliver
from xaso.modules.alerts.tests.samples import SENT, info, xml
from xaso.modules.bulletins import actions as bulletins
from xaso.modules.bulletins.models import Bulletin
from xaso.modules.speakers.models import Play

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("speakers")]


def from_above(unit, *args, **changes):
    return take_in(SYSTEM, unit, source=xml(*args, **changes), via="api", via_name="Trung tâm tỉnh")


def plays(alert):
    """Every play that an alert led to: through its bulletins, or a drill's own."""
    purposes = {alert.ref, *(f"bulletins.Bulletin:{one.pk}" for one in Bulletin.objects.filter(origin=alert.ref))}
    return [play for play in Play.objects.all() if any(play.purpose.startswith(one) for one in purposes)]


def test_an_emergency_from_above_is_on_the_speakers_at_once(ngu_kien):
    taken = from_above(ngu_kien)
    assert (taken.klass, taken.state, taken.unit_paths) == ("emergency", "sent", [ngu_kien.path])
    deliver()
    (play,) = plays(taken)
    assert (play.klass, play.is_drill, list(play.unit_paths)) == ("emergency", False, [ngu_kien.path])
    deeds = [one.text for one in taken.deeds.order_by("pk")]
    assert deeds[0].startswith("Nhận qua")
    assert deeds[1].startswith("Phát khẩn cấp")


def test_the_same_message_again_is_one(ngu_kien):
    first = from_above(ngu_kien)
    assert from_above(ngu_kien).pk == first.pk
    assert Bulletin.objects.count() == 1


def test_by_hand_it_waits_for_the_duty_officer(truc, phuc, ngu_kien):
    taken = take_in(truc, ngu_kien, source=xml())
    assert taken.state == "waiting"
    with pytest.raises(Forbidden):
        act(phuc, taken, unit_paths=(ngu_kien.path,))
    act(truc, taken, unit_paths=(ngu_kien.path,), channels=("speakers",), reason="Nước lên nhanh")
    assert again(taken).state == "sent"
    assert Bulletin.objects.get().emergency_reason == "Nước lên nhanh"
    with pytest.raises(Refused, match="đã được xử lý"):
        act(truc, taken, unit_paths=(ngu_kien.path,))


def test_what_is_less_becomes_a_draft_for_somebody_else(truc, ngu_kien):
    taken = take_in(truc, ngu_kien, source=xml(infos=(info(urgency="Expected", severity="Moderate"),)))
    act(truc, taken, unit_paths=(ngu_kien.path,))
    draft = Bulletin.objects.get()
    assert (again(taken).state, draft.state, draft.klass) == ("drafted", "draft", "priority")


def test_less_than_an_emergency_waits_even_from_above(ngu_kien):
    assert from_above(ngu_kien, infos=(info(urgency="Expected"),)).state == "waiting"


def test_cancel_stops_what_plays(ngu_kien):
    taken = from_above(ngu_kien)
    deliver()
    cancel = from_above(ngu_kien, "VN-9", "Cancel", ("VN-1",))
    deliver()
    assert (again(taken).state, cancel.state) == ("cancelled", "noted")
    assert Bulletin.objects.get().state == "cancelled"
    (play,) = plays(taken)
    assert play.state in {"stopped", "cancelled", "ended", "over"}


def test_update_replaces(ngu_kien):
    first = from_above(ngu_kien)
    deliver()
    second = from_above(ngu_kien, "VN-2", "Update", ("VN-1",), infos=(info(headline="Lũ đã lên báo động 3"),))
    deliver()
    assert (again(first).state, second.state) == ("replaced", "sent")
    states = list(Bulletin.objects.order_by("pk").values_list("state", flat=True))
    assert states[0] == "cancelled"
    assert states[1] != "cancelled"


def test_a_cancel_that_came_first_is_remembered(ngu_kien):
    cancel = from_above(ngu_kien, "VN-9", "Cancel", ("VN-1",))
    assert any("chưa nhận được" in remark for remark in cancel.remarks)
    assert from_above(ngu_kien).state == "cancelled"
    assert not Bulletin.objects.exists()


@pytest.mark.parametrize("status", ["Exercise", "Test"])
def test_no_exercise_is_heard_unless_a_drill_is_armed(truc, ngu_kien, status):
    taken = from_above(ngu_kien, status=status)
    deliver()
    assert taken.state == "noted"
    assert not Play.objects.exists()
    assert not Bulletin.objects.exists()
    with pytest.raises(Refused):
        act(truc, taken, unit_paths=(ngu_kien.path,))


def test_in_an_armed_drill_it_is_heard_and_says_so(truc, ngu_kien):
    arm_drill(truc, ngu_kien, reason="Diễn tập phòng chống lụt bão", hours=2)
    taken = from_above(ngu_kien, status="Exercise")
    assert again(taken).state == "drill"
    deliver()
    (play,) = plays(taken)
    assert play.is_drill
    assert play.text.startswith("Đây là diễn tập.") or play.title.startswith("Diễn tập")
    assert not Bulletin.objects.exists()


def test_an_exercise_that_came_too_early_is_played_in_its_drill(truc, ngu_kien):
    taken = from_above(ngu_kien, status="Exercise")
    arm_drill(truc, ngu_kien, reason="Diễn tập", hours=1)
    act(truc, taken, unit_paths=(ngu_kien.path,))
    deliver()
    assert plays(taken)[0].is_drill


def test_a_drill_that_ended_before_its_sound_is_not_heard(truc, ngu_kien):
    armed = arm_drill(truc, ngu_kien, reason="Diễn tập", hours=1)
    taken = from_above(ngu_kien, status="Test")
    disarm_drill(truc, armed)
    deliver()
    assert again(taken).state == "noted"
    assert not Play.objects.exists()


def test_an_exercise_cannot_call_off_what_is_real(truc, ngu_kien):
    real = from_above(ngu_kien)
    from_above(ngu_kien, "VN-9", "Cancel", ("VN-1",), status="Exercise")
    assert again(real).state == "sent"


def test_nobody_calls_off_what_another_sent(ngu_kien):
    real = from_above(ngu_kien)
    cancel = from_above(ngu_kien, "X-1", "Cancel", ("VN-1",), sender="ai@do.vn")
    assert again(real).state == "sent"
    assert any("nơi gửi khác" in remark for remark in cancel.remarks)


def test_a_drill_has_a_reason_an_end_and_is_one(truc, phuc, ngu_kien):
    with pytest.raises(Forbidden):
        arm_drill(phuc, ngu_kien, reason="Diễn tập", hours=1)
    with pytest.raises(Refused, match="diễn tập gì"):
        arm_drill(truc, ngu_kien, reason=" ", hours=1)
    with pytest.raises(Refused, match="từ 1 đến 4"):
        arm_drill(truc, ngu_kien, reason="Diễn tập", hours=5)
    arm_drill(truc, ngu_kien, reason="Diễn tập", hours=1)
    with pytest.raises(Refused, match="Đang có một đợt"):
        arm_drill(truc, ngu_kien, reason="Diễn tập", hours=1)


NOT_SENT = {
    "hết hạn": ({"infos": (info(expires="2026-11-16T08:59:00+07:00"),)}, "expired"),
    "nháp": ({"status": "Draft"}, "noted"),
    "máy với máy": ({"status": "System"}, "noted"),
    "phạm vi hẹp": ({"scope": "Private", "addresses": "a b"}, "noted"),
    "nơi khác": ({"infos": (info(areas=(cap.Area("Nơi khác", geocodes=(("VN-DVHC", "09055"),)),)),)}, "noted"),
    "không mã": ({"infos": (info(areas=(cap.Area("Ven sông", circles=("21.2,105.4 5",)),)),)}, "waiting"),
    "mã lạ": ({"infos": (info(areas=(cap.Area("Đâu đó", geocodes=(("VN-DVHC", "99999"),)),)),)}, "waiting"),
}


@pytest.mark.parametrize("what", NOT_SENT)
def test_what_is_not_sent_by_itself(ngu_kien, vinh_tuong_neighbour, what):
    changes, state = NOT_SENT[what]
    taken = from_above(ngu_kien, **changes)
    assert (taken.state, Bulletin.objects.count()) == (state, 0)


@pytest.fixture
def vinh_tuong_neighbour(tam):
    return tam


def test_a_district_code_means_all_of_us_and_a_village_only_itself(ngu_kien, village):
    district = queries.places_of(ngu_kien, [cap.Area("Nơi", geocodes=(("GSO", ngu_kien.parent.code),))])
    assert district.paths == (ngu_kien.path,)
    assert queries.places_of(ngu_kien, [cap.Area("Nơi", geocodes=(("dvhc", village.code),))]).paths == (village.path,)
    assert queries.places_of(ngu_kien, [cap.Area("Nơi", geocodes=(("khac", village.code),))]).paths == ()


def test_dismissed_with_a_reason(truc, ngu_kien):
    taken = take_in(truc, ngu_kien, source=xml())
    with pytest.raises(Refused):
        dismiss(truc, taken, reason="")
    assert dismiss(truc, taken, reason="Đã có tin của huyện").state == "dismissed"


def test_our_emergency_stands_in_the_feed_and_its_cancel_too(truc, hoa, ngu_kien, client):
    made = bulletins.send_emergency(
        truc, ngu_kien, title="Vỡ đê", text="Sơ tán ngay.", reason="Vỡ đê lúc 21:40", unit_paths=(ngu_kien.path,),
        channels=("speakers",),
    )  # fmt: skip
    deliver()
    issued = Issued.objects.get()
    page = client.get(f"/portal/alerts/{ngu_kien.code}/cap.atom")
    assert page.status_code == 200
    assert "Vỡ đê" in page.content.decode()
    answer = client.get(f"/portal/alerts/{issued.uuid}.xml")
    assert answer.headers["Content-Type"].startswith("application/cap+xml")
    read = reading.read(answer.content)
    assert (read.remarks, read.infos[0].areas[0].geocodes) == ((), (("VN-DVHC", ngu_kien.code),))
    bulletins.cancel(hoa, Bulletin.objects.get(pk=made.pk), reason="Đã hàn khẩu")
    deliver()
    cancel = reading.read(Issued.objects.get(message_type="Cancel").xml.encode())
    assert [str(one) for one in cancel.references] == [issued.reference]


def test_what_came_as_cap_is_not_given_out_as_ours(ngu_kien):
    from_above(ngu_kien)
    deliver()
    assert not Issued.objects.exists()


def test_nothing_got_stuck(ngu_kien):
    from_above(ngu_kien)
    deliver()
    assert not Delivery.objects.exclude(error="").exists()


def test_the_source_is_kept_to_the_letter(ngu_kien):
    assert from_above(ngu_kien).source.encode() == xml()
    assert Alert.objects.get().sent == SENT
