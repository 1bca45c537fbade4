"""The page that carries a request to the token in the signer's PC and the value back."""

import base64
import hashlib
import json
import re
from dataclasses import replace

import pytest
from django.urls import reverse

from xaso.core.access import SYSTEM
from xaso.core.accounts.models import Account
from xaso.modules.signing import performing, rules
from xaso.modules.signing import queries as signing
from xaso.modules.signing.actions import add_certificate, cancel_request, request_signature
from xaso.modules.signing.models import Request
from xaso.modules.signing.tests.conftest import given_of
from xaso.modules.signing.tests.officer_pc import ORIGIN, Pc, Token, need_softhsm

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_pc(pki, hoa, ngu_kien):
    """hoa's certificate, whose key lies on a token in her own PC."""
    account = Account.objects.get(pk=hoa.account_id)
    given = replace(given_of(pki, "hoa", rules.OFFICIAL), provider="agent")
    return add_certificate(SYSTEM, ngu_kien, given=given, account=account)


@pytest.fixture
def found(hoa, ngu_kien, paper, in_pc):
    made = request_signature(
        hoa, ngu_kien, file=paper, role="person", certificate=in_pc, subject=f"units.Unit:{ngu_kien.pk}"
    )
    performing.perform(str(made.uuid))
    return signing.request(made.uuid)


def wish_in(answer) -> dict:
    told = re.search(r'<script[^>]*type="application/json">(.*?)</script>', answer.content.decode(), re.S)
    return json.loads(told[1])


def sign(pki, wish) -> str:
    from cryptography.hazmat.primitives.asymmetric import padding
    from cryptography.hazmat.primitives.hashes import SHA256

    attributes = base64.b64decode(wish["signed_attributes"])
    return base64.b64encode(pki.key("hoa").sign(attributes, padding.PKCS1v15(), SHA256())).decode()


def test_the_request_waits_until_the_page_brings_the_value(found):
    assert found.state == "waiting"
    assert "USB token" in found.why
    performing.ask_again()
    assert signing.request(found.uuid).state == "waiting"


def test_the_page_asks_for_exactly_this_document(browser_of, hoa, found, django_assert_max_num_queries):
    client = browser_of(hoa)
    with django_assert_max_num_queries(14):
        answer = client.get(reverse("desk-signing:agent", args=[found.uuid]))
    wish = wish_in(answer)
    digest = hashlib.sha256(base64.b64decode(wish["signed_attributes"])).digest()
    assert base64.b64decode(wish["digest"]) == digest
    assert wish["job"] == str(found.uuid)
    assert "mã PIN tại đó" in answer.content.decode()


def test_only_this_page_may_talk_to_the_loopback_address(browser_of, hoa, found):
    client = browser_of(hoa)
    policy = client.get(reverse("desk-signing:agent", args=[found.uuid]))["Content-Security-Policy"]
    assert policy.endswith("connect-src 'self' ws://127.0.0.1:*")
    assert "script-src 'self'" in policy
    assert "127.0.0.1" not in client.get(found.get_absolute_url())["Content-Security-Policy"]


def test_the_request_leads_to_the_page(browser_of, hoa, found):
    assert (
        reverse("desk-signing:agent", args=[found.uuid])
        in browser_of(hoa).get(found.get_absolute_url()).content.decode()
    )


def test_the_value_makes_a_signed_file(browser_of, hoa, pki, found):
    client = browser_of(hoa)
    wish = wish_in(client.get(reverse("desk-signing:agent", args=[found.uuid])))
    answer = client.post(reverse("desk-signing:agent_value", args=[found.uuid]), {"signature": sign(pki, wish)})
    assert answer.status_code == 302
    done = signing.request(found.uuid)
    assert done.state == "signed"
    assert signing.engine().signed_by(performing.content_of(done.signed_file))


@pytest.mark.parametrize("value", ["", "AA==", "không phải", "A" * 20_000, base64.b64encode(b"\1" * 256).decode()])
def test_a_value_that_does_not_fit_changes_nothing(browser_of, hoa, found, value):
    answer = browser_of(hoa).post(reverse("desk-signing:agent_value", args=[found.uuid]), {"signature": value})
    assert answer.status_code == 409
    assert "không khớp" in answer.content.decode()
    assert signing.request(found.uuid).state == "waiting"


def test_the_same_value_twice_is_one_file(browser_of, hoa, pki, found):
    client = browser_of(hoa)
    wish = wish_in(client.get(reverse("desk-signing:agent", args=[found.uuid])))
    address = reverse("desk-signing:agent_value", args=[found.uuid])
    client.post(address, {"signature": sign(pki, wish)})
    again = client.post(address, {"signature": sign(pki, wish)})
    assert again.status_code == 409
    assert "đã kết thúc" in again.content.decode()
    assert Request.objects.filter(signed_file__isnull=False).count() == 1


def test_a_value_after_the_cancelling_is_not_used(browser_of, hoa, pki, found):
    client = browser_of(hoa)
    wish = wish_in(client.get(reverse("desk-signing:agent", args=[found.uuid])))
    cancel_request(hoa, found)
    answer = client.post(reverse("desk-signing:agent_value", args=[found.uuid]), {"signature": sign(pki, wish)})
    assert answer.status_code == 409
    assert signing.request(found.uuid).state == "cancelled"
    assert "đã kết thúc" in client.get(reverse("desk-signing:agent", args=[found.uuid])).content.decode()


def test_it_is_nobody_elses_page(browser_of, van, tam, found):
    for other in (van, tam):
        client = browser_of(other)
        assert client.get(reverse("desk-signing:agent", args=[found.uuid])).status_code == 404
        assert client.post(reverse("desk-signing:agent_value", args=[found.uuid])).status_code == 404


def test_a_request_for_another_means_has_no_such_page(browser_of, hoa, ngu_kien, paper, of_hoa):
    made = request_signature(
        hoa, ngu_kien, file=paper, role="person", certificate=of_hoa, subject=f"units.Unit:{ngu_kien.pk}"
    )
    assert browser_of(hoa).get(reverse("desk-signing:agent", args=[made.uuid])).status_code == 404


def test_a_request_not_yet_prepared_says_so(browser_of, hoa, ngu_kien, paper, in_pc):
    made = request_signature(
        hoa, ngu_kien, file=paper, role="person", certificate=in_pc, subject=f"units.Unit:{ngu_kien.pk}"
    )
    assert "Đang chuẩn bị" in browser_of(hoa).get(reverse("desk-signing:agent", args=[made.uuid])).content.decode()


def test_what_pades_prepares_is_what_the_agent_signs(browser_of, hoa, pki, found, tmp_path):
    """The whole way with a real token, without a browser: page → agent → page."""
    need_softhsm()
    token = Token(tmp_path / "token", {"01": (pki.key("hoa"), pki.certificate("hoa").dump())})
    pc = Pc(token, tmp_path / "home", "--yes", "--origin", ORIGIN).begin()
    client = browser_of(hoa)
    wish = wish_in(client.get(reverse("desk-signing:agent", args=[found.uuid])))
    line = pc.page()
    line.pair(pc.code)
    told = line.ask("sign", **wish)
    line.close()
    assert pc.stop() == 0
    assert told["ok"], told
    client.post(reverse("desk-signing:agent_value", args=[found.uuid]), {"signature": told["signature"]})
    assert signing.request(found.uuid).state == "signed"
