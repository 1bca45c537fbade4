"""`xaso agent` as it runs in an officer's PC: a real SoftHSM2 token, a real WebSocket, a process of its own."""

import base64
import json
import os
import socket

import pytest
from websockets.exceptions import InvalidStatus

from xaso.modules.signing.providers.values import fits
from xaso.modules.signing.tests.officer_pc import (
    ORIGIN,
    WRONG_PIN,
    Pc,
    Token,
    attributes_for,
    need_softhsm,
    wish_for,
)


@pytest.fixture(scope="module")
def token(tmp_path_factory):
    need_softhsm()
    return Token(tmp_path_factory.mktemp("token"))


@pytest.fixture(scope="module")
def pc(token, tmp_path_factory):
    running = Pc(token, tmp_path_factory.mktemp("home")).begin()
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def paired(pc):
    page = pc.page()
    assert page.pair(pc.code)["ok"]
    yield page.token
    page.close()


@pytest.fixture
def page(pc, paired):
    page = pc.page()
    page.token = paired
    yield page
    page.close()


@pytest.mark.parametrize("number", ["01", "02"])
def test_a_document_is_signed_by_the_token(token, page, number):
    """RSA and elliptic keys alike; the value fits the certificate."""
    certificate = token.certificates[number]
    attributes = attributes_for(certificate)
    answer = page.ask("sign", **wish_for(certificate, attributes))
    assert answer["ok"], answer
    assert fits(certificate, attributes, base64.b64decode(answer["signature"]))


def test_the_tokens_certificates_are_listed_and_no_key_ever(token, page):
    answer = page.ask("certificates")
    assert {one["holder"] for one in answer["certificates"]} == {"Vũ Thị Hoa", "Phạm Thị An"}
    assert {base64.b64decode(one["der"]) for one in answer["certificates"]} == set(token.certificates.values())
    assert "PRIVATE" not in str(answer)


def test_the_person_sees_what_is_signed(pc, token, page):
    page.ask("sign", **wish_for(token.certificates["01"], document="Giấy khai sinh \x1b[2J\u202e.pdf"))
    line = pc.wait_for("Văn bản: .*khai sinh.*").group(0)
    assert "Giấy khai sinh [2J.pdf" in line
    assert any("Yêu cầu ký từ http://localhost:8000" in line for line in pc.seen)


@pytest.mark.parametrize("origin", [None, "http://localhost:8001", "https://localhost:8000", "http://xaso.vn", "null"])
def test_other_pages_are_not_let_in(pc, origin):
    with pytest.raises(InvalidStatus) as refused:
        pc.page(origin)
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    ("path", "host", "status"), [("/", "{}", b" 101 "), ("/", "xau.example:{}", b" 404 "), ("/khac", "{}", b" 404 ")]
)
def test_a_name_rebound_to_this_machine_is_not_let_in(pc, path, host, status):
    host = host.format(pc.port) if "xau" in host else f"127.0.0.1:{pc.port}"
    asked = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: {ORIGIN}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    asked += "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    with socket.create_connection(("127.0.0.1", pc.port), timeout=10) as line:
        line.sendall(asked.encode())
        assert status in line.recv(100)


@pytest.mark.parametrize("do", ["certificates", "sign"])
@pytest.mark.parametrize("given", ["", "đoán", "A" * 43])
def test_nothing_without_pairing(pc, token, do, given):
    page = pc.page()
    page.token = given
    answer = page.ask(do, **wish_for(token.certificates["01"]))
    page.close()
    assert (answer["ok"], answer["code"]) == (False, "not_paired")


def test_a_token_of_one_address_is_no_good_at_another(token, tmp_path):
    other = "https://dichvu.example.vn"
    pc = Pc(token, tmp_path, "--yes", "--origin", ORIGIN, "--origin", f"{other}:443/").begin()
    first, second = pc.page(), pc.page(other)
    first.pair(pc.code)
    second.token = first.token
    assert second.ask("certificates")["code"] == "not_paired"
    assert first.ask("certificates")["ok"]
    first.close(), second.close()
    assert pc.stop() == 0


def test_pairing_lasts_over_a_restart_and_keeps_only_checksums(token, tmp_path):
    pc = Pc(token, tmp_path).begin()
    page = pc.page()
    page.pair(pc.code.replace(" ", ""))
    page.close()
    assert pc.stop() == 0
    file = tmp_path / "paired.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert page.token not in file.read_text()
    again = Pc(token, tmp_path).begin()
    later = again.page()
    later.token = page.token
    assert later.ask("certificates")["ok"]
    later.close()
    assert again.stop() == 0


def test_guessing_the_code_closes_the_pairing(token, tmp_path):
    pc = Pc(token, tmp_path).begin()
    answers = []
    for _ in range(6):
        page = pc.page()
        answers.append(page.pair("00000000")["code"])
        page.close()
    page = pc.page()
    assert answers == ["wrong_code"] * 4 + ["closed"] * 2
    assert page.pair(pc.code)["code"] == "closed"
    page.close()
    assert pc.stop() == 0


