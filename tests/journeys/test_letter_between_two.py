"""A letter between two XãSố: two processes, two databases, and an axis that is a third process and keeps its own rules.

Drafted, signed, numbered and issued in Ngũ Kiên; carried as edXML; put into the book, given and answered in Liên Châu;
the answer comes back and both sides know how the other stands.
"""

import json
import os
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT
from xaso.core.files.queries import files_of
from xaso.core.outbox.actions import deliver_all
from xaso.kit.subject import ref
from xaso.modules.exchange import jobs
from xaso.modules.exchange.models import Parcel
from xaso.modules.exchange.tests.issuing import bring_out
from xaso.modules.exchange.tests.processes import simulator
from xaso.modules.exchange.tests.samples import LIEN_CHAU, NGU_KIEN
from xaso.modules.incoming.models import Document as Incoming
from xaso.modules.outgoing.actions.drafting import Words, begin_draft, save_draft
from xaso.modules.outgoing.actions.issuing import add_recipient
from xaso.modules.outgoing.models import Follow

SUBJECT = "Phối hợp tổ chức Ngày Chuyển đổi số"
TEXT = "Thực hiện kế hoạch năm, đề nghị phối hợp.\n1. Thời gian: tháng 10.\n2. Địa điểm: nhà văn hoá."


def account_variables(settings):
    return {
        "XASO_AXIS_URL": settings.url,
        "XASO_AXIS_ORGAN": settings.organ_code,
        "XASO_AXIS_USER": settings.username,
        "XASO_AXIS_PASSWORD": settings.password,
        "XASO_AXIS_SYSTEM": settings.system_id,
        "XASO_AXIS_SECRET": settings.secret_key,
    }


@pytest.fixture
def axis():
    with simulator() as started:
        yield started


@pytest.fixture
def second(axis, tmp_path):
    """`second("turn")`: what the other XãSố answers."""
    surroundings = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "PYTEST_CURRENT_TEST"}
    }
    surroundings |= account_variables(axis.account(LIEN_CHAU))
    surroundings |= {
        "XASO_DATA": str(tmp_path / "second"),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }
    command = [sys.executable, "-m", "tests.journeys.second_commune"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=surroundings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def order(what):
        process.stdin.write(what + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    assert json.loads(process.stdout.readline()) == {"ready": "Liên Châu"}
    yield order
    process.stdin.close()
    process.wait(20)
    process.stdout.close()


@pytest.mark.long
@pytest.mark.django_db
def test_a_letter_is_answered_by_another_xaso(axis, second, monkeypatch, settings, tmp_path, ngu_kien, an, hoa, van):
    settings.DATA_DIR = tmp_path
    for name, value in account_variables(axis.account(NGU_KIEN)).items():
        monkeypatch.setenv(name, value)
    jobs.sync_register()

    draft = begin_draft(an, ngu_kien, kind="cong-van", subject=SUBJECT)
    words = Words(kind="cong-van", subject=SUBJECT, text=TEXT, department="VP", addressees=("UBND xã Liên Châu",),
                  signer_id=hoa.account_id)  # fmt: skip
    draft = save_draft(an, draft, words=words, revision=draft.revision)
    add_recipient(an, draft, name="UBND xã Liên Châu", channel="edxml", organ_code=LIEN_CHAU)
    letter = bring_out(draft, an, hoa, van)
    deliver_all()
    parcel = Parcel.objects.get()
    assert (parcel.state, parcel.error) == ("sent", "")

    (arrived,) = second("turn")["incoming"]
    assert (arrived["code"], arrived["subject"], arrived["state"]) == (letter.code, SUBJECT, "waiting")
    assert arrived["sha256"] == [letter.file.blob_id]

    answer = second("answer")
    assert answer["answers"].startswith("incoming.Document:")
    assert [one["state"] for one in answer["incoming"]] == ["done"]

    jobs.ask_every_axis()
    deliver_all()
    came = Incoming.objects.get()
    assert (came.signed_as, came.origin, came.sender_code) == (answer["code"], "edxml", LIEN_CHAU)
    assert came.answers_to == ref(letter)
    assert len(files_of(came.ref)) == 1
    follows = Follow.objects.filter(recipient__document=letter).order_by("state")
    assert list(follows.values_list("state", flat=True)) == ["01", "03", "04", "05", "06"]

    second("turn")
    assert {one["from"]: one["told"] for one in axis.state["delivered"]} == {
        NGU_KIEN: ["01", "03", "04", "05", "06"],
        LIEN_CHAU: ["01"],
    }
