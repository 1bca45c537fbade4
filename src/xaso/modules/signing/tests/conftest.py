"""A real token (SoftHSM2) with hoa's and the commune's keys, the register that knows them, and a file to sign."""

import os
import shutil
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from xaso.core.access import SYSTEM
from xaso.core.accounts.models import Account
from xaso.core.actions import action
from xaso.core.files.actions import store_bytes
from xaso.kit import clock
from xaso.kit.subject import ref
from xaso.modules.signing import rules
from xaso.modules.signing.actions import add_certificate
from xaso.modules.signing.actions.register import Given
from xaso.modules.signing.certificates import read
from xaso.modules.signing.pades import reserve
from xaso.modules.signing.providers import PROVIDERS
from xaso.modules.signing.tests.papers import BOXES, birth_certificate

LIBRARIES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
LABEL, PIN = "xaso-thu", "135790"
KEYS = {"hoa": "01", "ngu-kien": "02"}


@action("test.lay_file", "Tệp của phép thử")
def lay_file(by, unit, /, *, content, name):
    return store_bytes(content, name=name, subject=ref(unit), unit_path=unit.path, kind="ket-qua", by=by)


@pytest.fixture(scope="session")
def token(pki, tmp_path_factory):
    """A token made once per run: its folder, its library, its PIN."""
    library = next((path for path in LIBRARIES if Path(path).exists()), None)
    if library is None or shutil.which("softhsm2-util") is None or shutil.which("pkcs11-tool") is None:
        pytest.skip("SoftHSM2 and OpenSC are not installed")
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    config = folder / "softhsm2.conf"
    config.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(config)
    _run("softhsm2-util", "--init-token", "--free", "--label", LABEL, "--so-pin", "2468", "--pin", PIN)
    for name, number in KEYS.items():
        key, certificate = pki.key_file(name), pki.certificate_file(name)
        _run("softhsm2-util", "--import", str(key), "--token", LABEL, "--label", name, "--id", number, "--pin", PIN)
        tool = ("pkcs11-tool", "--module", library, "--token-label", LABEL, "--login", "--pin", PIN)
        _run(*tool, "--write-object", str(certificate), "--type", "cert", "--id", number, "--label", name)
    pin = folder / "pin"
    pin.write_text(f"{PIN}\n")
    return {"library": library, "pin_file": str(pin), "folder": folder}


def _run(*command):
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def plugged_in(token, monkeypatch):
    """The server knows the token and its PIN."""
    monkeypatch.setenv("XASO_SIGN_PKCS11_LIBRARY", token["library"])
    monkeypatch.setenv("XASO_SIGN_PKCS11_LABEL", LABEL)
    monkeypatch.setenv("XASO_SIGN_PKCS11_PIN_FILE", token["pin_file"])
    provider = PROVIDERS["pkcs11"]
    yield provider
    provider.close()


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch, settings, tmp_path):
    for name in [name for name in os.environ if name.startswith(("XASO_SIGN_", "XASO_TSA_"))]:
        monkeypatch.delenv(name)
    settings.DATA_DIR = tmp_path


def given_of(pki, name, kind, **more):
    facts = read(pki.certificate(name).dump())
    values = {
        "holder_kind": kind, "holder_name": facts.holder_name, "holder_code": facts.holder_code, "means": "token",
        "serial": facts.serial, "issuer": facts.issuer, "valid_from": facts.valid_from, "valid_to": facts.valid_to,
        "provider": "pkcs11", "subject": facts.subject, "der": facts.der,
    }  # fmt: skip
    return Given(**(values | more))


@pytest.fixture
def of_hoa(pki, hoa, ngu_kien):
    account = Account.objects.get(pk=hoa.account_id)
    return add_certificate(SYSTEM, ngu_kien, given=given_of(pki, "hoa", rules.OFFICIAL), account=account)


@pytest.fixture
def of_commune(pki, ngu_kien):
    return add_certificate(SYSTEM, ngu_kien, given=given_of(pki, "ngu-kien", rules.ORGAN))


@pytest.fixture
def paper(ngu_kien):
    """A birth certificate with its places, lying with the commune."""
    return lay_file(SYSTEM, ngu_kien, content=reserve(birth_certificate(), BOXES), name="Trích lục khai sinh.pdf")


@pytest.fixture
def soon():
    """A moment so many days before the test certificates end."""

    def at(certificate, days) -> datetime:
        return certificate.valid_to - timedelta(days=days, hours=1)

    return at


@pytest.fixture
def now():
    return clock.now()
