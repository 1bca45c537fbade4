"""Fifty clerks number documents at once and are killed (kill -9) in between: no gap, no duplicate, on both databases.

XASO_NUMBERINGS=10000 for the whole size.
"""

import os
import subprocess
import sys
from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Count

from xaso.core.audit.models import Entry
from xaso.core.numbering.models import Counter
from xaso.core.search.models import Entry as Found
from xaso.kit import clock
from xaso.modules.outgoing.models import Book, Document, Recipient

CLERKS = 50
NUMBERINGS = int(os.environ.get("XASO_NUMBERINGS", "1000"))
PATIENCE = max(580, NUMBERINGS)  # seconds
pytestmark = [pytest.mark.long, pytest.mark.timeout(PATIENCE + 60), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def waiting(van, an, ngu_kien):
    """So many documents signed on paper, in one common book."""
    now = clock.now()
    book = Book.objects.create(unit=ngu_kien, unit_path=ngu_kien.path, title="Sổ", valid_from=date(2020, 1, 1))
    made = Document.objects.bulk_create(
        Document(
            unit=ngu_kien, unit_path=ngu_kien.path, owner_person_id=an.person_id, kind="quyet-dinh",
            subject=f"Việc {at}", folded=f"viec {at}", year=now.year, begun_at=now, begun_by="An", state="signed",
            signed_at=now, signer_name="Hoa",
        )
        for at in range(NUMBERINGS)
    )  # fmt: skip
    Recipient.objects.bulk_create(
        Recipient(document=one, unit_path=one.unit_path, name="Sở Nội vụ", channel="paper") for one in made
    )
    return book


def number_all(actor):
    surroundings = {
        **os.environ, "XASO_DATA": str(settings.DATA_DIR), "DJANGO_SETTINGS_MODULE": "xaso.config.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }  # fmt: skip
    database = str(connection.settings_dict["NAME"])
    command = [sys.executable, "-m", "xaso.modules.outgoing.tests.clerks", database, str(actor.account_id), str(CLERKS)]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return int(done.stdout.split()[-1])


def test_no_gap_and_no_duplicate_although_clerks_are_killed(waiting, van):
    killed = number_all(van)
    assert killed >= NUMBERINGS // 50, "too few died for the test to mean anything"
    numbers = list(Document.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, NUMBERINGS + 1))
    assert Counter.objects.get(book=f"outgoing:{waiting.pk}").value == NUMBERINGS
    told = Entry.objects.filter(verb="outgoing.number").values("subject").annotate(n=Count("id"))
    assert (told.count(), told.filter(n__gt=1).count()) == (NUMBERINGS, 0)
    assert Found.objects.filter(model="outgoing.Document").count() == NUMBERINGS
    cancelled = Document.objects.filter(state="cancelled")
    assert not cancelled.filter(number=None).exists()
