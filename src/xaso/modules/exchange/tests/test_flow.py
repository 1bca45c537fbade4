"""Letters between two communes over the simulated axis: out, in, states, answers, recalls, faults."""

import pytest

from xaso.core.access import SYSTEM
from xaso.core.accounts.models import Post
from xaso.core.files.queries import files_of
from xaso.core.outbox.actions import deliver_all
from xaso.kit.errors import Refused
from xaso.modules.exchange import jobs, queries
from xaso.modules.exchange.actions import sending, telling
from xaso.modules.exchange.models import Connection, Organisation, Parcel, Seen, Status
from xaso.modules.exchange.rules.message import Attachment
from xaso.modules.exchange.rules.reading import read
from xaso.modules.exchange.rules.writing import edxml_of
from xaso.modules.exchange.tests.samples import LIEN_CHAU, NGU_KIEN, PROVINCE, letter
from xaso.modules.incoming import actions as incoming
from xaso.modules.incoming.models import Document as Incoming
from xaso.modules.incoming.tests.factories import given
from xaso.modules.outgoing.actions.drafting import begin_draft
from xaso.modules.outgoing.models import Follow
from xaso.modules.outgoing.queries import content_of

pytestmark = pytest.mark.django_db

TO_LIEN_CHAU = ("UBND xã Liên Châu", LIEN_CHAU)


def codes(parcel, direction):
    return list(parcel.statuses.filter(direction=direction).order_by("id").values_list("code", flat=True))


def out():
    return Parcel.objects.filter(direction="out").order_by("-id").first()


def test_a_letter_arrives_as_an_incoming_document(connected, issued_letter, turn):
    sent = issued_letter(TO_LIEN_CHAU)
    turn()
    parcel = out()
    assert (parcel.state, parcel.organ_code, parcel.attempts, parcel.error) == ("sent", LIEN_CHAU, 1, "")
    assert parcel.axis_ref == connected.state["delivered"][0]["doc_id"]
    arrived = Incoming.objects.get()
    assert (arrived.origin, arrived.state, arrived.sender_code) == ("edxml", "waiting", NGU_KIEN)
    assert (arrived.signed_as, arrived.subject, arrived.dated_on) == (sent.code, sent.subject, sent.dated_on)
    assert (arrived.unit_path, arrived.kind) == ("26.252.09055.", "cong-van")
    (file,) = files_of(arrived.ref)
    assert content_of(file) == content_of(sent.file)
    came = Parcel.objects.get(direction="in")
    assert came.document_ref == arrived.ref
    assert read(content_of(came.raw)).letter.document_id == parcel.document_id
    assert content_of(came.raw) == content_of(parcel.raw)


def test_asked_again_and_delivered_twice_it_is_one_document(connected, issued_letter, turn):
    connected.fault("duplicate", "/v1/sendEdoc")
    issued_letter(TO_LIEN_CHAU)
    turn()
    turn()
    assert len(connected.state["delivered"]) == 2
    assert Incoming.objects.count() == Parcel.objects.filter(direction="in").count() == 1
    assert Seen.objects.count() == 2
    fetched = [call for call in connected.state["calls"] if "getEdoc" in call]
    turn()
    assert [call for call in connected.state["calls"] if "getEdoc" in call] == fetched


def test_states_go_back_each_once(connected, issued_letter, turn, clerk, leader):
    issued_letter(TO_LIEN_CHAU)
    turn()
    arrived = Incoming.objects.get()
    came, parcel = queries.came_with(arrived.uuid), out()
    arrived = incoming.register(clerk, arrived, given=given())
    turn()
    incoming.show(clerk, arrived, leader=leader_post(leader))
    turn()
    turn()
    assert codes(came, "told") == ["01", "03"]
    assert not came.statuses.filter(sent_at=None).exists()
    assert codes(parcel, "heard") == ["01", "03"]
    follows = Follow.objects.filter(recipient__document__uuid=parcel.document_uuid)
    assert sorted(follows.values_list("state", flat=True)) == ["01", "03"]


def leader_post(leader):
    return Post.objects.get(account=leader.account_id)


def test_a_refusal_with_its_reason_ends_it(connected, issued_letter, turn, clerk):
    issued_letter(TO_LIEN_CHAU)
    turn()
    arrived = Incoming.objects.get()
    incoming.refuse(clerk, arrived, reason="Gửi nhầm nơi")
    turn()
    came = queries.came_with(arrived.uuid)
    assert codes(came, "told") == ["01", "02"]
    assert telling.tell(SYSTEM, came, code="06") is None
    assert codes(out(), "heard") == ["01", "02"]


