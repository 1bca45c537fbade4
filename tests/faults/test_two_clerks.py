"""Sixteen clerks of one unit receive at the same moment, through the whole action: every number once, none missing."""

from collections import Counter as Tally
from datetime import datetime

import pytest
import time_machine
from django.db import connection

from xaso.core.audit.actions import verify
from xaso.core.audit.models import Entry
from xaso.core.deadlines.models import Clock
from xaso.core.numbering.tests.together import all_at_once
from xaso.core.outbox.models import Delivery
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.dossiers.actions.filing import Filing
from xaso.modules.dossiers.actions.reception import receive_dossier
from xaso.modules.dossiers.models import Dossier
from xaso.modules.dossiers.tests.factories import COPY, filed
from xaso.modules.payments.models import Charge

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
MONDAY = datetime(2024, 3, 4, 9, 0, tzinfo=clock.VIETNAM)
CLERKS, EACH = 16, 5


@pytest.fixture(autouse=True)
def _monday(transactional_db, catalogue):
    with time_machine.travel(MONDAY):
        yield


def numbers(first, last):
    return [f"H62.28.15-240304-{serial:04d}" for serial in range(first, last + 1)]


def test_two_clerks_ask_a_number_in_the_same_second(minh, ngu_kien):
    first, second = all_at_once(lambda _: receive_dossier(minh, ngu_kien, filed=filed(COPY)), range(2))
    assert sorted([first.number, second.number]) == numbers(1, 2)


def test_sixteen_clerks_receive_eighty_dossiers(minh, ngu_kien):
    wanted = filed(COPY)

    def clerk(_):
        return [receive_dossier(minh, ngu_kien, filed=wanted).number for _ in range(EACH)]

    given = all_at_once(clerk, range(CLERKS))
    assert not [one for one in given if isinstance(one, Exception)], given
    assert Tally(number for mine in given for number in mine) == Tally(numbers(1, CLERKS * EACH))
    assert sorted(Dossier.objects.values_list("number", flat=True)) == numbers(1, CLERKS * EACH)
    assert (
        Clock.objects.count() == Charge.objects.count() == Entry.objects.filter(verb="dossiers.receive").count() == 80
    )
    assert Delivery.objects.filter(handler__endswith="a_dossier_was_accepted").count() == 80
    assert not verify().broken


def test_refused_ones_in_between_leave_no_gap(minh, ngu_kien):
    whole, empty = filed(COPY), filed(COPY, papers={})

    def clerk(place):
        try:
            return receive_dossier(minh, ngu_kien, filed=empty if place % 3 == 0 else whole).number
        except Refused:
            return None

    given = all_at_once(clerk, range(18))
    assert sorted(number for number in given if number) == numbers(1, 12)


def test_one_key_from_eight_places_is_one_dossier(minh, ngu_kien):
    from xaso.modules.dossiers.actions.filing import once

    def send(_) -> str:
        wanted: Filing = filed(COPY, idempotency_key="mot-lan", looks_first=False)
        return once("mot-lan", lambda: receive_dossier(minh, ngu_kien, filed=wanted)).number

    assert set(all_at_once(send, range(8))) == set(numbers(1, 1))
    assert Dossier.objects.count() == 1
    connection.close()
    assert receive_dossier(minh, ngu_kien, filed=filed(COPY)).number == numbers(2, 2)[0]
