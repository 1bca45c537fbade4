"""A simulated axis, and letters of Ngũ Kiên that leave for Liên Châu, in the real present: the axis lives there."""

import json
from datetime import date

import pytest

from xaso.core.accounts.models import Account, Person, Post
from xaso.core.accounts.queries import actor_of
from xaso.core.outbox.actions import deliver_all
from xaso.kit.fold import fold
from xaso.modules.exchange import jobs
from xaso.modules.exchange.tests.issuing import bring_out
from xaso.modules.exchange.tests.processes import simulator
from xaso.modules.exchange.tests.samples import LIEN_CHAU, NGU_KIEN
from xaso.modules.outgoing.actions.drafting import Words, begin_draft, save_draft
from xaso.modules.outgoing.actions.issuing import add_recipient

TEXT = "Thực hiện kế hoạch năm 2024, đề nghị phối hợp rà soát.\n1. Thời gian: tháng 3.\n2. Địa điểm: nhà văn hoá."


@pytest.fixture(scope="session")
def axis_process():
    """One simulated axis for the tests of this module; `axis` empties it before each."""
    with simulator() as started:
        yield started


@pytest.fixture
def axis(axis_process):
    axis_process.control("forget")
    for code in axis_process.state["organisations"]:
        axis_process.control("lock", code=code, locked="0")
    return axis_process


@pytest.fixture
def connected(axis, monkeypatch, tmp_path, settings, ngu_kien, lien_chau):
    """Both communes have an account on the axis."""
    settings.DATA_DIR = tmp_path
    rows = [
        {name: getattr(made, name) for name in made.__slots__}
        for made in (axis.account(NGU_KIEN), axis.account(LIEN_CHAU))
    ]
    (tmp_path / "axis.json").write_text(json.dumps(rows), encoding="utf-8")
    monkeypatch.setenv("XASO_AXIS_FILE", str(tmp_path / "axis.json"))
    return axis


@pytest.fixture
def officer_of():
    """`officer_of(lien_chau, "clerk")`: somebody with that role there."""

    def make(unit, role):
        count = Account.objects.count()
        name = f"Cán bộ {role} {count}"
        person = Person.objects.create(full_name=name, folded_name=fold(name), birth_on=date(1985, 1, 1))
        account = Account(username=f"{role}{count}", person=person)
        account.set_unusable_password()
        account.save()
        Post.objects.create(account=account, unit=unit, unit_path=unit.path, role=role, valid_from=date(2020, 1, 1))
        return actor_of(account.pk)

    return make


@pytest.fixture
def clerk(officer_of, lien_chau):
    return officer_of(lien_chau, "clerk")


@pytest.fixture
def leader(officer_of, lien_chau):
    return officer_of(lien_chau, "leader")


@pytest.fixture
def issued_letter(an, hoa, van, ngu_kien):
    """`issued_letter((name, code), …)` is a letter that has just been issued; nothing is delivered yet."""

    def make(*to, subject="Phối hợp rà soát hộ nghèo", begun=None, channel="edxml"):
        draft = begun or begin_draft(an, ngu_kien, kind="cong-van", subject=subject)
        said = Words(kind="cong-van", subject=subject, text=TEXT, department="VP", addressees=("UBND xã",),
                     signer_id=hoa.account_id)  # fmt: skip
        draft = save_draft(an, draft, words=said, revision=draft.revision)
        for name, code in to:
            add_recipient(an, draft, name=name, channel=channel, organ_code=code)
        return bring_out(draft, an, hoa, van)

    return make


@pytest.fixture
def turn():
    """`turn()`: everything announced is delivered, the axis is asked, and what that announced too."""

    def once():
        deliver_all()
        jobs.ask_every_axis()
        deliver_all()

    return once
