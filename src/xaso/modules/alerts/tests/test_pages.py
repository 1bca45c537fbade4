"""The duty officer's pages, the machine's door, and the feed that is asked."""

import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from xaso.core.accounts.models import ApiToken
from xaso.core.accounts.queries import digest_of_key
from xaso.modules.alerts import asking
from xaso.modules.alerts.actions import arm_drill, take_in
from xaso.modules.alerts.definitions import Alerts, alerts
from xaso.modules.alerts.models import Alert, FeedState
from xaso.modules.alerts.tests.samples import info, xml

pytestmark = pytest.mark.django_db
URL = "/desk/alerts/"


def test_pasted_then_sent(truc, browser_of, ngu_kien, speakers):
    browser = browser_of(truc)
    sent = browser.post(f"{URL}nhan/", {"text": xml().decode()})
    found = Alert.objects.get()
    assert (sent.status_code, sent.url) == (302, found.get_absolute_url())
    page = browser.get(sent.url).content.decode()
    assert "Phát khẩn cấp" in page
    assert "sơ tán ngay" in page
    browser.post(f"{sent.url}phat/", {"unit_paths": [ngu_kien.path], "channels": ["speakers"], "reason": "Nước lên"})
    found.refresh_from_db()
    assert found.state == "sent"
    assert "Phát khẩn cấp: bản tin" in browser.get(sent.url).content.decode()


def test_what_was_typed_stays_after_a_refusal(truc, browser_of):
    page = browser_of(truc).post(f"{URL}nhan/", {"text": "<alert>bão số 3</alert>"}).content.decode()
    assert "không phải cảnh báo CAP" in page
    assert "bão số 3" in page


def test_a_file_is_taken(truc, browser_of):
    browser_of(truc).post(f"{URL}nhan/", {"upload": SimpleUploadedFile("a.xml", xml())})
    assert Alert.objects.count() == 1


@pytest.mark.parametrize("content", [b"", b"x" * (1024 * 1024 + 1)])
def test_a_bad_file_is_told(truc, browser_of, content):
    answer = browser_of(truc).post(f"{URL}nhan/", {"upload": SimpleUploadedFile("a.xml", content)})
    assert answer.status_code == 200
    assert not Alert.objects.exists()


def test_nothing_chosen_is_told(truc, browser_of, ngu_kien):
    taken = take_in(truc, ngu_kien, source=xml())
    answer = browser_of(truc).post(f"{URL}{taken.uuid}/phat/", {})
    assert answer.status_code == 200
    taken.refresh_from_db()
    assert taken.state == "waiting"


def test_others_see_nothing(oanh, lan, truc, browser_of, ngu_kien):
    taken = take_in(truc, ngu_kien, source=xml())
    for stranger in (oanh, lan):
        assert browser_of(stranger).get(f"{URL}{taken.uuid}/").status_code in {302, 403, 404}


def test_a_drill_shows_its_banner_and_ends(truc, browser_of, ngu_kien):
    browser = browser_of(truc)
    browser.post(f"{URL}dien-tap/", {"reason": "Diễn tập lụt bão", "hours": 2})
    assert "ĐANG DIỄN TẬP" in browser.get(URL).content.decode()
    assert "ĐANG DIỄN TẬP" in browser.get("/desk/").content.decode()
    drill = browser.get(URL).context["drill"]
    browser.post(f"{URL}dien-tap/{drill.uuid}/ket-thuc/")
    assert "ĐANG DIỄN TẬP" not in browser.get(URL).content.decode()


def test_the_source_is_saved_not_shown(truc, browser_of, ngu_kien):
    taken = take_in(truc, ngu_kien, source=xml())
    answer = browser_of(truc).get(f"{URL}{taken.uuid}/goc.xml")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.content == xml()


def test_the_list_asks_little(truc, browser_of, ngu_kien, django_assert_max_num_queries):
    for number in range(40):
        take_in(truc, ngu_kien, source=xml(f"VN-{number}", infos=(info(headline=f"Tin {number}"),)))
    browser = browser_of(truc)
    browser.get(URL)
    with django_assert_max_num_queries(9):
        page = browser.get(URL).content.decode()
    assert "Tin 39" in page
    assert "Tin 5<" not in page


def test_the_list_says_which_names_of_codes_nobody_has_confirmed(truc, browser_of):
    shown = browser_of(truc).get("/desk/alerts/").content.decode()
    assert "VN-DVHC" in shown
    assert "cần kiểm chứng" in shown


def test_the_page_asks_little(truc, browser_of, ngu_kien, django_assert_max_num_queries):
    taken = take_in(truc, ngu_kien, source=xml())
    browser = browser_of(truc)
    browser.get(taken.get_absolute_url())
    with django_assert_max_num_queries(14):
        browser.get(taken.get_absolute_url())


def machine(officer, *scopes):
    key = "xaso_" + secrets.token_urlsafe(24)
    ApiToken.objects.create(name="tỉnh", digest=digest_of_key(key), account_id=officer.account_id, scopes=list(scopes))
    return Client(headers={"Authorization": f"Bearer {key}"}, raise_request_exception=False)


