"""What bulletins give to indicators and first pages: only what was really heard or went out."""

from datetime import timedelta

from xaso.core.access import SYSTEM
from xaso.core.measures.declaring import family_of
from xaso.core.search.feeds import kinds
from xaso.modules.bulletins.actions.reaching import look
from xaso.modules.bulletins.measures import villages_heard_on
from xaso.modules.bulletins.queries import months
from xaso.modules.bulletins.queries.searching import item_of
from xaso.modules.bulletins.tests.conftest import MONDAY, again, sending
from xaso.modules.sms.models import Sms
from xaso.modules.speakers.models import Run


def counted(key):
    family = family_of(key)
    measure = next(one for one in family.measures if one.key == key)
    return family.rows().aggregate(n=measure.counted)["n"]


def test_a_broadcast_is_one_that_a_loudspeaker_really_played(sent):
    look(SYSTEM, sent)
    assert counted("bulletins.broadcasts") == 0
    Run.objects.filter(play__purpose=sent.ref).update(state="silent")
    look(SYSTEM, again(sent))
    assert counted("bulletins.broadcasts") == 0
    first = Run.objects.filter(play__purpose=sent.ref).first()
    Run.objects.filter(pk=first.pk).update(state="played", started_at=MONDAY, ended_at=MONDAY + timedelta(seconds=20))
    look(SYSTEM, again(sent))
    assert counted("bulletins.broadcasts") == 1
    assert sending(sent, "speakers").heard_at == MONDAY
    assert (sending(sent, "speakers").done, sending(sent, "speakers").failed) == (1, 1)


def test_villages_that_really_heard_something(sent, village):
    assert not villages_heard_on(MONDAY.date()).exists()
    Run.objects.filter(play__purpose=sent.ref).update(state="played", started_at=MONDAY)
    for _ in range(2):
        look(SYSTEM, again(sent))
    assert list(villages_heard_on(MONDAY.date())) == [village], "the commune's own loudspeaker is no village"
    assert not villages_heard_on(MONDAY.date() + timedelta(days=30)).exists()
    assert not villages_heard_on(MONDAY.date() - timedelta(days=1)).exists()


def test_by_channel(sent):
    assert counted("bulletins.by_web") == 1
    assert counted("bulletins.by_sms") == 0
    Sms.objects.filter(purpose=sent.ref).update(state="handed", handed_at=MONDAY, cost=350)
    look(SYSTEM, sent)
    assert counted("bulletins.by_sms") == 1
    assert months.of_unit(sent.unit_path).bulletins == 1
    assert months.of_unit(sent.unit_path).cost == 700


def test_the_leaders_first_page(sent, hoa, browser_of):
    page = browser_of(hoa).get("/cockpit/").content.decode()
    assert "Bản tin tháng này" in page


def test_it_is_found(sent, phuc):
    item = item_of(sent)
    assert item.url == sent.get_absolute_url()
    assert "bulletins.Bulletin" in kinds(phuc)
