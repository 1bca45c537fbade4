"""Somebody with the database's password changes signed figures: `xaso verify` names the pack."""

import pytest

from xaso.command import verify
from xaso.modules.packs.tests.making import line, sealed, tamper

pytestmark = pytest.mark.django_db


def test_verify_names_a_tampered_pack(hoa, ngu_kien, capsys):
    pack = sealed(hoa, ngu_kien, [line(number=10)])
    assert verify.run([]) == 0
    assert "Gói số liệu đã ký: đúng như đã ghi" in capsys.readouterr().out
    tamper(pack, '"number":"10"', '"number":"99"')
    assert verify.run([]) == 1
    told = "".join(capsys.readouterr())
    assert "Gói số liệu báo cáo 2024-Q1 của UBND xã Ngũ Kiên (số 1) không còn như lúc ký" in told
