"""Many hands at once: numbers without gaps, one arrival once, one remark wins. Real threads, real transactions."""

from collections import Counter as Tally

import pytest
import time_machine

from xaso.core.access import SYSTEM
from xaso.core.accounts.models import Account
from xaso.core.numbering.tests.together import all_at_once
from xaso.core.units.models import Unit
from xaso.kit.errors import Refused
from xaso.modules.incoming.actions import Remark, arrive, register, remark
from xaso.modules.incoming.models import Document
from xaso.modules.incoming.tests.factories import MONDAY, SENDER, arrived, given, post, registered

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def monday(transactional_db):
    with time_machine.travel(MONDAY):
        yield


def test_clerks_register_at_once_without_gap_or_twin(van, ngu_kien):
    waiting = [arrived(ngu_kien).pk for _ in range(12)]

    def clerk(pk):
        document = Document.objects.select_related("unit").get(pk=pk)
        wrong = given(subject="") if pk % 4 == 0 else given()
        try:
            return register(van, document, given=wrong, show=True).number
        except Refused:
            return None

    numbers = [one for one in all_at_once(clerk, waiting) if one]
    assert not [one for one in numbers if isinstance(one, Exception)], numbers
    assert Tally(numbers) == Tally(range(1, len(numbers) + 1))
    assert len(numbers) == sum(1 for pk in waiting if pk % 4)


def test_two_clerks_on_one_document_take_one_number(van, ngu_kien):
    document = arrived(ngu_kien)

    def clerk(_):
        try:
            return register(van, Document.objects.select_related("unit").get(pk=document.pk), given=given()).number
        except Refused as refusal:
            return refusal.message

    found = all_at_once(clerk, range(4))
    assert [one for one in found if isinstance(one, int)] == [1]
    assert registered(van, ngu_kien).number == 2


def test_one_message_handed_in_from_six_places_is_one_document(ngu_kien):
    def send(_):
        unit = Unit.objects.get(pk=ngu_kien.pk)
        return arrive(SYSTEM, unit, origin="edxml", sender=SENDER, external_id="mot-lan", subject="Một lần").pk

    assert len(set(all_at_once(send, range(6)))) == 1
    assert Document.objects.count() == 1
    assert Document.objects.get().steps.count() == 1


def test_of_two_leaders_one_remarks(van, hoa, an, thu, ngu_kien):
    document = registered(van, ngu_kien)
    assert Account.objects.count() == 4
    people = [post(an), post(thu)]

    def leader(lead):
        try:
            fresh = Document.objects.select_related("unit").get(pk=document.pk)
            return remark(hoa, fresh, given=Remark("Giao.", lead)).lead_name
        except Refused as refusal:
            return refusal.message

    found = all_at_once(leader, people)
    document.refresh_from_db()
    assert document.lead_name in found
    assert document.assignments.filter(role="lead", ended_at=None).count() == 1
