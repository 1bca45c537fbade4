"""The process of its own: same answers, and nothing a file contains can hurt the one who asks."""

import os
import signal
from datetime import UTC, datetime

import pytest

from xaso.modules.trust import engine, rules
from xaso.modules.trust.judging import Bench
from xaso.modules.trust.rules import Knowledge, Root


@pytest.fixture
def bench():
    made = Bench()
    yield made
    made.close()


@pytest.fixture
def known(pki):
    root = Root(pki.root_der, datetime(2020, 1, 1, tzinfo=UTC))
    return Knowledge("first", (root,), (pki.intermediate_der,), (pki.crl("inter"), pki.crl("root")))


def test_it_answers_as_the_engine_does(pki, bench, known):
    now = datetime.now(UTC)
    for pdf in (pki.sign("hoa"), pki.sign("revoked"), pki.blank_pdf(), b"nothing"):
        assert bench.judge(pdf, known, now) == engine.judge(pdf, known, now)


def test_it_learns_what_changed(pki, bench, known):
    pdf, now = pki.sign("hoa"), datetime.now(UTC)
    assert bench.judge(pdf, known, now).verdict == "valid"
    assert bench.judge(pdf, Knowledge("nothing"), now).verdict == "unsure"
    assert bench.judge(pdf, known, now).verdict == "valid"


def test_a_process_that_was_killed_is_replaced(pki, bench, known):
    pdf, now = pki.sign("hoa"), datetime.now(UTC)
    assert bench.judge(pdf, known, now).verdict == "valid"
    os.kill(bench._process.pid, signal.SIGKILL)
    assert bench.judge(pdf, known, now).verdict == "valid"


def test_a_file_that_takes_too_long_is_a_sentence(pki, bench, known):
    bench.judge(pki.blank_pdf(), known, datetime.now(UTC))
    os.kill(bench._process.pid, signal.SIGSTOP)  # as one that is caught in a loop
    bench.seconds = 0.3
    found = bench.judge(pki.blank_pdf(), known, datetime.now(UTC))
    assert (found.verdict, found.sentence) == ("unsure", rules.TOO_HARD)
    assert bench._process is None


def test_a_file_that_is_too_large_starts_nothing(bench, known):
    found = bench.judge(b"%PDF" + b"x" * rules.MAX_BYTES, known, datetime.now(UTC))
    assert found.sentence == rules.TOO_LARGE
    assert bench._process is None


def test_a_judgement_survives_the_way_through_json(pki, known):
    found = engine.judge(pki.sign("hoa", level="B-LT"), known, datetime.now(UTC))
    assert rules.unpacked(rules.packed(found)) == found
