"""Who is told and who is not, and why; what was said counts for the number and for the person."""

from datetime import timedelta

import pytest

from xaso.core.access import SYSTEM
from xaso.core.accounts.models import Person
from xaso.kit import clock
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.audiences import actions
from xaso.modules.audiences import queries as audiences
from xaso.modules.audiences.actions import Entry
from xaso.modules.audiences.models import Consent, Contact

pytestmark = pytest.mark.django_db


def add(unit, phone="0912345678", name="Ông Năm", **more):
    return actions.add_contact(SYSTEM, unit, entry=Entry(name, phone, **more))


def say(contact, given, topic="", channel="", how="counter"):
    verb = actions.give_consent if given else actions.withdraw_consent
    return verb(SYSTEM, contact, topic=topic, channel=channel, how=how, evidence="Phiếu số 1/2026")


def told(unit, topic="health", channel="sms", **more):
    return [one.name for one in audiences.recipients([unit.path], topic, channel, **more)]


def why(unit, topic="health", channel="sms", **more):
    return {
        one.name: code for one, code, sentence in audiences.left_out([unit.path], topic, channel, **more) if sentence
    }


def test_a_commune_tells_its_villages_each_number_once(ngu_kien, village, lien_chau):
    add(ngu_kien, name="Ông Năm")
    add(village, name="Bà Tư", phone="0912345679")
    add(village, name="Bà Năm, cùng số với ông Năm")
    add(lien_chau, name="Người xã khác", phone="0912345680")
    assert told(ngu_kien) == ["Ông Năm", "Bà Tư"]
    assert why(ngu_kien) == {"Bà Năm, cùng số với ông Năm": "same_phone"}
    assert [r.phone for r in audiences.recipients([ngu_kien.path, village.path], "health", "sms")] == [
        "84912345678", "84912345679",
    ]  # fmt: skip
    assert told(village) == ["Bà Năm, cùng số với ông Năm", "Bà Tư"]


def test_the_newest_word_counts(ngu_kien):
    contact = add(ngu_kien)
    say(contact, False, topic="health")
    assert (told(ngu_kien), told(ngu_kien, "weather")) == ([], ["Ông Năm"])
    say(contact, False)
    assert (told(ngu_kien, "weather"), why(ngu_kien, "weather")) == ([], {"Ông Năm": "opted_out"})
    say(contact, True, topic="weather", channel="sms")
    assert (told(ngu_kien, "weather"), told(ngu_kien, "weather", "zalo")) == (["Ông Năm"], [])
    assert Consent.objects.count() == 3
    assert audiences.wishes(contact)["weather", "sms"] is True
    assert audiences.wishes(contact)["health", "zalo"] is False


def test_an_emergency_goes_over_every_refusal(ngu_kien, quan):
    contact = add(ngu_kien)
    say(contact, False)
    actions.take_refusal_list(quan, ngu_kien, name="ds.csv", data=b"0912345678\n", as_of=clock.today(), title="")
    assert told(ngu_kien, "general") == []
    assert told(ngu_kien, "general", emergency=True) == told(ngu_kien, "emergency") == ["Ông Năm"]
    with pytest.raises(Refused, match="khẩn cấp luôn được gửi"):
        say(contact, False, topic="emergency")


def test_some_topics_need_a_yes_first(ngu_kien):
    contact = add(ngu_kien)
    assert why(ngu_kien, "culture") == {"Ông Năm": "not_agreed"}
    say(contact, True, topic="culture")
    assert told(ngu_kien, "culture") == ["Ông Năm"]


