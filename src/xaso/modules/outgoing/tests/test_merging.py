"""What a merged commune had not issued goes on with its successor; numbers that were given stay in the old book."""

from datetime import date

import pytest

from xaso.core.search.models import Entry as Found
from xaso.core.units.models import Succession, Unit
from xaso.modules.outgoing.jobs import hand_over_after_mergers
from xaso.modules.outgoing.models import Recipient
from xaso.modules.outgoing.tests.conftest import again

pytestmark = pytest.mark.django_db


def ended(unit, after):
    Unit.objects.filter(pk=unit.pk).update(valid_to=date(2024, 3, 3))
    kind = "rename" if after.path == unit.path else "merge"
    Succession.objects.create(predecessor=unit, successor=after, kind=kind, effective_on=date(2024, 3, 4))


@pytest.fixture
def tam_phuc(district):
    return Unit.objects.create(
        code="09160", name="Tam Phúc", kind="commune", parent=district, path="26.252.09160.",
        valid_from=date(2024, 3, 4), agency_code="H62.28.30",
    )  # fmt: skip


def test_a_letter_before_the_leader_begins_again_with_the_successor(at_leader, ngu_kien, tam_phuc):
    ended(ngu_kien, tam_phuc)
    assert hand_over_after_mergers() == 1
    assert hand_over_after_mergers() == 0
    letter = again(at_leader)
    assert (letter.unit, letter.unit_path, letter.state, letter.signer) == (tam_phuc, tam_phuc.path, "draft", None)
    assert "đơn vị mới" in letter.return_reason
    assert set(Recipient.objects.filter(document=letter).values_list("unit_path", flat=True)) == {tam_phuc.path}
    assert Found.objects.get(subject=f"outgoing.Document:{letter.pk}").unit_path == tam_phuc.path


def test_a_number_that_was_given_stays_in_the_old_book(numbered, ngu_kien, tam_phuc):
    ended(ngu_kien, tam_phuc)
    assert hand_over_after_mergers() == 1
    letter = again(numbered)
    assert (letter.unit, letter.unit_path, letter.state) == (ngu_kien, tam_phuc.path, "numbered")
    assert letter.number == numbered.number
    assert "Số đã cấp trong sổ của" in letter.steps.last().note


def test_a_new_name_changes_nothing_else(at_leader, ngu_kien, district):
    renamed = Unit.objects.create(
        code="09999", name="Ngũ Kiên mới", kind="commune", parent=district, path=ngu_kien.path,
        valid_from=date(2024, 3, 4), agency_code="H62.28.15",
    )  # fmt: skip
    ended(ngu_kien, renamed)
    assert hand_over_after_mergers() == 1
    letter = again(at_leader)
    assert (letter.unit, letter.state, letter.signer_id) == (renamed, "at_leader", at_leader.signer_id)


def test_what_is_out_stays_where_it_was(issued, ngu_kien, tam_phuc):
    ended(ngu_kien, tam_phuc)
    assert hand_over_after_mergers() == 0
    assert again(issued).unit_path == ngu_kien.path
