"""What is signed stays as it was signed, and says who signed it."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import Error, connection, transaction

from xaso.core.audit import kept
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.packs import queries, rules
from xaso.modules.packs.actions import seal_pack
from xaso.modules.packs.models import Pack, Restatement
from xaso.modules.packs.tests.making import DECISION, Q1, line, sealed, share, tamper

pytestmark = pytest.mark.django_db


def test_a_pack_keeps_its_lines_documents_signer_and_moment(hoa, ngu_kien):
    signed = sealed(hoa, ngu_kien, [line(), share("fibre", 71, 72)], documents=[DECISION], subject="targets.Plan:4")
    pack = Pack.objects.get(pk=signed.pk)
    contents = queries.contents(pack)
    assert [one.key for one in contents.lines] == ["households", "fibre"]
    assert contents.lines[1].numerator == Decimal(71)
    assert contents.documents == (DECISION,)
    assert (pack.signed_by_name, pack.signed_by_role, pack.number) == ("Vũ Thị Hoa", "Lãnh đạo", 1)
    assert contents.head["signer"] == hoa.account_id
    assert pack.sha256 == rules.digest(pack.body)
    assert queries.check(pack) == ""


def test_the_body_is_canonical(hoa, ngu_kien):
    text = sealed(hoa, ngu_kien).body
    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert "Hộ gia đình" in text
    assert rules.read(text).lines == (line(),)


def test_only_the_leader_of_the_unit_signs(mai, tam, son, hoa, ngu_kien, lien_chau):
    for other, unit in ((mai, ngu_kien), (tam, ngu_kien), (son, ngu_kien), (hoa, lien_chau)):
        with pytest.raises(Forbidden):
            sealed(other, unit)
    assert not Pack.objects.exists()


def test_a_machine_does_not_sign(hoa, ngu_kien):
    with pytest.raises(Refused, match="do một người ký"):
        sealed(replace(hoa, kind="machine"), ngu_kien)


@pytest.mark.parametrize(("lines", "sentence"), [([], "Chưa có dòng"), ([line(), line(number=3)], "hai dòng cùng mã")])
def test_what_cannot_be_signed_is_said(hoa, ngu_kien, lines, sentence):
    with pytest.raises(Refused, match=sentence):
        seal_pack(hoa, ngu_kien, kind="report", period=Q1, subject="", lines=lines, documents=[])


@pytest.mark.parametrize("statement", ["UPDATE packs_pack SET body = ''", "DELETE FROM packs_pack"])
def test_the_database_refuses_to_change_a_pack(hoa, ngu_kien, statement):
    sealed(hoa, ngu_kien)
    with pytest.raises(Error, match=kept.REFUSAL), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert queries.check(Pack.objects.get()) == ""


@pytest.mark.parametrize("model", [Pack, Restatement])
def test_every_database_we_make_is_locked(model):
    assert kept.is_installed(connection, model._meta.db_table)


def test_packs_of_a_unit_are_a_chain(hoa, ngu_kien):
    first, second = sealed(hoa, ngu_kien), sealed(hoa, ngu_kien, [line(number=11)])
    assert (first.number, second.number) == (1, 2)
    assert queries.contents(second).head["previous"] == first.sha256
    assert queries.signed(ngu_kien.path, Q1, "report") == [second]


def test_verify_is_content_with_what_was_signed(hoa, ngu_kien):
    sealed(hoa, ngu_kien)
    sealed(hoa, ngu_kien, [line(number=11)])
    assert list(queries.broken_packs()) == []


def test_verify_names_a_pack_with_another_body(hoa, ngu_kien):
    tamper(sealed(hoa, ngu_kien), '"number":"10"', '"number":"99"')
    [sentence] = queries.broken_packs()
    assert "Ngũ Kiên" in sentence
    assert "2024-Q1" in sentence
    assert "báo cáo" in sentence


def test_verify_names_a_pack_whose_checksum_was_made_to_fit(hoa, ngu_kien):
    pack = sealed(hoa, ngu_kien)
    tamper(pack, '"number":"10"', '"number":"99"')
    kept.remove(connection, "packs_pack")
    changed = Pack.objects.get()
    Pack.objects.update(sha256=rules.digest(changed.body))
    kept.install(connection, "packs_pack")
    assert queries.check(Pack.objects.get()) == ""
    [sentence] = queries.broken_packs()
    assert "nhật ký lúc ký" in sentence


def test_verify_names_a_pack_given_to_another_period(hoa, ngu_kien):
    sealed(hoa, ngu_kien)
    kept.remove(connection, "packs_pack")
    Pack.objects.update(period_key="2024-Q2")
    kept.install(connection, "packs_pack")
    [sentence] = queries.broken_packs()
    assert "nhãn của gói không khớp" in sentence


def test_verify_misses_a_pack_taken_out(hoa, ngu_kien):
    first = sealed(hoa, ngu_kien)
    sealed(hoa, ngu_kien, [line(number=11)])
    kept.remove(connection, "packs_pack")
    Pack.objects.filter(pk=first.pk)._raw_delete("default")
    kept.install(connection, "packs_pack")
    assert any("Thiếu gói số liệu số 1" in sentence for sentence in queries.broken_packs())


def test_verify_misses_the_last_pack_taken_out(hoa, ngu_kien):
    pack = sealed(hoa, ngu_kien)
    kept.remove(connection, "packs_pack")
    Pack.objects.all()._raw_delete("default")
    kept.install(connection, "packs_pack")
    [sentence] = queries.broken_packs()
    assert pack.sha256[:12] in sentence


def test_verify_misses_the_lock(hoa, ngu_kien):
    kept.remove(connection, "packs_pack")
    [sentence] = queries.broken_packs()
    assert "packs_pack" in sentence
    kept.install(connection, "packs_pack")


@pytest.mark.django_db(transaction=True)
def test_emptying_the_whole_database_puts_the_locks_back():
    call_command("flush", interactive=False, verbosity=0)
    assert all(kept.is_installed(connection, model._meta.db_table) for model in (Pack, Restatement))