def hand_in(client, content):
    return client.post("/api/v1/alerts/", content, content_type="application/cap+xml")


def test_a_machine_hands_in_and_sees_what_became_of_it(truc, ngu_kien, speakers):
    caller = machine(truc, "alerts.take_in", "alerts.view")
    made = hand_in(caller, xml())
    assert made.status_code == 201, made.content.decode()
    assert made.json()["state"] == "sent"
    seen = caller.get(f"/api/v1/alerts/{made.json()['uuid']}")
    assert seen.json()["klass"] == "emergency"
    assert hand_in(caller, xml()).json()["uuid"] == made.json()["uuid"]


@pytest.mark.parametrize("content", [b"", b"<alert/>", xml()[:100], b"<!DOCTYPE a>" + xml().split(b"?>")[1]])
def test_a_machine_is_told_what_is_wrong(truc, content):
    answer = hand_in(machine(truc, "alerts.take_in"), content)
    assert answer.status_code == 409
    assert answer.json()["detail"].endswith(".")


def test_five_megabytes_are_refused_at_the_door(truc):
    assert hand_in(machine(truc, "alerts.take_in"), b"x" * 5 * 1024 * 1024).status_code == 422


def test_without_a_key_or_the_scope_nothing_is_taken(truc):
    assert hand_in(Client(), xml()).status_code == 401
    assert hand_in(machine(truc, "alerts.view"), xml()).status_code == 403


# A feed of an upper level, as a real server


@pytest.fixture
def upper():
    """address → what it answers."""
    answers = {}

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self):
            status, body = answers.get(self.path, (404, b""))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", body.decode())
                body = b""
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}", answers
    server.shutdown()
    server.server_close()


@pytest.fixture
def declared(upper, tmp_path, settings, ngu_kien):
    host, _ = upper
    (tmp_path / "alerts.yaml").write_text(
        f"""
at_once: [api, feed]
channels: [speakers]
drill_hours: 4
feed_days: 30
geocodes: {{names: [VN-DVHC]}}
hosts: ["{host}"]
feeds: [{{code: tinh, label: "Tỉnh", url: "http://{host}/cap.atom", unit: "{ngu_kien.code}"}}]
""",
        encoding="utf-8",
    )
    settings.CONTENT_DIRS = [*settings.CONTENT_DIRS, tmp_path]
    alerts.cache_clear()
    yield
    alerts.cache_clear()


def atom(*links):
    entries = "".join(f'<entry><link href="{link}"/></entry>' for link in links)
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode()


@pytest.mark.usefixtures("declared", "speakers")
def test_a_feed_is_asked_and_each_message_taken_once(upper):
    host, answers = upper
    answers |= {
        "/cap.atom": (200, atom(f"http://{host}/1.xml", "http://169.254.169.254/latest", f"http://{host}/2.xml")),
        "/1.xml": (200, xml()),
        "/2.xml": (200, xml("VN-2", "Cancel", ("VN-1",))),
    }
    assert asking.ask_all() == 2
    assert asking.ask_all() == 0
    assert Alert.objects.get(identifier="VN-1").state == "cancelled"
    assert FeedState.objects.get().error == ""


BAD_ANSWERS = {
    "không có": ((404, b""), "404"),
    "chuyển hướng": ((302, b"http://169.254.169.254/"), "302"),
    "quá nặng": ((200, b"<a>" + b"x" * 1_200_000), "quá 1 MB"),
    "không phải XML": ((200, b"loi may chu"), "không đọc được"),
}


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize("what", BAD_ANSWERS)
def test_a_bad_feed_is_told_and_asked_again(upper, what):
    _, answers = upper
    answers["/cap.atom"], part = BAD_ANSWERS[what]
    assert asking.ask_all() == 0
    assert part in FeedState.objects.get().error


@pytest.mark.usefixtures("declared")
def test_one_bad_message_does_not_stop_the_next(upper):
    host, answers = upper
    answers |= {
        "/cap.atom": (200, atom(f"http://{host}/1.xml", f"http://{host}/2.xml")),
        "/1.xml": (200, b"<alert/>"),
        "/2.xml": (200, xml("VN-2", infos=(info(urgency="Future"),))),
    }
    asking.ask_all()
    assert Alert.objects.get().identifier == "VN-2"
    assert "không phải cảnh báo CAP" in FeedState.objects.get().error


def test_a_feed_outside_the_list_cannot_be_declared():
    body = {
        "at_once": [], "channels": ["web"], "drill_hours": 1, "feed_days": 1, "geocodes": {"names": []},
        "hosts": ["a.vn"],
        "feeds": [{"code": "x", "label": "x", "url": "http://b.vn/", "unit": "1"}],
    }  # fmt: skip
    with pytest.raises(ValueError, match="không nằm trong danh sách"):
        Alerts.model_validate(body)


def test_armed_elsewhere_is_armed_only_there(truc, ngu_kien, tam, browser_of):
    arm_drill(truc, ngu_kien, reason="Diễn tập", hours=1)
    assert "ĐANG DIỄN TẬP" not in browser_of(tam).get("/desk/").content.decode()
