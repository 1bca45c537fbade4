"""Notices of Facebook: the first question, forged, changed, replayed; a notice is a hint and Facebook is asked."""

import hashlib
import hmac
import json

import pytest

from xaso.core.outbox.actions import deliver_all
from xaso.modules.social.models import Notice

pytestmark = pytest.mark.django_db
HOOK = "/api/v1/social/webhook"


def sealed(raw: bytes, secret: str = "fb-secret") -> str:
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def letter(post_id="1001_1", verb="edited") -> bytes:
    value = {"item": "status", "verb": verb, "post_id": post_id}
    return json.dumps({"object": "page", "entry": [{"id": "1001", "changes": [{"value": value}]}]}).encode()


def post(client, raw: bytes, signature: str):
    return client.post(HOOK, raw, content_type="application/json", headers={"X-Hub-Signature-256": signature})


def question(client, **given):
    asked = {"hub.mode": "subscribe", "hub.verify_token": "tu-xac-nhan", "hub.challenge": "12345"} | given
    return client.get(HOOK, asked)


def test_the_first_question(client, facebook, monkeypatch):
    answer = question(client)
    assert (answer.status_code, answer.content) == (200, b"12345")
    assert answer["Content-Type"].startswith("text/plain")
    assert question(client, **{"hub.verify_token": "khac"}).status_code == 403
    assert question(client, **{"hub.mode": "unsubscribe"}).status_code == 403
    assert question(client, **{"hub.challenge": "<script>"}).status_code == 400
    monkeypatch.delenv("XASO_FACEBOOK_VERIFY_TOKEN")
    assert question(client, **{"hub.verify_token": ""}).status_code == 403


def test_forged_changed_or_shut_it_is_refused(client, facebook, monkeypatch):
    raw = letter()
    for signature in ("", "sha256=", sealed(raw, "guess"), "sha256=" + "0" * 64, sealed(raw).removeprefix("sha256=")):
        assert post(client, raw, signature).status_code == 401
    assert post(client, raw + b" ", sealed(raw)).status_code == 401
    monkeypatch.delenv("XASO_FACEBOOK_APP_SECRET")
    assert post(client, raw, sealed(raw)).status_code == 503
    assert not Notice.objects.exists()


def test_replayed_it_counts_once(client, facebook):
    raw = letter()
    assert [post(client, raw, sealed(raw)).json()["new"] for _ in range(3)] == [1, 0, 0]
    assert Notice.objects.count() == 1


def test_strange_shapes_do_no_harm(client, facebook):
    for raw in (b"[]", b"null", b'{"entry": 5}', b'{"entry": [1, {"changes": [2, {"value": []}]}]}', b'"x"'):
        assert post(client, raw, sealed(raw)).json() == {"new": 0}
    assert post(client, b"{", sealed(b"{")).status_code == 400
    large = b"{" + b" " * (257 * 1024)
    assert post(client, large, sealed(large)).status_code == 413


def test_somebody_publishes_at_facebook_and_we_know(client, facebook, drafted, connected):
    made = drafted(connected)
    deliver_all()
    made.refresh_from_db()
    raw = letter(made.facebook_id, "published")
    post(client, raw, sealed(raw))
    deliver_all()
    made.refresh_from_db()
    assert made.facebook_as == "draft", "a notice alone proves nothing"
    facebook.control("publish", id=made.facebook_id)
    raw = letter(made.facebook_id, "edited")
    post(client, raw, sealed(raw))
    deliver_all()
    made.refresh_from_db()
    assert made.facebook_as == "published"


@pytest.mark.django_db(transaction=True)
def test_the_simulator_tells_over_real_http(live_server, facebook):
    facebook.control("set", webhook=f"{live_server.url}{HOOK}")
    assert facebook.control("tell", post_id="1001_9")["status"] == 200
    assert facebook.control("tell", post_id="1001_9")["status"] == 200
    assert Notice.objects.count() == 1
