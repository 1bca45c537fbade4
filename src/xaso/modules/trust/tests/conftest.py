"""A store of its own for each test, and an installation that trusts the test root."""

from datetime import date

import pytest

from xaso.core.access import SYSTEM
from xaso.core.files.actions import Place, upload
from xaso.core.files.receiving import receive_bytes
from xaso.modules.trust.actions import add_anchor, note_sources, record_answer
from xaso.modules.trust.actions.anchors import Trust
from xaso.modules.trust.certificates import read_certificate, read_list
from xaso.modules.trust.fetching import Fetched
from xaso.modules.trust.models import RevocationEntry
from xaso.modules.trust.rules import Source


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "files"


@pytest.fixture
def trust(pki, quan, ngu_kien):
    """`trust("root")`: the administrator compared the fingerprint and trusts it."""

    def make(name, by=quan, **given):
        certificate = read_certificate(pki.certificate(name).dump())
        decided = Trust(
            given.pop("purpose", "own"),
            given.pop("fingerprint", certificate.fingerprint),
            given.pop("trusted_from", date(2020, 1, 1)),
            given.pop("trusted_to", None),
        )
        reason = given.pop("reason", "Công văn 1/CV")
        return add_anchor(by, ngu_kien, certificate=certificate, trust=decided, reason=reason)

    return make


@pytest.fixture
def trusted(trust):
    """The test root and its intermediate are trusted; nothing is known about revocation yet."""
    return [trust("root"), trust("inter")]


@pytest.fixture
def informed(pki, trusted):
    """And the lists of revocations of both are at hand."""
    for name in ("root", "inter"):
        note_sources(SYSTEM, [Source("crl", pki.crl_url(name))])
        body = pki.crl(name)
        entry = RevocationEntry.objects.get(url=pki.crl_url(name))
        record_answer(SYSTEM, entry, fetched=Fetched(body, read_list(body)))
    return trusted


@pytest.fixture
def keep(van, ngu_kien):
    """`keep(pdf)`: a file of a subject, taken in by the clerk."""

    def make(content, name="van-ban.pdf", subject="incoming.Document:1"):
        received = receive_bytes(content, name=name)
        return upload(SYSTEM, Place(subject, ngu_kien.path), received=received, kind="main")

    return make
