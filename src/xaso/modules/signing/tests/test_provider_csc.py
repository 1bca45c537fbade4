"""Remote signing by CSC, against certomancer's CSC server: real keys, real hash pinning."""

import importlib

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from xaso.modules.signing.providers.csc import Csc
from xaso.modules.signing.providers.remote import Unreachable
from xaso.modules.signing.providers.values import encoded, fits
from xaso.modules.signing.tests.simulated import make_job

# The dummy server's own use of aiohttp.
pytestmark = pytest.mark.filterwarnings("ignore:It is recommended to use web.AppKey")
AGES = {"valid-from": "2020-01-01T00:00:00+0000", "valid-to": "2048-01-01T00:00:00+0000"}
KEYS = {"root": "rsa", "hoa": "rsa", "an": "ec"}
WORLD = {
    "entities": {name: {"country_name": "VN", "common_name": name} for name in KEYS},
    "certs": {
        "root": {"issuer": "root", "validity": AGES, "profiles": ["simple-ca"]},
        "hoa": {"issuer": "root", "validity": AGES},
        "an": {"issuer": "root", "validity": AGES},
    },
}


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    folder = tmp_path_factory.mktemp("csc")
    for name, kind in KEYS.items():
        key = ec.generate_private_key(ec.SECP256R1()) if kind == "ec" else rsa.generate_private_key(65537, 2048)
        plain = serialization.NoEncryption()
        pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        (folder / f"{name}.pem").write_bytes(pem)
    csc_service = importlib.import_module("xaso.modules.signing.tests.csc_service")
    config = csc_service.CertomancerConfig(
        {
            "keysets": {"csc": {"keys": {name: {"path": f"{name}.pem"} for name in KEYS}}},
            "pki-architectures": {"csc": {"keyset": "csc", **WORLD}},
        },
        key_search_dir=str(folder),
    )
    running = csc_service.CscService(config)
    running.token = csc_service.TOKEN
    yield running
    running.stop()


@pytest.fixture
def csc(service, monkeypatch, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    monkeypatch.setenv("XASO_SIGN_CSC_URL", service.url)
    monkeypatch.setenv("XASO_SIGN_CSC_TOKEN", service.token)
    return Csc()


@pytest.fixture
def held(csc):
    return {one.reference.partition("/")[2]: one for one in csc.certificates("")}


@pytest.fixture
def job(held):
    return make_job(held["hoa"], "csc")


@pytest.mark.parametrize("name", ["hoa", "an"])
def test_a_hash_is_signed_by_a_key_that_never_leaves(csc, held, name):
    """RSA and elliptic keys alike."""
    job = make_job(held[name], "csc")
    answer = csc.start(job)
    assert answer.state == "signed"
    assert fits(job.certificate.der, job.signed_attributes, answer.signature)


def test_the_register_can_take_over_what_the_service_holds(held):
    assert set(held) == {"root", "hoa", "an"}
    assert held["hoa"].subject == "CN=hoa,C=VN"
    assert held["hoa"].valid_to.year == 2048


def test_the_server_pins_the_hash_it_authorised(csc, service, job):
    """Not our code: that what we rely on holds at the other side."""
    headers = {"Authorization": f"Bearer {service.token}"}
    own = {"credentialID": job.certificate.reference}
    asked = own | {"numSignatures": 1, "hash": [encoded(b"\1" * 32)]}
    allowed = httpx.post(f"{service.url}/credentials/authorize", json=asked, headers=headers).json()
    wish = own | {"SAD": allowed["SAD"], "hash": [encoded(job.digest)], "signAlgo": "1.2.840.113549.1.1.11"}
    assert httpx.post(f"{service.url}/signatures/signHash", json=wish, headers=headers).status_code == 400


def test_wrong_credentials_are_told_without_the_token(csc, job, monkeypatch):
    monkeypatch.setenv("XASO_SIGN_CSC_TOKEN", "khoa-sai")
    answer = csc.start(job)
    assert answer.state == "failed"
    assert "XASO_SIGN_CSC_TOKEN" in answer.sentence
    assert "khoa-sai" not in answer.sentence


def test_an_unknown_credential_is_told(csc, held):
    answer = csc.start(make_job(held["hoa"], "csc", reference="csc/khong-co"))
    assert answer.state == "failed"
    assert "không có chứng thư này" in answer.sentence


def test_another_certificate_than_ours_is_not_signed_with(csc, service, held):
    before = service.signed
    answer = csc.start(make_job(held["hoa"], "csc", der=held["an"].der))
    assert answer.state == "failed"
    assert service.signed == before


@pytest.mark.parametrize("state", ["expired", "revoked", "suspended"])
def test_a_certificate_that_is_no_longer_good_is_not_asked_for(csc, service, job, state):
    service.instead["info"] = (200, {"key": {"status": "enabled"}, "cert": {"status": state}})
    before = service.signed
    answer = csc.start(job)
    assert (answer.state, service.signed) == ("failed", before)
    assert "hứng thư số" in answer.sentence


def test_a_service_that_wants_the_holders_pin_is_refused(csc, service, job):
    service.instead["info"] = (200, {"key": {"status": "enabled"}, "authMode": "explicit"})
    answer = csc.start(job)
    assert answer.state == "failed"
    assert "không giữ bí mật" in answer.sentence


@pytest.mark.parametrize(
    ("error", "state"), [("access_denied", "refused"), ("expired_sad", "timed_out"), ("invalid_request", "failed")]
)
def test_a_no_is_told_as_what_it_is(csc, service, job, error, state):
    service.instead["authorize"] = (400, {"error": error})
    answer = csc.start(job)
    assert answer.state == state
    assert answer.sentence
    assert csc.start(job).state == "signed"


@pytest.mark.parametrize("place", ["info", "authorize", "signHash"])
@pytest.mark.parametrize("status", ["503", "429"])
def test_their_trouble_is_tried_again_and_then_works(csc, service, job, place, status):
    service.trouble[place] = status
    with pytest.raises(Unreachable):
        csc.start(job)
    assert csc.start(job).state == "signed"


def test_a_start_repeated_is_the_same_signature_and_not_another(csc, service, job):
    first = csc.start(job)
    before = service.signed
    assert Csc().start(job).signature == first.signature
    assert csc.poll(job, first.reference).signature == first.signature
    assert service.signed == before


@pytest.mark.parametrize("place", ["info", "authorize"])
def test_a_line_cut_before_the_signature_is_harmless(csc, service, job, place):
    service.trouble[place] = "cut"
    with pytest.raises(Unreachable):
        csc.start(job)
    assert csc.start(job).state == "signed"


def test_a_line_cut_after_the_signature_never_signs_twice(csc, service, job):
    before = service.signed
    service.trouble["signHash"] = "cut"
    answer = csc.start(job)
    assert answer.state == "failed"
    assert "không gửi lại" in answer.sentence
    with pytest.raises(Unreachable):
        csc.start(job)
    assert service.signed == before + 1


@pytest.mark.parametrize("told", [[], {}, {"signatures": []}, {"signatures": ["AA=="]}, {"signatures": "x"}, "x", None])
def test_nonsense_is_no_signature(csc, service, job, told):
    service.instead["signHash"] = (200, told)
    assert csc.start(job).state == "failed"


def test_health_is_told(csc, monkeypatch):
    assert csc.check() == ""
    monkeypatch.setenv("XASO_SIGN_CSC_URL", "http://127.0.0.1:9")
    assert "Không nối được" in csc.check()
    monkeypatch.delenv("XASO_SIGN_CSC_TOKEN")
    assert "XASO_SIGN_CSC_TOKEN" in csc.check()
