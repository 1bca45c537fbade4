"""The pages as people open them."""

from datetime import timedelta

import pytest
import time_machine

from xaso.core.access import SYSTEM
from xaso.core.outbox.actions import deliver_all
from xaso.modules.notifications.models import Message
from xaso.modules.speakers import queries
from xaso.modules.speakers.actions import Weekly, order_play
from xaso.modules.speakers.actions.alarming import watch
from xaso.modules.speakers.actions.expecting import settle_due
from xaso.modules.speakers.actions.repairing import open_repair
from xaso.modules.speakers.actions.reporting import record_beats, record_plays
from xaso.modules.speakers.models import Command, Device, DeviceImport, Play, Repair, Zone
from xaso.modules.speakers.tests.conftest import NOW, make_recording
from xaso.modules.speakers.tests.test_door import beat, row

pytestmark = pytest.mark.django_db
HOME = "/desk/speakers/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def life(phuc, quan, ngu_kien, village, speakers, recording, clock):
    """A weekly item, one that was played on two of three, an alarm, a repair."""
    weekly = order_play(
        phuc, ngu_kien, recording=make_recording(ngu_kien, "Chào buổi sáng.", "300"), klass="normal",
        unit_paths=(ngu_kien.path,), weekly=Weekly((0, 1, 2, 3, 4), ("05:30", "17:00")),
    )  # fmt: skip
    record_beats(SYSTEM, [(one.serial, beat(volume=70), NOW) for one in speakers])
    played = order_play(phuc, ngu_kien, recording=recording, klass="priority", unit_paths=(village.path,))
    record_plays(SYSTEM, [row(speakers[0], played, played.starts_at, rms=-15.0)])
    clock.shift(timedelta(minutes=10))
    record_beats(SYSTEM, [(speakers[2].serial, beat(), NOW + timedelta(minutes=10))])
    settle_due(SYSTEM)
    watch(SYSTEM)
    repair = open_repair(quan, speakers[1], problem="Rè, không rõ lời")
    zone = Zone.objects.create(unit=ngu_kien, unit_path=ngu_kien.path, code="dong-moi", name="Cụm Đồng Mới")
    deliver_all()
    return {"weekly": weekly, "played": played, "repair": repair, "zone": zone, "device": speakers[0]}


def paths_of(life):
    return [
        "", "tuan/", "so-loa/", "so-loa/?q=LOA-1&tinh_trang=mat", f"loa/{life['device'].uuid}/", "phat/", "phat/moi/",
        f"phat/{life['played'].uuid}/", f"phat/{life['played'].uuid}/?chi=loi", f"phat/{life['weekly'].uuid}/",
        "truc-tiep/", "sua-chua/", f"sua-chua/{life['repair'].uuid}/", "quy-dinh/", "cum/moi/",
        f"cum/{life['zone'].uuid}/", f"loa/{life['device'].uuid}/bao-hong/",
    ]  # fmt: skip


def test_every_page_of_the_broadcaster_opens_within_its_budget(life, phuc, browser_of, django_assert_max_num_queries):
    client = browser_of(phuc)
    for path in paths_of(life):
        with django_assert_max_num_queries(25):
            answer = client.get(HOME + path)
        assert answer.status_code == 200, path
        assert len(answer.content) < 100_000


def test_the_administrator_opens_the_register_and_the_import(life, quan, browser_of):
    client = browser_of(quan)
    for path in ("so-loa/moi/", f"loa/{life['device'].uuid}/sua/", "nhap/", "nhap/mau/", "quy-dinh/"):
        assert client.get(HOME + path).status_code == 200, path


@pytest.mark.parametrize("who", ["hoa", "son", "truc"])
def test_those_who_only_watch_see_the_board_and_no_buttons_that_refuse(who, life, request, browser_of):
    client = browser_of(request.getfixturevalue(who))
    board = client.get(HOME).content.decode()
    assert "Loa LOA-1" in board
    assert ("Phát loa</a>" in board) == (who == "truc")
    assert client.get(HOME + "so-loa/moi/").status_code == 403