def test_a_code_is_used_once(pc, paired):
    page = pc.page()
    assert page.pair(pc.code)["code"] == "wrong_code"
    page.close()


@pytest.mark.parametrize(
    "made",
    [
        lambda der: {"attributes": b"\x31\x00"},
        lambda der: {"attributes": b"login challenge of somebody else"},
        lambda der: {"attributes": attributes_for(der, content_type="signed_data")},
        lambda der: {"attributes": attributes_for(der, digest=b"\1" * 20)},
        lambda der: {"attributes": attributes_for(der, signing_certificate_v2=None)},
        lambda der: {"attributes": attributes_for(der) + b"\0"},
        lambda der: {"digest": base64.b64encode(b"\2" * 32).decode()},
        lambda der: {"digest": "không phải base64"},
        lambda der: {"signed_attributes": ""},
        lambda der: {"document": None},
        lambda der: {"job": ["x"]},
    ],
)
def test_only_the_attributes_of_a_document_are_signed(token, page, made):
    certificate = token.certificates["01"]
    answer = page.ask("sign", **wish_for(certificate, **made(certificate)))
    assert (answer["ok"], answer["code"]) == (False, "not_signable")


def test_a_request_made_for_another_certificate_is_not_signed(token, page):
    first, second = token.certificates["01"], token.certificates["02"]
    answer = page.ask("sign", **wish_for(first, attributes_for(second)))
    assert answer["code"] == "other_certificate"


def test_a_certificate_that_is_not_plugged_in_is_told(page):
    answer = page.ask("sign", **wish_for(b"another certificate"))
    assert answer["code"] == "no_certificate"
    assert "cắm đúng thiết bị" in answer["sentence"]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "7", '{"do": 7}', '{"do": "export"}', "[" * 5000])
def test_nonsense_is_answered_with_a_no(page, text):
    page.line.send(text)
    assert '"ok": false' in page.line.recv(timeout=30)
    assert page.ask("hello")["program"] == "xaso agent"


def test_the_same_job_is_signed_once(pc, token, page):
    wish = wish_for(token.certificates["02"])
    first, again = page.ask("sign", **wish), page.ask("sign", **wish)
    assert first["signature"] == again["signature"]
    other = page.ask("sign", **wish_for(token.certificates["02"]))
    assert other["signature"] != first["signature"]


def test_a_wrong_pin_three_times_is_told_and_locks_nothing_here(token, tmp_path):
    wrong = Pc(token, tmp_path, pin=WRONG_PIN).begin()
    page = wrong.page()
    page.pair(wrong.code)
    for _ in range(3):
        answer = page.ask("sign", **wish_for(token.certificates["01"]))
        assert (answer["ok"], answer["code"]) == (False, "wrong_pin")
        assert "Mã PIN không đúng" in answer["sentence"]
    assert page.ask("certificates")["ok"]
    page.close()
    assert wrong.stop() == 0
    assert WRONG_PIN not in "".join(wrong.seen)


def test_the_person_may_say_no(token, tmp_path):
    pc = Pc(token, tmp_path, "--origin", ORIGIN).begin()
    page = pc.page()
    page.pair(pc.code)
    pc.process.stdin.write("\n")
    pc.process.stdin.flush()
    assert page.ask("sign", **wish_for(token.certificates["01"]))["code"] == "declined"
    pc.process.stdin.write("co\n")
    pc.process.stdin.flush()
    assert page.ask("sign", **wish_for(token.certificates["01"]))["ok"]
    page.close()
    assert pc.stop() == 0


def test_an_agent_stops_also_while_it_asks(token, tmp_path):
    pc = Pc(token, tmp_path, "--origin", ORIGIN).begin()
    page = pc.page()
    page.pair(pc.code)
    page.line.send(json.dumps({"id": 1, "do": "sign", "token": page.token} | wish_for(token.certificates["01"])))
    pc.wait_for("Mã yêu cầu")
    assert pc.stop() == 0


def test_one_agent_a_port(token, pc, tmp_path):
    second = Pc(token, tmp_path, "--yes", port=pc.port)
    assert second.process.wait(30) == 1
    second.wait_for("đang bận")
    second.process.stdin.close()
    second._reader.join(5)
    second.process.stdout.close()


def test_no_token_is_told(tmp_path):
    need_softhsm()
    empty = Token.__new__(Token)
    (tmp_path / "tokens").mkdir()
    config = tmp_path / "softhsm2.conf"
    config.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    empty.environment = os.environ | {"SOFTHSM2_CONF": str(config)}
    pc = Pc(empty, tmp_path / "home").begin()
    page = pc.page()
    page.pair(pc.code)
    answer = page.ask("certificates")
    assert answer["code"] == "no_token"
    assert "cắm USB token" in answer["sentence"]
    page.close()
    assert pc.stop() == 0
