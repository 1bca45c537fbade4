"""Letters taken back, mended and replaced, also when the recall crosses what the receiver does."""

import pytest

from xaso.core.access import SYSTEM
from xaso.core.outbox.actions import deliver_all
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.subject import ref, resolve
from xaso.modules.exchange import jobs, queries
from xaso.modules.exchange.actions import sending, telling
from xaso.modules.exchange.models import Parcel
from xaso.modules.exchange.rules.writing import edxml_of
from xaso.modules.exchange.tests.samples import LIEN_CHAU, NGU_KIEN, letter
from xaso.modules.incoming import actions as incoming
from xaso.modules.incoming.models import Document as Incoming
from xaso.modules.incoming.tests.factories import given
from xaso.modules.outgoing.actions.drafting import Words
from xaso.modules.outgoing.actions.issuing import begin_replacement, recall
from xaso.modules.outgoing.models import Follow

pytestmark = pytest.mark.django_db

TO_LIEN_CHAU = ("UBND xã Liên Châu", LIEN_CHAU)


def codes(parcel, direction):
    return list(parcel.statuses.filter(direction=direction).order_by("id").values_list("code", flat=True))


def out():
    return Parcel.objects.filter(direction="out").order_by("-id").first()


def test_a_recall_is_answered_and_the_answer_comes_back(connected, issued_letter, turn, clerk, leader, hoa):
    sent = issued_letter(TO_LIEN_CHAU)
    turn()
    recall(hoa, sent, reason="Sai phụ lục")
    turn()
    asked = Incoming.objects.get()
    assert asked.recall_reason == "Sai phụ lục"
    back = Parcel.objects.get(direction="in", business=1)
    assert back.about == queries.came_with(asked.uuid)
    incoming.accept_recall(clerk, asked)
    turn()
    assert codes(back, "told") == ["15"]
    assert codes(out(), "heard") == ["15"]
    assert Follow.objects.filter(state="15", recipient__document=sent).count() == 1
    assert Incoming.objects.get().state == "recalled"


def test_a_recall_that_is_refused(connected, issued_letter, turn, clerk, hoa):
    sent = issued_letter(TO_LIEN_CHAU)
    turn()
    recall(hoa, sent, reason="Sai phụ lục")
    turn()
    incoming.refuse_recall(clerk, Incoming.objects.get(), reason="Đã làm xong")
    turn()
    assert Follow.objects.filter(state="16", recipient__document=sent).count() == 1


def test_a_recall_overtakes_its_letter(connected, turn, clerk):
    there = {"receivers": (letter().sender,), "sender": letter().receivers[0]}
    back = edxml_of(letter(**there, business=1, reason="Gửi nhầm", attachments=()))
    connected.control("deliver", back, doc_id="thu-hoi", to=NGU_KIEN, **{"from": LIEN_CHAU})
    turn()
    early = Parcel.objects.get()
    assert "chưa nhận được" in early.remarks[0]
    assert not Incoming.objects.exists()
    connected.control("deliver", edxml_of(letter(**there)), doc_id="goc", to=NGU_KIEN, **{"from": LIEN_CHAU})
    turn()
    asked = Incoming.objects.get()
    assert asked.recall_reason == "Gửi nhầm"
    early.refresh_from_db()
    assert early.about.axis_ref == "goc"
    assert early.remarks == []


def test_a_recall_before_the_parcel_left(connected, issued_letter, turn, hoa):
    connected.fault("drop", "/v1/sendEdoc")
    sent = issued_letter(TO_LIEN_CHAU)
    deliver_all()
    recall(hoa, sent, reason="Sai")
    turn()
    Parcel.objects.update(retry_at=out().created_at)
    jobs.send_waiting()
    assert [one.state for one in Parcel.objects.all()] == ["withdrawn"]
    assert connected.state["delivered"] == []


def test_a_recall_while_the_parcel_is_on_its_way_follows_it(connected, issued_letter, turn, hoa, ngu_kien):
    """The worker has asked the axis and not yet heard; somebody recalls; then the axis says yes."""
    sent = issued_letter(TO_LIEN_CHAU)
    sending.queue_document(SYSTEM, ngu_kien, document=sent)
    parcel = out()
    assert sending.begin_sending(SYSTEM, parcel)
    sending.queue_recall(SYSTEM, ngu_kien, document=sent, reason="Sai")
    assert Parcel.objects.get(pk=parcel.pk).state == "withdrawn"
    sending.record_sent(SYSTEM, parcel, axis_ref="da-gui")
    first, second = Parcel.objects.order_by("id")
    assert (first.state, first.axis_ref) == ("sent", "da-gui")
    assert (second.business, second.state, second.about, second.reason) == (1, "queued", first, "Sai")


def test_a_recall_races_an_answer(connected, issued_letter, turn, clerk, leader, hoa):
    """The receiver has finished while the recall was on its way: it can only say no, and both see one story."""
    sent = issued_letter(TO_LIEN_CHAU)
    turn()
    arrived = incoming.register(clerk, Incoming.objects.get(), given=given())
    incoming.finish(SYSTEM, done(arrived), outcome="handled", note_text="Đã phối hợp")
    recall(hoa, sent, reason="Sai phụ lục")
    turn()
    turn()
    finished = Incoming.objects.get()
    assert finished.state == "done"
    with pytest.raises(Refused):
        incoming.accept_recall(clerk, finished)
    incoming.refuse_recall(clerk, finished, reason="Đã giải quyết xong")
    turn()
    states = set(Follow.objects.filter(recipient__document=sent).values_list("state", flat=True))
    assert {"06", "13", "16"} <= states
    assert "15" not in states


def done(document):
    Incoming.objects.filter(pk=document.pk).update(state="working")
    document.refresh_from_db()
    return document


def test_an_accepted_recall_silences_what_comes_late(connected, issued_letter, turn, hoa):
    sent = issued_letter(TO_LIEN_CHAU)
    turn()
    recall(hoa, sent, reason="Sai")
    deliver_all()
    parcel = Parcel.objects.get(direction="out", business=1)
    assert telling.hear(SYSTEM, parcel, code="15", at=clock.now())
    assert telling.hear(SYSTEM, parcel, code="15", at=clock.now()) is None
    assert telling.hear(SYSTEM, parcel, code="16", at=clock.now()) is None
    assert telling.hear(SYSTEM, parcel, code="06", at=clock.now()) is None


def test_an_answer_to_what_nobody_asked_is_kept_with_the_reason(connected, issued_letter, turn):
    issued_letter(TO_LIEN_CHAU)
    turn()
    said = telling.hear(SYSTEM, out(), code="15", at=clock.now())
    assert "chưa bị thu hồi" in said.error
    assert not Follow.objects.filter(state="15").exists()


def test_a_replacement_names_the_older_one(connected, issued_letter, turn, an, hoa, van):
    first = issued_letter(TO_LIEN_CHAU)
    turn()
    words = Words(kind="cong-van", subject="Thay thế")
    issued_letter(begun=begin_replacement(an, first, words=words), subject="Thay thế")
    turn()
    parcel = out()
    assert (parcel.business, parcel.state, parcel.about.document_ref) == (3, "sent", ref(first))
    newer = Parcel.objects.get(direction="in", business=3)
    assert newer.about.document_ref != newer.document_ref
    older = resolve(newer.about.document_ref)
    assert "Nơi gửi thay thế" in older.recall_reason
    assert Incoming.objects.count() == 2