def test_another_commune_sees_nothing(life, oanh, tam, browser_of):
    assert browser_of(tam).get(HOME).status_code == 403
    assert browser_of(oanh).get(f"{HOME}loa/{life['device'].uuid}/").status_code == 403


def test_the_board_tells_what_is_wrong_and_what_comes(life, phuc, browser_of):
    board = browser_of(phuc).get(HOME).content.decode()
    assert "1/3" in board
    assert "Chào buổi sáng." in board
    assert "Loa mất kết nối" in board


def test_the_report_says_how_many_of_how_many(life, phuc, browser_of):
    page = browser_of(phuc).get(f"{HOME}phat/{life['played'].uuid}/").content.decode()
    assert "1/2" in page
    lost = browser_of(phuc).get(f"{HOME}phat/{life['played'].uuid}/?chi=loi").content.decode()
    assert ("Loa LOA-2" in lost, "Loa LOA-1" in lost) == (True, False)


def test_ordering_by_the_form_and_keeping_what_was_typed_when_refused(life, phuc, browser_of, recording, ngu_kien):
    client = browser_of(phuc)
    typed = {
        "recording": str(recording.uuid), "units": [ngu_kien.path], "klass": "normal", "when": "once",
        "day": "21/11/2026", "times": "22:00", "loops": "2", "when_interrupted": "resume",
    }  # fmt: skip
    refused = client.post(HOME + "phat/moi/", typed).content.decode()
    assert "giờ yên tĩnh" in refused
    assert "22:00" in refused
    sent = client.post(HOME + "phat/moi/", typed | {"times": "7:15"})
    assert sent.status_code == 302
    made = Play.objects.latest("pk")
    assert (made.loops, made.starts_at.isoformat()) == (2, "2026-11-21T00:15:00+00:00")


def test_stopping_needs_a_reason_and_tells_the_devices(life, phuc, browser_of):
    client = browser_of(phuc)
    address = f"{HOME}phat/{life['weekly'].uuid}/dung/"
    assert client.post(address, {"reason": ""}).status_code == 409
    assert client.post(address, {"reason": "Có tang"}).status_code == 302
    assert Command.objects.filter(kind="stop", play=life["weekly"]).count() == 3


def test_the_secret_is_shown_once_and_kept_nowhere(life, quan, browser_of, caplog):
    client = browser_of(quan)
    page = client.post(f"{HOME}loa/{life['device'].uuid}/mat-khau/")
    secret = page.content.decode().split('readonly value="')[2].split('"')[0]
    found = Device.objects.get(pk=life["device"].pk)
    assert queries.device_with(found.serial, secret) == found
    assert secret not in found.credential
    assert page["Cache-Control"] == "no-store"
    assert secret not in client.get(f"{HOME}loa/{found.uuid}/").content.decode()
    assert secret not in caplog.text


def test_devices_come_from_a_spreadsheet_after_a_preview(quan, browser_of, village, tmp_path):
    lines = ["Số máy;Tên loa;Thôn;SIM;Số điện thoại SIM", "XS-1;Nhà văn hoá;Đồng Mới;;0912345678"]
    text = "\n".join([*lines, "XS-1;Trùng;Đồng Mới;;", "XS-2;Lạ;Thôn Lạ;;", ""])
    file = tmp_path / "loa.csv"
    file.write_text(text, encoding="utf-8")
    client = browser_of(quan)
    with file.open("rb") as opened:
        answer = client.post(HOME + "nhap/", {"file": opened})
    preview = client.get(answer["Location"]).content.decode()
    assert "Trùng số máy với dòng 2" in preview
    assert "Không có thôn" in preview
    made = DeviceImport.objects.get()
    passwords = client.post(f"{HOME}nhap/{made.uuid}/ghi/").content.decode()
    device = Device.objects.get()
    assert (device.serial, device.unit, device.sim_phone) == ("XS-1", village, "0912345678")
    secret = passwords.strip().split(";")[-1]
    assert queries.device_with("XS-1", secret) == device
    assert client.post(f"{HOME}nhap/{made.uuid}/ghi/").status_code == 409


