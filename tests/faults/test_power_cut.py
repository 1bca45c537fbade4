"""kill -9 after every single statement of a submission, a reception, an upload and a delivery, one after the other."""

import os
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection

from tests.architecture.source import ROOT
from xaso.core.audit.actions import verify
from xaso.core.audit.models import Entry
from xaso.core.deadlines.models import Clock
from xaso.core.files.models import StoredFile
from xaso.core.outbox.models import Delivery
from xaso.kit import clock
from xaso.modules.dossiers.actions import reception
from xaso.modules.dossiers.models import Dossier, Step, SubmittedPaper
from xaso.modules.dossiers.tests.factories import COPY, filed
from xaso.modules.notifications.models import Message
from xaso.modules.papers.models import PrintedPaper
from xaso.modules.payments.models import Charge

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
MORNING = datetime(2024, 3, 4, 9, 0, tzinfo=clock.VIETNAM)


@pytest.fixture(autouse=True)
def _loaded(transactional_db, catalogue):
    pass


def cut(task, unit, actor):
    """How many attempts were killed before one got through."""
    surroundings = {
        **os.environ, "XASO_DATA": str(settings.DATA_DIR), "DJANGO_SETTINGS_MODULE": "xaso.config.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.faults.power", str(connection.settings_dict["NAME"]), task]
    done = subprocess.run(
        [*command, str(unit.pk), str(actor.account_id)], env=surroundings, cwd=ROOT, capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return int(done.stdout.split()[-1])


def nothing_is_half():
    """Every dossier has its papers, its steps and its entry; nothing belongs to a dossier that is not there."""
    dossiers = list(Dossier.objects.all())
    for dossier in dossiers:
        assert SubmittedPaper.objects.filter(dossier=dossier).exists()
        assert Step.objects.filter(dossier=dossier).exists()
        assert Entry.objects.filter(subject=f"dossiers.Dossier:{dossier.pk}").exists()
    subjects = {f"dossiers.Dossier:{dossier.pk}" for dossier in dossiers}
    for model in (Clock, Charge, StoredFile):
        assert {s for s in model.objects.values_list("subject", flat=True) if s.startswith("dossiers.")} <= subjects
    assert not verify().broken


def test_submission_is_whole_or_not_there(lan, ngu_kien):
    assert cut("submit", ngu_kien, lan) >= 6
    dossier = Dossier.objects.get()
    assert (dossier.state, dossier.number, dossier.owner_person_id) == (1, None, lan.person_id)
    assert Entry.objects.filter(verb="dossiers.submit").count() == 1
    assert Delivery.objects.filter(event="dossiers.DossierSubmitted").count() == 1
    nothing_is_half()


def test_a_number_taken_when_the_power_failed_is_given_to_the_next(minh, ngu_kien):
    assert cut("receive", ngu_kien, minh) >= 8
    assert Dossier.objects.get().number == "H62.28.15-240304-0001"
    assert Clock.objects.count() == Charge.objects.count() == 1
    nothing_is_half()
    with time_machine.travel(MORNING + timedelta(hours=4)):
        assert reception.receive_dossier(minh, ngu_kien, filed=filed(COPY)).number == "H62.28.15-240304-0002"


def test_an_answer_that_never_arrived_is_asked_for_again(minh, ngu_kien):
    """The power fails after the commit: the same request finds the dossier that it made."""
    cut("answer_lost", ngu_kien, minh)
    made = Dossier.objects.get()
    assert cut("receive", ngu_kien, minh) >= 1
    assert Dossier.objects.get().pk == made.pk
    nothing_is_half()


def test_an_upload_and_its_form(lan, ngu_kien):
    assert cut("upload_and_submit", ngu_kien, lan) >= 10
    dossier = Dossier.objects.get()
    file = SubmittedPaper.objects.exclude(file=None).get().file
    assert (file.subject, file.owner_person_id) == (f"dossiers.Dossier:{dossier.pk}", lan.person_id)
    assert StoredFile.objects.filter(subject=file.subject).count() == 1
    nothing_is_half()


def test_a_delivery_is_taken_up_after_its_lease_and_done_once(minh, ngu_kien):
    with time_machine.travel(MORNING):
        dossier = reception.receive_dossier(minh, ngu_kien, filed=filed(COPY))
    assert cut("deliver", ngu_kien, minh) >= 8
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}
    assert Delivery.objects.order_by("-attempts").first().attempts > 2
    slip = PrintedPaper.objects.get()
    assert (slip.subject, slip.serial) == (f"dossiers.Dossier:{dossier.pk}", 1)
    told = Message.objects.filter(template="dossiers.accepted")
    assert told.count() == told.values("channel").distinct().count() > 0
    nothing_is_half()