def test_who_cannot_be_reached_is_named_with_a_reason(ngu_kien, lan):
    contact = add(ngu_kien)
    actions.mark_phone(SYSTEM, contact, fault="Tổng đài báo số không đúng.")
    Contact.objects.create(
        unit=ngu_kien, unit_path=ngu_kien.path, name="Không số", folded_name="khong so", source="hand",
        created_at=clock.now(), changed_at=clock.now(),
    )  # fmt: skip
    assert why(ngu_kien) == {"Không số": "no_phone", "Ông Năm": "bad_phone"}
    assert why(ngu_kien, channel="zalo") == {"Không số": "no_zalo", "Ông Năm": "bad_phone"}
    assert why(ngu_kien, channel="push") == {"Không số": "no_app", "Ông Năm": "no_app"}
    sentences = [sentence for _, _, sentence in audiences.left_out([ngu_kien.path], "health", "sms")]
    assert "Tổng đài báo số không đúng" in sentences[1]
    actions.join(lan, ngu_kien, person=Person.objects.get(pk=lan.person_id))
    assert told(ngu_kien, channel="push") == ["Nguyễn Thị Lan"]


def test_a_refusal_follows_the_number_into_every_entry_and_into_later_ones(ngu_kien, village):
    first = add(ngu_kien)
    say(first, False, channel="sms", how="sms")
    add(village, name="Cùng số")
    assert told(ngu_kien) == []
    actions.hear_number(SYSTEM, None, phone="0987 654 321", topic="", given=False, evidence="TU CHOI")
    add(village, name="Thêm sau", phone="0987654321")
    assert told(village) == []
    assert set(why(ngu_kien).values()) == {"opted_out"}


def test_a_refusal_stays_with_the_person_when_the_number_changes(ngu_kien, quan):
    contact = add(ngu_kien)
    say(contact, False)
    actions.amend_contact(quan, contact, entry=Entry("Ông Năm", "0912345699"), unit=ngu_kien)
    assert told(ngu_kien) == []


def test_a_thousand_people_are_read_in_few_statements(ngu_kien, village, django_assert_max_num_queries):
    now = clock.now()
    Contact.objects.bulk_create(
        Contact(unit=village, unit_path=village.path, name=f"Người {n}", folded_name=f"nguoi {n}",
                phone=f"8491{n:07d}" if n % 9 else "", source="import", created_at=now, changed_at=now)
        for n in range(1100)
    )  # fmt: skip
    with django_assert_max_num_queries(12):
        found = list(audiences.recipients([ngu_kien.path], "health", "sms"))
    assert len(found) == len({one.phone for one in found}) == sum(1 for n in range(1100) if n % 9)


def test_consent_needs_evidence_a_known_way_and_a_day_that_has_been(ngu_kien):
    contact = add(ngu_kien)
    for how, evidence, later in (("counter", " ", 0), ("telepathy", "x", 0), ("counter", "x", 1)):
        with pytest.raises(Refused):
            actions.give_consent(SYSTEM, contact, topic="", channel="", how=how, evidence=evidence,
                                 said_on=clock.today() + timedelta(days=later))  # fmt: skip
    for topic, channel in (("made_up", ""), ("", "fax")):
        with pytest.raises(Refused):
            say(contact, True, topic, channel)
    assert not Consent.objects.exists()


def test_what_was_said_cannot_be_rewritten_through_an_action(ngu_kien):
    contact = add(ngu_kien)
    said = say(contact, False)
    say(contact, True)
    said.refresh_from_db()
    assert said.given is False
    assert [one.given for one in audiences.said_by(contact)] == [True, False]


def test_a_number_stands_once_in_a_units_book(ngu_kien, village, quan):
    add(ngu_kien)
    with pytest.raises(Refused, match="đã có trong sổ"):
        add(ngu_kien, phone="+84 912 345 678")
    other = add(village, phone="0912345670", name="Bà Tư")
    with pytest.raises(Refused, match="đã có trong sổ"):
        actions.amend_contact(quan, other, entry=Entry("Bà Tư", "0912345678"), unit=ngu_kien)
    with pytest.raises(Refused, match="họ và tên"):
        add(ngu_kien, name=" ", phone="0912345671")
    with pytest.raises(Refused, match="số điện thoại"):
        add(ngu_kien, phone="")