def test_a_secret_document_goes_nowhere(connected, ngu_kien, van, issued_letter):
    document = issued_letter(TO_LIEN_CHAU)
    document.level = "secret"
    with pytest.raises(Refused, match="mật"):
        sending.queue_document(SYSTEM, ngu_kien, document=document)


def test_told_twice_it_is_queued_once(connected, issued_letter, ngu_kien):
    document = issued_letter(TO_LIEN_CHAU, ("UBND tỉnh", PROVINCE))
    deliver_all()
    assert sending.queue_document(SYSTEM, ngu_kien, document=document) == []
    assert Parcel.objects.count() == 2
    assert sorted(one["to"] for one in connected.state["delivered"]) == [PROVINCE, LIEN_CHAU]


def test_only_copies_by_edxml(connected, issued_letter):
    issued_letter(("Phòng Nội vụ", ""), channel="paper")
    deliver_all()
    assert not Parcel.objects.exists()


def test_an_answer_knows_what_it_answers(connected, issued_letter, turn, clerk, an, ngu_kien):
    """The receiver's answer arrives with the reference of the letter it answers."""
    issued_letter(TO_LIEN_CHAU)
    turn()
    sent = out()
    answer = letter(
        sender=letter().receivers[0], receivers=(letter().sender,), number="7", notation="UBND",
        document_id=f"{LIEN_CHAU},2024/10/08,7/UBND",
        answers=(letter().answers[0].__class__(NGU_KIEN, sent.notation, sent.dated_on, sent.document_id),),
    )  # fmt: skip
    connected.control("deliver", edxml_of(answer), doc_id="tra-loi", to=NGU_KIEN, **{"from": LIEN_CHAU})
    turn()
    arrived = Incoming.objects.get(sender_code=LIEN_CHAU)
    assert arrived.answers_to == sent.document_ref


def test_an_answer_of_ours_names_what_it_answers(connected, issued_letter, turn, an, ngu_kien):
    connected.control(
        "deliver",
        edxml_of(letter(sender=letter().receivers[0], receivers=(letter().sender,))),
        doc_id="hoi",
        to=NGU_KIEN,
        **{"from": LIEN_CHAU},
    )
    turn()
    asked = Incoming.objects.get()
    assert not Organisation.objects.get(code=LIEN_CHAU).is_active
    jobs.sync_register()
    assert Organisation.objects.get(code=LIEN_CHAU).is_active
    draft = begin_draft(an, ngu_kien, kind="cong-van", subject="Trả lời", answers=asked.ref)
    issued_letter(TO_LIEN_CHAU, begun=draft, subject="Trả lời")
    turn()
    (answered,) = read(content_of(out().raw)).letter.answers
    assert (answered.organ_code, answered.notation) == (LIEN_CHAU, "45/UBND-VP")
    assert answered.document_id == letter().document_id


# Faults


def test_an_axis_that_is_away_is_tried_again_later_and_later(connected, issued_letter, turn):
    connected.fault("drop", "/v1/sendEdoc", times=2)
    issued_letter(TO_LIEN_CHAU)
    deliver_all()
    parcel = out()
    assert (parcel.state, parcel.attempts) == ("queued", 1)
    assert "Không nối được" in parcel.error
    jobs.send_waiting()
    assert out().attempts == 1
    Parcel.objects.update(retry_at=parcel.created_at)
    jobs.send_waiting()
    assert (out().state, out().attempts) == ("queued", 2)
    assert out().retry_at > parcel.retry_at
    Parcel.objects.update(retry_at=parcel.created_at)
    jobs.send_waiting()
    assert (out().state, out().error) == ("sent", "")


def test_an_answer_lost_on_the_way_is_one_document_there(connected, issued_letter, turn):
    connected.fault("lost_answer", "/v1/sendEdoc")
    issued_letter(TO_LIEN_CHAU)
    deliver_all()
    Parcel.objects.update(retry_at=out().created_at)
    jobs.send_waiting()
    turn()
    assert len(connected.state["delivered"]) == 2
    assert Incoming.objects.count() == 1


def test_what_the_axis_refuses_waits_for_the_clerk(connected, issued_letter, turn, van):
    connected.control("lock", code=LIEN_CHAU)
    issued_letter(TO_LIEN_CHAU)
    deliver_all()
    parcel = out()
    assert parcel.state == "failed"
    assert "khoá" in parcel.error
    connected.control("lock", code=LIEN_CHAU, locked="0")
    sending.retry(van, parcel)
    deliver_all()
    assert out().state == "sent"
    with pytest.raises(Refused):
        sending.retry(van, out())


def test_what_would_be_refused_is_not_even_sent(connected, issued_letter, ngu_kien):
    ngu_kien.agency_code = ""
    ngu_kien.save()
    issued_letter(TO_LIEN_CHAU)
    deliver_all()
    parcel = out()
    assert parcel.state in {"failed", "queued"}
    assert connected.state["delivered"] == []


