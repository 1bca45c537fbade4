"""Anchors with reasons, evidence that stays, answers of authorities, proofs for everybody."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from xaso.core.access import SYSTEM
from xaso.core.audit.models import Entry
from xaso.core.files.actions import remove_file
from xaso.core.outbox.actions import deliver_all
from xaso.core.outbox.models import Delivery
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.trust import queries, rules
from xaso.modules.trust.actions import (
    ask_authorities,
    note_sources,
    publish_proof,
    rejudge_unsure,
    verify_file,
    withdraw_anchor,
    withdraw_proof,
)  # fmt: skip
from xaso.modules.trust.certificates import read_certificate
from xaso.modules.trust.jobs import refresh_revocation
from xaso.modules.trust.models import Anchor, RevocationEntry, Verification
from xaso.modules.trust.rules import Source

pytestmark = pytest.mark.django_db


# Anchors


def test_an_anchor_has_a_reason_dates_and_an_entry_in_the_audit_trail(pki, trust, quan):
    made = trust("root", reason="Công văn 12/CV, so qua điện thoại")
    assert (made.kind, made.subject) == ("root", "Gốc thử nghiệm, Cơ quan thử nghiệm, VN")
    assert (made.added_by_name, made.reason) == (quan.name, "Công văn 12/CV, so qua điện thoại")
    entry = Entry.objects.get(verb="trust.add_anchor")
    assert entry.details["fingerprint"] == pki.certificate("root").sha256.hex()


def test_an_intermediate_is_kept_but_not_trusted_by_itself(pki, trust):
    assert trust("inter").kind == "intermediate"
    assert queries.knowledge().roots == ()
    assert queries.knowledge().intermediates == (pki.intermediate_der,)


def test_the_fingerprint_must_be_that_of_the_certificate(pki, trust):
    with pytest.raises(Refused, match="không khớp"):
        trust("root", fingerprint=pki.certificate("inter").sha256.hex())
    spaced = rules.in_pairs(pki.certificate("root").sha1.hex())
    assert trust("root", fingerprint=spaced).kind == "root"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"reason": "  "}, "Hãy ghi lý do"),
        ({"trusted_to": date(2019, 1, 1)}, "Ngày thôi tin"),
    ],
)
def test_what_is_missing_is_asked_for(trust, given, sentence):
    with pytest.raises(Refused, match=sentence):
        trust("root", **given)


def test_the_same_certificate_is_added_once(trust):
    trust("root")
    with pytest.raises(Refused, match="đã có"):
        trust("root")


def test_only_the_administrator_decides_whom_we_trust(trust, van, hoa, quan):
    for somebody in (van, hoa):
        with pytest.raises(Forbidden):
            trust("root", by=somebody)
    made = trust("root")
    with pytest.raises(Forbidden):
        withdraw_anchor(hoa, made, reason="vì")


def test_withdrawing_needs_a_reason_and_ends_the_trust(pki, informed, keep, quan):
    stored = keep(pki.sign("hoa"))
    before = verify_file(SYSTEM, stored)
    with pytest.raises(Refused, match="lý do"):
        withdraw_anchor(quan, informed[0], reason="")
    gone = withdraw_anchor(quan, informed[0], reason="Lộ khoá", trusted_to=date(2025, 1, 1))
    assert (gone.trusted_to, gone.withdrawn_reason) == (date(2025, 1, 1), "Lộ khoá")
    after = verify_file(SYSTEM, stored)
    assert (before.verdict, after.verdict) == ("valid", "unsure")
    before.refresh_from_db()
    assert (before.verdict, before.is_latest) == ("valid", False)
    with pytest.raises(Refused, match="đã được rút"):
        withdraw_anchor(quan, informed[0], reason="lần nữa")


def test_a_withdrawn_certificate_may_be_taken_up_again(trust, quan):
    withdraw_anchor(quan, trust("root"), reason="Nhầm")
    assert trust("root").withdrawn_at is None
    assert Anchor.objects.count() == 1


def test_only_certificates_of_authorities_are_taken(pki):
    with pytest.raises(Refused, match="không phải của cơ quan cấp"):
        read_certificate(pki.certificate("hoa").dump())
    with pytest.raises(Refused, match="khoá bí mật"):
        read_certificate(pki.key_pem("root"))
    for junk in (b"", b"hello", pki.root_der[:200], pki.root_der + b"x", b"\x30\x84\xff\xff\xff\xff"):
        with pytest.raises(Refused, match="không phải chứng thư"):
            read_certificate(junk)


# Evidence


def test_a_verification_keeps_what_was_found_and_by_what_knowledge(pki, informed, keep, van):
    stored = keep(pki.sign("hoa", level="B-LT"))
    made = verify_file(van, stored)
    assert (made.verdict, made.signers, made.sha256) == ("valid", "Vũ Thị Hoa", stored.blob_id)
    assert made.knowledge == queries.knowledge().digest
    assert made.judged_by_name == van.name
    found = queries.findings_of(made)
    assert (found[0].level, found[0].time_source) == ("B-LT", "tsa")
    assert queries.latest(stored) == made
    assert queries.verifications_of(stored.subject) == [made]
    assert Entry.objects.get(verb="trust.verify").details["verdict"] == "valid"


def test_judged_again_is_a_new_row(pki, informed, keep):
    stored = keep(pki.sign("hoa"))
    one, two = verify_file(SYSTEM, stored), verify_file(SYSTEM, stored)
    assert one.pk != two.pk
    assert list(Verification.objects.filter(is_latest=True)) == [two]
    assert queries.earlier(two) == [one]


def test_a_signed_file_that_comes_in_is_judged_in_the_background(pki, trusted, keep):
    stored = keep(pki.sign("hoa"))
    assert stored.is_signed
    deliver_all()
    assert not Delivery.objects.filter(state="waiting").exists()
    found = queries.latest(stored)
    assert found.verdict == "valid"  # the authorities were asked on the way
    assert {entry.url for entry in RevocationEntry.objects.exclude(sha256="")} == {
        pki.crl_url("inter"), pki.crl_url("root"),
    }  # fmt: skip


def test_delivered_twice_it_is_judged_once(pki, informed, keep):
    stored = keep(pki.sign("hoa"))
    deliver_all()
    Delivery.objects.update(state="waiting")
    deliver_all()
    assert Verification.objects.filter(stored=stored).count() == 1


def test_a_file_that_was_taken_back_is_not_judged(pki, keep):
    stored = keep(pki.sign("hoa"))
    remove_file(SYSTEM, stored)
    deliver_all()
    assert not Verification.objects.exists()
    assert not Delivery.objects.exclude(state="done").exists()


def test_a_new_anchor_decides_what_was_undecided(pki, informed, keep, trust):
    stored = keep(pki.sign("stranger"))
    deliver_all()
    assert queries.latest(stored).verdict == "unsure"
    trust("stranger-root")
    deliver_all()
    second = queries.latest(stored)
    assert (second.verdict, second.sentence) == ("unsure", rules.NO_REVOCATION)  # trusted now, its list not read yet
    refresh_revocation()
    assert queries.latest(stored).verdict == "valid"
    assert [one.verdict for one in queries.earlier(queries.latest(stored))] == ["unsure", "unsure"]


def test_nothing_new_known_nothing_new_written(pki, keep, trusted):
    verify_file(SYSTEM, keep(pki.sign("stranger")))
    assert rejudge_unsure() == 0
    note_sources(SYSTEM, [Source("crl", pki.crl_url("inter"))])
    ask_authorities(queries.due_entries(datetime.now(UTC)))
    assert rejudge_unsure() == 0  # more is known, but the outcome is the same
    assert Verification.objects.count() == 1


def test_an_unsigned_file_costs_nothing(pki, keep):
    stored = keep(pki.blank_pdf())
    assert not stored.is_signed
    assert not Delivery.objects.exists()
    assert queries.latest_of_many([stored]) == {}


def test_lists_of_files_get_their_verdicts_in_one_statement(pki, informed, keep, django_assert_num_queries):
    stored = [keep(pki.sign("hoa"), f"{number}.pdf") for number in range(3)]
    made = [verify_file(SYSTEM, one) for one in stored]
    with django_assert_num_queries(1):
        assert queries.latest_of_many(stored) == {one.stored_id: one for one in made}


# Answers of authorities


def test_an_older_answer_does_not_replace_a_newer_one(pki, informed):
    entry = RevocationEntry.objects.get(url=pki.crl_url("inter"))
    newest = entry.this_update
    with pki.clock(datetime.now(UTC) - timedelta(days=5)):
        assert ask_authorities([entry]) == 1
    entry.refresh_from_db()
    assert entry.this_update == newest


def test_an_authority_that_does_not_answer_keeps_its_last_answer(pki, informed):
    entry = RevocationEntry.objects.get(url=pki.crl_url("inter"))
    kept = bytes(entry.body)
    RevocationEntry.objects.filter(pk=entry.pk).update(url=f"{pki.url}/xaso/crls/nobody/latest.crl")
    entry.refresh_from_db()
    assert ask_authorities([entry]) == 0
    entry.refresh_from_db()
    assert bytes(entry.body) == kept
    assert "mã 404" in entry.error


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x.crl", "file:///etc/passwd", "ftp://x/y", "http://["])
def test_addresses_that_lead_nowhere_are_a_sentence(url):
    entry = RevocationEntry.objects.create(kind="crl", url=url, key=url[:64], noted_at=datetime.now(UTC))
    assert ask_authorities([entry]) == 0
    entry.refresh_from_db()
    assert entry.error


def test_a_page_instead_of_a_list_is_not_kept(pki):
    entry = RevocationEntry.objects.create(
        kind="crl", url=f"{pki.url}/xaso/certs/nothing/ca.crt", key="k", noted_at=datetime.now(UTC)
    )
    assert ask_authorities([entry]) == 0
    entry.refresh_from_db()
    assert not entry.sha256


def test_a_responder_is_asked_about_one_certificate(pki):
    chains = queries.engine()
    question = chains.question_about(pki.certificate("hoa"), pki.certificate("inter"))
    note_sources(SYSTEM, [Source("ocsp", pki.ocsp_url, "CA", question)])
    entry = RevocationEntry.objects.get(kind="ocsp")
    assert ask_authorities([entry]) == 1
    entry.refresh_from_db()
    assert entry.next_update > entry.this_update
    assert queries.knowledge().ocsps == (bytes(entry.body),)


def test_an_answer_is_asked_for_again_after_half_a_day(pki, informed):
    assert queries.due_entries(datetime.now(UTC)) == []
    later = datetime.now(UTC) + timedelta(hours=13)
    assert len(queries.due_entries(later)) == 2
    with time_machine.travel(later), pki.clock(later):
        assert refresh_revocation() == 2


def test_context_for_signing_trusts_what_we_trust(pki, informed):
    context = queries.validation_context()
    assert [one.subject for one in context.path_builder.trust_manager.iter_certs()] == [pki.certificate("root").subject]


# Proofs


def test_a_proof_is_published_once_and_found_by_its_code(pki, keep, van, ngu_kien):
    stored = keep(pki.sign("hoa"))
    made = publish_proof(van, stored, title="Quyết định 12/QĐ-UBND", unit=ngu_kien)
    assert publish_proof(van, stored, title="khác", unit=ngu_kien) == made
    assert len(made.code) == 12
    assert queries.proof(rules.shown_code(made.code).lower()) == made
    assert made.sha256 == stored.blob_id


def test_a_recalled_paper_stays_known(pki, keep, van, ngu_kien):
    made = publish_proof(van, keep(pki.sign("hoa")), title="Quyết định 12", unit=ngu_kien)
    with pytest.raises(Refused, match="lý do"):
        withdraw_proof(van, made, reason=" ")
    withdraw_proof(van, made, reason="Ban hành nhầm")
    assert queries.proof(made.code).withdrawn_reason == "Ban hành nhầm"


def test_reception_may_look_and_not_publish(pki, keep, minh, ngu_kien):
    with pytest.raises(Forbidden):
        publish_proof(minh, keep(pki.sign("hoa")), title="x", unit=ngu_kien)