def test_merging_keeps_one_entry_and_every_word(ngu_kien, village, quan, tam):
    first, second = add(ngu_kien), add(village, name="Ông Năm (thôn)")
    third = add(village, name="Người khác", phone="0912345670")
    say(second, False, topic="health")
    with pytest.raises(Refused, match="cùng số"):
        actions.merge_contacts(quan, first, others=[third])
    with pytest.raises(Forbidden):
        actions.merge_contacts(tam, first, others=[second])
    actions.merge_contacts(quan, first, others=[second])
    second.refresh_from_db()
    assert (second.is_active, second.merged_into) == (False, first)
    assert why(ngu_kien) == {"Ông Năm": "opted_out"}
    with pytest.raises(Refused, match="vừa có người sửa"):
        actions.merge_contacts(quan, first, others=[second])


def test_a_resident_joins_with_the_own_number_only(ngu_kien, village, lan, nam):
    me = Person.objects.get(pk=lan.person_id)
    before = add(village, phone=me.phone, name="Lan (danh sách cũ)")
    with pytest.raises(Forbidden):
        actions.join(nam, village, person=me)
    mine = actions.join(lan, village, person=me)
    assert (mine.pk, mine.person, mine.name, mine.phone) == (before.pk, me, me.full_name, "84912345601")
    moved = actions.join(lan, ngu_kien, person=me)
    assert (moved.pk, moved.unit) == (mine.pk, ngu_kien)
    assert actions.choose(lan, mine, wanted=["weather:sms"]) > 5
    assert (told(ngu_kien, "weather"), told(ngu_kien, "health")) == ([me.full_name], [])
    assert actions.choose(lan, mine, wanted=["weather:sms"]) == 0
    with pytest.raises(Forbidden):
        actions.choose(nam, mine, wanted=[])


def test_another_commune_may_nothing(ngu_kien, tam, minh):
    contact = add(ngu_kien)
    for verb in (actions.withdraw_consent, actions.give_consent):
        with pytest.raises(Forbidden):
            verb(tam, contact, topic="", channel="", how="counter", evidence="x")
    with pytest.raises(Forbidden):
        actions.remove_contact(minh, contact, reason="x")
    assert not audiences.contacts(tam).exists()
    assert audiences.contacts(minh).count() == 1


def test_a_refusal_list_is_taken_whole_dated_and_replaced(ngu_kien, lien_chau, quan, son, province):
    add(ngu_kien)
    today = clock.today()
    bad = "số\n0912345678\n12\n0211388888\n"
    with pytest.raises(Refused, match=r"2 dòng sai, chưa nhập gì.*dòng 3"):
        actions.take_refusal_list(quan, ngu_kien, name="a.csv", data=bad.encode(), as_of=today, title="")
    assert told(ngu_kien) == ["Ông Năm"]
    taken = actions.take_refusal_list(
        son, province, name="a.csv", data="Số\n0912 345 678\n01201234567".encode(), as_of=today, title="Cả tỉnh"
    )
    assert (taken.numbers, why(ngu_kien)) == (2, {"Ông Năm": "do_not_call"})
    with pytest.raises(Refused, match="mới hơn"):
        actions.take_refusal_list(
            son, province, name="b.csv", data=b"0912345678", as_of=today - timedelta(days=1), title=""
        )
    actions.take_refusal_list(son, province, name="c.csv", data=b"0912345600", as_of=today, title="")
    assert told(ngu_kien) == ["Ông Năm"]
    contact = Contact.objects.get()
    actions.take_refusal_list(quan, ngu_kien, name="d.csv", data=b"0912345678", as_of=today, title="")
    assert why(ngu_kien) == {"Ông Năm": "do_not_call"}
    say(contact, True, topic="health")
    assert told(ngu_kien) == ["Ông Năm"]
    with pytest.raises(Forbidden):
        actions.take_refusal_list(quan, province, name="e.csv", data=b"0912345678", as_of=today, title="")