def test_a_receiver_that_nobody_confirmed(connected, issued_letter, turn, van, ngu_kien):
    Organisation.objects.create(
        code=LIEN_CHAU, name="Liên Châu", folded="lien chau", is_active=False, origin="letter",
        changed_at="2024-01-01T00:00Z",
    )  # fmt: skip
    issued_letter(TO_LIEN_CHAU)
    deliver_all()
    parcel = out()
    assert parcel.state == "failed"
    assert "chưa được xác nhận" in parcel.error
    with pytest.raises(Refused, match="xác nhận"):
        sending.retry(van, parcel)
    Organisation.objects.update(is_active=True)
    sending.retry(van, parcel)
    deliver_all()
    assert out().state == "sent"


def test_one_bad_message_does_not_hold_up_the_others(connected, turn):
    bad = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    connected.control("deliver", bad, doc_id="xau", to=NGU_KIEN, **{"from": PROVINCE})
    good = edxml_of(letter(sender=letter().receivers[0], receivers=(letter().sender,)))
    connected.control("deliver", good, doc_id="tot", to=NGU_KIEN, **{"from": LIEN_CHAU})
    turn()
    refused, taken = Parcel.objects.get(axis_ref="xau"), Parcel.objects.get(axis_ref="tot")
    assert (refused.state, taken.state) == ("refused", "received")
    assert "DOCTYPE" in refused.error
    assert content_of(refused.raw) == bad
    assert Incoming.objects.count() == 1
    assert Connection.objects.get(account=NGU_KIEN).error == ""


def test_a_message_that_cannot_be_fetched_now_comes_in_the_next_round(connected, turn):
    good = edxml_of(letter(sender=letter().receivers[0], receivers=(letter().sender,)))
    connected.control("deliver", good, doc_id="tot", to=NGU_KIEN, **{"from": LIEN_CHAU})
    connected.fault("error", "/v1/getEdoc", code=20)
    turn()
    assert not Incoming.objects.exists()
    row = Connection.objects.get(account=NGU_KIEN)
    assert row.succeeded_at is None
    assert "Trục đang lỗi" in row.error
    turn()
    assert Incoming.objects.count() == 1
    row.refresh_from_db()
    assert row.succeeded_at is not None
    assert row.error == ""


def test_a_stranger_is_in_the_register_and_waits(connected, turn):
    stranger = letter().sender.__class__("H99.7", "Sở lạ")
    raw = edxml_of(letter(sender=stranger, receivers=(letter().sender,)))
    connected.control("deliver", raw, doc_id="la", to=NGU_KIEN, **{"from": "H99.7"})
    turn()
    row = Organisation.objects.get(code="H99.7")
    assert (row.name, row.is_active, row.origin) == ("Sở lạ", False, "letter")
    assert Incoming.objects.count() == 1


def test_files_that_are_not_taken_are_remarked_and_the_letter_comes(connected, turn):
    program = Attachment("chay.exe", b"MZ" + b"\0" * 100, "application/octet-stream", "", "a")
    raw = edxml_of(letter(sender=letter().receivers[0], receivers=(letter().sender,), attachments=(program,)))
    connected.control("deliver", raw, doc_id="exe", to=NGU_KIEN, **{"from": LIEN_CHAU})
    turn()
    parcel = Parcel.objects.get()
    assert "chương trình" in parcel.remarks[0]
    assert files_of(Incoming.objects.get().ref) == []


def test_states_wait_for_an_axis_that_is_away_in_their_order(connected, issued_letter, turn, clerk):
    issued_letter(TO_LIEN_CHAU)
    connected.fault("drop", "/v1/updateStatus", times=1)
    turn()
    came = Parcel.objects.get(direction="in")
    first = Status.objects.get(parcel=came)
    assert (first.sent_at, first.attempts) == (None, 1)
    incoming.register(clerk, Incoming.objects.get(), given=given())
    deliver_all()
    assert connected.state["delivered"][0]["told"] == []
    Status.objects.update(retry_at=first.at)
    jobs.send_waiting()
    assert connected.state["delivered"][0]["told"] == ["01", "03"]


def test_nothing_is_asked_without_an_account(ngu_kien, issued_letter, settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.delenv("XASO_AXIS_FILE", raising=False)
    monkeypatch.delenv("XASO_AXIS_URL", raising=False)
    issued_letter(TO_LIEN_CHAU)
    deliver_all()
    assert out().state == "queued"
    assert "chưa có tài khoản" in out().error
    assert jobs.ask_every_axis() == 0
