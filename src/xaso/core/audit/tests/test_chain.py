"""The chain shows what was changed behind our back, and the database refuses to change it at all."""

import pytest
from django.core.management import call_command
from django.db import Error, connection, transaction

from xaso.core.access import SYSTEM
from xaso.core.audit import lock
from xaso.core.audit.actions import Draft, record_denied, seal, verify, write
from xaso.core.audit.models import Entry


@pytest.fixture
def five(db):
    write([Draft(SYSTEM, f"test.step_{number}", details={"số": number}) for number in range(5)])
    assert seal() == 5
    return list(Entry.objects.order_by("position"))


@pytest.fixture
def unlocked(five):
    """Somebody with the database's password took the lock off."""
    lock.remove(connection)
    return five


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_a_sealed_chain_proves_itself(five):
    verdict = verify()
    assert (verdict.checked, verdict.broken) == (5, "")
    assert verdict.head == five[-1].link


def test_entries_are_sealed_once_and_in_order(five):
    assert seal() == 0
    assert [entry.position for entry in five] == [1, 2, 3, 4, 5]
    record_denied(SYSTEM, "test.denied", "", "26.")
    assert seal() == 1
    assert verify().checked == 6


@pytest.mark.parametrize(
    ("column", "value"),
    [("verb", "test.other"), ("actor_name", "Người khác"), ("details", '{"số": 99}'), ("unit_path", "01.")],
)
def test_an_altered_row_is_named(unlocked, column, value):
    altered = unlocked[2]
    run(f"UPDATE audit_entry SET {column} = %s WHERE id = %s", value, altered.pk)
    verdict = verify()
    assert verdict.checked == 2
    assert f"Dòng nhật ký số {altered.pk} " in verdict.broken
    assert "sửa" in verdict.broken


def test_an_altered_row_with_a_new_digest_is_named(unlocked):
    altered = unlocked[2]
    run("UPDATE audit_entry SET digest = %s WHERE id = %s", "f" * 64, altered.pk)
    assert f"Dòng nhật ký số {altered.pk} " in verify().broken


def test_a_deleted_row_is_missed(unlocked):
    run("DELETE FROM audit_entry WHERE id = %s", unlocked[1].pk)
    assert "thiếu dòng ở vị trí 2" in verify().broken


def test_a_cut_tail_is_missed(unlocked):
    run("DELETE FROM audit_entry WHERE position > 3")
    assert "sau vị trí 3" in verify().broken


def test_the_database_refuses_to_delete_an_entry(five):
    with pytest.raises(Error, match=lock.REFUSAL), transaction.atomic():
        Entry.objects.filter(pk=five[0].pk).delete()
    assert verify().checked == 5


@pytest.mark.parametrize("change", [{"verb": "x"}, {"details": {}}, {"position": None}, {"position": 77}, {"link": ""}])
def test_the_database_refuses_to_change_a_sealed_entry(five, change):
    with pytest.raises(Error, match=lock.REFUSAL), transaction.atomic():
        Entry.objects.filter(pk=five[0].pk).update(**change)


@pytest.mark.parametrize(
    "change", [{"verb": "x"}, {"outcome": "denied"}, {"position": 9, "actor_name": "Người khác"}, {"link": "x"}]
)
def test_an_unsealed_entry_can_only_be_sealed(db, change):
    write([Draft(SYSTEM, "test.fresh")])
    with pytest.raises(Error, match=lock.REFUSAL), transaction.atomic():
        Entry.objects.update(**change)


def test_the_lock_knows_every_column(db):
    """A new column that the lock does not compare could be changed while sealing."""
    columns = {field.column for field in Entry._meta.fields}
    assert columns - {"position", "link"} == set(lock.COLUMNS)


def test_every_database_we_make_is_locked(db):
    assert lock.is_installed(connection)


@pytest.mark.django_db(transaction=True)
def test_emptying_the_whole_database_puts_the_lock_back():
    write([Draft(SYSTEM, "test.gone")])
    call_command("flush", interactive=False, verbosity=0)
    assert not Entry.objects.exists()
    assert lock.is_installed(connection)
