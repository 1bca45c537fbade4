"""One named duty officer, a reason, at once; judged afterwards by somebody else."""

from datetime import timedelta

import pytest
import time_machine

from xaso.kit.errors import Forbidden, Refused
from xaso.modules.bulletins import actions, queries
from xaso.modules.bulletins.models import Bulletin
from xaso.modules.bulletins.queries.listing import to_review
from xaso.modules.bulletins.tests.conftest import MONDAY, again, deliver, sending
from xaso.modules.speakers.models import Play


def alarm(truc, unit, **changes):
    kept = {
        "title": "Nước sông dâng nhanh", "text": "Các hộ ven đê di dời ngay.", "reason": "Vượt báo động 3.",
        "unit_paths": [unit.path], "channels": ["speakers", "sms", "inbox"],
    }  # fmt: skip
    return actions.send_emergency(truc, unit, **(kept | changes))


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"reason": " "}, "lý do"), ({"title": ""}, "tiêu đề"), ({"text": " "}, "nội dung"), ({"channels": []}, "kênh"),
     ({"unit_paths": []}, "thôn"), ({"unit_paths": ["26.252.09055."]}, "không thuộc"),
     ({"text": "a" * 20_001}, "20.001"), ({"until": MONDAY - timedelta(hours=1)}, "đã qua")],
)  # fmt: skip
def test_what_an_emergency_needs(truc, ngu_kien, changes, word):
    with pytest.raises(Refused, match=word):
        alarm(truc, ngu_kien, **changes)
    assert not Bulletin.objects.exists()


def test_only_the_duty_officer_of_this_commune(truc, phuc, hoa, minh, ngu_kien, lien_chau):
    for other in (phuc, hoa, minh):
        with pytest.raises(Forbidden):
            alarm(other, ngu_kien)
    with pytest.raises(Forbidden):
        alarm(truc, lien_chau)


def test_whoever_is_on_duty_need_not_look_for_the_button(truc, phuc, browser_of):
    button = 'href="/desk/bulletins/khan-cap/"'
    assert button in browser_of(truc).get("/desk/").content.decode().split("<main", 1)[1]
    assert button not in browser_of(phuc).get("/desk/").content.decode()


def test_at_night_and_over_everything(truc, ngu_kien, people, devices):
    with time_machine.travel(MONDAY + timedelta(hours=14, minutes=30), tick=False):
        made = alarm(truc, ngu_kien)
        deliver()
        play = Play.objects.get(purpose=made.ref)
        assert (play.klass, play.at_once, play.rank) == ("emergency", True, 0)
        assert again(made).state == "running"
        assert again(made).decided_by == truc.name
        assert sending(made, "sms").total == 2


def test_the_same_words_at_night_are_refused_when_they_are_no_emergency(phuc, hoa, ngu_kien, people, devices):
    from xaso.modules.bulletins.actions.playing import rehearsed
    from xaso.modules.bulletins.tests.conftest import make_sound, words

    made = actions.write(phuc, ngu_kien, content=words(ngu_kien))
    actions.submit(phuc, made)
    make_sound()
    assert rehearsed(again(made)) == ""
    with time_machine.travel(MONDAY + timedelta(hours=14, minutes=30), tick=False):
        assert rehearsed(again(made))
        assert not Play.objects.exists(), "asking leaves nothing behind"


def test_it_is_shown_until_a_leader_has_judged_it(truc, hoa, ngu_kien, people, devices):
    made = alarm(truc, ngu_kien)
    assert to_review(hoa) == [made]
    actions.review(hoa, made, verdict="right")
    assert to_review(hoa) == []
    with pytest.raises(Refused, match="đã được xem xét"):
        actions.review(hoa, again(made), verdict="wrong", remark="Muộn.")


def test_wrong_needs_a_note_and_another_person(truc, hoa, phuc, ngu_kien, people, devices, draft):
    made = alarm(truc, ngu_kien)
    with pytest.raises(Refused, match="vì sao"):
        actions.review(hoa, made, verdict="wrong")
    with pytest.raises(Refused, match="đúng hoặc không đúng"):
        actions.review(hoa, made, verdict="perhaps")
    with pytest.raises(Forbidden):
        actions.review(truc, made, verdict="right")
    Bulletin.objects.filter(pk=made.pk).update(author_id=hoa.account_id)
    with pytest.raises(Refused, match="người khác"):
        actions.review(hoa, again(made), verdict="right")
    with pytest.raises(Refused, match="khẩn cấp"):
        actions.review(hoa, draft, verdict="right")


def test_a_warning_is_found_again_by_its_origin(truc, ngu_kien, people, devices):
    made = alarm(truc, ngu_kien, origin="cap:vn.2026.1")
    assert queries.of_origin("cap:vn.2026.1") == [made]
    assert queries.of_origin("") == []
    actions.cancel(truc, made, reason="Hết nguy hiểm.")
    assert again(made).state == "cancelled"