def test_a_repair_goes_from_alarm_to_paid(life, phuc, browser_of):
    client = browser_of(phuc)
    device = life["device"]
    client.post(f"{HOME}loa/{device.uuid}/bao-hong/", {"problem": "Mất nguồn", "out_of_use": "on"})
    ticket = Repair.objects.latest("pk")
    assert (ticket.alarm is not None, Device.objects.get(pk=device.pk).state) == (True, "repair")
    address = f"{HOME}sua-chua/{ticket.uuid}/"
    client.post(address + "giao/", {"to": "Cơ sở Minh Tâm", "phone": "0912345678"})
    wrong = client.post(address + "dong/", {"outcome": "Thay nguồn", "cost": "350.000"})
    assert "dòng ngân sách" in wrong.content.decode()
    client.post(address + "dong/", {"outcome": "Thay nguồn", "cost": "350.000", "budget_line": "Sự nghiệp phát thanh"})
    ticket.refresh_from_db()
    assert (ticket.state, ticket.cost, Device.objects.get(pk=device.pk).state) == ("closed", 350_000, "in_use")
    assert "350.000" in client.get(f"{HOME}sua-chua/?tab=xong").content.decode()


def test_alarms_are_told_once_to_those_who_look_after_speakers(life, phuc):

    told = Message.objects.filter(template="speakers.alarm", channel="inapp")
    assert told.filter(person_id=phuc.person_id).count() == 2
    watch(SYSTEM)
    deliver_all()
    assert told.filter(person_id=phuc.person_id).count() == 2


def test_the_village_head_hears_and_sends(bay, village, speakers, browser_of):
    client = browser_of(bay)
    page = client.get(HOME + "thon/")
    assert page.status_code == 200
    ready = make_recording(village, "Tối nay họp thôn lúc bảy giờ.", "20")
    step = client.post(
        HOME + "thon/", {"text": "Tối nay họp thôn lúc bảy giờ.", "day": "2026-11-20", "time": "17:00", "loops": "2"}
    )
    assert step.status_code == 302
    assert str(ready.uuid) in step["Location"]
    heard = client.get(step["Location"]).content.decode()
    assert "<audio" in heard
    assert b"".join(client.get(f"{HOME}thon/tieng/{ready.uuid}/")).startswith(b"ID3")
    sent = client.post(step["Location"], {"day": "2026-11-20", "time": "17:00", "loops": "2"})
    play = Play.objects.get()
    assert sent["Location"] == f"{HOME}thon/da-gui/{play.uuid}/"
    assert (play.unit_paths, play.klass, play.loops, play.starts_at.hour) == ([village.path], "normal", 2, 10)
    assert client.get(sent["Location"]).status_code == 200


def test_the_village_head_waits_while_the_machine_reads(bay, village, speakers, browser_of):
    client = browser_of(bay)
    step = client.post(HOME + "thon/", {"text": "Mai dọn vệ sinh.", "day": "2026-11-21", "time": "06:00", "loops": "1"})
    page = client.get(step["Location"])
    assert "Máy đang đọc" in page.content.decode()
    assert page["Refresh"] == "2"


def test_the_village_head_sees_what_the_commune_planned_for_his_speakers(bay, life, browser_of):
    board = browser_of(bay).get(HOME).content.decode()
    assert "Chào buổi sáng." in board
    assert f"phat/{life['weekly'].uuid}/" not in board
    assert browser_of(bay).get(f"{HOME}phat/{life['weekly'].uuid}/").status_code == 404


def test_what_a_village_may_not_is_said_and_the_words_stay(bay, village, speakers, browser_of):
    long = make_recording(village, "Rất dài.", "400")
    client = browser_of(bay)
    refused = client.post(f"{HOME}thon/nghe/{long.uuid}/", {"day": "2026-11-20", "time": "17:00", "loops": "1"})
    assert "thôn chỉ được phát 5 phút" in refused.content.decode()
    past = client.post(f"{HOME}thon/nghe/{long.uuid}/", {"day": "2026-11-20", "time": "06:00", "loops": "1"})
    assert past.status_code == 200
    assert not Play.objects.exists()
    empty = client.post(HOME + "thon/", {"text": "", "day": "2026-11-20", "time": "17:00", "loops": "1"})
    assert "một trong ba cách" in empty.content.decode()
